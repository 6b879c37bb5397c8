// Canvas and twin never disagree: random visits are driven through the one's pixels and through the other's elements, and
// after each step both models, both twins and both canvases must say the same.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, freeDays, newPage, startBrowser, startServers, startSite } from './harness.mjs';

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

// Runs in the page: what a widget's model, twin and canvas say, or where they contradict each other.
function inspectors() {
  window.cores = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, given) {
      const made = Reflect.construct(target, given);
      window.cores.push(made.exports);
      return made;
    },
  });
  const read = (core, name) => {
    const [pointer, size] = new Uint32Array(core.memory.buffer, core[name]() >>> 0, 2);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(core.memory.buffer, pointer, size)) || '{}');
  };
  const activated = new Set(['button', 'link', 'gridcell', 'option', 'textbox']);

  window.modelOf = (index) => {
    const { focus, ...screen } = read(window.cores[index], 'sw_screen');
    return JSON.stringify(screen);
  };
  window.placesOf = (index) => read(window.cores[index], 'sw_places');
  window.isBusy = (index) => /"busy":true|"kind":"progress"/.test(window.modelOf(index));

  window.contradictions = (index) => {
    const host = document.querySelectorAll('slot-picker')[index];
    const { shadowRoot } = host;
    const wrong = [];
    const same = (id, what, shown, wanted) => {
      if ((shown ?? '') !== (wanted ?? '')) wrong.push(`${id} ${what}: twin "${shown}", model "${wanted}"`);
    };
    const nodes = new Map();
    const walk = (node) => {
      nodes.set(node.id, node);
      const element = shadowRoot.getElementById(node.id);
      if (!element) {
        wrong.push(`${node.id} is not in the twin`);
        return;
      }
      const attribute = (name) => element.getAttribute(name);
      const flag = (value) => (value === undefined ? null : String(value));
      same(node.id, 'kind', attribute('data-kind'), node.kind);
      same(node.id, 'look', attribute('data-look'), node.look);
      same(node.id, 'faint', attribute('data-faint'), flag(node.faint));
      same(node.id, 'label', attribute('aria-label'), node.label);
      same(node.id, 'disabled', attribute('aria-disabled'), node.disabled ? 'true' : null);
      same(node.id, 'pressed', attribute('aria-pressed'), flag(node.pressed));
      same(node.id, 'expanded', attribute('aria-expanded'), flag(node.expanded));
      if (['gridcell', 'option'].includes(node.kind) && node.look !== 'blank') same(node.id, 'selected', attribute('aria-selected'), String(Boolean(node.selected)));
      if (node.kind === 'textbox') return same(node.id, 'value', element.value, node.value);
      const part = (name) => [...element.children].find((child) => child.className === name)?.textContent;
      same(node.id, 'text', part('text'), node.text);
      same(node.id, 'hint', part('hint'), node.hint);
      const children = [...element.children].filter((child) => child.dataset.kind).map((child) => child.id);
      same(node.id, 'children', children.join(' '), (node.children ?? []).map((child) => child.id).join(' '));
      (node.children ?? []).forEach(walk);
    };
    walk(JSON.parse(window.modelOf(index)).root);
    const box = host.getBoundingClientRect();
    for (const [id, [x, y, width, height]] of Object.entries(window.placesOf(index))) {
      const node = nodes.get(id);
      if (!node || !activated.has(node.kind)) wrong.push(`${id} can be hit on the canvas, and is ${node?.kind ?? 'nothing'} in the model`);
      if (!node) continue;
      const lies = shadowRoot.getElementById(id).getBoundingClientRect();
      const far = Math.max(Math.abs(lies.x - box.x - x), Math.abs(lies.y - box.y - y), Math.abs(lies.width - width), Math.abs(lies.height - height));
      if (far > 1.5 && node.kind !== 'textbox') wrong.push(`${id} lies ${far} px beside its drawing`);
    }
    return wrong;
  };
}

// A small generator with a seed, so that a failure can be repeated.
function chances(seed) {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

// Where a visit would leave the widget.
const leaving = /^(book$|book:|open-booking|add-to-calendar)/;

for (const [path, seed] of [['/month', 1], ['/month', 2], ['/week', 3], ['/list', 4], ['/types', 5], ['/arabic', 6]]) {
  test(`agreement: canvas and twin, ${path.slice(1)}, visit ${seed}`, async () => {
    const { page, context, problems } = await newPage(browser, { viewport: { width: 1280, height: 1120 } });
    await page.addInitScript(inspectors);
    await page.goto(site.origin + path);
    await page.waitForFunction(() => window.heard.filter(({ name }) => name === 'ready').length === 2);
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
      // The mouse goes where things lie when they have come to rest: a choice may scroll itself into sight a frame later.
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
      // What leads far away is one of dozens: every fourth step goes there.
      const far = ids.filter((id) => /^(month|month:.*|today)$/.test(id));
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
  await page.waitForFunction(() => window.heard.filter(({ name }) => name === 'ready').length === 2);
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
