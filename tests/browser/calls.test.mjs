// The calls of a site: popup, badge, properties of the element, and Calendly's own markup and calls after changing one line.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const { origin } = servers;
  const url = `${servers.sim}/acme/30min`;
  site = await startSite({
    '/empty': { html: bare(origin, '<button id="open">Open</button>') },
    // Calendly's own snippets, inline and badge, as its site gives them: only the host is different.
    '/snippet': {
      html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,"></head><body>
        <!-- Calendly inline widget begin -->
        <div class="calendly-inline-widget" data-url="${url}?hide_gdpr_banner=1" style="min-width:320px;height:700px;"></div>
        <script type="text/javascript" src="${origin}/assets/external/widget.js" async></script>
        <!-- Calendly inline widget end -->
        <!-- Calendly badge widget begin -->
        <link href="${origin}/assets/external/widget.css" rel="stylesheet">
        <script src="${origin}/assets/external/widget.js" type="text/javascript" async></script>
        <script type="text/javascript">window.onload = function() { Calendly.initBadgeWidget({ url: '${url}', text: 'Schedule time with me', color: '#0069ff', textColor: '#ffffff', branding: true }); }</script>
        <!-- Calendly badge widget end --></body></html>`,
    },
    // The policy of docs/embedding.md, and the same without the frame.
    ...Object.fromEntries([['/strict', servers.sim], ['/stricter', "'none'"]].map(([path, frames]) => [path, {
      html: bare(
        origin,
        `<div class="calendly-inline-widget" data-url="${url}" style="min-width:320px;height:700px"></div>`,
        'widget.js?calendly',
      ).replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${origin} 'wasm-unsafe-eval';
        connect-src ${origin}; img-src data:; style-src 'unsafe-inline'; frame-src ${frames}; require-trusted-types-for 'script'">`),
    }])),
    '/calendly': {
      html: bare(
        origin,
        `<div class="calendly-inline-widget" data-url="${url}?primary_color=b4236a&name=Ada" style="min-width:320px;height:700px"></div>
         <a id="link" href="">Schedule</a>`,
        'widget.js?calendly',
      ),
    },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

async function opened(path) {
  const stage = await newPage(browser);
  await stage.page.addInitScript(() => {
    window.messages = [];
    addEventListener('message', ({ data, origin }) => {
      if (String(data?.event).startsWith('calendly.')) window.messages.push({ ...data, origin });
    });
  });
  await stage.page.goto(site.origin + path);
  await stage.page.waitForFunction(() => window.Slotwire);
  return stage;
}
const dialog = (page) => page.locator('dialog');

