// Accessibility of the twin: axe finds no problem in it, hidden behind the canvas or as the visible interface, in light and dark.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, longDay, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let browser;
let axe;
let site;
before(async () => {
  servers = await startServers();
  const page = (attributes) => ({ html: bare(servers.origin, `<main><h1>A site</h1><slot-picker ${attributes}></slot-picker></main>`) });
  site = await startSite({
    '/': page('event-type="30min"'), '/any-of': page('event-type="30min,60min"'), '/types': page(''), '/list': page('event-type="30min" view="list"'),
    '/week': page('event-type="30min" view="week"'), '/unknown': page('event-type="no-such-meeting"'), '/arabic': page('event-type="30min" locale="ar"'),
  });
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

async function violations(page, selector) {
  // Injected through the debugger: the page's Content-Security-Policy forbids foreign scripts.
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: axe });
  return page.evaluate(async (context) => {
    const { violations: found } = await window.axe.run(context);
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  }, selector);
}

const withoutWebgl = (page) =>
  page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
      return /webgl/.test(type) ? null : original.call(this, type, ...rest);
    };
  });

for (const colorScheme of ['light', 'dark']) {
  for (const shown of [false, true]) {
    test(`accessibility: axe finds nothing on the demo page, ${colorScheme}, ${shown ? 'without' : 'with'} WebGL`, async () => {
      const { page, context } = await newPage(browser, { colorScheme });
      if (shown) await withoutWebgl(page);
      await openPicker(page, `${servers.origin}/demo`);
      assert.deepEqual(await violations(page, 'body'), []);
      await freeDays(page).last().evaluate((cell) => cell.click());
      await times(page).first().waitFor({ state: 'attached' });
      await times(page).first().evaluate((button) => button.click());
      await page.locator('#book').waitFor({ state: 'attached' });
      assert.deepEqual(await violations(page, 'body'), [], 'a time is chosen');
      await page.locator('#zone').evaluate((button) => button.click());
      await page.locator('#zone-dialog').waitFor({ state: 'attached' });
      assert.deepEqual(await violations(page, 'body'), [], 'the zone chooser is open');
      await context.close();
    });
  }
}

