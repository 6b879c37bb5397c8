// Starts the real proxy, the simulator and Chromium for one test file, and stops them when it ends.
//   SLOTWIRE_BIN_DIR  folder of slotwire and calendly-sim (build/bin)
//   CHROMIUM          the browser (/usr/bin/chromium)
import assert from 'node:assert/strict';
import { spawn, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const binaries = resolve(repository, process.env.SLOTWIRE_BIN_DIR ?? 'build/bin');

const flags = [
  '--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];

/** Starts a program and resolves with its address once it prints "... listening on URL". */
function startProgram(name, args, environment) {
  const child = spawn(join(binaries, name), args, { env: { ...process.env, SLOTWIRE_SETTINGS_FILE: '', ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  const address = new Promise((settle, fail) => {
    const readLine = (line) => {
      said.push(line);
      const found = /listening on (http\S+)/.exec(line);
      if (found) settle(found[1]);
    };
    createInterface({ input: child.stdout }).on('line', readLine);
    createInterface({ input: child.stderr }).on('line', readLine);
    child.on('error', fail);
    child.on('exit', (code) => fail(new Error(`${name} ended with ${code}:\n${said.join('\n')}`)));
  });
  const ended = new Promise((settle) => child.on('close', settle));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { address, stop, said };
}

/**
 * Starts a simulator and a proxy, which is connected to it unless `connected` is false.
 * `pages` is the address that the simulator gives for its booking pages, if not its own.
 * `command` runs slotwire with the proxy's settings and returns its output; with `atTerminal`, as shown in a terminal.
 * @returns {Promise<{origin: string, sim: string, token: string, simPost: (path: string, body: object) => Promise<void>,
 *   command: (args: string[], atTerminal?: boolean) => Promise<string>, stop: () => Promise<void>}>}
 */
export async function startServers(settings = {}, { connected = true, pages = '' } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'slotwire-browser-'));
  const token = `eyJ.${randomBytes(24).toString('hex')}.sim`;
  const running = [];
  const stop = async () => {
    for (const program of running.reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const simulator = startProgram('calendly-sim', ['--port', '0', '--token', token, ...(pages ? ['--public-url', pages] : [])], {});
    running.push(simulator);
    const sim = await simulator.address;
    const environment = {
      JWT_SECRET: randomBytes(32).toString('hex'),
      CALENDLY_API_BASE_URL: sim,
      CALENDLY_DATABASE_URL: `sqlite:${join(folder, 'slotwire.db')}`,
      PORT: '0',
      METRICS_PORT: '0',
      ...settings,
    };
    const proxy = startProgram('slotwire', ['serve'], environment);
    running.push(proxy);
    const origin = await proxy.address;
    const command = async (args, atTerminal = false) => {
      const program = join(binaries, 'slotwire');
      const port = new URL(origin).port;
      const [name, rest] = atTerminal ? ['script', ['-qec', [program, ...args].join(' '), '/dev/null']] : [program, args];
      const { stdout } = await promisify(execFile)(name, rest, { env: { ...process.env, ...environment, PORT: port } });
      return stdout;
    };
    if (connected) {
      const jwt = await command(['admin-jwt', '--role', 'super_admin', '--ttl', '1h']);
      const reply = await fetch(`${origin}/api/web/calendly/token`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${jwt.trim()}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ accessToken: token }),
      });
      assert.equal(reply.status, 200, await reply.text());
    }
    const simPost = async (path, body) => {
      const answer = await fetch(sim + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      assert.ok(answer.ok, await answer.text());
    };
    return { origin, sim, token, simPost, command, environment, stop, proxySaid: proxy.said };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Another web site: serves `pages` by path, with the headers given for each. */
export async function startSite(pages) {
  const server = createServer((request, response) => {
    const page = pages[new URL(request.url, 'http://site').pathname];
    if (!page) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    stop: () =>
      new Promise((settle) => {
        server.close(settle);
        server.closeAllConnections();
      }),
  };
}

export const startBrowser = (more = []) =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...flags, ...more] });

/**
 * A page that records its errors and its requests.
 * @param {import('playwright-core').Browser} browser
 */
export async function newPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, timezoneId: 'Europe/Amsterdam', locale: 'en-US', ...options });
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack}`));
  page.on('request', (request) => requests.push(request.url()));
  page.setDefaultTimeout(20000);
  await page.addInitScript(() => {
    window.widgetEvents = [];
    for (const name of ['ready', 'eventtypeselected', 'dateselected', 'slotselected', 'booked', 'stale', 'error', 'resize']) {
      addEventListener(`slotwire:${name}`, (event) => window.widgetEvents.push({ name, detail: event.detail }));
    }
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // A request that the test's route is still handling at the end is not a failure.
  const close = context.close.bind(context);
  context.close = () => page.unrouteAll({ behavior: 'ignoreErrors' }).then(close, close);
  const stage = { page, context, problems, requests, hasCrashed: false };
  // A command to a crashed page is never answered; to a closed page it is refused.
  page.on('crash', () => {
    stage.hasCrashed = true;
    context.close().catch(() => {});
  });
  return stage;
}

/** Serves the simulator's booking pages at Calendly's address: for servers started with `pages: 'https://calendly.com'`. */
export const atCalendly = (page, sim) =>
  page.route('https://calendly.com/**', async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: sim + pathname + search }) });
  });

/** Free days of the current month, without those of the next month in its last row. */
export const freeDays = (page) => page.locator('[data-kind=gridcell][data-look=free]:not([data-faint])');
export const times = (page) => page.locator('button[id^="time:"]');

/** HTML of a page that includes widget.js of `origin`. */
export const bare = (origin, body, script = 'widget.js') => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A site</title>
<link rel="icon" href="data:,"><script src="${origin}/${script}" async></script></head><body>${body}</body></html>`;

