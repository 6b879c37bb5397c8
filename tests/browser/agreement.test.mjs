// Canvas and twin always agree: random visits act on one widget through its pixels and on another through its elements. After each step
// both models, both twins and both canvases must be equal.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, freeDays, newPage, startBrowser, startServers, startSite } from './harness.mjs';
import { inspectors } from './inspectors.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const two = (attributes) => bare(servers.origin, `<slot-picker ${attributes}></slot-picker>`.repeat(2));
  site = await startSite({
    '/month': { html: two('event-type="30min"') },
    '/week': { html: two('event-type="30min" view="week"') },
    '/list': { html: two('event-type="30min" view="list"') },
    '/long': { html: two('event-type="intake"') },
    '/types': { html: two('') },
    '/arabic': { html: two('event-type="30min" locale="ar-EG"') },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

// A small random generator with a seed, so that a failure can be repeated.
function chances(seed) {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

// Nodes that would end the visit.
const leaving = /^(book$|book:|open-booking|add-to-calendar)/;

for (const [path, seed] of [['/month', 1], ['/month', 2], ['/week', 3], ['/list', 4], ['/types', 5], ['/arabic', 6], ['/long', 7]]) {
  test(`agreement: canvas and twin, ${path.slice(1)}, visit ${seed}`, async () => {
    const { page, context, problems } = await newPage(browser, { viewport: { width: 1280, height: 1120 } });
    await page.addInitScript(inspectors);
    await page.goto(site.origin + path);
    await page.waitForFunction(() => window.widgetEvents.filter(({ name }) => name === 'ready').length === 2);
    const agreed = async (step) => {
      try {
        await page.waitForFunction(
          () => !window.isBusy(0) && window.modelOf(0) === window.modelOf(1) && !window.contradictions(0).length && !window.contradictions(1).length,
          null, { timeout: 8000 },
        );
      } catch {
        const [models, wrong] = await page.evaluate(() => [[window.modelOf(0), window.modelOf(1)], [0, 1].map((index) => window.contradictions(index))]);
        assert.deepEqual(wrong, [[], []], `after ${step}`);
        assert.equal(models[0], models[1], `after ${step}`);
        assert.fail(`still loading after ${step}`);
      }
    };
    await agreed('the start');
    const next = chances(seed);
    const walked = [];
    for (let steps = 0; steps < 16; steps++) {
      // The mouse moves only after positions have settled: a choice may be scrolled into view one frame later.
      const places = await page.evaluate(() => new Promise((rested) => {
        let before = '';
        const look = () => {
          const now = JSON.stringify(window.placesOf(0));
          if (now === before) return rested(JSON.parse(now));
          before = now;
          requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }));
      const ids = Object.keys(places).filter((id) => !leaving.test(id)).sort();
      assert.ok(ids.length, `nothing to do after ${walked}`);
      // Nodes that lead far away are rare, so every fourth step uses one of them.
      const far = ids.filter((id) => /^(month|month:.*|today|first-free)$/.test(id));
      const from = steps % 4 === 1 && far.length ? far : ids;
      const id = from[next(from.length)];
      walked.push(id);
      const [x, y, width, height] = places[id];
      const origin = await page.locator('slot-picker').first().evaluate((host) => [host.getBoundingClientRect().x, host.getBoundingClientRect().y]);
      await page.mouse.click(origin[0] + x + width / 2, origin[1] + y + height / 2);
      await page.evaluate((wanted) => document.querySelectorAll('slot-picker')[1].shadowRoot.getElementById(wanted).click(), id);
      await agreed(walked.join(' > '));
    }
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test('agreement: keys walk the months, and the canvas shows the same one', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 1280, height: 1120 } });
  await page.addInitScript(inspectors);
  await page.goto(`${site.origin}/month`);
  await freeDays(page).first().waitFor({ state: 'attached' });
  const next = chances(8);
  const focusIs = (pattern) => page.waitForFunction((text) => {
    const focused = document.querySelector('slot-picker').shadowRoot.activeElement;
    return new RegExp(text).test(focused?.id) && focused;
  }, pattern).then((focused) => focused.evaluate(({ id, tabIndex }) => ({ id, tabIndex })));
  const agreed = (after) => page.waitForFunction(() => !window.isBusy(0) && !window.contradictions(0).length, null, { timeout: 8000 }).catch(async () => {
    assert.deepEqual(await page.evaluate(() => window.contradictions(0)), [], `after ${after}`);
  });
  const month = page.locator('slot-picker').first().locator('#month');
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];
  for (let visits = 0; visits < 4; visits++) {
    const shown = await month.textContent();
    await month.focus();
    await page.keyboard.press('Enter');
    await focusIs('^month:');
    for (let steps = 0; steps < 6; steps++) {
      const key = keys[next(keys.length)];
      await page.keyboard.press(key);
      await agreed(key);
      assert.equal((await focusIs('^month:')).tabIndex, 0, `after ${key}`);
    }
    const { id } = await focusIs('^month:');
    await page.keyboard.press(visits % 2 ? 'Escape' : 'Enter');
    await agreed('the end');
    if (visits % 2) {
      await focusIs('^month$');
      assert.equal(await month.textContent(), shown, 'Escape leaves the month as it was');
    } else {
      assert.match((await focusIs('^day:')).id, new RegExp(`^day:${id.slice('month:'.length, -3)}`));
    }
    assert.equal(await month.getAttribute('aria-expanded'), 'false');
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('agreement: keys walk the twin\'s focus, and the canvas shows the same day', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 1280, height: 1120 } });
  await page.addInitScript(inspectors);
  await page.goto(`${site.origin}/month`);
  await freeDays(page).first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => window.widgetEvents.filter(({ name }) => name === 'ready').length === 2);
  await page.locator('slot-picker').first().locator('[role=gridcell][tabindex="0"]').focus();
  const next = chances(7);
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageDown', 'PageUp', 'Enter'];
  for (let steps = 0; steps < 24; steps++) {
    const key = keys[next(keys.length)];
    await page.keyboard.press(key);
    await page.waitForFunction(() => !window.isBusy(0) && !window.contradictions(0).length, null, { timeout: 8000 }).catch(async () => {
      assert.deepEqual(await page.evaluate(() => window.contradictions(0)), [], `after ${key}`);
    });
    const [focused, stop] = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector('slot-picker');
      return [shadowRoot.activeElement?.id, shadowRoot.querySelectorAll('[role=gridcell][tabindex="0"]').length];
    });
    assert.match(focused ?? '', /^day:/, `after ${key}`);
    assert.equal(stop, 1, 'one day is reached by Tab');
  }
  assert.deepEqual(problems, []);
  await context.close();
});
