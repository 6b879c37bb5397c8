// Promises to a site owner: no layout shifts, no leaks, no requests to other servers, and a visitor can always go on.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { bare, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

const strictPolicy = (origin) =>
  `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; require-trusted-types-for 'script'; trusted-types 'none'`;
let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const { origin } = servers;
  const picker = '<slot-picker event-type="30min"><a href="https://calendly.com/acme">Book a time</a></slot-picker>';
  site = await startSite({
    '/plain': { html: bare(origin, picker) },
    '/strict': {
      html: bare(origin, picker).replace('<link rel="icon" href="data:,">', ''),
      headers: { 'Content-Security-Policy': strictPolicy(origin) },
    },
    '/no-wasm': {
      html: bare(origin, picker),
      headers: { 'Content-Security-Policy': `script-src ${origin}` },
    },
    '/eight': { html: bare(origin, picker.repeat(8)) },
    '/below': { html: bare(origin, `<main id="far"></main>${picker}`) },
    '/week': { html: bare(origin, '<slot-picker event-type="30min" view="week"></slot-picker>') },
    '/list': { html: bare(origin, '<slot-picker event-type="30min" view="list"></slot-picker>') },
    '/div': { html: bare(origin, '<div data-slotwire data-event-type="30min"></div>') },
    '/unknown': { html: bare(origin, '<slot-picker event-type="no-such-meeting"></slot-picker>') },
    '/blank': { html: '<!doctype html><html lang="en"><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,"><body>' },
    '/empty': { html: bare(origin, '<main></main>') },
    '/chooser': { html: bare(origin, '<slot-picker></slot-picker>') },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

test('embedding: on somebody else\'s page, only the proxy is asked, and nothing is kept', async () => {
  const { page, context, problems, requests } = await newPage(browser);
  await openPicker(page, `${site.origin}/plain`);
  const others = requests.filter((url) => !url.startsWith(site.origin) && !url.startsWith(servers.origin) && !url.startsWith('data:'));
  assert.deepEqual(others, []);
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(
    await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches?.keys() ?? []).length]),
    [0, 0, 0, 0],
  );
  // The subscription to changes starts after the view, when the page is idle.
  assert.equal(requests.filter((url) => url.includes('/api/') && !url.includes('/changes')).length, 1, 'the first view is one request to the API');
  assert.deepEqual(problems, []);
  await context.close();
});

