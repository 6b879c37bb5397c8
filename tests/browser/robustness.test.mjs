// Failures: hostile names, huge answers, missing code or proxy, lost WebGL contexts, zoom, sleep. The visitor can always go on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, middleOf, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const { origin } = servers;
  site = await startSite({
    '/': { html: bare(origin, '<slot-picker event-type="30min" book="tab"></slot-picker>') },
    '/small': { html: bare(origin, '<style>html { font-size: 62.5% }</style><slot-picker event-type="30min" book="tab"></slot-picker>') },
    '/types': { html: bare(origin, '<slot-picker></slot-picker>') },
    '/german': { html: bare(origin, '<slot-picker event-type="30min" locale="de"></slot-picker>') },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

/** Changes answers of the real proxy on their way. */
const changeAnswers = (page, pattern, change) =>
  page.route(pattern, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    change(json.data);
    await route.fulfill({ response, json });
  });

const picker = (page) => page.locator('slot-picker');

test('robustness: hostile names are text, on the canvas and in the twin', async () => {
  const { page, context, problems } = await newPage(browser);
  const name = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>{0} \u202egnp.exe\u0000 ' + 'W'.repeat(3000);
  await changeAnswers(page, '**/slots/**', (data) => {
    data.eventTypeName = name;
    for (const slot of data.slots) slot.schedulingUrl = 'javascript:window.hit=1';
  });
  await changeAnswers(page, '**/event-types', (data) => {
    for (const type of data.eventTypes) Object.assign(type, { name, description: name, color: 'red;background:url(//evil)' });
  });
  await page.goto(`${site.origin}/types`);
  await widgetEvent(page, 'ready');
  await picker(page).locator('button[id^="type:"]').first().evaluate((button) => button.click());
  await freeDays(page).first().waitFor({ state: 'attached' });
  await chooseTime(page);
  await page.locator('#book').evaluate((button) => button.click());
  assert.match(await page.locator('#title').textContent(), /<img src=x/);
  assert.equal(await picker(page).evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll('img, script, iframe').length), 0);
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator('dialog').count(), 0, 'a link that is no web address leads nowhere');
  assert.equal(context.pages().length, 1);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
  assert.deepEqual(problems, []);
  await context.close();
});

test('robustness: an answer of ten thousand slots is shown and can be picked from', async () => {
  const { page, context, problems } = await newPage(browser);
  await changeAnswers(page, '**/slots/**', (data) => {
    const first = Math.ceil(Date.now() / 300000) * 300000 + 3600000;
    data.duration = 5;
    data.slots = Array.from({ length: 10000 }, (_, i) => ({
      start: new Date(first + i * 240000).toISOString().replace('.000', ''), status: 'available', inviteesRemaining: 1,
      schedulingUrl: `https://calendly.com/acme/30min/${i}`,
    }));
  });
  await openPicker(page, `${site.origin}/`);
  await freeDays(page).nth(2).evaluate((cell) => cell.click());
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[id^="time:"]').length === 360);
  await page.mouse.click(...(await middleOf(times(page).first())));
  assert.ok((await widgetEvent(page, 'slotselected')).start);
  await picker(page).evaluate((element) => element.setAttribute('view', 'list'));
  await page.waitForFunction(() => !document.querySelector('slot-picker').shadowRoot.querySelector('[role=grid]'));
  assert.deepEqual(problems, []);
  await context.close();
});

test('robustness: code that does not come is said in the visitor\'s language, and may be tried again', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget-app-*', (route) => route.abort('connectionreset'));
  await page.goto(`${site.origin}/german`);
  await picker(page).getByText('Der Kalender konnte nicht geladen werden').waitFor();
  assert.equal((await widgetEvent(page, 'error')).code, 'load_failed');
  assert.match(await picker(page).locator('.away a').getAttribute('href'), /30min$/);
  await page.unroute('**/widget-app-*');
  await picker(page).getByRole('button', { name: 'Erneut versuchen' }).click();
  await freeDays(page).first().waitFor({ state: 'attached' });
  await widgetEvent(page, 'ready');
  assert.equal(await picker(page).locator('.away').count(), 0);
  await context.close();
});

