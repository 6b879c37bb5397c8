// Pages at the paths of Calendly's links: without scripts, with scripts, and in frames of other sites, which receive Calendly's messages.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chooseTime, freeDays, widgetEvent, newPage, repository, startBrowser, startServers, startSite, times } from './harness.mjs';
import { freePort } from './engines/processes.mjs';
import { field, submit } from './inline_booking.mjs';

const folder = join(repository, 'build/screenshots');
let servers;
let site;
let stranger;
let browser;
let axe;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  stranger = await startSite(pages);
  const port = await freePort();
  servers = await startServers({
    CALENDLY_ALLOWED_ORIGINS: site.origin, CALENDLY_PAGES: `http://127.0.0.1:${port}`, PORT: String(port),
  });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  // Written like react-calendly and similar: the link with another host, and a listener.
  const frame = (path) => ({
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,"><script>
      window.messages = [];
      addEventListener('message', ({ data, origin, source }) => {
        if (data?.event) window.messages.push({ ...data, origin, isFrame: source === document.querySelector('iframe').contentWindow });
      });
    </script></head><body><iframe title="Select a Date &amp; Time - Calendly" frameborder="0" width="100%" height="800"
      src="${servers.origin}${path}"></iframe></body></html>`,
  });
  Object.assign(pages, {
    '/react': frame('/acme/30min?embed_domain=127.0.0.1&amp;embed_type=Inline&amp;name=Ada%20L&amp;email=ada%40example.com&amp;a1=Yes&amp;utm_source=mail&amp;background_color=101820&amp;text_color=f0f0f0&amp;primary_color=00a2ff&amp;hide_event_type_details=1&amp;hide_gdpr_banner=1'),
    '/list': frame('/acme?embed_domain=1&amp;embed_type=Inline'),
  });
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await mkdir(folder, { recursive: true });
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await stranger?.stop();
  await servers?.stop();
});

async function violations(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: axe });
  return page.evaluate(async () => {
    const { violations: found } = await window.axe.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

const message = async (page, event) => {
  const handle = await page.waitForFunction((wanted) => window.messages.find((one) => one.event === wanted), event);
  return handle.jsonValue();
};

for (const width of [360, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`hosted: without scripts a page has real times and links, and axe finds nothing, ${width} px, ${colorScheme}`, async () => {
      const { page, context, problems, requests } = await newPage(browser, { javaScriptEnabled: false, viewport: { width, height: 1000 }, colorScheme });
      await page.goto(`${servers.origin}/acme/workshop`);
      assert.equal(await page.title(), 'Group Workshop – Ada Example');
      assert.equal(await page.locator('h1').innerText(), 'Group Workshop');
      assert.ok(await page.locator('.times a').count() > 0);
      await page.screenshot({ path: join(folder, `hosted-plain-${width}-${colorScheme}.png`), fullPage: true });
      const before = await page.locator('.times time').first().getAttribute('datetime');
      await page.getByRole('link', { name: 'Next week' }).click();
      assert.notEqual(await page.locator('.times time').first().getAttribute('datetime'), before);
      await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
      await page.getByRole('button', { name: 'Show' }).click();
      assert.match(await page.locator('.zone').innerText(), /shown in Asia\/Tokyo/);
      assert.match(page.url(), /date=/, 'the week stays');
      const time = page.locator('.times a').first();
      const href = await time.getAttribute('href');
      assert.match(href, /\/acme\/workshop\/\d{4}-.*timezone=Asia%2FTokyo/);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out sideways');
      const foreign = requests.filter((url) => !url.startsWith(servers.origin) && !url.startsWith('data:'));
      assert.deepEqual(foreign, []);
      await page.goto(`${servers.origin}/acme`);
      await page.screenshot({ path: join(folder, `hosted-list-${width}-${colorScheme}.png`), fullPage: true });
      await page.getByRole('link', { name: '30 Minute Meeting' }).click();
      assert.equal(await page.locator('h1').innerText(), '30 Minute Meeting');
      assert.deepEqual(problems, []);
      await context.close();
    });
  }
}

// A link in a newsletter contained utm_source and the reader's name. After a click on "Next week" both were lost, and the booking did not
// count for the campaign.
test('hosted: without scripts what the address says of a visitor goes along to the booking page', async () => {
  const { page, context } = await newPage(browser, { javaScriptEnabled: false });
  await page.goto(`${servers.origin}/acme?utm_source=mail&name=Grace%20H`);
  await page.getByRole('link', { name: '30 Minute Meeting' }).click();
  await page.getByRole('link', { name: 'Next week' }).click();
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.getByRole('button', { name: 'Show' }).click();
  const wanted = { utm_source: 'mail', name: 'Grace H', timezone: 'Asia/Tokyo' };
  for (const link of [page.locator('.times a').first(), page.getByRole('link', { name: 'Next week' })]) {
    const { searchParams } = new URL(await link.getAttribute('href'), servers.origin);
    for (const [name, value] of Object.entries(wanted)) assert.equal(searchParams.get(name), value, name);
  }
  const { searchParams } = new URL(await page.getByRole('link', { name: 'Open booking page' }).getAttribute('href'));
  assert.equal(searchParams.get('utm_source'), 'mail');
  await page.locator('.times a').first().click();
  await page.waitForURL(/utm_source=mail/);
  await context.close();
});

// The texts are built into the proxy; they are compared with what the browser itself would write.
test('hosted: without scripts the page speaks each of the ten languages, with dates and clocks as the browser writes them', async () => {
  const { page: intl, context } = await newPage(browser);
  for (const locale of ['ar', 'de', 'en', 'es', 'fr', 'hi', 'it', 'ja', 'nl', 'pt']) {
    const own = await newPage(browser, { javaScriptEnabled: false, locale });
    await own.page.goto(`${servers.origin}/acme/30min?timezone=Europe/Berlin`);
    const html = own.page.locator('html');
    assert.equal(await html.getAttribute('lang'), locale);
    assert.equal(await html.getAttribute('dir'), locale === 'ar' ? 'rtl' : null);
    const instant = await own.page.locator('.times time').first().getAttribute('datetime');
    const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f]/g, '').replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
    const [day, clock] = await intl.evaluate(([tag, at]) => {
      const timeZone = 'Europe/Berlin';
      const { hour12 } = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions();
      return [
        new Intl.DateTimeFormat(tag, { weekday: 'long', month: 'long', day: 'numeric', timeZone }).format(new Date(at)),
        new Intl.DateTimeFormat(tag, { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit', hourCycle: hour12 ? 'h12' : 'h23', timeZone }).format(new Date(at)),
      ];
    }, [locale, instant]);
    assert.equal(plain(await own.page.locator('h3').first().innerText()), plain(day));
    assert.equal(plain(await own.page.locator('.times time').first().innerText()), plain(clock));
    await own.page.screenshot({ path: join(folder, `hosted-plain-${locale}.png`), fullPage: true });
    await own.context.close();
  }
  await context.close();
});

test('hosted: axe finds nothing in what is written on the pages', async () => {
  const { page, context } = await newPage(browser);
  // The page's text as it is without scripts, on a page in which axe can run.
  await page.route('**/hosted.js', (route) => route.abort());
  await page.route('**/widget.js', (route) => route.abort());
  for (const path of ['/acme/30min', '/acme/intake?timezone=Europe/Berlin', '/acme/full', '/acme/hostile', '/acme', '/acme/nothing']) {
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await page.goto(servers.origin + path);
      assert.deepEqual(await violations(page), [], `${path}, ${colorScheme}`);
    }
  }
  await context.close();
});

for (const width of [360, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`hosted: with scripts a page is the picker, the text is never seen, and axe finds nothing, ${width} px, ${colorScheme}`, async () => {
      const { page, context, problems, requests } = await newPage(browser, { viewport: { width, height: 1000 }, colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${servers.origin}/acme/30min?name=Grace&email=grace%40example.com`);
      await widgetEvent(page, 'ready');
      await freeDays(page).first().waitFor({ state: 'attached' });
      assert.equal(await page.locator('.plain form').isVisible(), false);
      assert.equal(await page.evaluate(() => window.shift), 0, 'nothing moves');
      assert.deepEqual(await violations(page), []);
      await chooseTime(page);
      await page.screenshot({ path: join(folder, `hosted-${width}-${colorScheme}.png`), fullPage: true });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out sideways');
      assert.deepEqual(requests.filter((url) => !url.startsWith(servers.origin) && !url.startsWith('data:')), []);
      assert.deepEqual(problems, []);
      await context.close();
    });
  }
}

