// Requirements of WCAG 2.2 that neither axe nor a screen reader checks: target sizes, names that contain the visible text, clicks that
// can be cancelled, and room for wider text spacing. docs/accessibility.md names the tests for every criterion.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, middleOf, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  const page = (attributes) => ({ html: bare(servers.origin, `<meta name="viewport" content="width=device-width"><main><h1>A site</h1><slot-picker ${attributes}></slot-picker></main>`) });
  Object.assign(pages, { '/': page('event-type="30min"'), '/list': page('event-type="30min" view="list"'), '/week': page('event-type="30min" view="week"'), '/form': page('event-type="intake" book="inline"') });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const withoutWebgl = (page) => page.addInitScript(() => {
  const original = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
    return /webgl/.test(type) ? null : original.call(this, type, ...rest);
  };
});

/** The widget in each state that a visitor can reach, one after the other. */
async function* states(page) {
  for (const view of ['', 'week', 'list']) {
    await page.goto(`${site.origin}/${view}`);
    await widgetEvent(page, 'ready');
    yield view || 'month';
  }
  await openPicker(page, `${site.origin}/`);
  await chooseTime(page);
  yield 'a time is chosen';
  await page.locator('#month').evaluate((button) => button.click());
  await page.locator('#months').waitFor({ state: 'attached' });
  yield 'the months';
  await page.locator('#zone').evaluate((button) => button.click());
  await page.locator('[role=option]').first().waitFor({ state: 'attached' });
  yield 'the zones';
  await openPicker(page, `${site.origin}/form`);
  await chooseTime(page);
  await page.locator('#book').evaluate((button) => button.click());
  await page.locator('.booking').waitFor();
  await page.locator('.booking [type=submit]').click();
  yield 'the form';
}

for (const width of [320, 1280]) {
  test(`wcag: whatever can be pressed is 24 px high and wide at least, ${width} px`, async () => {
    for (const shown of [false, true]) {
      const { page, context } = await newPage(browser, { viewport: { width, height: 1000 }, reducedMotion: 'reduce' });
      if (shown) await withoutWebgl(page);
      for await (const state of states(page)) {
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const sizes = await page.locator('slot-picker').evaluate((picker) =>
          [...picker.shadowRoot.querySelectorAll('button, a, input, select, [role=gridcell][tabindex], [role=option]')]
            .filter((one) => one.checkVisibility() && !one.closest('[inert]'))
            .map((one, i) => [one.id || `${one.localName} ${i}`, (/radio|checkbox/.test(one.type) ? one.closest('label') : one).getBoundingClientRect()])
            .map(([name, { width, height }]) => [name.replace(/:.*/, ''), width, height]));
        // A list's first and last rows may be clipped by its edge: one whole row of each kind is enough.
        const largest = new Map();
        for (const [kind, x, y] of sizes) largest.set(kind, Math.max(largest.get(kind) ?? 0, Math.min(x, y)));
        const small = [...largest].filter(([, size]) => size > 0 && size < 24);
        assert.deepEqual(small, [], `${state}, ${shown ? 'elements' : 'canvas'}`);
      }
      await context.close();
    }
  });
}

test('wcag: a name holds what is seen', async () => {
  const { page, context } = await newPage(browser);
  for await (const state of states(page)) {
    const others = await page.locator('slot-picker').evaluate((picker) => {
      const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
      return [...picker.shadowRoot.querySelectorAll('[aria-label]:is(button, a, input, [role=gridcell], [role=option])')]
        .map((one) => [one.ariaLabel, one.querySelector('.text')?.textContent ?? ''])
        .filter(([label, text]) => !plain(label).includes(plain(text)));
    });
    assert.deepEqual(others, [], state);
  }
  await context.close();
});

test('wcag: a press that is let go elsewhere does nothing', async () => {
  const { page, context } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  const day = freeDays(page).last();
  const [x, y] = await middleOf(day);
  await page.mouse.move(x, y);
  await page.mouse.down();
  assert.equal(await day.getAttribute('aria-selected'), 'false', 'nothing happens when it is pressed');
  await page.mouse.move(x, 5, { steps: 4 });
  await page.mouse.up();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.equal(await day.getAttribute('aria-selected'), 'false');
  await page.mouse.click(x, y);
  await page.waitForFunction((id) => document.querySelector('slot-picker').shadowRoot.getElementById(id).ariaSelected === 'true', await day.getAttribute('id'));
  await context.close();
});

test('wcag: with wider letters, words and lines nothing is cut off', async () => {
  const { page, context } = await newPage(browser, { viewport: { width: 640, height: 1000 } });
  // The canvas has its own spacing; a visitor's style sheet only affects the elements, when they are visible or in the form.
  await withoutWebgl(page);
  for await (const state of states(page)) {
    const cut = await page.locator('slot-picker').evaluate((picker) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
      picker.shadowRoot.adoptedStyleSheets = [...picker.shadowRoot.adoptedStyleSheets, sheet];
      return [...picker.shadowRoot.querySelectorAll('button, a, p, h2, h3, h4, label, [role=gridcell], [role=option]')]
        .filter((one) => one.checkVisibility() && !one.closest('[inert]'))
        .filter((one) => /hidden|clip/.test(getComputedStyle(one).overflow) && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1))
        .map((one) => `${one.id} ${one.textContent}`);
    });
    assert.deepEqual(cut, [], state);
  }
  await context.close();
});
