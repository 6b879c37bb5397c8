// What a first visit downloads, and when the first free time can be seen and clicked, beside the same picker in React.
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { fixed, median, medianRatio, ratios, roundsOr, spread, whole } from '../harness/numbers.mjs';
import { outDir } from '../harness/paths.mjs';
import { goal, progress, record, say, table } from '../harness/report.mjs';
import { makeSite } from '../harness/site.mjs';
import { startSlotwire } from '../harness/slotwire.mjs';

const rounds = roundsOr(7);
const slowdown = 4;
const slowLine = { latencyMs: 150, kilobitsPerSecond: 1600 };
const fastLine = { latencyMs: 20, kilobitsPerSecond: 30_000 };
const budgetBytes = 80_000;
const loaderBudgetBytes = 6_000;
const idleS = 10;
// The last is the proxy's own page at the path of Calendly's link.
const pages = { slotwire: 'slotwire.html', react: 'react.html', hosted: 'acme/30min' };
const names = Object.keys(pages);

const browserArguments = [
  '--headless', '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
];

export async function widget(upstream) {
  await upstream.setLatency(0);
  const site = await makeSite();
  const slotwire = await startSlotwire(upstream, { SLOTWIRE_PUBLIC_DIR: site.dir });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: browserArguments });
  try {
    const bytes = firstVisit(site);
    const frame = await frameAndIdleness(browser, slotwire.url);
    const slow = await firstSlot(browser, slotwire.url, slowLine);
    const fast = await firstSlot(browser, slotwire.url, fastLine);
    goal('first free time on screen, slow line: no later than React', `${fixed(slow.ratio, 2)} x`, slow.ratio <= 1);
    const text = { slow: await textPage(browser, slotwire.url, slowLine), fast: await textPage(browser, slotwire.url, fastLine) };
    record({ bytes, frame, slow, fast, text });
  } finally {
    await browser.close();
    await slotwire.stop();
  }
}

function firstVisit({ slotwire, react }) {
  say('Bytes of a first visit, without the page around it and the slots:');
  const sum = (files) => {
    const total = { raw: 0, gzip: 0, brotli: 0 };
    for (const size of Object.values(files)) for (const kind in total) total[kind] += size[kind];
    return total;
  };
  const rows = (files, all) => [...Object.entries(files), [all, sum(files)]].map(([name, { raw, gzip, brotli }]) => [name, whole(raw), whole(gzip), whole(brotli)]);
  table(['', 'raw', 'gzip', 'brotli'], [...rows(slotwire, 'slotwire, in all (largest language)'), ...rows(react, 'React and react-day-picker, in all')]);
  const { brotli } = sum(slotwire);
  goal('first visit: at most 80,000 bytes brotli', whole(brotli), brotli <= budgetBytes);
  const loader = slotwire['widget.js'].brotli;
  goal('widget.js: at most 6,000 bytes brotli', whole(loader), loader <= loaderBudgetBytes);
  return { slotwire: sum(slotwire), react: sum(react) };
}

/**
 * Runs in the page before anything else. Both pickers give the button of a free time an id that begins with "time:"; ours has it
 * in the twin, and draws it on the canvas in the same frame. Two animation frames later that frame has been handed to the screen.
 */
function watchForTimes(takesProof) {
  window.bench = new Promise((done) => {
    const look = (root) => {
      const observer = new MutationObserver(() => {
        if (!root.querySelector('[id^="time:"]')) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          const canvas = takesProof && root.querySelector('canvas');
          const colours = canvas ? coloursOf(canvas) : undefined;
          requestAnimationFrame((now) => done({ atMs: now, colours, shift }));
        });
      });
      observer.observe(root, { childList: true, subtree: true });
    };
    let shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
    // The lower right, where the times are: flat boxes have few colours, text with its soft edges has many. A WebGL canvas can
    // be read only in the frame that drew it.
    const coloursOf = (canvas) => {
      const [x, y] = [canvas.width * 0.65, canvas.height * 0.3].map(Math.round);
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      return new Set(new Uint32Array(copy.getImageData(x, y, canvas.width - x, Math.round(canvas.height * 0.5)).data.buffer)).size;
    };
    window.framesAsked = 0;
    const { requestAnimationFrame: ask } = window;
    window.requestAnimationFrame = (callback) => {
      ++window.framesAsked;
      return ask.call(window, callback);
    };
    look(document);
    const attachShadow = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      const root = attachShadow.call(this, init);
      look(root);
      return root;
    };
  });
}

/** @param {{line?: typeof slowLine}} conditions with a line, the CPU is slowed too */
async function visit(browser, url, { line, takesProof = false, andThen = async () => ({}) }) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
  try {
    const page = await context.newPage();
    const failures = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.addInitScript(watchForTimes, takesProof);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    let wireBytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      wireBytes += encodedDataLength;
    });
    if (line) {
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      const bytesPerSecond = (line.kilobitsPerSecond * 1000) / 8;
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false, latency: line.latencyMs, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond,
      });
    }
    await page.goto(url, { waitUntil: 'commit' });
    let late;
    const seen = await Promise.race([
      page.evaluate(() => window.bench),
      new Promise((_, fail) => {
        late = setTimeout(() => fail(new Error(`${url} showed no time within 30 s: ${failures.join('; ')}`)), 30_000);
      }),
    ]).finally(() => clearTimeout(late));
    if (failures.length) throw new Error(`${url}: ${failures.join('; ')}`);
    return { ...seen, ...(await page.evaluate(arrivals)), wireBytes, ...(await andThen(page)) };
  } finally {
    await context.close();
  }
}