test('embedding: the demo page does not move while the widget arrives', async () => {
  for (const width of [360, 768, 1280]) {
    const { page, context, problems } = await newPage(browser, { viewport: { width, height: 900 } });
    await openPicker(page, `${servers.origin}/demo`);
    assert.equal(await page.evaluate(() => window.shift), 0, `layout shift at ${width} px`);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

for (const view of ['week', 'list']) {
  test(`embedding: what is there before the ${view} has come lies where its times will be`, async () => {
    const { page, context } = await newPage(browser);
    let go;
    const held = new Promise((settle) => {
      go = settle;
    });
    await page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${site.origin}/${view}`);
    await page.locator('.skeleton').waitFor();
    const edges = (selector) => page.locator(selector).evaluateAll((all) => {
      const end = document.querySelector('slot-picker').getBoundingClientRect().bottom;
      const boxes = all.map((one) => one.getBoundingClientRect()).filter(({ bottom, height }) => bottom < end && height > 0);
      return { left: [...new Set(boxes.map(({ left }) => Math.round(left)))].sort((a, b) => a - b), heights: [...new Set(boxes.map(({ height }) => height))] };
    });
    const before = await edges('.skeleton .days i');
    go();
    await widgetEvent(page, 'ready');
    const what = view === 'week' ? '[id^="time:"]' : '[id^="slot:"] > [id^="range:"]';
    await page.locator(what).first().waitFor({ state: 'attached' });
    await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('[id^="time:"], [id^="book:"]').style.getPropertyValue('--x'));
    assert.deepEqual(before.heights, [44]);
    assert.equal(before.left.length, view === 'week' ? 7 : 1);
    if (view === 'week') {
      const after = await edges('[id^="time:"]');
      for (const left of after.left) assert.ok(before.left.some((one) => Math.abs(one - left) <= 6), `${left} is none of ${before.left}`);
    }
    await context.close();
  });
}

test('embedding: a strict content security policy with trusted types is enough', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/strict`);
  await freeDays(page).first().evaluate((cell) => cell.click());
  await times(page).first().waitFor({ state: 'attached' });
  assert.deepEqual(problems.filter((problem) => !problem.includes('favicon')), []);
  await context.close();
});

test('embedding: where WebAssembly is forbidden there is a sentence and a link', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/no-wasm`);
  const link = page.locator('slot-picker .away a');
  await link.waitFor();
  assert.match(await link.getAttribute('href'), /30min$/);
  assert.match(await page.locator('slot-picker .away p').textContent(), /\w+/);
  assert.equal((await widgetEvent(page, 'error')).code, 'cannot_run');
  await context.close();
});

test('embedding: without WebGL the twin is the interface', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
      return /webgl/.test(type) ? null : original.call(this, type, ...rest);
    };
  });
  await openPicker(page, `${site.origin}/plain`);
  await page.locator('slot-picker').evaluate((picker) => picker.setAttribute('book', 'tab'));
  const day = freeDays(page).first();
  await day.click();
  await times(page).first().click();
  const opening = context.waitForEvent('page');
  await page.locator('#book').click();
  await (await opening).waitForURL(/30min/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('embedding: a lost WebGL context shows the twin, and a restored one the canvas again', async () => {
  const { page, context } = await newPage(browser);
  await openPicker(page, `${site.origin}/plain`);
  await page.evaluate(() => {
    const canvas = document.querySelector('slot-picker').shadowRoot.querySelector('canvas');
    window.lose = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
    window.lose.loseContext();
  });
  await freeDays(page).first().click();
  await times(page).first().waitFor();
  await page.evaluate(() => window.lose.restoreContext());
  await page.waitForFunction(() => {
    const root = document.querySelector('slot-picker').shadowRoot;
    return !root.querySelector('canvas').hidden && !root.querySelector('.twin.shown');
  });
  assert.ok(await painted(page), 'the canvas is drawn again');
  await context.close();
});

// The canvas has more than one colour: something was drawn.
const painted = async (page) => {
  const shot = await page.locator('slot-picker').screenshot();
  return page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    const seen = new Set(new Uint32Array(pen.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer));
    return seen.size > 20;
  }, [...shot]);
};

test('embedding: nothing is drawn while nothing happens', async () => {
  const { page, context } = await newPage(browser);
  await page.addInitScript(() => {
    window.frames_asked = 0;
    const original = window.requestAnimationFrame;
    window.requestAnimationFrame = (callback) => {
      window.frames_asked++;
      return original.call(window, callback);
    };
  });
  await openPicker(page, `${site.origin}/plain`);
  // Settled: no frame requested for half a second. Then no frame may be requested for five seconds.
  await page.waitForFunction(async () => {
    const before = window.frames_asked;
    await new Promise((done) => setTimeout(done, 500));
    return window.frames_asked === before;
  }, null, { polling: 'raf' });
  const asked = await page.evaluate(async () => {
    const before = window.frames_asked;
    await new Promise((done) => setTimeout(done, 5000));
    return window.frames_asked - before;
  });
  assert.ok(asked <= 1, `${asked} frames in five idle seconds`);
  await context.close();
});

test('embedding: eight widgets share one download and one compiled module', async () => {
  const { page, context, problems, requests } = await newPage(browser, { viewport: { width: 1280, height: 4600 } });
  await page.addInitScript(() => {
    window.compiled = 0;
    const original = WebAssembly.compileStreaming;
    WebAssembly.compileStreaming = (source) => {
      window.compiled++;
      return original(source);
    };
  });
  await page.goto(`${site.origin}/eight`);
  await page.waitForFunction(() => window.widgetEvents.filter(({ name }) => name === 'ready').length === 8);
  assert.equal(await page.evaluate(() => window.compiled), 1);
  assert.equal(requests.filter((url) => url.endsWith('.wasm')).length, 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('embedding: a widget far below costs nothing until it comes near', async () => {
  const { page, context, requests } = await newPage(browser);
  await page.goto(`${site.origin}/empty`);
  await page.evaluate(() => {
    const far = document.createElement('div');
    far.style.height = '5000px';
    const picker = document.createElement('slot-picker');
    picker.setAttribute('event-type', '30min');
    document.body.append(far, picker);
  });
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot?.querySelector('.skeleton'));
  assert.equal(requests.filter((url) => url.endsWith('.wasm') || url.includes('/api/')).length, 0);
  await page.evaluate(() => document.querySelector('slot-picker').scrollIntoView());
  await freeDays(page).first().waitFor({ state: 'attached' });
  await context.close();
});

test('embedding: attributes take effect, and a div works like the element', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/div`);
  const title = page.locator('#title');
  const before = await title.textContent();
  await page.locator('[data-slotwire]').evaluate((div) => div.setAttribute('data-event-type', '60min'));
  await page.waitForFunction((text) => {
    const now = document.querySelector('[data-slotwire]').shadowRoot.querySelector('#title');
    return now && now.textContent !== text;
  }, before);
  await page.locator('[data-slotwire]').evaluate((div) => div.setAttribute('data-timezone', 'Asia/Tokyo'));
  await page.waitForFunction(() => {
    const zone = document.querySelector('[data-slotwire]').shadowRoot.querySelector('#zone');
    return zone && /Tokyo/.test(zone.textContent + zone.ariaLabel);
  });
  assert.deepEqual(problems, []);
  await context.close();
});

test('embedding: without an event type the visitor chooses one', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/chooser`);
  await widgetEvent(page, 'ready');
  await page.locator('slot-picker').getByRole('button', { name: /30 Minute Meeting/ }).evaluate((button) => button.click());
  await freeDays(page).first().waitFor({ state: 'attached' });
  assert.match((await widgetEvent(page, 'eventtypeselected')).eventType, /AAAAAAAAAAAAAAAA$/);
  assert.equal(await page.locator('slot-picker').evaluate((picker) => picker.shadowRoot.querySelectorAll('script, img, svg, style').length), 0);
  assert.deepEqual(problems, []);
  await context.close();
});

test('embedding: an unknown event type says so', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/unknown`);
  assert.equal((await widgetEvent(page, 'error')).code, 'event_type_not_found');
  await page.locator('slot-picker').getByText('This meeting does not exist').first().waitFor({ state: 'attached' });
  await context.close();
});

test('embedding: a script tag with integrity works from another origin', async () => {
  const { page, context, problems } = await newPage(browser);
  const bytes = Buffer.from(await (await fetch(`${servers.origin}/widget.js`)).arrayBuffer());
  const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  await page.goto(`${site.origin}/blank`);
  const include = (value) => page.evaluate(([src, hash]) => new Promise((done) => {
    const script = document.createElement('script');
    Object.assign(script, { src, integrity: hash, crossOrigin: 'anonymous', onload: () => done('loaded'), onerror: () => done('refused') });
    document.head.append(script);
  }), [`${servers.origin}/widget.js`, value]);
  assert.equal(await include(integrity.replace(/.{8}$/, 'AAAAAAAA')), 'refused');
  problems.length = 0;
  assert.equal(await include(integrity), 'loaded');
  await page.evaluate(() => {
    document.body.innerHTML = '<slot-picker event-type="30min"></slot-picker>';
  });
  await freeDays(page).first().waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});
