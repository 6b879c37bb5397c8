// The tools offered to a browser's own assistant (WebMCP). This test's browser has no assistant: document.modelContext is a replacement
// that records the registrations, as in the draft.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bare, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';

let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  site = await startSite({
    '/': { html: bare(servers.origin, '<slot-picker event-type="30min" timezone="Europe/Berlin"></slot-picker>') },
    '/div': { html: bare(servers.origin, '<div data-slotwire data-event-type="30min" data-timezone="Europe/Berlin"></div>') },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const isChunk = (url) => /widget-assistant-/.test(url);
function withAssistant() {
  window.tools = {};
  Object.defineProperty(document, 'modelContext', { value: { registerTool: async (tool) => { window.tools[tool.name] = tool; } } });
}

for (const path of ['/', '/div']) {
  test(`assistant: where the browser has one it finds free times and shows a day, ${path}`, async () => {
    const { page, context, problems } = await newPage(browser);
    await page.addInitScript(withAssistant);
    await openPicker(page, site.origin + path);
    await page.waitForFunction(() => window.tools.show_free_time);
    const call = (name, input) => page.evaluate(([tool, asked]) => window.tools[tool].execute(asked), [name, input]);
    const found = await call('find_free_times', { part: 'afternoon', count: 3 });
    assert.equal(found.timezone, 'Europe/Berlin');
    assert.equal(found.complete, true);
    assert.equal(found.times.length, 3);
    for (const { start } of found.times) {
      const hour = Number(new Date(start).toLocaleString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit' }));
      assert.ok(hour >= 12 && hour < 17, start);
    }
    const later = (await call('find_free_times', { after: new Date(Date.now() + 5 * 86_400_000).toISOString(), count: 1 })).times[0];
    const { shown } = await call('show_free_time', { start: later.start });
    await page.locator(`[id="day:${shown}"][aria-selected=true], [id="day:${shown}"][aria-pressed=true]`).or(
      page.locator(`[id="time:${Date.parse(later.start)}"]`)).first().waitFor({ state: 'attached' });
    await assert.rejects(call('find_free_times', { picker: 2 }), /no such picker/);
    await assert.rejects(call('find_free_times', { part: 'night' }), /part/);
    await assert.rejects(call('show_free_time', { start: 'soon' }), /start/);
    assert.deepEqual(problems.filter((problem) => !/status of 400/.test(problem)), []);
    await context.close();
  });
}

test('assistant: a browser without one loads nothing of it', async () => {
  const { page, context, requests } = await newPage(browser);
  const changesRequest = page.waitForRequest((request) => /\/changes/.test(request.url()));
  await openPicker(page, `${site.origin}/`);
  await changesRequest;
  assert.deepEqual(requests.filter(isChunk), []);
  await context.close();
});