test('robustness: only the visitor\'s language is downloaded', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/german`);
  assert.deepEqual(requests.filter((url) => url.includes('widget-words')).map((url) => /words-(\w+)-/.exec(url)[1]), ['de']);
  assert.match(await freeDays(page).first().getAttribute('aria-label'), /freie Zeit/);
  assert.deepEqual(problems, []);
  await context.close();
  const english = await newPage(browser);
  await openPicker(english.page, `${site.origin}/`);
  assert.deepEqual(english.requests.filter((url) => /widget-(words-(?!en-)|dialogs|calendly)/.test(url)), []);
  await english.context.close();
});

// Ten tables of texts were loaded one by one, and English was part of everybody's code: a kilobyte that nine of ten visitors never used.
test('robustness: without the table of a language the widget speaks English', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget-words-de-*', (route) => route.fulfill({ status: 503, body: 'later' }));
  await openPicker(page, `${site.origin}/german`);
  assert.match(await freeDays(page).first().getAttribute('aria-label'), /free time/);
  await context.close();
});

test('robustness: the proxy gone in the middle is told, and trying again goes on', async () => {
  const { page, context } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  for (let months = 0; months < 3; months++) await page.locator('#next-month').evaluate((button) => button.click());
  const retry = page.locator('#retry');
  await retry.waitFor({ state: 'attached' });
  assert.equal((await widgetEvent(page, 'error')).code, 'unreachable');
  await page.unroute('**/api/**');
  await page.mouse.click(...(await middleOf(retry)));
  await retry.waitFor({ state: 'detached' });
  await page.locator('[data-kind=gridcell]:is([data-look=free], [data-look=none])').first().waitFor({ state: 'attached' });
  await context.close();
});

test('robustness: another pixel ratio while open is drawn sharp, and clicks still hit', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  const client = await context.newCDPSession(page);
  for (const ratio of [2, 1.5, 3]) {
    await client.send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 1000, deviceScaleFactor: ratio, mobile: false });
    // Emulation changes the pixel ratio without an event: the next frame must detect it.
    await page.mouse.move(...(await middleOf(freeDays(page).nth(1))));
    await page.waitForFunction((wanted) => {
      const canvas = document.querySelector('slot-picker').shadowRoot.querySelector('canvas');
      return Math.abs(canvas.width - canvas.clientWidth * wanted) <= 1 && Math.abs(canvas.height - canvas.clientHeight * wanted) <= 1;
    }, ratio);
    const wanted = ratio === 1.5 ? freeDays(page).first() : freeDays(page).last();
    await page.mouse.click(...(await middleOf(wanted)));
    const id = (await wanted.getAttribute('id')).slice(4);
    await page.waitForFunction((date) => window.widgetEvents.some(({ name, detail }) => name === 'dateselected' && detail.date === date), id);
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('robustness: text that the visitor has set larger is larger, whatever the page has made of its own', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 1000, height: 1000 } });
  const client = await context.newCDPSession(page);
  await client.send('Page.setFontSizes', { fontSizes: { standard: 24 } });
  await openPicker(page, `${site.origin}/small`);
  const height = () => page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
  assert.equal(await height(), 810);
  assert.equal(await page.evaluate(() => window.shift), 0);
  const day = freeDays(page).last();
  await page.mouse.click(...(await middleOf(day)));
  await page.waitForFunction((id) => document.querySelector('slot-picker').shadowRoot.getElementById(id).getAttribute('aria-selected') === 'true', await day.getAttribute('id'));
  const time = times(page).first();
  await page.mouse.click(...(await middleOf(time)));
  assert.equal(await time.getAttribute('aria-pressed'), 'true');
  assert.equal(await time.evaluate((button) => button.getBoundingClientRect().height), 66);
  assert.deepEqual(problems, []);
  await context.close();
});

test('robustness: zoom from 50 to 500 % keeps everything in reach', async () => {
  for (const zoom of [0.5, 1.1, 2, 4, 5]) {
    // Like the browser's zoom: fewer and larger CSS pixels.
    const { page, context, problems } = await newPage(browser, {
      viewport: { width: Math.round(1280 / zoom), height: Math.round(1000 / zoom) }, deviceScaleFactor: zoom,
    });
    await openPicker(page, `${site.origin}/`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${zoom}: nothing sticks out sideways`);
    const last = freeDays(page).last();
    await page.mouse.click(...(await middleOf(last)));
    await widgetEvent(page, 'dateselected');
    await page.mouse.click(...(await middleOf(times(page).first())));
    await widgetEvent(page, 'slotselected');
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('robustness: back after hours of sleep, the clock and the slots are checked again', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await page.clock.install();
  await openPicker(page, `${site.origin}/`);
  const asked = () => requests.filter((url) => url.includes('/slots/')).length;
  const before = asked();
  // During sleep timers stop; only the system's clock continues.
  const awake = Date.now() + 30 * 3600000;
  await page.clock.setSystemTime(awake);
  // The server's clock has advanced too.
  await page.route('**/slots/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), date: new Date(awake).toUTCString() } });
  });
  const answered = page.waitForResponse((response) => response.url().includes('/slots/'));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await answered;
  assert.ok(asked() > before);
  const today = new Date(awake).toLocaleDateString('sv', { timeZone: 'Europe/Amsterdam' });
  await page.waitForFunction((date) => {
    const root = document.querySelector('slot-picker').shadowRoot;
    return root.querySelector('[aria-current=date]')?.id === `day:${date}` || !root.getElementById(`day:${date}`);
  }, today);
  assert.deepEqual(problems, []);
  await context.close();
});

test('robustness: forced colours show the elements, in the visitor\'s colours', async () => {
  const { page, context, problems } = await newPage(browser, { forcedColors: 'active' });
  await openPicker(page, `${site.origin}/`);
  const twinShown = (shown) => page.waitForFunction((wanted) => {
    const { shadowRoot } = document.querySelector('slot-picker');
    return shadowRoot.querySelector('canvas').hidden === wanted && Boolean(shadowRoot.querySelector('.twin.shown')) === wanted;
  }, shown);
  await twinShown(true);
  await freeDays(page).last().click();
  await times(page).first().click();
  const [selected, other] = await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('slot-picker');
    const ground = (selector) => getComputedStyle(shadowRoot.querySelector(selector)).backgroundColor;
    return [ground('[role=gridcell][aria-selected=true]'), ground('[role=gridcell][aria-selected=false]')];
  });
  assert.notEqual(selected, other, 'the chosen day can be told from the others');
  await page.emulateMedia({ forcedColors: 'none' });
  await twinShown(false);
  await page.mouse.click(...(await middleOf(freeDays(page).first())));
  await page.emulateMedia({ forcedColors: 'active' });
  await twinShown(true);
  assert.deepEqual(problems, []);
  await context.close();
});