/** Chooses a time of the last visible free day, through the twin. */
export async function chooseTime(page, index = 0) {
  await freeDays(page).last().evaluate((cell) => cell.click());
  await times(page).nth(index).evaluate((button) => button.click());
  return widgetEvent(page, 'slotselected');
}

/** Chooses the day of the next month with the most times, so that it is divided into parts of the day. */
export async function longDay(page) {
  await page.locator('#next-month').evaluate((button) => button.click());
  await page.locator('#calendar:not([aria-busy])').waitFor({ state: 'attached' });
  await freeDays(page).nth(9).waitFor({ state: 'attached' });
  const counts = await freeDays(page).evaluateAll((cells) => cells.map((cell) => Number(/(\d+) free/.exec(cell.getAttribute('aria-label'))[1])));
  await freeDays(page).nth(counts.indexOf(Math.max(...counts))).evaluate((cell) => cell.click());
  await page.locator('#time-list h4').first().waitFor({ state: 'attached' });
}

/** Waits until the page has received a widget event, and returns its detail. */
export async function widgetEvent(page, name) {
  const handle = await page.waitForFunction((wanted) => window.widgetEvents.find((one) => one.name === wanted), name);
  return (await handle.jsonValue()).detail;
}

/** Opens a page and waits until free days are known. */
export async function openPicker(page, url) {
  await page.goto(url);
  await freeDays(page).first().waitFor({ state: 'attached' });
  await widgetEvent(page, 'ready');
}

/** The centre of a twin element in the viewport, [x, y], once the canvas has drawn it. */
export async function middleOf(locator) {
  await locator.waitFor({ state: 'attached' });
  const handle = await locator.elementHandle();
  const box = await handle.evaluateHandle(
    (element) =>
      new Promise((settle) => {
        // Two frames: the screen is drawn in one, and the elements are positioned before the next.
        requestAnimationFrame(() =>
          requestAnimationFrame(() => {
            element.scrollIntoView({ block: 'nearest', behavior: 'instant' });
            const { x, y, width, height } = element.getBoundingClientRect();
            settle([x + width / 2, y + height / 2]);
          }),
        );
      }),
  );
  return box.jsonValue();
}
