// Booking in the widget: the form in the picker's place, against the real proxy and the simulator.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { bare, freeDays, heard, middleOf, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

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
 * Sits between page and proxy like any network: what it is told to lose is lost on the way back, after the proxy has acted.
 * Every visit comes from an address of its own, for one visitor may book ten times an hour.
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

let site;
let servers;
let browser;
let axe;
let network;
before(async () => {
  // The proxy must know who may book before it starts, the site which proxy to name in its pages.
  const holder = {};
  site = await startSite(holder);
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin, CALENDLY_TRUSTED_PROXIES: '127.0.0.1' });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  network = await startNetwork(servers.origin);
  Object.assign(holder, pages(network.origin));
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
after(async () => {
  await browser?.close();
  await network?.stop();
  await site?.stop();
  await servers?.stop();
});

const form = (page) => page.locator('.booking');
const submit = (page) => page.locator('.booking [type=submit]');
const note = (page) => page.locator('.booking .note');
const field = (page, label) => page.locator('.booking').getByLabel(label, { exact: true });
const focused = (page) => page.evaluate(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at?.id || at?.className || at?.localName;
});
const pressBook = (page, id = '#book') => page.locator(id).evaluate((button) => {
  button.focus();
  button.click();
});
/** All that the simulator has booked, as Calendly would list it. */
async function booked() {
  const get = async (path) => (await (await fetch(servers.sim + path, { headers: { Authorization: `Bearer ${servers.token}` } })).json());
  const me = await get('/users/me');
  const { collection } = await get(`/scheduled_events?user=${encodeURIComponent(me.resource.uri)}&count=100`);
  return Promise.all(collection.map(async (event) => ({ ...event, invitees: (await get(`${new URL(event.uri).pathname}/invitees`)).collection })));
}
const bookedAt = async (start) => (await booked()).filter((event) => Date.parse(event.start_time) === Date.parse(start));

/** Chooses the first time of one of the last days on show: what was booked before is gone, and no day is used up. */
let turn = 0;
async function choose(page) {
  const days = freeDays(page);
  const count = await days.count();
  await days.nth(count - 1 - (turn++ % Math.min(count, 4))).evaluate((cell) => cell.click());
  await times(page).first().evaluate((button) => button.click());
  return heard(page, 'slotselected');
}

async function formOpened(path = '/', options = {}) {
  network.visit.number++;
  const stage = await newPage(browser, options);
  await openPicker(stage.page, site.origin + path);
  const chosen = await choose(stage.page);
  await pressBook(stage.page);
  await form(stage.page).waitFor();
  return { ...stage, chosen };
}

/** What goes out when the form is sent; it is not booked, for Calendly takes ten bookings a minute and the tests need them. */
async function sentBy(page) {
  await page.route('**/bookings', (route) => route.abort('connectionreset'));
  const going = page.waitForRequest((request) => request.method() === 'POST');
  await submit(page).click();
  return (await going).postDataJSON();
}

async function fillIn(page) {
  await field(page, 'Name').fill('Ada Lovelace');
  await field(page, 'E-mail').fill('ada@example.com');
}

