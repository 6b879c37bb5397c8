// A long-lived page: a hundred widgets are created and removed, applications move and replace elements, and nothing leaks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, freeDays, widgetEvent, newPage, startBrowser, startServers, startSite } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  // The site is allowed, so that the form can book. The rate limit is off: no visitor opens so many widgets.
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin, CALENDLY_RATE_LIMIT: '0' });
  pages['/'] = { html: bare(servers.origin, '<main></main>') };
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const visits = {
  'a hundred widgets': { count: 100, options: { eventType: '30min' } },
  'thirty widgets with an open booking form': { count: 30, options: { eventType: '30min', book: 'inline' } },
};
for (const [name, visit] of Object.entries(visits)) test(`lifetime: ${name} leave no object, listener, context, module or worker`, async (t) => {
  // Searching the heap sometimes crashes the browser itself while others run beside it, which is not a leak. A leak fails at once, and
  // so does a crash while widgets come and go.
  for (let attempt = 1; ; attempt++) {
    const stage = await newPage(browser);
    try {
      return await leavesNothing(stage, visit);
    } catch (error) {
      if (!stage.hasCrashed || !stage.isSearched || attempt === 4) throw error;
      t.diagnostic('the renderer crashed; once more');
    }
  }
});

async function leavesNothing(stage, { count: wanted, options }) {
  const { page, context, problems } = stage;
  await page.goto(`${site.origin}/`);
  await page.waitForFunction(() => window.Slotwire);
  const client = await context.newCDPSession(page);
  await client.send('HeapProfiler.enable');
  await client.send('DOM.enable');
  const alive = async (expression) => {
    const { result } = await client.send('Runtime.evaluate', { expression: `${expression}.prototype` });
    const { objects } = await client.send('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    const { result: size } = await client.send('Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration: 'function() { return this.length }', returnByValue: true });
    await client.send('Runtime.releaseObject', { objectId: objects.objectId });
    await client.send('Runtime.releaseObject', { objectId: result.objectId });
    return size.value;
  };
  const listeners = async (expression) => {
    const { result } = await client.send('Runtime.evaluate', { expression });
    const { listeners: found } = await client.send('DOMDebugger.getEventListeners', { objectId: result.objectId });
    await client.send('Runtime.releaseObject', { objectId: result.objectId });
    return found.length;
  };
  const rounds = (count) => page.evaluate(async ([wanted, given]) => {
    for (let round = 0; round < wanted; round++) {
      const host = document.createElement('div');
      document.querySelector('main').append(host);
      const ready = new Promise((done) => host.addEventListener('slotwire:ready', done, { once: true }));
      const widget = Slotwire.mount(host, given);
      await ready;
      if (given.book) {
        const found = (selector) => new Promise((done) => {
          const look = () => {
            const element = host.shadowRoot.querySelector(selector);
            if (element) done(element);
            else requestAnimationFrame(look);
          };
          look();
        });
        (await found('[id^="time:"]')).click();
        (await found('#book')).click();
        const name = await found('.booking [autocomplete=name]');
        name.value = 'Ada';
        name.form.requestSubmit();
        await found('.booking .wrong');
      }
      widget.update({ theme: round % 2 ? 'dark' : 'light', timezone: 'Asia/Tokyo', view: 'list' });
      widget.destroy();
      if (host.shadowRoot.childNodes.length) throw new Error(`round ${round} left ${host.shadowRoot.innerHTML}`);
      host.remove();
    }
    window.widgetEvents.length = 0;
  }, [count, options]);
  const counted = async () => {
    stage.isSearched = true;
    for (let times = 0; times < 3; times++) await client.send('HeapProfiler.collectGarbage');
    const { nodes, documents, jsEventListeners } = await client.send('Memory.getDOMCounters');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    const found = {
      instances: await alive('WebAssembly.Instance'),
      memories: await alive('WebAssembly.Memory'),
      modules: await alive('WebAssembly.Module'),
      contexts: await alive('WebGL2RenderingContext'),
      canvases: await alive('HTMLCanvasElement'),
      onWindow: await listeners('window'),
      onDocument: await listeners('document'),
      onFonts: await listeners('document.fonts'),
      workers: page.workers().length,
      documents, nodes, jsEventListeners, usedSize,
    };
    stage.isSearched = false;
    return found;
  };
  // The first ones initialise what is shared: the compiled module, style sheets, zone formats.
  await rounds(5);
  const start = await counted();
  await rounds(wanted);
  const end = await counted();
  const { usedSize: heapBefore, nodes: nodesBefore, jsEventListeners: listenersBefore, ...objectsBefore } = start;
  const { usedSize: heapAfter, nodes: nodesAfter, jsEventListeners: listenersAfter, ...objectsAfter } = end;
  assert.deepEqual(objectsAfter, objectsBefore);
  assert.ok(objectsAfter.modules === 1 && objectsAfter.workers === 0, JSON.stringify(objectsAfter));
  // The last widget may still be held by a pending promise; a leak would leave a hundred.
  assert.ok(nodesAfter - nodesBefore < 100, `${nodesAfter - nodesBefore} more nodes`);
  assert.ok(listenersAfter - listenersBefore < 20, `${listenersAfter - listenersBefore} more listeners`);
  assert.ok(heapAfter - heapBefore < 500_000, `${heapAfter - heapBefore} bytes more`);
  assert.deepEqual(problems, []);
  await context.close();
}

test('lifetime: an application that navigates by itself may move, replace and bring back the element', async () => {
  const stage = await newPage(browser);
  await stage.page.goto(`${site.origin}/`);
  await stage.page.evaluate(() => {
    document.querySelector('main').innerHTML = '<section id="a"><slot-picker event-type="30min"></slot-picker></section><section id="b"></section>';
  });
  await widgetEvent(stage.page, 'ready');
  await freeDays(stage.page).first().waitFor({ state: 'attached' });
  const moved = await stage.page.evaluate(async () => {
    const picker = document.querySelector('slot-picker');
    const twin = picker.shadowRoot.querySelector('.twin');
    document.getElementById('b').append(picker);
    await new Promise((done) => setTimeout(done));
    return twin === picker.shadowRoot.querySelector('.twin') && twin.isConnected;
  });
  assert.ok(moved, 'a moved element goes on as it was');
  const kept = await stage.page.evaluate(async () => {
    const picker = document.querySelector('slot-picker');
    history.pushState({}, '', '/elsewhere');
    picker.remove();
    await new Promise((done) => setTimeout(done));
    const left = picker.shadowRoot.childNodes.length;
    window.widgetEvents.length = 0;
    history.back();
    document.getElementById('a').append(picker);
    return left;
  });
  assert.equal(kept, 0, 'an element that was taken out holds nothing');
  await widgetEvent(stage.page, 'ready');
  await freeDays(stage.page).first().waitFor({ state: 'attached' });
  assert.deepEqual(stage.problems, []);
  await stage.context.close();
});