// Each state is reached in the way a visitor would reach it.
const states = {
  'the list of meetings': async (page) => {
    await page.goto(`${site.origin}/types`);
    await widgetEvent(page, 'ready');
  },
  list: (page) => page.goto(`${site.origin}/list`).then(() => widgetEvent(page, 'ready')),
  week: (page) => page.goto(`${site.origin}/week`).then(() => widgetEvent(page, 'ready')),
  arabic: (page) => openPicker(page, `${site.origin}/arabic`),
  'another month': async (page) => {
    await openPicker(page, `${site.origin}/`);
    await page.locator('#next-month').evaluate((button) => button.click());
    await page.locator('#first-free').waitFor({ state: 'attached' });
  },
  'parts of a long day': (page) => openPicker(page, `${site.origin}/any-of`).then(() => longDay(page)),
  'the months to choose from': async (page) => {
    await openPicker(page, `${site.origin}/`);
    await page.locator('#month').evaluate((button) => button.click());
    await page.locator('#months').waitFor({ state: 'attached' });
  },
  'an unknown meeting': (page) => page.goto(`${site.origin}/unknown`).then(() => widgetEvent(page, 'error')),
  stale: async (page) => {
    await page.route('**/slots/**', async (route) => {
      const response = await route.fetch();
      const json = await response.json();
      json.data.stale = true;
      for (const window of json.data.windows) window.source = 'stale';
      await route.fulfill({ response, json });
    });
    await openPicker(page, `${site.origin}/`);
    await widgetEvent(page, 'stale');
  },
  offline: async (page) => {
    await page.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await page.goto(`${site.origin}/`);
    await page.locator('#retry').waitFor({ state: 'attached' });
  },
  'rate limited': async (page) => {
    await page.route('**/api/**', (route) => route.fulfill({
      status: 429, headers: { 'Retry-After': '600', 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After' },
      json: { success: false, message: 'Too many requests', data: {}, error: { code: 'too_many_requests', details: [] } },
    }));
    await page.goto(`${site.origin}/`);
    await widgetEvent(page, 'error');
  },
  'code that did not come': async (page) => {
    await page.route('**/widget-app-*', (route) => route.abort('connectionreset'));
    await page.goto(`${site.origin}/`);
    await page.locator('.away a').waitFor();
  },
  'the booking dialog': async (page) => {
    await openPicker(page, `${site.origin}/`);
    await chooseTime(page);
    await page.locator('#book').evaluate((button) => button.click());
    await page.locator('dialog').waitFor();
    await page.frameLocator('iframe').locator('[name=name]').waitFor();
  },
  confirmation: async (page) => {
    await openPicker(page, `${site.origin}/`);
    await chooseTime(page, 1);
    await page.locator('#book').evaluate((button) => button.click());
    const frame = page.frameLocator('iframe');
    await frame.locator('[name=name]').fill('Ada');
    await frame.locator('[name=email]').fill('ada@example.com');
    await frame.locator('button').click();
    await page.locator('#booked').waitFor({ state: 'attached' });
  },
  'the popup': async (page) => {
    await page.goto(`${site.origin}/`);
    await page.waitForFunction(() => window.Slotwire);
    await page.evaluate(() => Slotwire.popup({ eventType: '30min' }));
    await page.locator('dialog').locator('[data-look=free]').first().waitFor({ state: 'attached' });
  },
  'the badge': async (page) => {
    await page.goto(`${site.origin}/`);
    await page.waitForFunction(() => window.Slotwire);
    await page.evaluate(() => Slotwire.badge({ eventType: '30min', color: '#ffee00', textColor: '#ffffff' }));
    await page.getByRole('button', { name: 'Book a time' }).waitFor();
  },
};
for (const [state, reach] of Object.entries(states)) {
  test(`accessibility: axe finds nothing in the state: ${state}`, async () => {
    const { page, context } = await newPage(browser, { reducedMotion: 'reduce' });
    await reach(page);
    assert.deepEqual(await violations(page, 'body'), []);
    // The same screen with the twin visible, where the elements' own colours and sizes count.
    const shown = await page.evaluate(() => {
      const twins = [...document.querySelectorAll('slot-picker')].map((picker) => picker.shadowRoot.querySelector('.twin')).filter(Boolean);
      for (const twin of twins) twin.classList.add('shown');
      return twins.length;
    });
    if (shown) assert.deepEqual(await violations(page, 'body'), [], 'as the whole interface');
    await context.close();
  });
}

test('accessibility: what is chosen is announced', async () => {
  const { page, context } = await newPage(browser);
  await openPicker(page, `${servers.origin}/demo`);
  await freeDays(page).last().evaluate((cell) => cell.click());
  await times(page).first().waitFor({ state: 'attached' });
  await times(page).first().evaluate((button) => button.click());
  await page.waitForFunction(() => /chosen/.test(document.querySelector('slot-picker').shadowRoot.querySelector('[aria-live]').textContent));
  await context.close();
});

test('accessibility: the zone chooser is searched by keyboard and keeps the chosen instant', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${servers.origin}/demo`);
  const zone = page.locator('#zone');
  await zone.focus();
  await page.keyboard.press('Enter');
  const search = page.locator('#zone-search');
  await search.waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.id === 'zone-search');
  await page.keyboard.type('tokyo');
  await page.locator('[role=option]', { hasText: 'Tokyo' }).first().waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('#zone-dialog').waitFor({ state: 'detached' });
  assert.match(await zone.evaluate((button) => button.textContent + (button.ariaLabel ?? '')), /Tokyo/);
  assert.deepEqual(problems, []);
  await context.close();
});