test('inline: a visitor books with the mouse, in the page, and Calendly has it once', async () => {
  const { page, context, problems, chosen } = await formOpened();
  assert.equal(await field(page, 'Name').inputValue(), 'Ada L');
  assert.equal(await page.locator('.twin').evaluate((twin) => twin.inert), true);
  await fillIn(page);
  await field(page, /^Please share anything/).fill('Engines');
  const button = await submit(page).boundingBox();
  await page.mouse.click(button.x + button.width / 2, button.y + button.height / 2);
  const told = await heard(page, 'booked');
  const { eventUri, inviteeUri, ...facts } = told;
  assert.deepEqual(facts, { start: chosen.start, end: chosen.end, timezone: 'Europe/Amsterdam', eventType: chosen.eventType });
  const [event, ...others] = await bookedAt(chosen.start);
  assert.equal(others.length, 0);
  assert.equal(event.uri, eventUri);
  const [invitee] = event.invitees;
  assert.equal(invitee.uri, inviteeUri);
  assert.deepEqual([invitee.name, invitee.email, invitee.timezone], ['Ada Lovelace', 'ada@example.com', 'Europe/Amsterdam']);
  assert.equal(invitee.questions_and_answers[0].answer, 'Engines');
  assert.deepEqual([invitee.tracking.utm_source, invitee.tracking.salesforce_uuid, invitee.tracking.utm_term], ['mail', 'id', null]);
  // The confirmation: where it can be changed, and the focus.
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'booked');
  assert.equal(await form(page).count(), 0);
  assert.match(await page.locator('#cancel-booking').getAttribute('href'), /cancellations/);
  assert.match(await page.locator('#reschedule-booking').getAttribute('href'), /reschedul/);
  const opening = context.waitForEvent('page');
  await page.locator('#cancel-booking').evaluate((link) => link.click());
  assert.doesNotMatch((await opening).url(), /name=/, 'nothing is added to these links');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: on the demo page a stranger books for real', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${servers.origin}/demo`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await fillIn(page);
  await submit(page).click();
  await heard(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.match(await page.locator('#code').textContent(), / book="inline"/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: the keyboard alone, from the page above to the confirmation', async () => {
  const { page, context, problems } = await newPage(browser);
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await page.locator('#book').focus();
  await page.keyboard.press('Enter');
  await form(page).waitFor();
  // The first thing that is still to be filled in has the focus: the name is known.
  assert.equal(await field(page, 'E-mail').evaluate((input) => input === input.getRootNode().activeElement), true);
  await page.keyboard.type('ada@example.com');
  await page.keyboard.press('Enter');
  await heard(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'booked');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'add-to-calendar');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: by touch on a phone of 320 px, without a keyboard that jumps up', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true });
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  const [x, y] = await middleOf(page.locator('#book'));
  await page.touchscreen.tap(x, y);
  await form(page).waitFor();
  assert.equal(await focused(page), 'booking-heading');
  const box = await form(page).boundingBox();
  assert.ok(box.y >= -1, 'its top is in sight');
  assert.ok(box.width <= 320 && (await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, 'nothing sticks out');
  for (const target of await page.locator('.booking :is(button, input, textarea)').all()) {
    const { width, height } = await target.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${await target.evaluate((one) => one.outerHTML)}: ${width} x ${height}`);
  }
  await field(page, 'Name').tap();
  await fillIn(page);
  await submit(page).tap();
  await heard(page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: what is missing or wrong is said at its field, counted, and the first one has the focus', async () => {
  const { page, context, requests } = await formOpened('/intake');
  await field(page, 'E-mail').fill('ada@');
  await submit(page).click();
  const wrong = async () => page.locator('.booking .field.wrong').evaluateAll((all) => all.map((one) => [one.querySelector('label, legend').textContent.trim(), one.querySelector('.problem').textContent]));
  assert.deepEqual(await wrong(), [
    ['Name', 'Please fill this in'], ['E-mail', 'Please enter an e-mail address, such as name@example.com'], ['Company', 'Please fill this in'],
  ]);
  assert.equal(await note(page).textContent(), '3 answers need another look');
  const name = field(page, 'Name');
  assert.equal(await name.evaluate((input) => input === input.getRootNode().activeElement), true);
  assert.equal(await name.getAttribute('aria-invalid'), 'true');
  assert.equal(await name.evaluate((input) => input.getRootNode().getElementById(input.getAttribute('aria-describedby')).textContent), 'Please fill this in');
  await name.pressSequentially('A');
  assert.equal((await wrong()).length, 2, 'what is mended is no longer complained of');
  assert.ok(!requests.some((url) => url.endsWith('/bookings')), 'nothing was sent');
  await context.close();
});

test('inline: the proxy\'s complaint stands at the field it is about', async () => {
  const { page, context } = await formOpened('/intake');
  await fillIn(page);
  await field(page, 'Company').fill('Engines');
  await page.route('**/bookings', (route) => route.fulfill({
    status: 400, headers: { 'Access-Control-Allow-Origin': '*' },
    json: { success: false, message: '', error: { code: 'bad_input', details: [{ field: 'answers.0', message: 'is not known' }] } },
  }));
  await submit(page).click();
  const company = field(page, 'Company');
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.wrong'));
  assert.equal(await company.getAttribute('aria-invalid'), 'true');
  assert.equal(await company.evaluate((input) => input === input.getRootNode().activeElement), true);
  await context.close();
});

test('inline: Escape and the button go back to the times with the choice kept, and the form keeps what was typed', async () => {
  const { page, context, problems, chosen } = await formOpened('/intake');
  const before = await page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
  await field(page, 'Company').fill('Engines');
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'book');
  assert.equal(await page.locator('.twin').evaluate((twin) => twin.inert), false);
  await page.locator('slot-picker').evaluate((host) => host.setAttribute('timezone', 'Asia/Tokyo'));
  await page.locator('#zone', { hasText: 'Tokyo' }).waitFor({ state: 'attached' });
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'Company').inputValue(), 'Engines');
  const text = await page.locator('#booking-facts').textContent();
  assert.match(text, /Tokyo/);
  assert.equal(await page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height), before);
  await page.getByRole('button', { name: 'Back to the times' }).click();
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await page.locator(`[id="time:${Date.parse(chosen.start)}"]`).getAttribute('aria-pressed'), 'true');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: in a popup, Escape leaves the form first, then the choice, the times, and the popup last', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/blank`);
  await page.waitForFunction(() => window.Slotwire);
  await page.evaluate(() => Slotwire.popup({ eventType: '30min', book: 'inline' }));
  await freeDays(page).first().waitFor({ state: 'attached' });
  await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  const left = [];
  for (let presses = 0; presses < 3; presses++) {
    left.push((await focused(page)).split(':')[0]);
    assert.ok(await page.locator('dialog').isVisible());
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(left, ['book', 'time', 'day']);
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: taken while it was filled in, the nearest times are offered and the form comes back filled', async () => {
  const { page, context, problems, chosen } = await formOpened('/intake');
  await fillIn(page);
  await field(page, 'Company').fill('Engines');
  await page.getByLabel('11-100').check();
  await servers.simPost('/__sim/take', { event_type: 'intake', start_time: chosen.start });
  await submit(page).click();
  await page.locator('#taken-text').waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.activeElement?.id === 'taken-text');
  assert.equal(await form(page).count(), 0);
  const other = page.locator('#taken-list [id^="time:"]').first();
  const id = await other.getAttribute('id');
  assert.notEqual(id, `time:${Date.parse(chosen.start)}`);
  await other.evaluate((button) => button.click());
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'Company').inputValue(), 'Engines');
  assert.equal(await page.getByLabel('11-100').isChecked(), true);
  await submit(page).click();
  const told = await heard(page, 'booked');
  assert.equal(`time:${Date.parse(told.start)}`, id);
  assert.equal((await bookedAt(told.start)).length, 1);
  const [invitee] = (await bookedAt(told.start))[0].invitees;
  assert.deepEqual(invitee.questions_and_answers.map(({ answer }) => answer), ['Engines', '11-100']);
  // A refused booking is a failed load to the browser's console, and no fault of the page.
  assert.deepEqual(problems.filter((one) => !one.includes('409')), []);
  await context.close();
});

