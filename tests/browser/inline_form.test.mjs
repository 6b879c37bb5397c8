// Booking in the widget: questions, validation messages, and the ways back to the times.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freeDays, widgetEvent, newPage } from './harness.mjs';
import { browser, choose, field, fillIn, focused, form, formOpened, note, pressBook, sentBy, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

test('inline: what is missing or wrong is said at its field, counted, and the first one has the focus', async () => {
  const { page, context, requests } = await formOpened('/intake');
  await field(page, 'E-mail').fill('ada@');
  await submit(page).click();
  const wrong = async () => page.locator('.booking .field.wrong').evaluateAll((all) => all.map((one) => [one.querySelector('label, legend').textContent.trim(), one.querySelector('.problem').textContent]));
  assert.deepEqual(await wrong(), [
    ['Name', 'Please fill this in'], ['E-mail', 'Please enter an e-mail address, such as name@example.com'], ['Company', 'Please fill this in'],
  ]);
  assert.equal(await note(page).textContent(), '3 answers need another look');
  const name = field(page, 'Name');
  assert.equal(await name.evaluate((input) => input === input.getRootNode().activeElement), true);
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  assert.equal(await name.evaluate((input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent), 'Please fill this in');
  await name.pressSequentially('A');
  assert.equal((await wrong()).length, 2, 'what is mended is no longer complained of');
  assert.ok(!requests.some((url) => url.endsWith('/bookings')), 'nothing was sent');
  await context.close();
});

test('inline: the proxy\'s complaint stands at the field it is about', async () => {
  const { page, context } = await formOpened('/intake');
  await fillIn(page);
  await field(page, 'Company').fill('Engines');
  await page.route('**/bookings', (route) => route.fulfill({
    status: 400, headers: { 'Access-Control-Allow-Origin': '*' },
    json: { success: false, message: '', error: { code: 'bad_input', details: [{ field: 'answers.0', message: 'is not known' }] } },
  }));
  await submit(page).click();
  const company = field(page, 'Company');
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.wrong'));
  assert.equal(await company.getAttribute('aria-invalid'), 'true');
  assert.equal(await company.evaluate((input) => input === input.getRootNode().activeElement), true);
  await context.close();
});

test('inline: several places are a choice, and the one that asks for a number gets it', async () => {
  const { page, context } = await formOpened('/60min');
  await fillIn(page);
  await submit(page).click();
  await page.locator('.booking .wrong', { hasText: 'Please choose an answer' }).waitFor();
  await page.getByLabel('By phone: you are called').check();
  await field(page, 'Your phone number').fill('12');
  await submit(page).click();
  await page.locator('.booking .wrong', { hasText: 'phone number with its country code' }).waitFor();
  await field(page, 'Your phone number').fill('+31 20 123 4567');
  assert.deepEqual((await sentBy(page)).location, { kind: 'outbound_call', location: '+31 20 123 4567' });
  await context.close();
});

test('inline: Escape and the button go back to the times with the choice kept, and the form keeps what was typed', async () => {
  const { page, context, problems, chosen } = await formOpened('/intake');
  const before = await page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
  await field(page, 'Company').fill('Engines');
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'book');
  assert.equal(await page.locator('.twin').evaluate((twin) => twin.inert), false);
  await page.locator('slot-picker').evaluate((host) => host.setAttribute('timezone', 'Asia/Tokyo'));
  await page.locator('#zone', { hasText: 'Tokyo' }).waitFor({ state: 'attached' });
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'Company').inputValue(), 'Engines');
  const text = await page.locator('#booking-facts').textContent();
  assert.match(text, /Tokyo/);
  assert.equal(await page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height), before);
  await page.getByRole('button', { name: 'Back to the times' }).click();
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await page.locator(`[id="time:${Date.parse(chosen.start)}"]`).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: in a popup, Escape leaves the form first, then the choice, the times, and the popup last', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/blank`);
  await page.waitForFunction(() => window.Slotwire);
  await page.evaluate(() => Slotwire.popup({ eventType: '30min', book: 'inline' }));
  await freeDays(page).first().waitFor({ state: 'attached' });
  await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  const left = [];
  for (let presses = 0; presses < 3; presses++) {
    left.push((await focused(page)).split(':')[0]);
    assert.ok(await page.locator('dialog').isVisible());
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(left, ['book', 'time', 'day']);
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: from the list, where Book now is beside every time', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/list`);
  await widgetEvent(page, 'ready');
  const row = page.locator('[id^="book:"]').last();
  const id = await row.getAttribute('id');
  await row.evaluate((button) => {
    button.focus();
    button.click();
  });
  await form(page).waitFor();
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), id);
  await pressBook(page, `[id="${id}"]`);
  await form(page).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});