test('hosted: a visitor books in the page, with what its address says of them', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${servers.origin}/acme/30min?first_name=Grace&last_name=Hopper&email=grace%40example.com&utm_source=mail`);
  await chooseTime(page);
  await page.locator('#book').evaluate((button) => button.click());
  await page.locator('.booking').waitFor();
  assert.equal(await field(page, 'E-mail').inputValue(), 'grace@example.com');
  await submit(page).click();
  const { eventUri } = await widgetEvent(page, 'booked');
  assert.match(eventUri, /scheduled_events/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('hosted: a link to one time opens at its day, one of a month in that month', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${servers.origin}/acme/30min`);
  await widgetEvent(page, 'ready');
  await freeDays(page).last().evaluate((cell) => cell.click());
  const { date } = await widgetEvent(page, 'dateselected');
  await page.goto(`${servers.origin}/acme/30min/${date}`);
  await page.locator(`[id="day:${date}"]`).waitFor({ state: 'attached' });
  await times(page).first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('[role=gridcell][aria-selected=true]').getAttribute('id'), `day:${date}`);
  await context.close();
});

test('hosted: in a frame of another site the page around it hears what Calendly would say', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/react`);
  const viewed = await message(page, 'calendly.event_type_viewed');
  assert.deepEqual(viewed, { event: 'calendly.event_type_viewed', payload: {}, origin: servers.origin, isFrame: true });
  const { payload: { height } } = await message(page, 'calendly.page_height');
  assert.match(height, /^[5-9]\d\dpx$/);
  const frame = page.frames().find((one) => one.url().startsWith(servers.origin));
  const picker = frame.locator('slot-picker');
  assert.equal(await picker.getAttribute('background-color'), '#101820');
  assert.equal(await picker.getAttribute('primary-color'), '#00a2ff');
  assert.equal(await picker.getAttribute('hide-details'), '');
  assert.deepEqual(JSON.parse(await picker.getAttribute('prefill')), { customAnswers: { a1: 'Yes' }, name: 'Ada L', email: 'ada@example.com' });
  await freeDays(frame).last().evaluate((cell) => cell.click());
  await times(frame).first().evaluate((button) => button.click());
  assert.deepEqual((await message(page, 'calendly.date_and_time_selected')).payload, {});
  await page.screenshot({ path: join(folder, 'hosted-framed.png') });
  await frame.locator('#book').evaluate((button) => button.click());
  await frame.locator('.booking').waitFor();
  assert.equal(await field(frame, 'E-mail').inputValue(), 'ada@example.com');
  await submit(frame).click();
  const { payload } = await message(page, 'calendly.event_scheduled');
  assert.match(payload.event.uri, /^https:\/\/api\.calendly\.com\/scheduled_events\//);
  assert.match(payload.invitee.uri, /\/invitees\//);
  assert.equal(await page.evaluate(() => window.messages.filter(({ event }) => event === 'calendly.event_scheduled').length), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test("hosted: an owner's page lists what there is to book, and says so in Calendly's words", async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/list`);
  await message(page, 'calendly.profile_page_viewed');
  const frame = page.frames().find((one) => one.url().startsWith(servers.origin));
  await frame.locator('[id^="type:"]').first().evaluate((button) => button.click());
  await message(page, 'calendly.event_type_viewed');
  await context.close();
});

test('hosted: a site that is not listed may not frame it', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${stranger.origin}/react`);
  await page.waitForFunction(() => performance.getEntriesByType('navigation')[0].loadEventEnd > 0);
  assert.ok(problems.some((problem) => /frame-ancestors|Refused to frame|Framing/.test(problem)), problems.join('\n'));
  assert.deepEqual(await page.evaluate(() => window.messages), []);
  await context.close();
});

test('hosted: where the picker cannot be had, the text is there', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget.js', (route) => route.abort());
  await page.goto(`${servers.origin}/acme/30min`);
  await page.locator('.times a').first().waitFor();
  assert.equal(await page.locator('h1').innerText(), '30 Minute Meeting');
  await context.close();
});