test('inline: booked by somebody else while it is filled in, the form says so, stays, and leads to the nearest times', async () => {
  const stage = await newPage(browser);
  const { page, context, problems } = stage;
  network.visit.number++;
  // The widget waits for changes at the proxy once it has nothing else to do.
  const waiting = page.waitForRequest((request) => request.url().includes('/changes?since='));
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await field(page, 'E-mail').fill('ada@example.com');
  await waiting;
  const other = await fetch(`${network.origin}/api/app/calendly/bookings`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'somebody-else', Origin: site.origin },
    body: JSON.stringify({ eventType: chosen.eventType, start: chosen.start, invitee: { name: 'B', email: 'b@example.com', timezone: 'UTC' } }),
  });
  assert.equal(other.status, 201, await other.text());
  await note(page).getByText('This time was just taken').waitFor();
  assert.equal(await field(page, 'E-mail').inputValue(), 'ada@example.com');
  await note(page).getByRole('button', { name: 'Choose another time' }).click();
  await page.locator('#taken-list').waitFor({ state: 'attached' });
  assert.equal(await focused(page), 'taken-text');
  await page.locator('#taken-list [id^="time:"]').first().evaluate((button) => button.click());
  await pressBook(page);
  await form(page).waitFor();
  assert.equal(await field(page, 'E-mail').inputValue(), 'ada@example.com');
  assert.equal(await note(page).textContent(), '');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: an answer lost on the way back: asked again under the same key, and it is booked once', async () => {
  const { page, context } = await newPage(browser);
  const keys = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.push(request.headers()['idempotency-key']);
  });
  await openPicker(page, `${site.origin}/`);
  const chosen = await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await fillIn(page);
  // Chromium itself sends a request once more when a kept connection breaks under it: that too has to find the same booking.
  network.losing.now = true;
  await submit(page).click();
  await note(page).getByText('No answer came back').waitFor();
  assert.equal(await submit(page).textContent(), 'Ask again');
  assert.equal((await bookedAt(chosen.start)).length, 1, 'it is booked, and nobody here knows');
  network.losing.now = false;
  await submit(page).click();
  await heard(page, 'booked');
  assert.equal(keys.length, 2);
  assert.ok(keys[0] && keys[0] === keys[1]);
  assert.equal((await bookedAt(chosen.start)).length, 1);
  await context.close();
});

