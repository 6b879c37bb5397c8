// Every block of docs/embedding.md is run, with the packed tarball if it imports one. A block without a runner fails, and so does a
// runner without a block.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import vue from '@vitejs/plugin-vue';
import { transform } from 'esbuild';
import { build } from 'vite';
import { atCalendly } from '../browser/harness.mjs';
import { embeddingBlocks } from './embedding_blocks.mjs';
import { bookAtCalendly, bookInline, choose, widgetEvent, inWebView, makeApp, newPage, packed, pagesFrom, repository, startStage, stubWebView } from './stage.mjs';

const run = promisify(execFile);
let stage;
let blocks;
let app;
before(async () => {
  stage = await startStage();
  blocks = (await embeddingBlocks(stage.servers.origin)).blocks;
  app = await makeApp('blocks', 'embedding', stage.servers.origin, { react: 'node_modules/react', 'react-dom': 'node_modules/react-dom', vue: 'node_modules/vue' });
  await stubWebView(app);
  const input = [];
  const page = async (name, ending, main) => {
    await writeFile(join(app, `${name}.${ending}`), blocks.get(name));
    await writeFile(join(app, `${name}_main.js`), main);
    input.push(join(app, `${name}.html`));
    await writeFile(join(app, `${name}.html`), `<!doctype html><html lang="en"><head><title>A site</title><link rel="icon" href="data:,"></head><body><div id="root"></div><script type="module" src="./${name}_main.js"></script></body></html>`);
  };
  for (const name of ['react', 'react-calendly', 'next']) {
    await page(name, 'jsx', `import { createElement } from 'react'; import { createRoot } from 'react-dom/client'; import App from './${name}.jsx'; createRoot(document.getElementById('root')).render(createElement(App));`);
  }
  for (const name of ['vue', 'nuxt']) {
    await page(name, 'vue', `import { createApp } from 'vue'; import App from './${name}.vue'; createApp(App).mount('#root');`);
  }
  process.env.NODE_ENV = 'development';
  const settings = { root: app, configFile: false, mode: 'development', logLevel: 'error', esbuild: { jsx: 'automatic' }, plugins: [vue()] };
  await build({ ...settings, build: { minify: false, rollupOptions: { input } } });
  await writeFile(join(app, 'server.js'), `import { createElement } from 'react'; import { renderToString } from 'react-dom/server'; import { createSSRApp } from 'vue'; import { renderToString as fromVue } from 'vue/server-renderer';
    import Next from './next.jsx'; import Nuxt from './nuxt.vue'; export const next = () => renderToString(createElement(Next)); export const nuxt = () => fromVue(createSSRApp(Nuxt));`);
  await build({ ...settings, build: { ssr: join(app, 'server.js'), outDir: 'server' } });
  Object.assign(stage.pages, await pagesFrom(join(app, 'dist')));
});
after(() => stage?.stop());