/** Once, without hurry: the very frame that counts has the times on the canvas, and after that nothing is drawn for nothing. */
async function frameAndIdleness(browser, site) {
  const { colours, frames } = await visit(browser, `${site}/slotwire.html`, {
    takesProof: true,
    async andThen(page) {
      await page.screenshot({ path: join(outDir, 'widget-slotwire.png') });
      await page.waitForFunction(isCalm);
      const before = await page.evaluate(() => window.framesAsked);
      await page.waitForTimeout(idleS * 1000);
      return { frames: (await page.evaluate(() => window.framesAsked)) - before };
    },
  });
  await visit(browser, `${site}/react.html`, {
    andThen: async (page) => void (await page.screenshot({ path: join(outDir, 'widget-react.png') })),
  });
  if (!(colours > 40)) throw new Error(`the widget's canvas had ${colours} colours in the frame that should show times`);
  goal(`idle widget: no frame in ${idleS} s`, `${frames} frames`, frames === 0);
  return { coloursOfTimes: colours, framesWhenIdle: frames };
}

/** When the last byte of the code, and of the slots, was there. */
function arrivals() {
  const ends = (pattern) => performance.getEntriesByType('resource').filter(({ name }) => pattern.test(name)).map(({ responseEnd }) => responseEnd);
  return { codeMs: Math.max(...ends(/\.(js|wasm)$/)), slotsMs: Math.min(...ends(/\/slots\//)) };
}

/** Half a second without a frame: what came with the answer has settled. */
async function isCalm() {
  const before = window.framesAsked;
  await new Promise((done) => {
    setTimeout(done, 500);
  });
  return window.framesAsked === before;
}

async function firstSlot(browser, site, line) {
  say(`First free time on screen: Chromium, CPU slowed ${slowdown} x, ${line.kilobitsPerSecond / 1000} Mbit/s, ${line.latencyMs} ms a round trip, empty cache; rounds: ${rounds}`);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; ++round) {
    progress(`${line.kilobitsPerSecond / 1000} Mbit/s, round ${round + 1} of ${rounds}`);
    for (const name of round % 2 ? [...names].reverse() : names) {
      measured[name].push(await visit(browser, `${site}/${pages[name]}`, { line }));
    }
  }
  const of = (name, what) => measured[name].map((one) => one[what]);
  const ratio = medianRatio(of('slotwire', 'atMs'), of('react', 'atMs'));
  const rows = names.map((name) => ({
    name, ratio: spread(ratios(of(name, 'atMs'), of('react', 'atMs'))), atMs: median(of(name, 'atMs')), worstMs: Math.max(...of(name, 'atMs')), codeMs: median(of(name, 'codeMs')), slotsMs: median(of(name, 'slotsMs')),
    wireBytes: median(of(name, 'wireBytes')), shift: Math.max(...of(name, 'shift')),
  }));
  table(
    ['', 'median ms', 'slowest ms', 'x React', 'code there ms', 'slots there ms', 'bytes on the line', 'layout shift'],
    rows.map((row) => [row.name, whole(row.atMs), whole(row.worstMs), row.ratio, whole(row.codeMs), whole(row.slotsMs),
      whole(row.wireBytes), fixed(row.shift, 3)]),
  );
  return { ratio, rows };
}

/**
 * The page at Calendly's link as text, as it is without scripts. Here there is a largest contentful paint; of the pickers there is none
 * worth telling, since Chromium counts text, images and videos, and never a canvas: theirs would be a heading, long before any time.
 */
async function textPage(browser, site, line) {
  say(`The hosted page as text, without scripts: CPU slowed ${slowdown} x, ${line.kilobitsPerSecond / 1000} Mbit/s, ${line.latencyMs} ms a round trip, empty cache; rounds: ${rounds}`);
  const measured = [];
  for (let round = 0; round < rounds; ++round) {
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
    try {
      const page = await context.newPage();
      // Its own scripts alone are kept away: the one that measures has to run.
      await page.route(/\/(hosted|widget)\.js$/, (route) => route.abort());
      const devtools = await context.newCDPSession(page);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      const bytesPerSecond = (line.kilobitsPerSecond * 1000) / 8;
      await devtools.send('Network.enable');
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false, latency: line.latencyMs, downloadThroughput: bytesPerSecond, uploadThroughput: bytesPerSecond,
      });
      await page.goto(`${site}/${pages.hosted}`);
      measured.push(await page.evaluate(() => new Promise((done) => {
        new PerformanceObserver((list) => {
          const last = list.getEntries().at(-1);
          done({ lcpMs: last.startTime, of: last.element?.localName, times: document.querySelectorAll('.times a').length });
        }).observe({ type: 'largest-contentful-paint', buffered: true });
      })));
    } finally {
      await context.close();
    }
  }
  if (!measured.every(({ times }) => times)) throw new Error('the hosted page had no times as text');
  const lcpMs = measured.map((one) => one.lcpMs);
  const row = { lcpMs: median(lcpMs), worstMs: Math.max(...lcpMs), of: measured[0].of };
  table(['', 'LCP, median ms', 'slowest ms', 'element'], [['hosted, as text', whole(row.lcpMs), whole(row.worstMs), row.of]]);
  return row;
}