test('inline: content that changes goes out under a key of its own, and two clicks send once', async () => {
  const { page, context } = await formOpened();
  const keys = [];
  await page.route('**/bookings', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    await route.fulfill({ status: 504, headers: { 'Access-Control-Allow-Origin': '*' }, json: { success: false, message: '', error: { code: 'booking_unknown' } } });
  });
  await fillIn(page);
  await submit(page).evaluate((button) => {
    button.click();
    button.click();
  });
  await note(page).getByText('It is not known yet').waitFor();
  assert.equal(keys.length, 1);
  await submit(page).click();
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.note p'));
  await field(page, 'Name').fill('Somebody Else');
  await submit(page).click();
  await note(page).getByText('It is not known yet').waitFor();
  assert.equal(keys.length, 3);
  assert.equal(keys[0], keys[1]);
  assert.notEqual(keys[1], keys[2]);
  await context.close();
});

for (const [name, status, code, words] of [
  ['too many', 429, 'too_many_requests', 'Too many tries. Try again in 40 seconds'],
  ['Calendly away', 503, 'calendly_unavailable', 'The booking did not go through'],
]) {
  test(`inline: ${name} is told, and nothing is lost`, async () => {
    const { page, context } = await formOpened();
    await page.route('**/bookings', (route) => route.fulfill({
      status, headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After', 'Retry-After': '40' },
      json: { success: false, message: '', error: { code } },
    }));
    await fillIn(page);
    await submit(page).click();
    await note(page).getByText(words).waitFor();
    assert.equal(await field(page, 'Name').inputValue(), 'Ada Lovelace');
    assert.equal(await submit(page).getAttribute('aria-disabled'), null);
    await context.close();
  });
}

test('inline: offline is told, and the next try goes out', async () => {
  const { page, context } = await formOpened();
  await fillIn(page);
  await context.setOffline(true);
  await submit(page).click();
  await note(page).getByText('You appear to be offline').waitFor();
  await context.setOffline(false);
  const { invitee } = await sentBy(page);
  assert.equal(invitee.name, 'Ada Lovelace');
  await context.close();
});

