// The twin holds up by itself: axe finds nothing, hidden behind the canvas or as the whole interface, in light and dark.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { freeDays, newPage, openPicker, startBrowser, startServers, times } from './harness.mjs';

let servers;
let browser;
let axe;
before(async () => {
  servers = await startServers();
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(async () => {
  await browser?.close();
  await servers?.stop();
});

async function violations(page, selector) {
  // Through the debugger: the page's own policy forbids foreign scripts.
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
