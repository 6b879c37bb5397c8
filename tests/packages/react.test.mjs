// <SlotPicker> from slotwire/react in new Vite apps with React 18 and 19, from the packed tarball. The apps are built for development, so
// that React reports all its warnings, and use strict mode.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { freeDays } from '../browser/harness.mjs';
import { bookInline, choose, widgetEvent, leavesNothing, makeApp, newPage, pagesFrom, startStage } from './stage.mjs';

const homes = { 18: 'react-18/node_modules', 19: 'node_modules' };
let stage;
before(async () => {
  stage = await startStage();
  for (const make of apps) await make();
});
after(() => stage?.stop());
/** @type {(() => Promise<void>)[]} */
const apps = [];

const appEvent = (page, name) => page.waitForFunction((wanted) => window.appEvents.find(([one]) => one === wanted), name).then((handle) => handle.jsonValue());

for (const [version, home] of Object.entries(homes)) {
  let html;
  let builtMs;
  const at = (path) => `${stage.site.origin}/react-${version}${path}`;
  const opened = async (path = '/') => {
    const visit = await newPage(stage.browser);
    await visit.page.goto(at(path));
    await freeDays(visit.page).first().waitFor({ state: 'attached' });
    return visit;
  };

  apps.push(async () => {
    const began = performance.now();
    const root = await makeApp('react', `react-${version}`, stage.servers.origin, { react: `${home}/react`, 'react-dom': `${home}/react-dom` });
    process.env.NODE_ENV = 'development';
    const settings = { root, configFile: false, mode: 'development', logLevel: 'error', base: `/react-${version}/`, esbuild: { jsx: 'automatic' } };
    await build({ ...settings, build: { minify: false, rollupOptions: { input: [join(root, 'index.html'), join(root, 'calendly.html')] } } });
    await build({ ...settings, build: { ssr: join(root, 'server.jsx'), outDir: 'server' } });
    builtMs = performance.now() - began;
    html = (await import(pathToFileURL(join(root, 'server/server.js')).href)).html();
    const page = await readFile(join(root, 'dist/index.html'), 'utf8');
    await mkdir(join(root, 'dist/ssr'));
    await writeFile(join(root, 'dist/ssr/index.html'), page.replace('<!--app-->', html));
    for (const [path, file] of Object.entries(await pagesFrom(join(root, 'dist')))) stage.pages[`/react-${version}${path.replace(/\/index\.html$/, '/')}`] = file;
  });

  test(`react ${version}: a visitor picks and books, and the app hears all of it`, async (t) => {
    const began = performance.now();
    const { page, context, problems } = await opened();
    const chosen = await choose(page);
    const booked = await bookInline(page);
    t.diagnostic(`packed, installed and built in ${Math.round(builtMs)} ms; from an empty tab to a booking: ${Math.round(performance.now() - began)} ms`);
    assert.equal(booked.start, chosen.start);
    assert.deepEqual(await appEvent(page, 'ready'), ['ready']);
    assert.deepEqual(await appEvent(page, 'slotselected'), ['slotselected', chosen.start]);
    assert.deepEqual(await appEvent(page, 'booked'), ['booked', chosen.start]);
    const names = await page.evaluate(() => window.appEvents.map(([name]) => name));
    assert.equal(new Set(names).size, names.length, `each is told once: ${names}`);
    const { className, place, isElement } = await page.evaluate(() => ({
      className: window.picker.current.className, place: window.picker.current.dataset.place, isElement: window.picker.current === document.querySelector('slot-picker'),
    }));
    assert.deepEqual({ className, place, isElement }, { className: 'picker', place: 'main', isElement: true });
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react ${version}: props that change after mounting take effect in the same picker, and those that go are gone`, async () => {
    const { page, context, problems } = await opened();
    const change = (props) => page.evaluate((given) => window.change(given), props);
    await page.evaluate(() => {
      window.first = document.querySelector('slot-picker');
      window.twin = window.first.shadowRoot.querySelector('.twin');
    });
    await change({ eventType: '60min', view: 'list', theme: 'dark', hour12: false, hideDetails: true, prefill: { name: 'Grace', customAnswers: { a1: 'Yes' } }, date: null });
    await page.locator('[id^="slot:"]').first().waitFor({ state: 'attached' });
    const attributes = () => page.evaluate(() => Object.fromEntries([...document.querySelector('slot-picker').attributes].map(({ name, value }) => [name, value])));
    const fixed = { class: 'picker', style: 'display: block;', 'data-place': 'main' };
    assert.deepEqual(await attributes(), {
      ...fixed, 'event-type': '60min', view: 'list', theme: 'dark', hour12: 'false', 'hide-details': 'true', prefill: '{"name":"Grace","customAnswers":{"a1":"Yes"}}',
    });
    await change({ eventType: '30min', book: 'inline', prefill: { name: 'Alan' } });
    await freeDays(page).first().waitFor({ state: 'attached' });
    assert.deepEqual(await attributes(), { ...fixed, 'event-type': '30min', book: 'inline', prefill: '{"name":"Alan"}' });
    assert.ok(await page.evaluate(() => window.first === document.querySelector('slot-picker') && window.twin === window.first.shadowRoot.querySelector('.twin')), 'it is the same one');
    await choose(page);
    await page.locator('#book').evaluate((button) => button.click());
    assert.equal(await page.locator('.booking').getByLabel('Name', { exact: true }).inputValue(), 'Alan');
    // A new handler replaces the old one.
    await page.evaluate(() => {
      window.appEvents.length = 0;
      window.change({ eventType: '30min', onDateSelected: () => window.appEvents.push(['other']) });
    });
    await page.evaluate(() => window.picker.current.dispatchEvent(new CustomEvent('slotwire:dateselected', { detail: {} })));
    assert.deepEqual(await page.evaluate(() => [...new Set(window.appEvents.map(([name]) => name))]), ['other']);
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react ${version}: what is unmounted leaves nothing behind`, async () => {
    const { page, context, problems } = await opened();
    const round = () => page.evaluate(async () => {
      window.show(false);
      while (document.querySelector('slot-picker')) await new Promise(requestAnimationFrame);
      const ready = new Promise((done) => addEventListener('slotwire:ready', done, { once: true }));
      window.show(true);
      await ready;
      window.widgetEvents.length = window.appEvents.length = 0;
    });
    await leavesNothing(page, context, round, 'slot-picker');
    assert.equal(await page.locator('script[src$="/widget.js"]').count(), 1);
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react ${version}: rendered on a server it has its attributes and the way to Calendly, and hydrates without a word`, async () => {
    assert.match(html, /<slot-picker event-type="30min" book="inline" .*class="picker"|<slot-picker class="picker" .*event-type="30min" book="inline"/);
    assert.match(html, /<a href="https:\/\/calendly.com\/acme\/30min">Choose a time<\/a><\/slot-picker>/);
    const { page, context, problems } = await opened('/ssr/');
    assert.ok((await choose(page)).start);
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react ${version}: a proxy that cannot be had is told, and the way to Calendly stays`, async () => {
    const visit = await newPage(stage.browser);
    await visit.page.route('**/widget.js', (route) => route.abort());
    await visit.page.goto(at('/'));
    assert.deepEqual(await appEvent(visit.page, 'error'), ['error', 'load_failed']);
    assert.ok(await visit.page.getByText('Choose a time').isVisible());
    // When widget.js can be loaded again, the next picker works.
    await visit.page.unroute('**/widget.js');
    await visit.page.evaluate(() => window.show(false));
    await visit.page.evaluate(() => window.show(true));
    await widgetEvent(visit.page, 'ready');
    await visit.context.close();
  });
}