test('inline: where the account may not book, Calendly\'s page takes over with what was typed', async () => {
  const { page, context } = await formOpened();
  await fillIn(page);
  await page.route('**/bookings', (route) => route.fulfill({
    status: 409, headers: { 'Access-Control-Allow-Origin': '*' }, json: { success: false, message: '', error: { code: 'booking_not_available' }, data: {} },
  }));
  await submit(page).click();
  const frame = page.frameLocator('iframe');
  await frame.locator('[name=name]').waitFor();
  assert.equal(await frame.locator('[name=name]').inputValue(), 'Ada Lovelace');
  assert.equal(await form(page).count(), 0);
  await context.close();
});

test('inline: a page whose origin may not book gets Calendly\'s page at once', async () => {
  const stranger = await startSite({ '/': { html: bare(network.origin, '<slot-picker event-type="30min" book="inline"></slot-picker>') } });
  const { page, context } = await newPage(browser);
  // It may read, so that only the booking is refused.
  await page.route('**/api/app/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), 'Access-Control-Allow-Origin': '*' } });
  });
  await openPicker(page, stranger.origin);
  await choose(page);
  await pressBook(page);
  await page.locator('dialog iframe').waitFor();
  assert.equal(await form(page).count(), 0);
  await context.close();
  await stranger.stop();
});

test('inline: the code of the form does not come: Calendly\'s page does', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/widget-form-*', (route) => route.abort('connectionreset'));
  await openPicker(page, `${site.origin}/`);
  await choose(page);
  await pressBook(page);
  await page.locator('dialog iframe').waitFor();
  await context.close();
});

test('inline: several places are a choice, and the one that asks for a number gets it', async () => {
  const { page, context } = await formOpened('/60min');
  await fillIn(page);
  await submit(page).click();
  await page.locator('.booking .wrong', { hasText: 'Please choose an answer' }).waitFor();
  await page.getByLabel('By phone: you are called').check();
  await field(page, 'Your phone number').fill('12');
  await submit(page).click();
  await page.locator('.booking .wrong', { hasText: 'phone number with its country code' }).waitFor();
  await field(page, 'Your phone number').fill('+31 20 123 4567');
  assert.deepEqual((await sentBy(page)).location, { kind: 'outbound_call', location: '+31 20 123 4567' });
  await context.close();
});

