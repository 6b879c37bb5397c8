// Screenshots of the demo page for people to look at, in build/screenshots; the test checks that each is drawn and fits its width.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freeDays, middleOf, newPage, openPicker, repository, startBrowser, startServers, times } from './harness.mjs';

const folder = join(repository, 'build/screenshots');
let servers;
let browser;
before(async () => {
  await mkdir(folder, { recursive: true });
  servers = await startServers();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await servers?.stop();
});

for (const width of [360, 768, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`screenshots: ${width} px, ${colorScheme}`, async () => {
      const { page, context, problems } = await newPage(browser, {
        viewport: { width, height: 1000 }, colorScheme, deviceScaleFactor: 2, reducedMotion: 'reduce',
      });
      await openPicker(page, `${servers.origin}/demo`);
      await page.mouse.click(...(await middleOf(freeDays(page).last())));
      await page.mouse.click(...(await middleOf(times(page).nth(1))));
      await page.locator('#book').waitFor({ state: 'attached' });
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(folder, `demo-${width}-${colorScheme}.png`), fullPage: true });
      await page.locator('slot-picker').screenshot({ path: join(folder, `widget-${width}-${colorScheme}.png`) });
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, 'nothing sticks out sideways');
      assert.deepEqual(problems, []);
      await context.close();
    });
  }
}
