// Shared by the tests of the npm package: apps with the packed tarball, the real proxy, the simulator, a browser.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../browser/engines/processes.mjs';
import { atCalendly, freeDays, widgetEvent, newPage, repository, startBrowser, startServers, startSite, times } from '../browser/harness.mjs';

export const folder = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);

/** Packs the package into a folder of the test's own, and returns the tarball's path. */
export async function packed(place) {
  const { stdout } = await run(process.execPath, [join(repository, 'packages/build.mjs'), join(repository, 'build/packages', place)], { cwd: repository });
  return stdout.split('  ')[0];
}

/**
 * A new app in build/packages: the sources of apps/NAME with the proxy's address in place of slots.example.com, the package installed
 * from the tarball, and `libraries` (name to path).
 */
export async function makeApp(name, place, origin, libraries) {
  const app = join(repository, 'build/packages', place);
  await rm(app, { recursive: true, force: true });
  await cp(join(folder, 'apps', name), app, { recursive: true });
  for (const file of await readdir(app, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('https://slots.example.com', origin));
  }
  await installPackage(app, await packed(`${place}-tarball`));
  for (const [library, from] of Object.entries(libraries)) {
    await mkdir(dirname(join(app, 'node_modules', library)), { recursive: true });
    await symlink(join(folder, from), join(app, 'node_modules', library));
  }
  return app;
}

/** Installs the package as a site does: with npm, from the tarball, without dependencies. */
export async function installPackage(app, tarball) {
  await writeFile(join(app, 'package.json'), JSON.stringify({ name: 'a-site', private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', tarball], { cwd: app });
}

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' };

/** The files of a folder as pages of a site, by path; index.html also as `/`. */
export async function pagesFrom(root) {
  const pages = {};
  for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    pages[path.slice(root.length)] = { html: await readFile(path), headers: { 'Content-Type': types[extname(path)] ?? 'application/octet-stream' } };
  }
  if (pages['/index.html']) pages['/'] = pages['/index.html'];
  return pages;
}

/**
 * Starts a site whose pages may book, and a proxy that allows them and those of `address` to book, and all others to read. The test fills
 * `pages`.
 */
export async function startStage(address = '') {
  const running = [];
  const stop = async () => {
    for (const one of running.reverse()) await one();
  };
  try {
    const pages = {};
    const site = await startSite(pages);
    running.push(site.stop);
    const port = await freePort();
    const settings = {
      PORT: String(port), CALENDLY_PAGES: `http://127.0.0.1:${port}`, CALENDLY_RATE_LIMIT: '0',
      CALENDLY_ALLOWED_ORIGINS: ['*', site.origin, address].filter(Boolean).join(),
    };
    const servers = await startServers(settings, { pages: 'https://calendly.com' });
    running.push(servers.stop);
    await servers.simPost('/__sim/account', { plan: 'paid' });
    const browser = await startBrowser();
    running.push(() => browser.close());
    return { pages, site, servers, browser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

let turn = 0;
/** Goes to the next month, which certainly has bookable days, and chooses a time, on another day in each call. */
export async function choose(page) {
  await freeDays(page).first().waitFor({ state: 'attached' });
  const month = page.locator('#month');
  const before = await month.textContent();
  await page.locator('#next-month').evaluate((button) => button.click());
  await month.filter({ hasNotText: before }).waitFor({ state: 'attached' });
  const days = freeDays(page);
  await days.first().waitFor({ state: 'attached' });
  await days.nth(turn++ % (await days.count())).evaluate((cell) => cell.click());
  await times(page).first().evaluate((button) => button.click());
  return widgetEvent(page, 'slotselected');
}

/** Fills in the form and books the chosen time. */
export async function bookInline(page) {
  await page.locator('#book').evaluate((button) => button.click());
  const form = page.locator('.booking');
  await form.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
  await form.getByLabel('E-mail', { exact: true }).fill('ada@example.com');
  await form.locator('[type=submit]').click();
  return widgetEvent(page, 'booked');
}

/**
 * Runs `round`, which replaces the picker by a new one, ten times. After garbage collection neither host nor canvas of the old ones may
 * be left, nor any listener on the window.
 */
export async function leavesNothing(page, context, round, host) {
  const client = await context.newCDPSession(page);
  const onWindow = async () => {
    const { result } = await client.send('Runtime.evaluate', { expression: 'window' });
    return (await client.send('DOMDebugger.getEventListeners', { objectId: result.objectId })).listeners.length;
  };
  // The first rounds initialise what all pickers share.
  for (let turn = 0; turn < 2; turn++) await round();
  const before = await onWindow();
  for (let turn = 0; turn < 10; turn++) {
    await page.evaluate((selector) => {
      const element = document.querySelector(selector);
      (window.gone ??= []).push(new WeakRef(element), new WeakRef(element.shadowRoot.querySelector('canvas')));
    }, host);
    await round();
  }
  // The last picker may still be held by a promise or by React's alternate tree, and each for two seconds by its idle callback. A leak
  // would leave twenty, however long the test waits.
  let left;
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
    await client.send('HeapProfiler.collectGarbage');
    left = await page.evaluate(async () => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      return window.gone.filter((one) => one.deref()).length;
    });
    if (left <= 4 && (await onWindow()) <= before + 2) break;
  }
  assert.ok(left <= 4, `${left} of 20 are left`);
  // The page's subscription to changes starts once, when the page is idle.
  assert.ok((await onWindow()) <= before + 2);
}

/** A stub of react-native-webview in an app: its component name, and a record that it was requested. */
export async function stubWebView(app) {
  const place = join(app, 'node_modules/react-native-webview');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: 'react-native-webview', version: '13.0.0', main: 'index.js' }));
  await writeFile(join(place, 'index.js'), "exports.WebView = 'WebView';\n");
}

/** Renders a component's WebView as react-native-webview would, and passes it the page's messages. */
export async function inWebView({ browser, servers }, element) {
  assert.equal(element.type, 'WebView');
  const { source, injectedJavaScriptBeforeContentLoaded, onMessage } = element.props;
  const visit = await newPage(browser);
  await atCalendly(visit.page, servers.sim);
  await visit.page.exposeFunction('handOver', (data) => onMessage({ nativeEvent: { data } }));
  await visit.page.addInitScript(`window.ReactNativeWebView = { postMessage: (data) => window.handOver(data) }; ${injectedJavaScriptBeforeContentLoaded}`);
  await visit.page.goto(source.uri);
  return visit;
}

/** Fills in and sends the form of Calendly's page in the dialog. If the site has Calendly's calls, the page is one frame deeper. */
export async function bookAtCalendly(page, hasCalls = false) {
  await page.locator('#book').evaluate((button) => button.click());
  const outer = page.frameLocator('dialog iframe');
  const frame = hasCalls ? outer.frameLocator('iframe') : outer;
  await frame.locator('[name=name]').fill('Ada');
  await frame.locator('[name=email]').fill('ada@example.com');
  // The dialog may still be animated, so a click by position could miss the button.
  await frame.locator('button').evaluate((submit) => submit.click());
}

export { widgetEvent, newPage, repository };