/** Visits a page; the returned function closes it and checks that nothing went wrong. */
async function visited(path, page_, options = {}) {
  if (page_) stage.pages[path] = page_;
  const visit = await newPage(stage.browser, options);
  await atCalendly(visit.page, stage.servers.sim);
  await visit.page.goto(new URL(path, stage.site.origin).href);
  const close = async () => {
    assert.deepEqual(visit.problems, []);
    await visit.context.close();
  };
  return { ...visit, close };
}
const site = (body) => ({ html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title><link rel="icon" href="data:,"></head><body><main>${body}</main></body></html>` });
/** A block of markup in a page of its own: a visitor picks a time, and books in the page if it allows that (ten times an hour in all). */
async function asMarkup(name, markup = blocks.get(name)) {
  const { page, close } = await visited(`/blocks/${name}`, site(markup));
  const { start } = await choose(page);
  if (markup.includes('inline"')) assert.equal((await bookInline(page)).start, start);
  await close();
}
/** What the block's own listener logs to the console. */
const says = async (page) => (await page.waitForEvent('console', (message) => message.text().startsWith('booked: '))).text();
/** A page of the built apps: a visitor picks a time, books in the page, and the block's listener, if there is one, logs it. */
async function asApp(name) {
  const { page, close } = await visited(`/${name}.html`);
  const { start } = await choose(page);
  const saying = blocks.get(name).includes('booked: ') && says(page);
  assert.equal((await bookInline(page)).start, start);
  if (saying) assert.equal(await saying, `booked: ${start}`);
  await close();
}
const rendered = async (name) => (await import(pathToFileURL(join(app, 'server/server.js')).href))[name]();
const opensDialog = async (name, button) => {
  const { page, close } = await visited(`/blocks/${name}`, site(blocks.get(name)));
  await page.waitForFunction(() => window.Slotwire);
  await page.getByRole('button', { name: button }).click();
  await page.locator('dialog').waitFor();
  await choose(page);
  await close();
};

const runners = {
  html: () => asMarkup('html'),
  'any-of': () => asMarkup('any-of'),
  popup: () => opensDialog('popup', 'Choose a time'),
  badge: () => opensDialog('badge', 'Talk to us'),
  async calendly() {
    const { page, close } = await visited('/blocks/calendly', site(blocks.get('calendly')));
    await page.evaluate(() => addEventListener('message', ({ data }) => { if (data?.event) (window.said ??= []).push(data.event); }));
    await choose(page);
    await page.waitForFunction(() => window.said?.includes('calendly.date_and_time_selected'));
    await close();
  },
  async install() {
    const place = await mkdtemp(join(tmpdir(), 'slotwire-site-'));
    try {
      const tarball = await packed('installed');
      await cp(join(repository, tarball), join(place, basename(tarball))).catch(() => cp(tarball, join(place, basename(tarball))));
      await writeFile(join(place, 'package.json'), '{ "private": true, "type": "module" }');
      await run('sh', ['-ec', blocks.get('install')], { cwd: place, env: { ...process.env, npm_config_offline: 'true', npm_config_audit: 'false' } });
      await run(process.execPath, ['-e', "import('slotwire').then(({ createClient }) => createClient('http://localhost'))"], { cwd: place });
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  },
  react: () => asApp('react'),
  async 'react-calendly'() {
    const { page, close } = await visited('/react-calendly.html');
    await choose(page);
    const saying = says(page);
    await bookAtCalendly(page, true);
    const { eventUri } = await widgetEvent(page, 'booked');
    assert.equal(await saying, `booked: ${eventUri}`);
    await close();
  },
  async next() {
    assert.match(await rendered('next'), /<slot-picker event-type="30min" book="inline"><a /);
    await asApp('next');
  },
  vue: () => asApp('vue'),
  async nuxt() {
    assert.match(await rendered('nuxt'), /<slot-picker event-type="30min" book="inline">(<!--.*?-->)*<a /);
    await asApp('nuxt');
  },
  async 'react-native'() {
    const { code } = await transform(blocks.get('react-native'), { loader: 'jsx', jsx: 'automatic' });
    await writeFile(join(app, 'native.mjs'), code);
    const { default: Booking } = await import(pathToFileURL(join(app, 'native.mjs')).href);
    const said = [];
    const { log } = console;
    let hear;
    const over = new Promise((done) => {
      hear = done;
    });
    const picker = Booking();
    const { page, context, problems } = await inWebView(stage, picker.type({ ...picker.props, onBooked(event) {
      console.log = (text) => said.push(text);
      picker.props.onBooked(event);
      console.log = log;
      hear();
    } }));
    assert.equal(new URL(page.url()).searchParams.get('email'), 'ada@example.com');
    const { start } = await choose(page);
    await bookInline(page);
    await over;
    assert.deepEqual(said, [`booked: ${start}`]);
    assert.deepEqual(problems, []);
    await context.close();
  },
  async client() {
    await writeFile(join(app, 'client.mjs'), blocks.get('client'));
    const jwt = (await stage.servers.command(['admin-jwt', '--role', 'admin', '--ttl', '1h'])).trim();
    const { stdout } = await run(process.execPath, [join(app, 'client.mjs')], { env: { ...process.env, SLOTWIRE_JWT: jwt } });
    assert.match(stdout, /^\d{4}-\d\d-\d\d \d+$/m);
    assert.match(stdout, /^booked https?:.*cancellations/m);
  },
  async frame() {
    const { page, close } = await visited('/blocks/frame', site(blocks.get('frame')));
    const inside = page.frameLocator('iframe');
    await inside.locator('[data-kind=gridcell][data-look=free]:not([data-faint])').first().evaluate((cell) => cell.click());
    await inside.locator('[id^="time:"]').first().waitFor({ state: 'attached' });
    await close();
  },
  wordpress: () => asMarkup('wordpress'),
  webflow: () => asMarkup('webflow'),
  async wix() {
    // In a frame from another origin, with the permissions that Wix gives such a frame.
    stage.pages['/blocks/wix-frame'] = { html: blocks.get('wix') };
    const frame = `${stage.site.origin.replace('127.0.0.1', 'localhost')}/blocks/wix-frame`;
    const { page, close } = await visited('/blocks/wix', site(`<iframe title="Booking" width="1000" height="900" sandbox="allow-scripts allow-same-origin allow-popups allow-forms" src="${frame}"></iframe>`));
    const inside = page.frameLocator('iframe');
    await inside.locator('[data-kind=gridcell][data-look=free]:not([data-faint])').first().evaluate((cell) => cell.click());
    await inside.locator('[id^="time:"]').first().evaluate((button) => button.click());
    await inside.locator('#book').evaluate((button) => button.click());
    await inside.frameLocator('dialog iframe').locator('[name=name]').waitFor();
    await close();
  },
  async squarespace() {
    // Twice, as when a template loads the page's content again without a new document.
    const { page, close } = await visited('/blocks/squarespace', site(''));
    for (let turn = 0; turn < 2; turn++) {
      await page.evaluate((markup) => {
        document.querySelector('main').replaceChildren(document.createRange().createContextualFragment(markup));
        window.widgetEvents.length = 0;
      }, blocks.get('squarespace'));
      await widgetEvent(page, 'ready');
    }
    await choose(page);
    assert.equal(await page.locator('slot-picker').count(), 1);
    await close();
  },
  async shopify() {
    const customer = { name: 'Grace & Co', email: 'grace+shop@example.com' };
    const liquid = (values) => blocks.get('shopify').replace(/\{\{ customer\.(\w+) \| url_encode \}\}/g, (_, name) => encodeURIComponent(values[name] ?? '').replaceAll('%20', '+'));
    const stranger = await visited('/blocks/shopify', site(liquid({})));
    await choose(stranger.page);
    await stranger.close();
    const { page, close } = await visited('/blocks/shopify-known', site(liquid(customer)));
    await choose(page);
    await page.locator('#book').evaluate((button) => button.click());
    const form = page.locator('.booking');
    assert.equal(await form.getByLabel('Name', { exact: true }).inputValue(), customer.name);
    assert.equal(await form.getByLabel('E-mail', { exact: true }).inputValue(), customer.email);
    await close();
  },
  async mail() {
    const markup = blocks.get('mail');
    // It contains nothing that mail programs remove, so it looks the same without.
    assert.doesNotMatch(markup, /<(script|style|link|form|iframe|svg|img)|class=|id=|\bon\w+=|javascript:|position:|url\(/i);
    const { page, close } = await visited('/blocks/mail', { ...site(markup), headers: { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:" } }, { javaScriptEnabled: false });
    const link = page.getByRole('link', { name: 'Choose a time' });
    assert.ok(await link.isVisible());
    assert.equal(new URL(await link.getAttribute('href')).searchParams.get('utm_medium'), 'mail');
    // A mail program opens the link in a browser.
    const { page: opened, close: closeOpened } = await visited(await link.getAttribute('href'));
    await choose(opened);
    await closeOpened();
    await close();
  },
  async 'mail-times'() {
    const [, args] = /^slotwire (.*) > times\.html$/m.exec(blocks.get('mail-times'));
    const html = await stage.servers.command(args.split(' '));
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href);
    assert.ok(links.length > 3, html);
    assert.match(html, /Berlin/);
    assert.doesNotMatch(html, /<(script|style|link)/i);
  },
  async csp() {
    const [, policy] = /^Content-Security-Policy: (.*)$/m.exec(blocks.get('csp'));
    const { origin } = stage.servers;
    const html = `<!doctype html><html lang="en"><head><title>A site</title><script src="${origin}/widget.js" async></script></head><body><slot-picker event-type="30min"></slot-picker></body></html>`;
    const { page, close } = await visited('/blocks/csp', { html, headers: { 'Content-Security-Policy': policy } });
    await choose(page);
    await page.locator('#book').evaluate((button) => button.click());
    await page.frameLocator('dialog iframe').locator('[name=name]').waitFor();
    await close();
  },
  async sri() {
    const manifest = JSON.parse(await readFile(join(repository, 'build/share/slotwire/public/manifest.json'), 'utf8'));
    const place = 'sha384-THE-HASH-FROM-THE-ADMIN-PAGE';
    assert.ok(blocks.get('sri').includes(place));
    await asMarkup('sri', blocks.get('sri').replace(place, manifest['widget.js'].sri));
    // A file with another hash is refused: nothing of it runs.
    const { page, context } = await newPage(stage.browser);
    stage.pages['/blocks/sri-wrong'] = site(blocks.get('sri').replace(place, manifest['demo.js'].sri));
    await page.goto(`${stage.site.origin}/blocks/sri-wrong`, { waitUntil: 'load' });
    assert.equal(await page.evaluate(() => typeof window.Slotwire), 'undefined');
    await context.close();
  },
  async analytics() {
    const { page, close } = await visited('/blocks/analytics', site(blocks.get('analytics')));
    const { start } = await choose(page);
    await bookInline(page);
    const events = await page.evaluate(() => window.dataLayer);
    assert.ok(events.some((one) => one.event === 'slotwire_booked' && one.slotwire_start === start), JSON.stringify(events));
    await close();
  },
};

test('embedding.md: every block has a name and a runner, and every runner a block', async () => {
  const { blocks: found, unnamed } = await embeddingBlocks('https://slots.example.com');
  assert.deepEqual(unnamed, []);
  assert.deepEqual([...found.keys()].sort(), Object.keys(runners).sort());
});

for (const [name, runs] of Object.entries(runners)) {
  test(`embedding.md: the block ${name} does what it says`, async (t) => {
    const began = performance.now();
    await runs();
    t.diagnostic(`${name}: ${Math.round(performance.now() - began)} ms`);
  });
}
