// Pictures of well-known pickers beside ours, with the same free times, for docs/picker-comparison.md: node tests/bench/pickers.mjs OUT_DIR
// Needs what `make build` and `sh scripts/setup.sh bench` make.
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { newPage, repository, startBrowser, startServers } from '../browser/harness.mjs';

const out = resolve(process.argv[2] ?? join(repository, 'build/pickers'));
await mkdir(out, { recursive: true });
const bundled = async (entry) => {
  const { outputFiles } = await build({
    entryPoints: [join(repository, 'tests/bench/peers', entry)], bundle: true, minify: true, format: 'esm', write: false, outdir: out,
    jsx: 'automatic', define: { 'process.env.NODE_ENV': '"production"' }, loader: { '.css': 'css' },
  });
  const of = (kind) => outputFiles.find(({ path }) => path.endsWith(kind)).contents;
  return { js: of('.js'), css: of('.css') };
};
const [react, others] = await Promise.all([bundled('react/main.jsx'), bundled('pickers/pickers.js')]);

const servers = await startServers();
const head = (css, script) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Picker</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><link rel="stylesheet" href="${css}"><style>
body { margin: 16px; font-family: system-ui, sans-serif; } .times { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }</style>
<script type="module" src="${script}"></script>`;
const pages = {
  slotwire: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Picker</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>body { margin: 16px } @media (prefers-color-scheme: dark) { body { background: #000 } }</style><script src="/widget.js" async></script><slot-picker event-type="30min"></slot-picker>`,
  'slotwire-week': `<!doctype html><html lang="en"><meta charset="utf-8"><title>Picker</title><link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>body { margin: 16px } @media (prefers-color-scheme: dark) { body { background: #000 } }</style><script src="/widget.js" async></script><slot-picker event-type="30min" view="week"></slot-picker>`,
  'react-day-picker': `${head('/react.css', '/react.js')}<div id="picker" data-event-type="30min"></div>`,
  flatpickr: `${head('/others.css', '/others.js')}<div id="picker" data-picker="flatpickr"></div>`,
  'vanilla-calendar-pro': `${head('/others.css', '/others.js')}<div id="picker" data-picker="vanilla"></div>`,
  'schedule-x': `${head('/others.css', '/others.js')}<div id="picker" data-picker="schedulex"></div>`,
};
const files = { '/react.js': react.js, '/react.css': react.css, '/others.js': others.js, '/others.css': others.css };
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://site');
  const page = pages[pathname.slice(1)];
  if (page) return void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
  if (files[pathname]) return void response.writeHead(200, { 'Content-Type': pathname.endsWith('.js') ? 'text/javascript' : 'text/css' }).end(files[pathname]);
  const reply = await fetch(servers.origin + request.url);
  response.writeHead(reply.status, { 'Content-Type': reply.headers.get('Content-Type') ?? 'text/plain' }).end(Buffer.from(await reply.arrayBuffer()));
});
await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await startBrowser();
try {
  for (const width of [360, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      for (const name of Object.keys(pages)) {
        const { page, context, problems } = await newPage(browser, { viewport: { width, height: 820 }, colorScheme });
        await page.goto(`${origin}/${name}`);
        if (name.startsWith('slotwire')) await page.waitForFunction(() => window.widgetEvents.some((one) => one.name === 'ready'));
        else if (name === 'react-day-picker') await page.locator('[id^="time:"]').first().waitFor();
        else await page.locator('body[data-ready]').waitFor();
        // What is drawn last is drawn by the second frame.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: join(out, `${name}-${width}-${colorScheme}.png`) });
        if (problems.length) console.log(name, problems);
        await context.close();
      }
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
  await servers.stop();
}
