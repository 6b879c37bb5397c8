// From a chosen time to a booking: Calendly's page in a dialog, in a tab, or the site's own way. Messages of other pages are ignored.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const { origin } = servers;
  const picker = `<slot-picker event-type="30min" prefill='{"name":"Ada L","email":"ada@example.com"}'></slot-picker>`;
  site = await startSite({
    '/overlay': { html: bare(origin, `<button id="before">Before</button>${picker}`) },
    '/event': { html: bare(origin, '<slot-picker event-type="30min" book="event"></slot-picker>') },
    '/no-frames': { html: bare(origin, picker), headers: { 'Content-Security-Policy': `frame-src 'none'` } },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const dialog = (page) => page.locator('dialog');
const book = (page) => page.locator('#book').evaluate((button) => {
  button.focus();
  button.click();
});
const bookedTimes = (page) => page.evaluate(() => window.widgetEvents.filter(({ name }) => name === 'booked').length);

// A booked time is no longer free, so each test uses another one.
let turn = 0;
async function overlayOpened(path = '/overlay') {
  const stage = await newPage(browser);
  await openPicker(stage.page, site.origin + path);
  const chosen = await chooseTime(stage.page, turn++);
  await book(stage.page);
  await dialog(stage.page).waitFor();
  return { ...stage, chosen };
}

test('booking: in the dialog the visitor books, and the site hears of it once', async () => {
  const { page, context, problems, chosen } = await overlayOpened();
  const frame = page.frameLocator('iframe');
  const name = frame.locator('[name=name]');
  await name.waitFor();
  assert.equal(await name.inputValue(), 'Ada L');
  // A message that Calendly sends twice counts once. The test repeats it at once, because the frame is removed with its dialog.
  await page.evaluate(() => addEventListener('message', ({ isTrusted, data, origin, source }) => {
    if (isTrusted) dispatchEvent(new MessageEvent('message', { data, origin, source }));
  }, { capture: true }));
  await frame.locator('button').click();
  const booked = await widgetEvent(page, 'booked');
  assert.equal(booked.start, chosen.start);
  assert.match(booked.eventUri, /scheduled_events\//);
  assert.match(booked.inviteeUri, /invitees\//);
  await page.evaluate(() => new Promise((done) => setTimeout(done)));
  assert.equal(await bookedTimes(page), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('booking: the confirmation stays in the widget and gives a calendar file', async () => {
  const { page, context, chosen } = await overlayOpened();
  await page.frameLocator('iframe').locator('button').click();
  await widgetEvent(page, 'booked');
  await dialog(page).waitFor({ state: 'detached' });
  await page.locator('#booked').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.id === 'booked');
  const saving = page.waitForEvent('download');
  await page.locator('#add-to-calendar').evaluate((button) => button.click());
  const download = await saving;
  assert.match(download.suggestedFilename(), /\.ics$/);
  const text = await readFile(await download.path(), 'utf8');
  assert.ok(text.includes(`DTSTART:${chosen.start.replace(/[-:]/g, '')}`), text);
  assert.match(text, /SUMMARY:30 Minute Meeting/);
  // The file linked to the page of the time that was just taken, and a calendar with two visitors' files had one entry.
  const { inviteeUri } = await widgetEvent(page, 'booked');
  assert.ok(text.replaceAll('\r\n ', '').includes(`UID:${inviteeUri}\r\n`), text);
  assert.doesNotMatch(text, /DESCRIPTION/);
  await page.locator('#book-another').evaluate((button) => button.click());
  await freeDays(page).first().waitFor({ state: 'attached' });
  await context.close();
});

test('booking: a message from another frame, another origin or the page itself books nothing', async () => {
  const { page, context } = await overlayOpened();
  await page.frameLocator('iframe').locator('[name=name]').waitFor();
  const forged = { event: 'calendly.event_scheduled', payload: { event: { uri: 'https://api.calendly.com/scheduled_events/FORGED' }, invitee: { uri: 'x' } } };
  // From the page itself, from a frame of the page, and from a frame of the booking page's origin that is not the dialog's.
  await page.evaluate((data) => window.postMessage(data, '*'), forged);
  const other = await page.evaluate(async (sim) => {
    const frames = [document.createElement('iframe'), document.createElement('iframe')];
    frames[1].src = sim;
    const loaded = frames.map((frame) => new Promise((done) => frame.addEventListener('load', done)));
    document.body.append(...frames);
    await Promise.all(loaded);
    return frames.length;
  }, `${servers.sim}/acme`);
  assert.equal(other, 2);
  for (const frame of page.frames().filter((one) => one !== page.mainFrame() && one.parentFrame() === page.mainFrame())) {
    if (frame.url().includes('embed_domain')) continue;
    await frame.evaluate((data) => parent.postMessage(data, '*'), forged);
  }
  // Messages arrive in the order they are posted.
  await page.evaluate(() => new Promise((done) => {
    addEventListener('message', ({ data }) => data === 'last' && done());
    postMessage('last', '*');
  }));
  assert.equal(await bookedTimes(page), 0);
  assert.ok(await dialog(page).isVisible());
  await context.close();
});

test('booking: the dialog holds the focus, closes by Escape and by its button, and gives the focus back', async () => {
  const { page, context, problems } = await overlayOpened();
  await page.frameLocator('iframe').locator('[name=name]').waitFor();
  const focused = () => page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.id || at?.localName;
  });
  const seen = new Set();
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    seen.add(await focused());
  }
  assert.ok(!seen.has('before') && ![...seen].some((id) => id.startsWith('day:')), `behind the dialog nothing takes the focus: ${[...seen]}`);
  assert.equal(await dialog(page).getAttribute('aria-label'), 'Booking page');
  await page.locator('dialog .close').focus();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await focused(), 'book');
  await book(page);
  await dialog(page).waitFor();
  await page.locator('dialog .close').click();
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await bookedTimes(page), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('booking: where a page forbids frames, the dialog says so and has a link', async () => {
  const { page, context } = await overlayOpened('/no-frames');
  await page.locator('dialog .waiting', { hasText: 'does not allow' }).waitFor();
  const link = page.locator('dialog .bar a');
  assert.match(await link.getAttribute('href'), /30min.*name=Ada/);
  assert.equal(await link.getAttribute('target'), '_blank');
  await context.close();
});

test('booking: where the dialog\'s code does not come, the booking page opens in a tab', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget-dialogs-*', (route) => route.abort('connectionreset'));
  await openPicker(page, `${site.origin}/overlay`);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('timezone', 'Asia/Tokyo'));
  await page.locator('#zone', { hasText: 'Tokyo' }).waitFor({ state: 'attached' });
  await chooseTime(page);
  const opening = context.waitForEvent('page');
  await book(page);
  const booking = await opening;
  await booking.waitForURL(/30min/);
  const { searchParams } = new URL(booking.url());
  assert.deepEqual([searchParams.get('name'), searchParams.get('timezone')], ['Ada L', 'Asia/Tokyo']);
  await context.close();
});

test('booking: with book="event" the site gets all it needs, and nothing opens', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/event`);
  await chooseTime(page);
  await book(page);
  await page.waitForFunction(() => window.widgetEvents.some(({ name, detail }) => name === 'slotselected' && detail.confirmed));
  const { detail } = await page.evaluate(() => window.widgetEvents.find(({ detail }) => detail?.confirmed));
  const { start, end, schedulingUrl, ...rest } = detail;
  assert.deepEqual(rest, {
    timezone: 'Europe/Amsterdam', eventType: `https://api.calendly.com/event_types/AAAAAAAAAAAAAAAA`, eventTypeName: '30 Minute Meeting',
    duration: 30, confirmed: true,
  });
  assert.equal(Date.parse(end) - Date.parse(start), 30 * 60000);
  assert.ok(schedulingUrl.includes(start.slice(0, 16)));
  // The event of the choice itself had the same detail.
  const first = await page.evaluate(() => window.widgetEvents.find(({ name, detail: one }) => name === 'slotselected' && !one.confirmed).detail);
  assert.deepEqual({ ...first, confirmed: true }, detail);
  assert.equal(context.pages().length, 1);
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});
