// Guests: inviting others with a booking in the widget.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { widgetEvent, newPage, openPicker } from './harness.mjs';
import { bookedAt, browser, choose, fillIn, form, formOpened, pressBook, sentBy, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const add = (page) => page.locator('.booking .add');
const box = (page) => page.locator('.booking .guests textarea');
const problem = (page) => page.locator('.booking .guests .problem');
const hasFocus = (locator) => locator.evaluate((one) => one === one.getRootNode().activeElement);

// Calendly's own page has guests; visitors who wanted to bring a colleague had to book there.
test('guests: opened by a press, invited with the booking, and counted in the confirmation', async () => {
  const { page, context, problems, chosen } = await formOpened('/', { viewport: { width: 320, height: 800 } });
  await fillIn(page);
  assert.equal(await box(page).isVisible(), false);
  const { width, height } = await add(page).boundingBox();
  assert.ok(width >= 44 && height >= 44);
  await add(page).focus();
  await page.keyboard.press('Enter');
  assert.equal(await hasFocus(box(page)), true);
  assert.equal(await add(page).isVisible(), false);
  // In the form in which mail programs copy them.
  await page.keyboard.insertText('alan@example.com;\n<mary@example.com>,');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run(document.querySelector('slot-picker')));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
  await page.keyboard.press('Tab');
  await submit(page).click();
  await widgetEvent(page, 'booked');
  const [event] = await bookedAt(chosen.start);
  assert.deepEqual(event.event_guests.map(({ email }) => email), ['alan@example.com', 'mary@example.com']);
  assert.equal(await page.locator('#booked-guests').textContent(), '2 guests are invited, too');
  assert.deepEqual(problems, []);
  await context.close();
});

test('guests: what is wrong is said of the address that is wrong', async () => {
  const { page, context, requests } = await formOpened('/');
  await fillIn(page);
  await add(page).click();
  const plain = async () => (await problem(page).textContent()).replace(/[\u2066\u2069]/g, '');
  for (const [text, said] of [
    ['alan@example.com\nmary@', 'mary@ is not an e-mail address'],
    ['alan@example.com, ALAN@example.com', 'ALAN@example.com is there twice'],
    ['Ada@Example.com', 'Ada@Example.com is your own address: you are invited anyway'],
    [Array.from({ length: 11 }, (_, i) => `g${i}@example.com`).join('\n'), 'At most 10 guests can be invited'],
  ]) {
    await box(page).fill(text);
    await submit(page).click();
    assert.equal(await plain(), said);
    assert.equal(await hasFocus(box(page)), true);
    assert.equal(await box(page).getAttribute('aria-invalid'), 'true');
    const described = await box(page).evaluate((one) => one.getAttribute('aria-describedby').split(' ').map((id) => one.getRootNode().getElementById(id).textContent.replace(/[\u2066\u2069]/g, '')));
    assert.deepEqual(described, [said, 'At most 10, one a line or with commas between them']);
  }
  await box(page).fill('alan@example.com');
  assert.equal(await plain(), '', 'what is mended is no longer complained of');
  assert.ok(!requests.some((url) => url.endsWith('/bookings')), 'nothing was sent');
  // Errors that only the proxy detects are shown there, too.
  await page.route('**/bookings', (route) => route.fulfill({
    status: 400, headers: { 'Access-Control-Allow-Origin': '*' },
    json: { success: false, message: '', error: { code: 'bad_input', details: [{ field: 'guests.0', message: 'is not known' }] } },
  }));
  await submit(page).click();
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.guests .problem').textContent);
  assert.equal(await hasFocus(box(page)), true);
  await context.close();
});

test('guests: known to the site, or not wanted, or not allowed', async () => {
  for (const path of ['/guests', '/guests-attribute']) {
    const { page, context } = await formOpened(path);
    assert.equal(await box(page).inputValue(), 'x@example.com\ny@example.com', path);
    await fillIn(page);
    if (path === '/guests') await page.getByLabel('34 Sample Road').or(page.locator('.booking [type=radio]').first()).first().check();
    assert.deepEqual((await sentBy(page)).guests, ['x@example.com', 'y@example.com'], path);
    await context.close();
  }
  for (const path of ['/guestless', '/group']) {
    const { page, context } = await formOpened(path);
    await fillIn(page);
    assert.equal(await add(page).isVisible() || await box(page).isVisible(), false, path);
    assert.equal('guests' in (await sentBy(page)), false, path);
    await context.close();
  }
});

test('guests: added by touch in Arabic, at 320 px, and taken along to Calendly\'s page', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await openPicker(page, `${site.origin}/arabic`);
  await choose(page);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('event-type', '30min'));
  await page.locator('#title', { hasText: '30 Minute' }).waitFor({ state: 'attached' });
  await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await add(page).tap();
  await box(page).fill('alan@example.com');
  assert.equal(await box(page).evaluate((one) => getComputedStyle(one).direction), 'ltr');
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
  await page.locator('.booking [autocomplete=name]').fill('Ada');
  await page.locator('.booking [type=email]').fill('ada@example.com');
  await page.route('**/bookings', (route) => route.fulfill({
    status: 409, headers: { 'Access-Control-Allow-Origin': '*' },
    json: { success: false, message: '', error: { code: 'booking_not_available', details: [] } },
  }));
  await submit(page).tap();
  await page.locator('dialog iframe').waitFor();
  assert.equal(new URL(await page.locator('dialog iframe').getAttribute('src')).searchParams.get('guests'), 'alan@example.com');
  assert.deepEqual(problems.filter((one) => !/409/.test(one)), []);
  await context.close();
});
