// Booking in the widget, by mouse, keyboard and touch: Calendly has each booking exactly once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { widgetEvent, middleOf, newPage, openPicker } from './harness.mjs';
import { bookedAt, browser, choose, field, fillIn, focused, form, formOpened, pressBook, servers, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

test('inline: a visitor books with the mouse, in the page, and Calendly has it once', async () => {
  const { page, context, problems, chosen } = await formOpened();
  assert.equal(await field(page, 'Name').inputValue(), 'Ada L');
  assert.equal(await page.locator('.twin').evaluate((twin) => twin.inert), true);
  await fillIn(page);
  await field(page, /^Please share anything/).fill('Engines');
  const button = await submit(page).boundingBox();
  await page.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
  const told = await widgetEvent(page, 'booked');
  const { eventUri, inviteeUri, ...facts } = told;
  assert.deepEqual(facts, { start: chosen.start, end: chosen.end, timezone: 'Europe/Amsterdam', eventType: chosen.eventType });
  const [event, ...others] = await bookedAt(chosen.start);
  assert.equal(others.length, 0);
  assert.equal(event.uri, eventUri);
  const [invitee] = event.invitees;
  assert.equal(invitee.uri, inviteeUri);
  assert.deepEqual([invitee.name, invitee.email, invitee.timezone], ['Ada Lovelace', 'ada@example.com', 'Europe/Amsterdam']);
  assert.equal(invitee.questions_and_answers[0].answer, 'Engines');
  assert.deepEqual([invitee.tracking.utm_source, invitee.tracking.salesforce_uuid, invitee.tracking.utm_term], ['mail', 'id', null]);
  // The confirmation has the focus and shows where the booking can be changed.
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'booked');
  assert.equal(await form(page).count(), 0);
  assert.match(await page.locator('#cancel-booking').getAttribute('href'), /cancellations/);
  assert.match(await page.locator('#reschedule-booking').getAttribute('href'), /reschedul/);
  const opening = context.waitForEvent('page');
  await page.locator('#cancel-booking').evaluate((link) => link.click());
  assert.doesNotMatch((await opening).url(), /name=/, 'nothing is added to these links');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: on the demo page a stranger books for real', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${servers.origin}/demo`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await fillIn(page);
  await submit(page).click();
  await widgetEvent(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.match(await page.locator('#code').textContent(), / book="inline"/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: the keyboard alone, from the page above to the confirmation', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await page.locator('#book').focus();
  await page.keyboard.press('Enter');
  await form(page).waitFor();
  // The first empty field is focused: the name is known.
  assert.equal(await field(page, 'E-mail').evaluate((input) => input === input.getRootNode().activeElement), true);
  await page.keyboard.type('ada@example.com');
  await page.keyboard.press('Enter');
  await widgetEvent(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'booked');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'add-to-calendar');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: by touch on a phone of 320 px, without a keyboard that jumps up', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  const [x, y] = await middleOf(page.locator('#book'));
  await page.touchscreen.tap(x, y);
  await form(page).waitFor();
  assert.equal(await focused(page), 'booking-heading');
  const box = await form(page).boundingBox();
  assert.ok(box.y >= -1, 'its top is in sight');
  assert.ok(box.width <= 320 && (await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, 'nothing sticks out');
  for (const target of await page.locator('.booking :is(button, input, textarea)').all()) {
    if (!(await target.isVisible())) continue;
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${await target.evaluate((one) => one.outerHTML)}: ${width} x ${height}`);
  }
  await field(page, 'Name').tap();
  await fillIn(page);
  await submit(page).tap();
  await widgetEvent(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: without WebGL it is the same form', async () => {
  const stage = await newPage(browser);
  await stage.page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
      return /webgl/.test(type) ? null : original.call(this, type, ...rest);
    };
  });
  await openPicker(stage.page, `${site.origin}/`);
  const chosen = await choose(stage.page);
  await stage.page.locator('#book').click();
  await form(stage.page).waitFor();
  await fillIn(stage.page);
  await submit(stage.page).click();
  await widgetEvent(stage.page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.ok(await stage.page.locator('#booked').isVisible());
  assert.deepEqual(stage.problems, []);
  await stage.context.close();
});
