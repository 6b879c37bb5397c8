// Every option takes effect when it changes and is undone when it is removed, as an attribute, as a div's and by update().
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { optionNames } from '../../web/embed/loader/options.js';
import { bare, chooseTime, freeDays, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  site = await startSite({ '/': { html: bare(servers.origin, '<slot-picker event-type="30min"></slot-picker><div id="own"></div>') } });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

// Expressions that use `root`, since they are evaluated in the page.
const text = (selector) => `root.querySelector('${selector}')?.textContent`;
const variable = (name) => `getComputedStyle(root.querySelector('.twin')).getPropertyValue('${name}').trim()`;
const styled = (name) => `getComputedStyle(root.host).${name}`;
const inMonths = (months) => {
  const day = new Date();
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 15)).toISOString().slice(0, 10);
};

// What the shadow root shows; `undone` false: removing the option need not change it.
const rows = {
  'event-type': { value: '60min', seen: text('#title') },
  view: { value: 'list', seen: `String(Boolean(root.querySelector('[role=grid]')))` },
  timezone: { value: 'Asia/Tokyo', seen: text('#zone') },
  hour12: { value: 'false', seen: text('[id^="time:"]') },
  locale: { value: 'nl', seen: text('[role=columnheader]') },
  'first-day': { value: '3', seen: `root.querySelector('[role=columnheader]')?.ariaLabel` },
  theme: { value: 'dark', seen: variable('--sw-background') },
  'primary-color': { value: '#b4236a', seen: variable('--sw-primary') },
  'text-color': { value: '#402010', seen: variable('--sw-text') },
  'background-color': { value: '#fff8e0', seen: variable('--sw-background') },
  radius: { value: '3', seen: styled('borderRadius') },
  date: { value: inMonths(2), seen: text('#month'), undone: false },
  height: { value: '800', seen: styled('height') },
  'timezone-lock': { value: '', seen: `root.querySelector('#zone')?.dataset.kind` },
  'hide-details': { value: '', seen: `String(Boolean(root.querySelector('#host')))` },
};
// Effects that are checked elsewhere: glyphs, booking links, the page's data layer, and several event types.
const elsewhere = ['font-family', 'prefill', 'utm', 'book', 'analytics', 'guests', 'any-of'];

test('options: the table is complete', () => {
  assert.deepEqual([...Object.keys(rows), ...elsewhere].sort(), [...optionNames].sort());
});

async function changed(page, seen, before, now) {
  await page.waitForFunction(
    ([source, was, same]) => {
      const { shadowRoot } = document.querySelector('slot-picker');
      // A restarting widget has no twin for a moment.
      if (!shadowRoot.querySelector('.twin [data-kind]')) return false;
      const value = new Function('root', `return ${source}`)(shadowRoot);
      return value && (value === was) === same;
    },
    [seen, before, now === 'same'],
  );
}

test('options: each attribute takes effect, and its absence too', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  await times(page).first().waitFor({ state: 'attached' });
  for (const [name, { value, seen, undone = true }] of Object.entries(rows)) {
    const before = await page.evaluate((expression) => new Function('root', `return ${expression}`)(document.querySelector('slot-picker').shadowRoot), seen);
    await page.evaluate(([attribute, to]) => document.querySelector('slot-picker').setAttribute(attribute, to), [name, value]);
    await changed(page, seen, before, 'other').catch(() => assert.fail(`${name}="${value}" changes nothing: ${before}`));
    if (name === 'event-type') {
      await page.evaluate(() => document.querySelector('slot-picker').setAttribute('event-type', '30min'));
    } else {
      await page.evaluate((attribute) => document.querySelector('slot-picker').removeAttribute(attribute), name);
    }
    if (undone) await changed(page, seen, before, 'same').catch(() => assert.fail(`${name} cannot be taken away`));
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('options: prefill, utm and book change where a booking leads', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  await chooseTime(page);
  await page.locator('slot-picker').evaluate((picker) => {
    picker.setAttribute('book', 'tab');
    picker.setAttribute('prefill', 'name=Grace');
    picker.utm = { utmSource: 'mail' };
  });
  const opening = context.waitForEvent('page');
  await page.locator('#book').evaluate((button) => button.click());
  const booking = await opening;
  await booking.waitForURL(/30min/);
  const { searchParams } = new URL(booking.url());
  assert.deepEqual([searchParams.get('name'), searchParams.get('utm_source')], ['Grace', 'mail']);
  assert.deepEqual(problems, []);
  await context.close();
});

test('options: another font is drawn on the canvas', async () => {
  const { page, context } = await newPage(browser);
  await page.addInitScript(() => {
    window.fonts = new Set();
    const { set, get } = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'font');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'font', {
      get,
      set(value) {
        window.fonts.add(value);
        set.call(this, value);
      },
    });
  });
  await openPicker(page, `${site.origin}/`);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('font-family', 'Georgia, serif'));
  await page.waitForFunction(() => [...window.fonts].some((font) => font.endsWith('Georgia, serif')));
  await freeDays(page).first().waitFor({ state: 'attached' });
  await context.close();
});

test('options: update() and a div\'s attributes do the same', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  const zone = (text_) => page.locator('#own').locator('#zone', { hasText: text_ }).waitFor({ state: 'attached' });
  await page.evaluate(() => {
    window.own = Slotwire.mount(document.getElementById('own'), { eventType: '30min', timezone: 'Asia/Tokyo' });
  });
  await zone('Tokyo');
  await page.evaluate(() => window.own.update({ timezone: 'America/New_York' }));
  await zone('New York');
  await page.evaluate(() => window.own.update({ timezone: null }));
  await zone('Amsterdam');
  await page.evaluate(() => {
    window.own.destroy();
    window.own.destroy();
    window.own.update({ timezone: 'Asia/Tokyo' });
    const div = document.createElement('div');
    div.id = 'late';
    div.dataset.slotwire = '';
    div.dataset.eventType = '30min';
    document.body.prepend(div);
  });
  await page.locator('#late').locator('#zone', { hasText: 'Amsterdam' }).waitFor({ state: 'attached' });
  await page.evaluate(() => {
    document.getElementById('late').dataset.timezone = 'Asia/Kathmandu';
  });
  await page.locator('#late').locator('#zone', { hasText: 'Kathmandu' }).waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});
