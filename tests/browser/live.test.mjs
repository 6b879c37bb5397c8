// Availability changes while a widget is open: it is notified of a booking at Calendly and shows the change, without polling too often.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const picker = '<slot-picker event-type="30min"></slot-picker>';
  site = await startSite({
    '/': { html: bare(servers.origin, picker) },
    '/eight': { html: bare(servers.origin, picker.repeat(8)) },
  });
  browser = await startBrowser();
  await servers.command(['webhook', 'subscribe', servers.origin]);
  // The running proxy picks up the command's change; from then on it refuses an unsigned delivery.
  while ((await fetch(`${servers.origin}/api/webhooks/calendly`, { method: 'POST', body: '{}' })).status !== 401);
  const jwt = (await servers.command(['admin-jwt'])).trim();
  await fetch(`${servers.origin}/api/web/calendly/cache/purge`, { method: 'POST', headers: { Authorization: `Bearer ${jwt}` } });
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const isWait = (request) => new URL(request.url()).pathname.endsWith('/changes');
const hasSince = (request) => isWait(request) && request.url().includes('since=');

/** A page whose widgets wait at the proxy for changes; records their requests. */
async function listening(path = '/', prepare = () => {}) {
  const stage = await newPage(browser);
  const { page } = stage;
  await page.addInitScript(prepare);
  const waits = [];
  let open = 0;
  let most = 0;
  page.on('request', (request) => {
    if (!isWait(request)) return;
    waits.push({ url: request.url(), at: performance.now() });
    most = Math.max(most, ++open);
  });
  const ended = (request) => {
    if (isWait(request)) open--;
  };
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  const first = page.waitForRequest(hasSince);
  await openPicker(page, site.origin + path);
  await first;
  return { ...stage, waits, open: () => open, most: () => most };
}

const startOf = (button) => button.evaluate(({ id }) => new Date(Number(id.slice('time:'.length))).toISOString().replace('.000', ''));

async function bookAtCalendly(start) {
  await servers.simPost('/__pages/book', { event_type: 'AAAAAAAAAAAAAAAA', start_time: start, name: 'Somebody', email: 'somebody@example.com' });
}

const setHidden = (page, isHidden) => page.evaluate((hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
  document.dispatchEvent(new Event('visibilitychange'));
}, isHidden);

test('live: a time that somebody books is gone from an open widget within two seconds', async () => {
  const { page, context, problems } = await listening();
  await freeDays(page).last().evaluate((cell) => cell.click());
  const taken = times(page).nth(2);
  const id = await taken.getAttribute('id');
  const stays = await times(page).nth(1).getAttribute('id');
  const announced = await page.locator('[aria-live]').allInnerTexts();
  const shift = await page.evaluate(() => window.shift);
  const start = await startOf(taken);
  const bookedAt = performance.now();
  await bookAtCalendly(start);
  await page.locator(`[id="${id}"]`).waitFor({ state: 'detached' });
  const tookMs = performance.now() - bookedAt;
  assert.ok(tookMs < 2000, `${tookMs} ms`);
  assert.equal(await page.locator(`[id="${stays}"]`).count(), 1);
  assert.deepEqual(await page.locator('[aria-live]').allInnerTexts(), announced, 'nothing is announced that the visitor did not choose');
  assert.equal(await page.evaluate(() => window.shift), shift);
  assert.deepEqual(problems, []);
  await context.close();
});

test('live: whoever has chosen the time is told that it was just taken, with the nearest others', async () => {
  const { page, context, problems } = await listening();
  const { start } = await chooseTime(page, 4);
  const bookedAt = performance.now();
  await bookAtCalendly(start);
  await page.locator('#taken-text').waitFor({ state: 'attached' });
  assert.ok(performance.now() - bookedAt < 2000);
  assert.ok((await times(page).count()) > 0);
  assert.match((await page.locator('[aria-live]').allInnerTexts()).join(' '), /taken/i);
  assert.deepEqual(problems, []);
  await context.close();
});

