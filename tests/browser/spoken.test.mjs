// Everything that a screen reader reads during a visit, compared with the files of tests/browser/spoken. A person who reads these files
// can find what is missing, repeated or without a name. A changed announcement changes these files.
//   SPOKEN=write node --test tests/browser/spoken.test.mjs    updates them; then review the changes (git diff)
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { bare, chooseTime, freeDays, widgetEvent, newPage, repository, startBrowser, startServers, startSite } from './harness.mjs';
import { compareWithFile, readerOf } from './spoken/reader.mjs';

// A Wednesday; the days ahead include the change to summer time.
const today = '2027-03-03T08:00:00Z';
const shiftS = Math.round((Date.parse(today) - Date.now()) / 1000);
// What the run's own clock is ahead of the machine's (run.mjs), which this replaces for the proxy.
const aheadS = Number(process.env.SHIFTED_CLOCK_S ?? 0);
const binaries = resolve(repository, process.env.SLOTWIRE_BIN_DIR ?? 'build/bin');

let servers;
let site;
let browser;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  servers = await startServers({
    CALENDLY_ALLOWED_ORIGINS: site.origin, LD_PRELOAD: join(binaries, 'shifted_clock.so'), SHIFTED_CLOCK_S: String(shiftS + aheadS),
  });
  await servers.simPost('/__sim/clock', { offset_s: shiftS });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  const page = (body) => ({ html: bare(servers.origin, `<main><h1>A site</h1><button id="before">Before</button>${body}</main>`) });
  Object.assign(pages, {
    '/': page('<slot-picker event-type="30min"></slot-picker>'),
    '/inline': page('<slot-picker event-type="intake" book="inline"></slot-picker>'),
    '/types': page('<slot-picker></slot-picker>'),
    '/list': page('<slot-picker event-type="30min" view="list"></slot-picker>'),
    '/unknown': page('<slot-picker event-type="no-such-meeting"></slot-picker>'),
    '/popup': page(`<button id="open" onclick="Slotwire.popup({ eventType: '30min' })">Open</button>`),
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

/** A visit: the visitor's actions, and what is read. `prepare` may hold requests back, at least until the reader has started. */
async function visit(path, prepare = async (_page, _listening) => {}) {
  const { page, context, problems } = await newPage(browser, { reducedMotion: 'reduce' });
  await page.clock.setFixedTime(today);
  let listening;
  await prepare(page, new Promise((done) => {
    listening = done;
  }));
  await page.goto(site.origin + path);
  await page.waitForFunction(() => document.querySelector('slot-picker')?.shadowRoot || (window.Slotwire && !document.querySelector('slot-picker')));
  const reader = await readerOf(page);
  listening();
  const lines = [];
  const record = (what, phrases) => lines.push(...(lines.length ? [''] : []), `# ${what}`, ...phrases);
  const self = {
    page,
    problems,
    /** Performs an action and records what is read, until `pattern` was read. */
    async act(what, doing, pattern) {
      await doing();
      record(what, await reader.phrasesWith(pattern));
    },
    press: (key, pattern, what = key) => self.act(what, () => page.keyboard.press(key), pattern),
    async listenUntil(what, condition) {
      const phrases = await reader.phrasesUntil(condition);
      record(what, phrases.length ? phrases : ['(nothing)']);
    },
    async read(what, selector) {
      record(what, await reader.read(selector));
    },
    lines,
    leave: () => context.close(),
    async end(name) {
      await context.close();
      await compareWithFile(name, lines);
    },
  };
  return self;
}

/** A visit whose first times are loaded, with the focus before the widget. */
async function begin(path, prepare) {
  const visitor = await visit(path, prepare);
  await freeDays(visitor.page).first().waitFor({ state: 'attached' });
  await visitor.page.locator('#before').focus();
  await visitor.listenUntil('the widget is there', async () => {});
  return visitor;
}

async function fill(page, ...answers) {
  for (const [label, text] of answers) await page.locator('.booking').getByLabel(label, { exact: true }).fill(text);
}

/** Holds the answers with free times back until it is released. */
function heldAnswers() {
  let go = () => {};
  let held = Promise.resolve();
  return {
    hold() {
      held = new Promise((done) => {
        go = done;
      });
    },
    go: async () => go(),
    prepare: (page) => page.route('**/slots/**', (route) => held.then(() => route.continue())),
  };
}

test('spoken: a visit begins, loads, and is read from beginning to end', async () => {
  const slots = heldAnswers();
  slots.hold();
  const { page, listenUntil, read, end } = await visit('/', slots.prepare);
  await page.locator('slot-picker [data-kind=grid]').waitFor({ state: 'attached' });
  await read('while the times are on their way', 'slot-picker');
  await listenUntil('the times are there, and nobody is interrupted', async () => {
    await slots.go();
    await freeDays(page).first().waitFor({ state: 'attached' });
  });
  await read('all of it', 'slot-picker');
  await end('open');
});

test('spoken: keys walk the days, the weeks and the months', async () => {
  const slots = heldAnswers();
  const { page, press, act, read, end } = await begin('/', slots.prepare);
  const arrive = () => act('the times are there', slots.go, /times/);
  await press('Tab', /Next|Previous|button/, 'Tab into the widget');
  for (const wanted of [/./, /./, /gridcell/]) await press('Tab', wanted);
  for (const key of ['ArrowRight', 'ArrowDown', 'End', 'Home', 'ArrowLeft']) await press(key, /gridcell/);
  slots.hold();
  await press('PageDown', /polite/, 'PageDown: the next month');
  await arrive();
  await press('PageUp', /March/, 'PageUp: the month before');
  slots.hold();
  await press('Shift+PageDown', /polite/, 'Shift+PageDown: a year on');
  await arrive();
  await page.locator('#first-free').evaluate((button) => button.focus());
  await press('Enter', /March/, 'First free');
  await page.locator('#next-month').evaluate((button) => button.focus());
  await press('Enter', /April/, 'next month');
  await page.locator('#month').evaluate((button) => button.focus());
  await press('Enter', /option/, 'the months to choose from');
  await press('ArrowRight', /option/);
  await read('all of the months', '#months');
  slots.hold();
  await press('Enter', /polite/, 'a month is chosen');
  await arrive();
  await press('ArrowDown', /gridcell/);
  await end('days');
});

test('spoken: a day and a time are chosen', async () => {
  const { page, press, act, listenUntil, read, end } = await begin('/');
  await page.locator('[id="day:2027-03-03"]').evaluate((cell) => cell.focus());
  await press('ArrowRight', /March 4/);
  await press('Enter', /free time/, 'Enter: the day is chosen');
  await press('Tab', /./);
  await press('Tab', /./);
  await press('Enter', /chosen/, 'Enter: the time is chosen');
  await read('the times, one of them chosen', '#time-list');
  await press('Shift+Tab', /./);
  await listenUntil('Enter: not that one', async () => {
    await page.keyboard.press('Enter');
    await page.locator('#time-list [aria-pressed=true]').waitFor({ state: 'detached' });
  });
  await page.locator('#hours-24').evaluate((button) => button.focus());
  await act('the button for 24 hours', async () => {}, /24h/);
  await listenUntil('Enter', async () => {
    await page.keyboard.press('Enter');
    await page.locator('#hours-24[aria-pressed=true]').waitFor({ state: 'attached' });
  });
  await end('times');
});

test('spoken: the zone is searched and chosen', async () => {
  const { page, press, act, read, end } = await begin('/');
  await page.locator('#zone').evaluate((button) => button.focus());
  await press('Enter', /zones/, 'Enter: the zones');
  await page.locator('[id="zone:Asia/Tokyo"]').waitFor({ state: 'attached' });
  await act('tokyo is typed', () => page.keyboard.type('tokyo'), /1 result/);
  await press('ArrowDown', /./);
  await read('the dialog', '#zone-dialog');
  await press('Enter', /Tokyo/, 'Enter: the zone is chosen');
  await press('Enter', /zones/, 'Enter: the zones again');
  await act('nonsense is typed', () => page.keyboard.type('xyz'), /no results/);
  await read('the dialog without results', '#zone-dialog');
  await press('Escape', /Time zone/);
  await end('zone');
});

test('spoken: the form is filled in, its mistakes are said, and it is booked', async () => {
  const { page, press, act, read, end } = await begin('/inline');
  await chooseTime(page);
  await page.locator('#book').evaluate((button) => button.focus());
  await act('a time is chosen', async () => {}, /Book now:/);
  await press('Enter', /./, 'Enter on Book now');
  await page.locator('.booking').waitFor();
  await read('the form', '.booking');
  await page.locator('.booking [type=submit]').focus();
  await press('Enter', /another look/, 'Enter on Book now, with nothing filled in');
  await page.keyboard.type('Ada Lovelace');
  await press('Tab', /mail/);
  await page.keyboard.type('ada');
  for (let presses = 0; presses < 3; presses++) await press('Tab', /./);
  await page.locator('.booking [type=submit]').focus();
  await press('Enter', /another look/, 'Enter on Book now again');
  await read('the form with its mistakes', '.booking form');
  await fill(page, ['E-mail', 'ada@example.com'], ['Company', 'Analytical Engines']);
  await page.locator('.booking [type=submit]').focus();
  await press('Enter', /booked/i, 'Enter on Book now, with all that is asked');
  await read('the confirmation', '#confirmation');
  await end('booked');
});

test('spoken: the time is taken meanwhile', async () => {
  const { page, press, act, read, end } = await begin('/inline');
  await act('a time is chosen', () => chooseTime(page, 2), /chosen/);
  await page.locator('#book').evaluate((button) => button.focus());
  await press('Enter', /./, 'Enter on Book now');
  await page.locator('.booking').waitFor();
  const { start } = await widgetEvent(page, 'slotselected');
  await servers.simPost('/__sim/take', { event_type: 'intake', start_time: start });
  await fill(page, ['Name', 'Ada Lovelace'], ['E-mail', 'ada@example.com'], ['Company', 'Analytical Engines']);
  await page.locator('.booking [type=submit]').focus();
  await press('Enter', /just taken/, 'Enter on Book now: somebody was faster');
  await read('what is offered instead', '#taken');
  await end('taken');
});

const answer = (status, code, headers = {}) => (page, listening) => page.route('**/api/**', (route) => listening.then(() => route.fulfill({
  status, headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After', ...headers },
  json: { success: false, message: 'Trouble', data: {}, error: { code, details: [] } },
})));

test('spoken: trouble is said, with what to do about it', async () => {
  const all = [];
  for (const [what, path, prepare] of [
    ['the calendar does not answer', '/', answer(502, 'upstream_error')],
    ['too many requests', '/', answer(429, 'too_many_requests', { 'Retry-After': '600' })],
    ['not set up yet', '/', answer(503, 'not_connected')],
    ['no such meeting', '/unknown', (page, listening) => page.route('**/api/**', (route) => listening.then(() => route.continue()))],
    ['the code does not come', '/', (page, listening) => page.route('**/widget-app-*', (route) => listening.then(() => route.abort('connectionreset')))],
  ]) {
    const { page, read, lines, listenUntil, leave } = await visit(path, prepare);
    await listenUntil(`${what}: what is announced`, () => page.locator('slot-picker').locator('[role=alert], [role=status], .away').first().waitFor({ state: 'attached' }));
    await read(`${what}: what is there instead`, '.away, #state');
    all.push(...lines, '');
    await leave();
  }
  await compareWithFile('trouble', all.slice(0, -1));
});

test('spoken: trouble in the middle of a visit is said, and that it is over', async () => {
  // The end of this month's page is asked for by itself, a month at once: held back, or April would be known before the connection is lost.
  let cut;
  const isCut = new Promise((done) => {
    cut = done;
  });
  const { page, press, act, read, end } = await begin('/', (one) => one.route(/\/slots\/.*start_date=2027-0[4-9]/, async (route) => {
    await isCut;
    await route.abort('internetdisconnected');
  }));
  await page.locator('#next-month').evaluate((button) => button.focus());
  await act('next month, without a connection', async () => {
    await page.keyboard.press('Enter');
    cut();
  }, /could not/);
  await press('Enter', /could not/, 'the month after');
  await read('what is there', '#notice-bar');
  await page.unrouteAll();
  await page.locator('#retry, #retry-days').first().evaluate((button) => button.focus());
  await press('Enter', /free time/, 'try again');
  await end('trouble-later');
});

test('spoken: a popup, and the booking page over the site', async () => {
  const { page, press, act, listenUntil, read, end } = await visit('/popup');
  await page.locator('#open').focus();
  await press('Enter', /dialog/, 'Enter on Open');
  await freeDays(page).first().waitFor({ state: 'attached' });
  await press('Tab', /./);
  await listenUntil('a time is chosen', () => chooseTime(page, 3));
  await page.locator('#book').evaluate((button) => button.focus());
  await press('Enter', /dialog/, 'Enter on Book now');
  await press('Shift+Tab', /./);
  for (const wanted of [/Book now/, /7:00/, /gridcell/, /Open/]) await press('Escape', wanted);
  await end('popup');
});

test('spoken: the list of meetings, and the list of days', async () => {
  const { page, press, read, end } = await visit('/types');
  await widgetEvent(page, 'ready');
  await read('the meetings', 'slot-picker');
  await page.locator('[id^="type:"]').first().evaluate((button) => button.focus());
  await press('Enter', /heading/, 'Enter: the first one');
  await end('meetings');
  const list = await visit('/list');
  await widgetEvent(list.page, 'ready');
  await list.read('the first day of the list', '#day-list > :first-child');
  await list.end('list');
});
