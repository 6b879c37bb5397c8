// Failures while booking in the widget: a time that is taken, an answer that is lost, a proxy that refuses.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, widgetEvent, newPage, openPicker, startSite } from './harness.mjs';
import { bookedAt, browser, choose, field, fillIn, focused, form, formOpened, network, note, pressBook, sentBy, servers, site, start, stop, submit } from './inline_booking.mjs';

before(start);
after(stop);

test('inline: taken while it was filled in, the nearest times are offered and the form comes back filled', async () => {
  const { page, context, problems, chosen } = await formOpened('/intake');
  await fillIn(page);
  await field(page, 'Company').fill('Engines');
  await page.getByLabel('11-100').check();
  await servers.simPost('/__sim/take', { event_type: 'intake', start_time: chosen.start });
  await submit(page).click();
  await page.locator('#taken-text').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'taken-text');
  assert.equal(await form(page).count(), 0);
  const other = page.locator('#taken-list [id^="time:"]').first();
  const id = await other.getAttribute('id');
  assert.notEqual(id, `time:${Date.parse(chosen.start)}`);
  await other.evaluate((button) => button.click());
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'Company').inputValue(), 'Engines');
  assert.equal(await page.getByLabel('11-100').isChecked(), true);
  await submit(page).click();
  const told = await widgetEvent(page, 'booked');
  assert.equal(`time:${Date.parse(told.start)}`, id);
  assert.equal((await bookedAt(told.start)).length, 1);
  const [invitee] = (await bookedAt(told.start))[0].invitees;
  assert.deepEqual(invitee.questions_and_answers.map(({ answer }) => answer), ['Engines', '11-100']);
  // The browser's console reports a refused booking as a failed load; that is not an error of the page.
  assert.deepEqual(problems.filter((one) => !one.includes('409')), []);
  await context.close();
});

test('inline: booked by somebody else while it is filled in, the form says so, stays, and leads to the nearest times', async () => {
  const stage = await newPage(browser);
  const { page, context, problems } = stage;
  network.visit.number++;
  // When idle, the widget waits at the proxy for changes.
  const waiting = page.waitForRequest((request) => request.url().includes('/changes?since='));
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await field(page, 'E-mail').fill('ada@example.com');
  await waiting;
  const other = await fetch(`${network.origin}/api/app/calendly/bookings`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'somebody-else', Origin: site.origin },
    body: JSON.stringify({ eventType: chosen.eventType, start: chosen.start, invitee: { name: 'B', email: 'b@example.com', timezone: 'UTC' } }),
  });
  assert.equal(other.status, 201, await other.text());
  await note(page).getByText('This time was just taken').waitFor();
  assert.equal(await field(page, 'E-mail').inputValue(), 'ada@example.com');
  await note(page).getByRole('button', { name: 'Choose another time' }).click();
  await page.locator('#taken-list').waitFor({ state: 'attached' });
  assert.equal(await focused(page), 'taken-text');
  await page.locator('#taken-list [id^="time:"]').first().evaluate((button) => button.click());
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'E-mail').inputValue(), 'ada@example.com');
  assert.equal(await note(page).textContent(), '');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: an answer lost on the way back: asked again under the same key, and it is booked once', async () => {
  const { page, context } = await newPage(browser);
  const keys = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.push(request.headers()['idempotency-key']);
  });
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await fillIn(page);
  // Chromium itself repeats a request if a kept-alive connection breaks: that must find the same booking too.
  network.losing.now = true;
  await submit(page).click();
  await note(page).getByText('No answer came back').waitFor();
  assert.equal(await submit(page).textContent(), 'Ask again');
  assert.equal((await bookedAt(chosen.start)).length, 1, 'it is booked, and nobody here knows');
  network.losing.now = false;
  await submit(page).click();
  await widgetEvent(page, 'booked');
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
  assert.equal((await bookedAt(chosen.start)).length, 1);
  await context.close();
});

