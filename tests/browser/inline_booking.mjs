// Shared by the tests of booking in the widget: a site that may book, the real proxy behind a simulated network, the simulator, a
// browser.
import { createServer } from 'node:http';
import { freePort } from './engines/processes.mjs';
import { bare, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

const phone = '<meta name="viewport" content="width=device-width">';
const pages = (origin) => {
  const picker = (attributes, more = '') => ({ html: bare(origin, `${phone}<main><h1>A site</h1>${more}<slot-picker book="inline" ${attributes}></slot-picker></main>`) });
  const utm = `utm='{"utmSource":"mail","salesforce_uuid":"id"}'`;
  return {
    '/': picker(`event-type="30min" prefill='{"firstName":"Ada","lastName":"L"}' ${utm}`),
    '/blank': { html: bare(origin, '<main></main>') },
    '/list': picker('event-type="30min" view="list"'),
    '/intake': picker('event-type="intake"'),
    '/60min': picker('event-type="60min"'),
    '/guests': picker(`event-type="60min" prefill='{"guests":["x@example.com","y@example.com"]}'`),
    '/guests-attribute': picker('event-type="30min" guests="x@example.com, y@example.com"'),
    '/guestless': picker('event-type="30min" guests="false"'),
    '/any-of': picker('event-type="intake, 30min"'),
    '/any-of-gone': picker('event-type="switched-off,30min"'),
    '/any-of-random': picker('event-type="30min,intake" any-of="random"'),
    '/any-of-order': picker('event-type="30min,intake" any-of="order"'),
    '/group': picker('event-type="workshop"'),
    '/arabic': picker('event-type="intake" locale="ar"'),
    '/german': picker('event-type="intake" locale="de"'),
    '/high': picker('event-type="intake" height="500"'),
    '/strict': {
      html: bare(origin, '<slot-picker event-type="intake" book="inline"></slot-picker>'),
      headers: { 'Content-Security-Policy': `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'` },
    },
  };
};

/**
 * A network between page and proxy, which can lose an answer after the proxy has acted.
 * Every visit has an IP address of its own, because one visitor may book ten times an hour.
 */
async function startNetwork(target) {
  const losing = { now: false };
  const visit = { number: 0 };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host, connection, 'content-length': length, 'accept-encoding': encoding, ...headers } = request.headers;
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    headers['x-forwarded-for'] = `10.0.0.${visit.number}`;
    const reply = await fetch(target + request.url, { method: request.method, headers, body, redirect: 'manual' });
    const content = Buffer.from(await reply.arrayBuffer());
    if (request.method === 'POST' && losing.now) {
      response.destroy();
      return;
    }
    const answered = Object.fromEntries([...reply.headers].filter(([name]) => !/^(content-encoding|content-length|transfer-encoding|connection|keep-alive)$/.test(name)));
    response.writeHead(reply.status, answered).end(content);
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    losing,
    visit,
    stop: () => new Promise((settle) => {
      server.close(settle);
      server.closeAllConnections();
    }),
  };
}

export let site;
export let servers;
export let browser;
export let network;
/** @param {Record<string, string>} [more] further environment variables of the proxy */
export async function start(more = {}) {
  // The proxy must know before it starts which site may book, and the site's pages need the proxy's address.
  const holder = {};
  site = await startSite(holder);
  // The demo page is served by the proxy, and may book only if its own origin is listed.
  const port = await freePort();
  servers = await startServers({
    PORT: String(port),
    CALENDLY_ALLOWED_ORIGINS: `${site.origin},http://127.0.0.1:${port}`,
    CALENDLY_TRUSTED_PROXIES: '127.0.0.1',
    ...more,
  });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  network = await startNetwork(servers.origin);
  Object.assign(holder, pages(network.origin));
  browser = await startBrowser();
}
export async function stop() {
  await browser?.close();
  await network?.stop();
  await site?.stop();
  await servers?.stop();
}

export const form = (page) => page.locator('.booking');
export const submit = (page) => page.locator('.booking [type=submit]');
export const note = (page) => page.locator('.booking .note');
export const field = (page, label) => page.locator('.booking').getByLabel(label, { exact: true });
export const focused = (page) => page.evaluate(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.id || at?.className || at?.localName;
});
export const pressBook = (page, id = '#book') => page.locator(id).evaluate((button) => {
  button.focus();
  button.click();
});
/** All bookings of the simulator, in the form of Calendly's list. */
async function booked() {
  const get = async (path) => (await (await fetch(servers.sim + path, { headers: { Authorization: `Bearer ${servers.token}` } })).json());
  const me = await get('/users/me');
  const { collection } = await get(`/scheduled_events?user=${encodeURIComponent(me.resource.uri)}&count=100`);
  return Promise.all(collection.map(async (event) => ({ ...event, invitees: (await get(`${new URL(event.uri).pathname}/invitees`)).collection })));
}
export const bookedAt = async (start) => (await booked()).filter((event) => Date.parse(event.start_time) === Date.parse(start));

/** Chooses the first time of one of the last visible days: earlier bookings have taken others, and each call uses another day. */
let turn = 0;
export async function choose(page) {
  const days = freeDays(page);
  const count = await days.count();
  await days.nth(count - 1 - (turn++ % Math.min(count, 4))).evaluate((cell) => cell.click());
  await times(page).first().evaluate((button) => button.click());
  return widgetEvent(page, 'slotselected');
}

/** `before` is called with the page before it navigates. */
export async function formOpened(path = '/', { before = async (_page) => {}, ...options } = {}) {
  network.visit.number++;
  const stage = await newPage(browser, options);
  await before(stage.page);
  await openPicker(stage.page, site.origin + path);
  const chosen = await choose(stage.page);
  await pressBook(stage.page);
  await form(stage.page).waitFor();
  return { ...stage, chosen };
}

/** Returns the body that is sent by the form. The request is aborted: Calendly allows ten bookings a minute, which other tests need. */
export async function sentBy(page) {
  await page.route('**/bookings', (route) => route.abort('connectionreset'));
  const going = page.waitForRequest((request) => request.method() === 'POST');
  await submit(page).click();
  return (await going).postDataJSON();
}

export async function fillIn(page) {
  await field(page, 'Name').fill('Ada Lovelace');
  await field(page, 'E-mail').fill('ada@example.com');
}
