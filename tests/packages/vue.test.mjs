// <SlotPicker> from slotwire/vue in a new Vite app, from the packed tarball, built for development so that Vue reports all its warnings.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { freeDays } from '../browser/harness.mjs';
import { bookInline, choose, widgetEvent, leavesNothing, makeApp, newPage, pagesFrom, startStage } from './stage.mjs';

let stage;
let html;
let builtMs;
before(async () => {
  stage = await startStage();
  const began = performance.now();
  const root = await makeApp('vue', 'vue', stage.servers.origin, { vue: 'node_modules/vue' });
  process.env.NODE_ENV = 'development';
  const settings = { root, configFile: false, mode: 'development', logLevel: 'error', plugins: [vue()] };
  await build({ ...settings, build: { minify: false } });
  await build({ ...settings, build: { ssr: join(root, 'server.js'), outDir: 'server' } });
  builtMs = performance.now() - began;
  html = await (await import(pathToFileURL(join(root, 'server/server.js')).href)).html();
  const page = await readFile(join(root, 'dist/index.html'), 'utf8');
  await mkdir(join(root, 'dist/ssr'));
  await writeFile(join(root, 'dist/ssr/index.html'), page.replace('<!--app-->', html));
  for (const [path, file] of Object.entries(await pagesFrom(join(root, 'dist')))) stage.pages[path.replace(/\/index\.html$/, '/')] = file;
});
after(() => stage?.stop());

const opened = async (path = '/') => {
  const visit = await newPage(stage.browser);
  await visit.page.goto(stage.site.origin + path);
  await freeDays(visit.page).first().waitFor({ state: 'attached' });
  return visit;
};
const appEvent = (page, name) => page.waitForFunction((wanted) => window.appEvents.find(([one]) => one === wanted), name).then((handle) => handle.jsonValue());

test('vue: a visitor picks and books, and the app hears all of it, once', async (t) => {
  const began = performance.now();
  const { page, context, problems } = await opened();
  const chosen = await choose(page);
  const booked = await bookInline(page);
  t.diagnostic(`packed, installed and built in ${Math.round(builtMs)} ms; from an empty tab to a booking: ${Math.round(performance.now() - began)} ms`);
  assert.equal(booked.start, chosen.start);
  await appEvent(page, 'ready');
  assert.deepEqual(await appEvent(page, 'slotselected'), ['slotselected', chosen.start]);
  assert.deepEqual(await appEvent(page, 'booked'), ['booked', chosen.start]);
  const names = await page.evaluate(() => window.appEvents.map(([name]) => name));
  assert.equal(new Set(names).size, names.length, `each is told once: ${names}`);
  assert.ok(await page.evaluate(() => window.picker.value.element === document.querySelector('slot-picker.picker[data-place=main]')));
  assert.deepEqual(problems, []);
  await context.close();
});

test('vue: props that change after mounting take effect in the same picker, and those that go are gone', async () => {
  const { page, context, problems } = await opened();
  await page.evaluate(() => {
    window.first = document.querySelector('slot-picker');
    window.options.value = { eventType: '60min', view: 'list', hour12: false, hideDetails: true, prefill: { name: 'Grace' } };
  });
  await page.locator('[id^="slot:"]').first().waitFor({ state: 'attached' });
  const attributes = () => page.evaluate(() => Object.fromEntries([...document.querySelector('slot-picker').attributes].map(({ name, value }) => [name, value])));
  const fixed = { class: 'picker', 'data-place': 'main', book: 'inline' };
  assert.deepEqual(await attributes(), { ...fixed, 'event-type': '60min', view: 'list', hour12: 'false', 'hide-details': 'true', prefill: '{"name":"Grace"}' });
  await page.evaluate(() => {
    window.options.value = { 'event-type': '30min', prefill: { name: 'Alan' } };
    window.other.value = true;
  });
  await freeDays(page).first().waitFor({ state: 'attached' });
  assert.deepEqual(await attributes(), { ...fixed, 'event-type': '30min', prefill: '{"name":"Alan"}' });
  assert.ok(await page.evaluate(() => window.first === document.querySelector('slot-picker')), 'it is the same one');
  const { start } = await choose(page);
  assert.deepEqual(await appEvent(page, 'other'), ['other', start]);
  await page.locator('#book').evaluate((button) => button.click());
  assert.equal(await page.locator('.booking').getByLabel('Name', { exact: true }).inputValue(), 'Alan');
  assert.deepEqual(problems, []);
  await context.close();
});

test('vue: what is unmounted leaves nothing behind', async () => {
  const { page, context, problems } = await opened();
  const round = () => page.evaluate(async () => {
    window.isShown.value = false;
    while (document.querySelector('slot-picker')) await new Promise(requestAnimationFrame);
    const ready = new Promise((done) => addEventListener('slotwire:ready', done, { once: true }));
    window.isShown.value = true;
    await ready;
    window.widgetEvents.length = window.appEvents.length = 0;
  });
  await leavesNothing(page, context, round, 'slot-picker');
  assert.deepEqual(problems, []);
  await context.close();
});

test('vue: rendered on a server it has its attributes and the way to Calendly, and hydrates without a word', async () => {
  assert.match(html, /<slot-picker(?=[^>]* class="picker")(?=[^>]* event-type="30min")(?=[^>]* book="inline")[^>]*>/);
  assert.match(html, /<a href="https:\/\/calendly.com\/acme\/30min">Choose a time<\/a>(<!--.*?-->)*<\/slot-picker>/);
  const { page, context, problems } = await opened('/ssr/');
  assert.ok((await choose(page)).start);
  assert.deepEqual(problems, []);
  await context.close();
});

test('vue: a proxy that cannot be had is told, and the way to Calendly stays', async () => {
  const visit = await newPage(stage.browser);
  await visit.page.route('**/widget.js', (route) => route.abort());
  await visit.page.goto(`${stage.site.origin}/`);
  assert.deepEqual(await appEvent(visit.page, 'error'), ['error', 'load_failed']);
  assert.ok(await visit.page.getByText('Choose a time').isVisible());
  await visit.page.unroute('**/widget.js');
  await visit.page.evaluate(() => {
    window.isShown.value = false;
  });
  await visit.page.evaluate(() => {
    window.isShown.value = true;
  });
  await widgetEvent(visit.page, 'ready');
  await visit.context.close();
});
