// analytics="datalayer": a widget's events are copied to the page's window.dataLayer. They contain nothing personal, and no other server
// is contacted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin });
  const picker = (attributes) => ({ html: bare(servers.origin, `<slot-picker event-type="30min" book="inline" prefill='{"name":"Ada Lovelace","email":"ada@example.com"}' ${attributes}></slot-picker>`) });
  Object.assign(pages, { '/': picker('analytics="datalayer"'), '/silent': picker('') });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});
const layer = (page) => page.evaluate(() => window.dataLayer);

test('analytics: a visit from the first screen to the booking is in the page\'s data layer, without anything personal', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await page.addInitScript(() => {
    window.dataLayer = [{ event: 'own' }];
  });
  await openPicker(page, `${site.origin}/`);
  const { start, eventType, eventTypeName, duration } = await chooseTime(page);
  await page.locator('#book').evaluate((button) => button.click());
  await page.locator('.booking [type=submit]').click();
  const { eventUri, inviteeUri } = await widgetEvent(page, 'booked');
  const [own, ...told] = await layer(page);
  assert.deepEqual(own, { event: 'own' });
  assert.equal(told[0].event, 'slotwire_ready');
  const find = (name) => told.filter(({ event }) => event === name);
  assert.deepEqual(find('slotwire_slot_selected'), [{
    event: 'slotwire_slot_selected', slotwire_event_type: eventType, slotwire_event_type_name: eventTypeName, slotwire_duration: duration, slotwire_start: start,
  }]);
  assert.deepEqual(find('slotwire_booked'), [{ event: 'slotwire_booked', slotwire_event_type: eventType, slotwire_start: start }]);
  const text = JSON.stringify(told);
  for (const personal of ['Ada', 'ada@', eventUri, inviteeUri, 'invitees', 'scheduled_events', 'calendly.com/acme']) assert.ok(!text.includes(personal), personal);
  assert.ok(requests.every((address) => [site.origin, servers.origin].includes(new URL(address).origin) || address.startsWith('data:') || address.startsWith('blob:')), 'nobody else is asked');
  assert.deepEqual(problems, []);
  await context.close();
});

test('analytics: whoever does not ask for it loads nothing of it; asked for later it begins, and taken away it ends', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/silent`);
  await chooseTime(page);
  assert.equal(await layer(page), undefined);
  assert.ok(!requests.some((address) => address.includes('widget-analytics')));
  // This month may have fewer than three days left.
  const month = page.locator('#month');
  const before = await month.textContent();
  await page.locator('#next-month').evaluate((button) => button.click());
  await month.filter({ hasNotText: before }).waitFor({ state: 'attached' });
  const pick = async (index) => {
    await page.evaluate(() => { window.widgetEvents.length = 0; });
    await freeDays(page).nth(index).evaluate((cell) => cell.click());
    await widgetEvent(page, 'dateselected');
  };
  const coming = page.waitForResponse(/widget-analytics/);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('analytics', 'datalayer'));
  await coming;
  // The code must also have run before it can receive events.
  await page.evaluate((address) => import(address), requests.find((address) => address.includes('widget-analytics')));
  await pick(0);
  assert.deepEqual((await layer(page)).map(({ event }) => event), ['slotwire_date_selected']);
  for (const other of [null, 'elsewhere']) {
    await page.locator('slot-picker').evaluate((picker, value) => {
      if (value) picker.setAttribute('analytics', value);
      else picker.removeAttribute('analytics');
    }, other);
    await pick(other ? 1 : 2);
    assert.equal((await layer(page)).length, 1);
  }
  assert.deepEqual(problems, []);
  await context.close();
});