test('popup: opens over the page, tells its events, and closes in every way', async () => {
  const { page, context, problems, requests } = await opened('/empty');
  assert.ok(!requests.some((address) => /dialogs|app-|\.wasm/.test(address)), 'nothing is loaded before it is wanted');
  const open = () => page.evaluate(() => {
    document.getElementById('open').focus();
    window.shown = Slotwire.popup({ eventType: '30min' });
  });
  await open();
  await dialog(page).waitFor();
  await freeDays(page).first().waitFor({ state: 'attached' });
  assert.equal(await dialog(page).getAttribute('aria-label'), 'Choose a time');
  assert.ok((await chooseTime(page)).start);
  await page.evaluate(() => window.shown.update({ primaryColor: '#b4236a' }));
  await page.locator('dialog .close').focus();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'open');
  await open();
  await dialog(page).waitFor();
  await page.mouse.click(4, 4);
  await dialog(page).waitFor({ state: 'detached' });
  await open();
  await dialog(page).waitFor();
  await page.evaluate(() => window.shown.destroy());
  await dialog(page).waitFor({ state: 'detached' });
  // Destroyed before its code was loaded: nothing opens.
  await page.evaluate(() => Slotwire.popup({}).destroy());
  await open();
  await dialog(page).waitFor();
  assert.equal(await dialog(page).count(), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('badge: a button that opens the popup, in colours that can be read', async () => {
  const { page, context, problems } = await opened('/empty');
  await page.evaluate(() => {
    window.floating = Slotwire.badge({ eventType: '30min', text: 'Meet us', color: '#ffee00', textColor: '#ffffff' });
  });
  const badge = page.getByRole('button', { name: 'Meet us' });
  await badge.waitFor();
  const [ground, text] = await badge.evaluate((button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]);
  assert.deepEqual([ground, text], ['rgb(255, 238, 0)', 'rgb(0, 0, 0)'], 'white on yellow cannot be read');
  await page.evaluate(() => window.floating.update({ text: 'Talk to us', color: '#003366' }));
  await page.getByRole('button', { name: 'Talk to us' }).click();
  await dialog(page).waitFor();
  await freeDays(page).first().waitFor({ state: 'attached' });
  await page.evaluate(() => window.floating.destroy());
  await dialog(page).waitFor({ state: 'detached' });
  assert.equal(await page.getByRole('button', { name: 'Talk to us' }).count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('element: properties are options, also those set before the script came', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/empty`);
  await page.route('**/widget.js', async (route) => {
    // Held back until the page has done what frameworks do.
    await page.waitForFunction(() => window.isReady);
    await route.continue();
  });
  await page.reload({ waitUntil: 'commit' });
  await page.waitForSelector('#open');
  await page.evaluate(() => {
    const picker = document.createElement('slot-picker');
    picker.eventType = '30min';
    picker.prefill = { name: 'Ada L' };
    picker.book = 'event';
    document.body.append(picker);
    window.isReady = true;
  });
  await widgetEvent(page, 'ready');
  assert.equal(await page.locator('slot-picker').getAttribute('event-type'), '30min');
  assert.deepEqual(await page.evaluate(() => document.querySelector('slot-picker').prefill), { name: 'Ada L' });
  await page.evaluate(() => {
    document.querySelector('slot-picker').timezone = 'Asia/Tokyo';
  });
  await page.locator('#zone', { hasText: 'Tokyo' }).waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('calendly: its inline markup works after one changed line, with its messages', async () => {
  const { page, context, problems, requests } = await opened('/calendly');
  await freeDays(page).first().waitFor({ state: 'attached' });
  await widgetEvent(page, 'ready');
  await page.waitForFunction(() => window.messages.some(({ event }) => event === 'calendly.event_type_viewed'));
  const host = page.locator('.calendly-inline-widget > div');
  assert.equal((await host.boundingBox()).height, 700);
  assert.equal(await host.evaluate((div) => getComputedStyle(div.shadowRoot.querySelector('.twin')).getPropertyValue('--sw-primary').trim()), 'rgb(180 35 106/1)');
  await chooseTime(page);
  const [said] = await page.evaluate(() => window.messages.filter(({ event }) => event === 'calendly.date_and_time_selected'));
  assert.deepEqual([said.origin, said.payload], [servers.sim, {}]);
  await page.locator('#book').evaluate((button) => button.click());
  const frame = page.frameLocator('iframe').frameLocator('iframe');
  await frame.locator('[name=name]').waitFor();
  assert.equal(await frame.locator('[name=name]').inputValue(), 'Ada');
  await frame.locator('[name=email]').fill('ada@example.com');
  await frame.locator('button').click();
  await widgetEvent(page, 'booked');
  await page.waitForFunction(() => window.messages.some(({ event }) => event === 'calendly.event_scheduled'));
  const scheduled = await page.evaluate(() => window.messages.filter(({ event }) => event === 'calendly.event_scheduled'));
  assert.equal(scheduled.length, 1);
  assert.match(scheduled[0].payload.event.uri, /scheduled_events/);
  // The overlay's page reported the same event type and time again, and its own height as if it were that of the page's box.
  const told = await page.evaluate(() => window.messages.map(({ event }) => event));
  const times = (event) => told.filter((one) => one === `calendly.${event}`).length;
  assert.deepEqual([times('event_type_viewed'), times('date_and_time_selected'), times('event_scheduled')], [1, 1, 1], told.join());
  const others = requests.filter((address) => !address.startsWith(site.origin) && !address.startsWith(servers.origin) && !address.startsWith(servers.sim) && !address.startsWith('data:'));
  assert.deepEqual(others, [], 'calendly.com is never asked');
  assert.deepEqual(problems, []);
  await context.close();
});

test('calendly: under a strict policy the booking page opens, and where none may the way by a tab is offered', async () => {
  const { page, context, problems } = await newPage(browser);
  const over = async (path) => {
    await page.goto(site.origin + path);
    await freeDays(page).first().waitFor({ state: 'attached' });
    // Other tests book the first one.
    await chooseTime(page, 2);
    await page.locator('#book').evaluate((button) => button.click());
  };
  await over('/strict');
  await page.frameLocator('iframe').frameLocator('iframe').locator('[name=name]').waitFor();
  assert.deepEqual(problems, []);
  await over('/stricter');
  await page.locator('dialog', { hasText: 'does not allow the booking page' }).waitFor();
  assert.equal(await page.locator('dialog iframe').count(), 0);
  await context.close();
});

test('calendly: its calls work, made before or after their code came', async () => {
  const { page, context, problems } = await opened('/calendly');
  await page.evaluate((sim) => {
    const parent = document.createElement('div');
    parent.id = 'second';
    document.body.append(parent);
    // As jQuery passes it.
    Calendly.initInlineWidget({ url: `${sim}/acme/60min`, parentElement: { 0: parent }, prefill: {}, utm: {} });
  }, servers.sim);
  await page.locator('#second').scrollIntoViewIfNeeded();
  await page.locator('#second').getByRole('heading', { name: /60 Minute|60/ }).first().waitFor({ state: 'attached' });
  const viewed = () => page.evaluate(() => window.messages.filter(({ event }) => event === 'calendly.event_type_viewed').length);
  await page.waitForFunction(() => window.messages.filter(({ event }) => event === 'calendly.event_type_viewed').length === 2);
  await page.evaluate((sim) => Calendly.initPopupWidget({ url: `${sim}/acme/30min` }), servers.sim);
  await dialog(page).waitFor();
  await freeDays(page.locator('dialog')).first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => window.messages.filter(({ event }) => event === 'calendly.event_type_viewed').length > 2);
  assert.equal(await viewed(), 3, 'each widget is told of once');
  await page.evaluate(() => Calendly.closePopupWidget());
  await dialog(page).waitFor({ state: 'detached' });
  await page.evaluate((sim) => Calendly.initBadgeWidget({ url: `${sim}/acme/30min`, text: 'Schedule with me', color: '#0069ff', textColor: '#ffffff', branding: true }), servers.sim);
  await page.getByRole('button', { name: 'Schedule with me' }).click();
  await dialog(page).waitFor();
  await page.evaluate(() => Calendly.destroyBadgeWidget());
  await dialog(page).waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('calls: where their code does not come, a click and the markup still lead to the booking page', async () => {
  const { page, context } = await newPage(browser);
  await page.route(/widget-(dialogs|calendly)-/, (route) => route.abort('connectionreset'));
  await page.goto(`${site.origin}/calendly`);
  const link = page.locator('.calendly-inline-widget a');
  await link.waitFor();
  assert.ok((await link.getAttribute('href')).startsWith(`${servers.sim}/acme/30min`));
  const opening = context.waitForEvent('page');
  await page.evaluate(() => Slotwire.popup({ eventType: '30min' }));
  await (await opening).waitForURL(/30min/);
  await context.close();
});

test('calls: dialogs speak the page\'s language in its direction', async () => {
  const { page, context, problems } = await opened('/empty');
  await page.evaluate(() => Slotwire.popup({ eventType: '30min', locale: 'ar' }));
  await dialog(page).locator('[data-look=free]').first().waitFor({ state: 'attached' });
  const { dir, lang, direction } = await dialog(page).evaluate((element) => ({
    dir: element.getRootNode().host.dir, lang: element.getRootNode().host.lang, direction: getComputedStyle(element).direction,
  }));
  assert.deepEqual([dir, lang, direction], ['rtl', 'ar', 'rtl']);
  assert.equal(await dialog(page).getAttribute('aria-label'), 'اختر وقتًا');
  assert.deepEqual(problems, []);
  await context.close();
});

test('calls: the official snippets work at the paths they have, with nothing but another host', async () => {
  const { page, context, problems, requests } = await opened('/snippet');
  await freeDays(page).first().waitFor({ state: 'attached' });
  const badge = page.getByRole('button', { name: 'Schedule time with me' });
  await badge.waitFor();
  await chooseTime(page);
  assert.deepEqual(await page.evaluate(() => window.messages.map(({ event }) => event).filter((event) => /viewed|selected/.test(event)).slice(0, 2)),
    ['calendly.event_type_viewed', 'calendly.date_and_time_selected']);
  await badge.click();
  await dialog(page).waitFor();
  const files = requests.filter((url) => url.startsWith(servers.origin)).map((url) => new URL(url).pathname);
  assert.ok(files.includes('/assets/external/widget.css'));
  // Its files are loaded from the proxy's folder, not relative to two folders down.
  assert.deepEqual(files.filter((path) => path.startsWith('/assets/') && !/widget\.(js|css)$/.test(path)), []);
  assert.deepEqual(problems, []);
  await context.close();
});