test('inline: content that changes goes out under a key of its own, and two clicks send once', async () => {
  const { page, context } = await formOpened();
  const keys = [];
  await page.route('**/bookings', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    await route.fulfill({ status: 504, headers: { 'Access-Control-Allow-Origin': '*' }, json: { success: false, message: '', error: { code: 'booking_unknown' } } });
  });
  await fillIn(page);
  await submit(page).evaluate((button) => {
    button.click();
    button.click();
  });
  await note(page).getByText('It is not known yet').waitFor();
  assert.equal(keys.length, 1);
  await submit(page).click();
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.note p'));
  await field(page, 'Name').fill('Somebody Else');
  await submit(page).click();
  await note(page).getByText('It is not known yet').waitFor();
  assert.equal(keys.length, 3);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  await context.close();
});

for (const [name, status, code, words] of [
  ['too many', 429, 'too_many_requests', 'Too many tries. Try again in 40 seconds'],
  ['Calendly away', 503, 'calendly_unavailable', 'The booking did not go through'],
]) {
  test(`inline: ${name} is told, and nothing is lost`, async () => {
    const { page, context } = await formOpened();
    await page.route('**/bookings', (route) => route.fulfill({
      status, headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After', 'Retry-After': '40' },
      json: { success: false, message: '', error: { code } },
    }));
    await fillIn(page);
    await submit(page).click();
    await note(page).getByText(words).waitFor();
    assert.equal(await field(page, 'Name').inputValue(), 'Ada Lovelace');
    assert.equal(await submit(page).getAttribute('aria-disabled'), null);
    await context.close();
  });
}

test('inline: offline is told, and the next try goes out', async () => {
  const { page, context } = await formOpened();
  await fillIn(page);
  await context.setOffline(true);
  await submit(page).click();
  await note(page).getByText('You appear to be offline').waitFor();
  await context.setOffline(false);
  const { invitee } = await sentBy(page);
  assert.equal(invitee.name, 'Ada Lovelace');
  await context.close();
});

test('inline: where the account may not book, Calendly\'s page takes over with what was typed', async () => {
  const { page, context } = await formOpened();
  await fillIn(page);
  await page.route('**/bookings', (route) => route.fulfill({
    status: 409, headers: { 'Access-Control-Allow-Origin': '*' }, json: { success: false, message: '', error: { code: 'booking_not_available' }, data: {} },
  }));
  await submit(page).click();
  const frame = page.frameLocator('iframe');
  await frame.locator('[name=name]').waitFor();
  assert.equal(await frame.locator('[name=name]').inputValue(), 'Ada Lovelace');
  assert.equal(await form(page).count(), 0);
  await context.close();
});

test('inline: a page whose origin may not book gets Calendly\'s page at once', async () => {
  // The form was never shown, but its empty fields replaced what the page knew of the visitor.
  const prefill = JSON.stringify({ firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', customAnswers: { a1: 'hi' } });
  const stranger = await startSite({
    '/': { html: bare(network.origin, `<slot-picker event-type="30min" book="inline" prefill='${prefill}'></slot-picker>`) },
  });
  const { page, context } = await newPage(browser);
  // Reading is allowed, so that only the booking is refused.
  await page.route('**/api/app/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'Access-Control-Allow-Origin': '*' } });
  });
  await openPicker(page, stranger.origin);
  await choose(page);
  await pressBook(page);
  await page.locator('dialog iframe').waitFor();
  const link = new URL(await page.locator('dialog iframe').getAttribute('src'));
  const known = ['first_name', 'last_name', 'email', 'a1'].map((name) => link.searchParams.get(name));
  assert.deepEqual(known, ['Ada', 'Lovelace', 'ada@example.com', 'hi']);
  assert.equal(await form(page).count(), 0);
  await context.close();
  await stranger.stop();
});

test('inline: the code of the form does not come: Calendly\'s page does', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget-form-*', (route) => route.abort('connectionreset'));
  await openPicker(page, `${site.origin}/`);
  await choose(page);
  await pressBook(page);
  await page.locator('dialog iframe').waitFor();
  await context.close();
});