test('live: the visitor\'s own booking in the dialog is a confirmation, not a loss', async () => {
  const { page, context, problems } = await listening();
  await chooseTime(page, 6);
  await page.locator('#book').evaluate((button) => button.click());
  const heardOfIt = page.waitForResponse((response) => isWait(response.request()) && response.ok());
  await page.frameLocator('iframe').locator('[name=name]').fill('Ada L');
  await page.frameLocator('iframe').locator('[name=email]').fill('ada@example.com');
  await page.frameLocator('iframe').locator('button').click();
  await page.locator('#booked').waitFor({ state: 'attached' });
  await heardOfIt;
  assert.equal(await page.locator('#taken-text').count(), 0);
  await page.locator('#book-another').evaluate((button) => button.click());
  assert.equal(await page.locator('#taken-text').count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('live: a hidden page does not wait at the proxy, and looks at once when it is seen again', async () => {
  const { page, context, waits, open } = await listening();
  await freeDays(page).last().evaluate((cell) => cell.click());
  const id = await times(page).nth(0).getAttribute('id');
  const start = await startOf(times(page).nth(0));
  const failed = page.waitForEvent('requestfailed', isWait);
  await setHidden(page, true);
  await failed;
  assert.equal(open(), 0);
  const count = waits.length;
  await bookAtCalendly(start);
  await page.waitForFunction(async (origin) => (await (await fetch(`${origin}/api/app/calendly/changes`)).json()).data.version > 0, servers.origin);
  assert.equal(waits.filter(({ url }) => url.includes('since=')).length, count);
  assert.equal(await page.locator(`[id="${id}"]`).count(), 1);
  await setHidden(page, false);
  await page.locator(`[id="${id}"]`).waitFor({ state: 'detached' });
  await context.close();
});

test('live: a browser that never gives a still page its idle time keeps nobody deaf', async () => {
  const { context, problems } = await listening('/', () => {
    window.requestIdleCallback = (call, options) => options?.timeout && setTimeout(call, options.timeout);
  });
  assert.deepEqual(problems, []);
  await context.close();
});

test('live: eight widgets of a page wait as one, and all of them hear', async () => {
  const { page, context, most, problems } = await listening('/eight');
  await page.locator('slot-picker').last().scrollIntoViewIfNeeded();
  const pickers = page.locator('slot-picker');
  for (let index = 0; index < 8; index++) {
    await pickers.nth(index).scrollIntoViewIfNeeded();
    const cell = pickers.nth(index).locator('[data-kind=gridcell][data-look=free]:not([data-faint])').last();
    await cell.waitFor({ state: 'attached' });
    await cell.evaluate((found) => found.click());
  }
  const id = await pickers.first().locator('[id^="time:"]').nth(1).getAttribute('id');
  const start = new Date(Number(id.slice(5))).toISOString().replace('.000', '');
  await bookAtCalendly(start);
  await page.waitForFunction((wanted) => [...document.querySelectorAll('slot-picker')].every((one) => !one.shadowRoot.getElementById(wanted)), id);
  assert.equal(most(), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('live: when the last widget is gone nobody waits any more', async () => {
  const { page, context, waits, open } = await listening('/eight');
  const failed = page.waitForEvent('requestfailed', isWait);
  await page.evaluate(() => document.querySelectorAll('slot-picker').forEach((one) => one.remove()));
  await failed;
  const count = waits.length;
  await setHidden(page, true);
  await setHidden(page, false);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.equal(waits.length, count);
  assert.equal(open(), 0);
  await context.close();
});

test('live: a proxy in trouble is asked less and less often, one that knows no such call once', async () => {
  const trouble = await newPage(browser);
  const asked = [];
  let tellThird;
  const third = new Promise((done) => (tellThird = done));
  await trouble.page.route(/\/changes/, (route) => {
    if (asked.push(performance.now()) === 3) tellThird();
    return route.fulfill({ status: 503, headers: { 'Access-Control-Allow-Origin': '*' }, body: '{"success":false}' });
  });
  await openPicker(trouble.page, `${site.origin}/`);
  await third;
  assert.ok(asked[1] - asked[0] >= 1400, `${asked[1] - asked[0]} ms`);
  assert.ok(asked[2] - asked[1] >= 2900, `${asked[2] - asked[1]} ms`);
  await trouble.context.close();

  const old = await newPage(browser);
  let count = 0;
  await old.page.route(/\/changes/, (route) => {
    count++;
    return route.fulfill({ status: 404, headers: { 'Access-Control-Allow-Origin': '*' }, body: '{"success":false}' });
  });
  const answered = old.page.waitForResponse((response) => isWait(response.request()));
  await openPicker(old.page, `${site.origin}/`);
  await answered;
  await old.page.evaluate(() => new Promise((done) => setTimeout(done)));
  await setHidden(old.page, true);
  await setHidden(old.page, false);
  await old.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  assert.equal(count, 1);
  await old.context.close();
});

test('live: nothing of it belongs to the first visit, and it starts after the times are there', async () => {
  const { page, context, requests } = await listening();
  const order = (part) => requests.findIndex((url) => url.includes(part));
  assert.ok(order('widget-live-') > order('/slots/'), requests.join('\n'));
  const manifest = await (await fetch(`${servers.origin}/manifest.json`)).json().catch(() => null);
  if (manifest) assert.ok(!Object.entries(manifest).some(([name, file]) => name.startsWith('widget-live-') && file.firstVisit));
  await context.close();
});
