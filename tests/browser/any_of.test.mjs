// Several event types in one widget: one list of times, each bookable with an event type that has it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freeDays, widgetEvent, longDay, newPage, openPicker, times } from './harness.mjs';
import { bookedAt, browser, field, fillIn, form, network, pressBook, servers, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

const api = async (path) => (await (await fetch(`${servers.origin}/api/app/calendly/${path}`)).json()).data;
const asks = (requests) => requests.filter((url) => url.includes('/slots/'));

test('any of: one request for all, every time of each in one list, and names beside each other', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/any-of`);
  const [first] = asks(requests);
  assert.equal(asks(requests).length, 1);
  assert.match(first, /slots\/intake%2C%2030min\?/);
  assert.equal(await page.locator('#title').textContent(), 'Intake on site · 30 Minute Meeting');
  assert.equal(await page.locator('#meta').count(), 0, 'no length is said of times that differ in it');
  const { slots } = await api(new URL(first).pathname.split('/calendly/')[1] + new URL(first).search);
  const day = await freeDays(page).last();
  const date = (await day.getAttribute('id')).slice(4);
  await day.evaluate((cell) => cell.click());
  const shown = await times(page).evaluateAll((all) => all.map((one) => Number(one.id.slice(5))));
  const listed = slots.map(({ start }) => Date.parse(start)).filter((at) => new Date(at).toLocaleDateString('sv', { timeZone: 'Europe/Amsterdam' }) === date);
  assert.deepEqual(shown, listed);
  assert.deepEqual(problems, []);
  await context.close();
});

test('any of: the form is that of the event type whose time was chosen, and its booking too', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  network.visit.number++;
  await openPicker(page, `${site.origin}/any-of`);
  const [first] = asks(requests);
  const { slots, eventTypes } = await api(new URL(first).pathname.split('/calendly/')[1] + new URL(first).search);
  // One slot of each event type, on the last days but not on the same: one booking may take the other's time.
  let used = '';
  for (const { uri, slug, duration, name } of eventTypes) {
    const slot = slots.filter(({ eventTypeUri, start }) => eventTypeUri === uri && start.slice(0, 10) !== used).at(-2);
    used = slot.start.slice(0, 10);
    const date = new Date(slot.start).toLocaleDateString('sv', { timeZone: 'Europe/Amsterdam' });
    const cell = page.locator(`[id="day:${date}"]`);
    if (!(await cell.count())) await page.locator('#next-month').evaluate((button) => button.click());
    await cell.evaluate((one) => one.click());
    await page.evaluate(() => { window.widgetEvents.length = 0; });
    await page.locator(`[id="time:${Date.parse(slot.start)}"]`).evaluate((button) => button.click());
    const chosen = await widgetEvent(page, 'slotselected');
    assert.deepEqual(
      [chosen.eventType, chosen.eventTypeName, chosen.duration, chosen.end, chosen.schedulingUrl],
      [uri, name, duration, slot.end, slot.schedulingUrl],
    );
    await pressBook(page);
    await form(page).waitFor();
    assert.equal(await page.locator('#booking-title').textContent(), name);
    assert.equal(await field(page, 'Company').count(), slug === 'intake' ? 1 : 0);
    await fillIn(page);
    if (slug === 'intake') await field(page, 'Company').fill('Engines');
    await submit(page).click();
    const booked = await widgetEvent(page, 'booked');
    assert.deepEqual([booked.eventType, booked.start, booked.end], [uri, slot.start, slot.end]);
    const [event] = await bookedAt(slot.start);
    assert.equal(event.event_type, uri);
    await page.locator('#book-another').evaluate((button) => button.click());
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('any of: in a long day each part has its heading, and keys go from one part to the next', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/any-of`);
  await longDay(page);
  const rows = await page.locator('#time-list li').evaluateAll((all) => all.map((item) => [Number(item.id.slice(5)), item.querySelector('h4')?.textContent]));
  const partOf = (ms) => {
    const hour = Number(new Date(ms).toLocaleTimeString('sv', { timeZone: 'Europe/Amsterdam' }).slice(0, 2));
    return hour < 12 ? 'Morning' : hour < 17 ? 'Afternoon' : 'Evening';
  };
  rows.forEach(([ms, heading], i) => assert.equal(heading, i && partOf(rows[i - 1][0]) === partOf(ms) ? undefined : partOf(ms)));
  await times(page).first().focus();
  for (let i = 1; i < rows.length; i++) await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.id), `time:${rows.at(-1)[0]}`);
  // Times of other durations show their duration.
  assert.ok((await times(page).locator('.hint').allTextContents()).every((text) => /30 min|1 hr/.test(text)));
  assert.deepEqual(problems, []);
  await context.close();
});

test('any of: who is too late is offered the nearest times of all', async () => {
  const { page, context } = await newPage(browser);
  network.visit.number++;
  await openPicker(page, `${site.origin}/any-of`);
  await freeDays(page).last().evaluate((cell) => cell.click());
  await times(page).first().evaluate((button) => button.click());
  const { start: taken, eventType } = await widgetEvent(page, 'slotselected');
  await pressBook(page);
  await form(page).waitFor();
  await fillIn(page);
  const company = field(page, 'Company');
  if (await company.count()) await company.fill('Engines');
  await servers.simPost('/__pages/book', { event_type: eventType.split('/').pop(), start_time: taken, name: 'Grace', email: 'grace@example.com' });
  await submit(page).click();
  await page.locator('#taken-text').waitFor({ state: 'attached' });
  const offered = await page.locator('#taken-list button').evaluateAll((all) => all.map((one) => Number(one.id.slice(5))));
  assert.ok(offered.length > 1);
  await context.close();
});

test('any of: the order of the site is asked for, and a change of it is taken up', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/any-of-order`);
  assert.match(asks(requests)[0], /slots\/30min%2Cintake\?.*&any_of=order$/);
  assert.equal(asks(requests).length, 1, 'the request that was begun early is the one that the widget wants');
  await page.locator('slot-picker').evaluate((picker) => picker.removeAttribute('any-of'));
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /30min%2Cintake\?(?!.*any_of)/.test(name)));
  assert.deepEqual(problems, []);
  await context.close();
});

// Any value of `any-of` was sent, the proxy refused it, and the visitor read that the calendar did not answer.
test('any of: a turn that is none is the default, in the first request and after a change', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/any-of-random`);
  assert.equal(asks(requests).length, 1);
  assert.doesNotMatch(asks(requests)[0], /any_of/);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('any-of', 'order'));
  await page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('&any_of=order')));
  assert.deepEqual(problems, []);
  await context.close();
});

// One inactive event type disabled the whole widget.
test('any of: where one of them is not there any more, the times of the others are shown', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/any-of-gone`);
  await freeDays(page).last().evaluate((cell) => cell.click());
  await times(page).first().evaluate((button) => button.click());
  assert.equal((await widgetEvent(page, 'slotselected')).eventTypeName, '30 Minute Meeting');
  assert.deepEqual(problems, []);
  await context.close();
});