test('inline: from the list, where Book now is beside every time', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/list`);
  await heard(page, 'ready');
  const row = page.locator('[id^="book:"]').last();
  const id = await row.getAttribute('id');
  await row.evaluate((button) => {
    button.focus();
    button.click();
  });
  await form(page).waitFor();
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), id);
  await pressBook(page, `[id="${id}"]`);
  await form(page).waitFor();
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: without WebGL it is the same form', async () => {
  const stage = await newPage(browser);
  await stage.page.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (type, ...rest) {
      return /webgl/.test(type) ? null : original.call(this, type, ...rest);
    };
  });
  await openPicker(stage.page, `${site.origin}/`);
  const chosen = await choose(stage.page);
  await stage.page.locator('#book').click();
  await form(stage.page).waitFor();
  await fillIn(stage.page);
  await submit(stage.page).click();
  await heard(stage.page, 'booked');
  assert.equal((await bookedAt(chosen.start)).length, 1);
  assert.ok(await stage.page.locator('#booked').isVisible());
  assert.deepEqual(stage.problems, []);
  await stage.context.close();
});

test('inline: a strict policy and Trusted Types have nothing to forbid', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => window.violations.push(`${violatedDirective} ${blockedURI}`));
  });
  await openPicker(page, `${site.origin}/strict`);
  await choose(page);
  await pressBook(page);
  await form(page).waitFor();
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  assert.deepEqual(await page.evaluate(() => window.violations), []);
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: the height follows what is asked and is told, and stays as the site has set it', async () => {
  const { page, context } = await formOpened('/intake', { viewport: { width: 360, height: 900 } });
  assert.equal(await page.evaluate(() => window.shift), 0, 'its coming moves nothing');
  const height = () => page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
  const told = () => page.evaluate(() => window.heard.filter(({ name }) => name === 'resize').at(-1).detail.height);
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  const sheet = () => page.locator('.booking .sheet').evaluate((one) => one.getBoundingClientRect().height);
  await page.waitForFunction(() => {
    const host = document.querySelector('slot-picker');
    return host.getBoundingClientRect().height >= host.shadowRoot.querySelector('.sheet').getBoundingClientRect().height;
  });
  assert.ok((await height()) >= (await sheet()));
  assert.equal(await told(), await height());
  await page.keyboard.press('Escape');
  await form(page).waitFor({ state: 'detached' });
  assert.equal(await height(), 740);
  await context.close();

  const fixed = await formOpened('/high');
  assert.equal(await fixed.page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height), 500);
  await submit(fixed.page).scrollIntoViewIfNeeded();
  assert.ok(await submit(fixed.page).isVisible());
  await fixed.context.close();
});

test('inline: in Arabic, from right to left', async () => {
  const { page, context, problems } = await formOpened('/arabic');
  assert.equal(await form(page).getAttribute('dir'), 'rtl');
  assert.equal(await page.locator('#booking-heading').textContent(), 'بياناتك');
  const [about, rest] = await Promise.all(['.about', 'form'].map((one) => page.locator(`.booking ${one}`).boundingBox()));
  assert.ok(about.x > rest.x, 'what it is about is on the right');
  assert.deepEqual(problems, []);
  await context.close();
});

test('inline: a screen reader hears what it is about, what is asked, and what is wrong', async () => {
  const { page, context } = await formOpened('/intake');
  await submit(page).click();
  await note(page).getByText('answers need another look').waitFor();
  const client = await context.newCDPSession(page);
  const { nodes } = await client.send('Accessibility.getFullAXTree');
  const said = nodes.filter(({ ignored }) => !ignored).map(({ role, name, description, properties }) => ({
    role: role?.value, name: name?.value, description: description?.value,
    invalid: properties?.find((one) => one.name === 'invalid')?.value?.value, required: properties?.find((one) => one.name === 'required')?.value?.value,
  }));
  const find = (role, name) => said.find((one) => one.role === role && name.test(one.name ?? ''));
  assert.ok(find('group', /^Intake on site$/));
  assert.match(find('form', /^Your details$/).description, /PM|AM|\d\d:\d\d/);
  for (const name of [/^Name$/, /^E-mail$/, /^Company$/]) {
    const { description, invalid, required } = find('textbox', name);
    assert.deepEqual([description, invalid, required], ['Please fill this in', 'true', true], String(name));
  }
  assert.ok(find('radiogroup', /^Size \(optional\)$/));
  assert.ok(find('alert', /^$/) ?? find('alert', /3 answers/));
  assert.ok(!find('gridcell', /./) && !find('button', /^Time zone/), 'the picker behind it is out of reach');
  await context.close();
});

for (const colorScheme of ['light', 'dark']) {
  test(`inline: axe finds nothing in the form, filled in wrongly or sent, ${colorScheme}`, async () => {
    for (const path of ['/intake', '/60min', '/arabic']) {
      const { page, context } = await formOpened(path, { colorScheme });
      const client = await context.newCDPSession(page);
      await client.send('Runtime.evaluate', { expression: axe });
      const violations = () => page.evaluate(async () => {
        await Promise.all(document.querySelector('slot-picker').shadowRoot.getAnimations?.().map(({ finished }) => finished) ?? []);
        const { violations: found } = await window.axe.run('body');
        return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
      });
      assert.deepEqual(await violations(), [], path);
      await submit(page).click();
      await page.locator('.booking .wrong').first().waitFor();
      assert.deepEqual(await violations(), [], `${path} with complaints`);
      await context.close();
    }
  });
}
