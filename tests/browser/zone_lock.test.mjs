// Meetings in person use the local time of the place: with `timezone-lock` the zone is shown but cannot be changed, up to the visitor's
// calendar file. Visitors in these tests are in Amsterdam.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, middleOf, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';
import { inspectors } from './inspectors.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let servers;
let site;
let browser;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  const page = (body, script) => ({ html: bare(servers.origin, `<meta name="viewport" content="width=device-width">${body}`, script) });
  const picker = (attributes) => page(`<slot-picker event-type="30min" ${attributes}></slot-picker>`);
  Object.assign(pages, {
    '/': picker('timezone="America/New_York" timezone-lock book="inline"'),
    '/free': picker('timezone="America/New_York"'),
    '/overlay': picker(`timezone="America/New_York" timezone-lock book="tab" prefill='{"timezone":"Asia/Tokyo"}'`),
    '/own': picker('timezone-lock'),
    '/unknown': picker('timezone="Nowhere/Land" timezone-lock'),
    '/div': page('<div data-slotwire data-event-type="30min" data-timezone=" america/new_york " data-timezone-lock></div>'),
    '/call': page(`<div id="own"></div><script>addEventListener('load', () => Slotwire.mount(document.getElementById('own'), { eventType: '30min', timezone: 'America/New_York', timezoneLock: true }))</script>`),
    '/calendly': page(`<div class="calendly-inline-widget" data-url="${servers.sim}/acme/30min?timezone=America/New_York&timezone_lock=1" style="height:700px"></div>`, 'widget.js?calendly'),
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const zone = (page) => page.locator('#zone');
async function open(path, options) {
  const opened = await newPage(browser, options);
  await opened.page.addInitScript(inspectors);
  await openPicker(opened.page, site.origin + path);
  return opened;
}
const agreed = (page) => page.waitForFunction(() => !window.isBusy(0) && !window.contradictions(0).length);

// A practice in New York got patients from Amsterdam six hours late: they had thought the zone was theirs to change, and changed it.
test('zone lock: the zone is said, and neither mouse nor key opens the chooser', async () => {
  const { page, context, problems } = await open('/');
  await agreed(page);
  assert.match(await zone(page).textContent(), /^New York \(GMT-[45]\)$/);
  assert.deepEqual(await zone(page).evaluate((one) => [one.localName, one.getAttribute('role'), one.getAttribute('aria-label'), one.hasAttribute('aria-expanded'), one.tabIndex]), ['div', 'group', 'Time zone', false, -1]);
  assert.equal(await page.evaluate(() => 'zone' in window.placesOf(0)), false, 'nothing to hit on the canvas');
  const hours = await page.locator('#hours-24').boundingBox();
  const host = await page.locator('slot-picker').boundingBox();
  await page.mouse.click(host.x + 60, hours.y + hours.height / 2);
  await zone(page).evaluate((one) => {
    one.click();
    for (const key of ['Enter', ' ', 'ArrowDown']) one.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
  });
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.id);
  await page.locator('slot-picker').evaluate((one) => one.shadowRoot.querySelector('#hours-12').focus());
  await page.keyboard.press('Shift+Tab');
  assert.match(await focused(), /^time:/);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'hours-12', 'keys pass it by');
  await agreed(page);
  assert.equal(await page.locator('#zone-dialog').count(), 0);
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => window.axe.run(document.querySelector('slot-picker')));
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('zone lock: it holds in the form, in the booking, in the confirmation and in the calendar file', async () => {
  const { page, context, problems } = await open('/');
  const chosen = await chooseTime(page);
  assert.equal(chosen.timezone, 'America/New_York');
  await page.locator('#book').evaluate((button) => button.click());
  await page.locator('.booking').waitFor();
  assert.match(await page.locator('#booking-facts').textContent(), /New York/);
  await page.locator('.booking [autocomplete=name]').fill('Ada Lovelace');
  await page.locator('.booking [type=email]').fill('ada@example.com');
  await page.locator('.booking [type=submit]').click();
  assert.equal((await widgetEvent(page, 'booked')).timezone, 'America/New_York');
  assert.match(await page.locator('#booked-zone').textContent(), /^New York/);
  // Calendly's mail uses the invitee's zone.
  const told = await (await fetch(`${servers.sim}${new URL((await widgetEvent(page, 'booked')).inviteeUri).pathname}`, { headers: { Authorization: `Bearer ${servers.token}` } })).json();
  assert.equal(told.resource.timezone, 'America/New_York');
  const saving = page.waitForEvent('download');
  await page.locator('#add-to-calendar').evaluate((button) => button.click());
  const text = await readFile(await (await saving).path(), 'utf8');
  const there = new Intl.DateTimeFormat('sv', { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'medium' }).format(Date.parse(chosen.start));
  assert.ok(text.includes(`DTSTART;TZID=America/New_York:${there.replace(/[-:]/g, '').replace(' ', 'T')}\r\n`), text);
  assert.match(text, /BEGIN:VTIMEZONE\r\nTZID:America\/New_York\r\n/);
  // The links to reschedule and cancel, if the booking returned them.
  assert.match(text.replaceAll('\r\n ', ''), /DESCRIPTION:Reschedule: https?:\/\/\S+\/reschedulings\/\w+\\nCancel booking: https?:\/\/\S+\/cancellations\/\w+\r\n/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('zone lock: links to Calendly\'s page name it, whatever else the site has given', async () => {
  const { page, context } = await open('/overlay');
  await chooseTime(page);
  const opening = context.waitForEvent('page');
  await page.locator('#book').evaluate((button) => button.click());
  const booking = await opening;
  await booking.waitForURL(/30min/);
  assert.equal(new URL(booking.url()).searchParams.get('timezone'), 'America/New_York');
  await context.close();
});

// timezone="EST5" was the site's mistake; the visitor's own zone was locked instead, as if it were the practice's.
test('zone lock: what is no zone locks nothing, and the site is told', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, site.origin + '/unknown');
  const { code, message } = await widgetEvent(page, 'error');
  assert.deepEqual([code, message], ['unknown_timezone', '"Nowhere/Land" is no time zone']);
  assert.match(await zone(page).textContent(), /Amsterdam/);
  assert.equal(await zone(page).getAttribute('data-kind'), 'button');
  // Corrected, the zone is locked.
  await page.locator('slot-picker').evaluate((picker) => {
    picker.timezone = 'America/New_York';
  });
  await page.locator('#zone[data-kind=group]', { hasText: 'New York' }).waitFor({ state: 'attached' });
  assert.deepEqual(problems, ['console warning: slotwire: "Nowhere/Land" is no time zone']);
  await context.close();
});

test('zone lock: without a zone the visitor\'s own is said and not chosen', async () => {
  const { page, context } = await open('/own');
  assert.match(await zone(page).textContent(), /^Amsterdam/);
  assert.equal(await zone(page).getAttribute('data-kind'), 'group');
  await context.close();
});

test('zone lock: by data attribute, by call and in Calendly\'s markup', async () => {
  for (const path of ['/div', '/call', '/calendly']) {
    const { page, context, problems } = await newPage(browser);
    await page.goto(site.origin + path);
    await freeDays(page).first().waitFor({ state: 'attached' });
    assert.match(await zone(page).textContent(), /^New York/, path);
    assert.equal(await zone(page).getAttribute('data-kind'), 'group', path);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

// The zone that the visitor had chosen before was locked, and the page's ignored.
test('zone lock: set later, it is the page\'s zone that stays; taken away, the visitor chooses again', async () => {
  const { page, context, problems } = await open('/free');
  await page.mouse.click(...(await middleOf(zone(page))));
  await page.locator('#zone-search').fill('tokyo');
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[role=option]').length === 1);
  await page.keyboard.press('Enter');
  await page.locator('#zone', { hasText: 'Tokyo' }).waitFor({ state: 'attached' });
  await page.mouse.click(...(await middleOf(zone(page))));
  await page.locator('#zone-dialog').waitFor({ state: 'attached' });
  const lock = (value) => page.locator('slot-picker').evaluate((picker, to) => {
    picker.timezoneLock = to;
  }, value);
  await lock('');
  await page.locator('#zone[data-kind=group]', { hasText: 'New York' }).waitFor({ state: 'attached' });
  assert.equal(await page.locator('#zone-dialog').count(), 0);
  await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement, null);
  await agreed(page);
  await lock('false');
  await page.locator('#zone[data-kind=button]', { hasText: 'New York' }).waitFor({ state: 'attached' });
  await page.mouse.click(...(await middleOf(zone(page))));
  await page.locator('#zone-dialog').waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('zone lock: without WebGL it is the same', async () => {
  const stage = await newPage(browser);
  await stage.page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
      return /webgl/.test(type) ? null : original.call(this, type, ...rest);
    };
  });
  await openPicker(stage.page, `${site.origin}/`);
  await zone(stage.page).click();
  assert.equal(await stage.page.locator('#zone-dialog').count(), 0);
  assert.ok(await zone(stage.page).isVisible());
  assert.deepEqual(stage.problems, []);
  await stage.context.close();
});
