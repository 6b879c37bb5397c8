// A visitor picks a time on the demo page, by every kind of input.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freeDays, widgetEvent, middleOf, newPage, openPicker, startBrowser, startServers, times } from './harness.mjs';

let servers;
let browser;
before(async () => {
  servers = await startServers();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await servers?.stop();
});

async function opened(options) {
  const stage = await newPage(browser, options);
  await openPicker(stage.page, `${servers.origin}/demo`);
  await stage.page.locator('slot-picker').evaluate((picker) => picker.setAttribute('book', 'tab'));
  return stage;
}

const slotHeard = (page) => widgetEvent(page, 'slotselected');
const day = async (locator) => (await locator.getAttribute('id')).slice('day:'.length);

// The slot's own link, with what the page knows of the visitor, in a window without access to its opener.
async function assertBooks(context, act, prefilled = {}) {
  const opening = context.waitForEvent('page');
  await act();
  const booking = await opening;
  await booking.waitForURL(/30min/);
  const url = new URL(booking.url());
  assert.match(url.pathname, /^\/[^/]+\/30min\/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/);
  for (const [name, value] of Object.entries(prefilled)) assert.equal(url.searchParams.get(name), value);
  assert.equal(await booking.evaluate(() => window.opener), null);
  await booking.close();
}

test('picking: the mouse picks a day and a time on the canvas, and books with prefill', async () => {
  const { page, context, problems } = await opened();
  await page.locator('slot-picker').evaluate((picker) => {
    picker.setAttribute('prefill', JSON.stringify({ name: 'Ada L', email: 'ada@example.com', customAnswers: { a1: 'Yes' } }));
    picker.setAttribute('utm', 'utmSource=spring');
  });
  const last = freeDays(page).last();
  const wanted = await day(last);
  await page.mouse.click(...(await middleOf(last)));
  assert.equal((await widgetEvent(page, 'dateselected')).date, wanted);
  await page.mouse.click(...(await middleOf(times(page).first())));
  assert.ok((await slotHeard(page)).start);
  const book = page.locator('#book');
  await assertBooks(context, async () => page.mouse.click(...(await middleOf(book))), {
    name: 'Ada L', email: 'ada@example.com', a1: 'Yes', utm_source: 'spring',
  });
  assert.deepEqual(problems, []);
  await context.close();
});

test('picking: a finger picks on a phone, and the page still scrolls under it', async () => {
  const { page, context, problems } = await opened({ viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 3 });
  await page.touchscreen.tap(...(await middleOf(freeDays(page).last())));
  await widgetEvent(page, 'dateselected');
  await page.touchscreen.tap(...(await middleOf(times(page).first())));
  await slotHeard(page);
  await assertBooks(context, async () => page.touchscreen.tap(...(await middleOf(page.locator('#book')))));

  // Real touches through the browser's own input pipeline, which decides what scrolls.
  const client = await context.newCDPSession(page);
  const touch = (type, points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  const dragUp = async ([x, y], distance) => {
    await touch('touchStart', [{ x, y }]);
    for (let moved = 10; moved <= distance; moved += 10) await touch('touchMove', [{ x, y: y - moved }]);
    await touch('touchEnd', []);
  };
  const scrolled = () => page.evaluate(() => scrollY);
  await page.evaluate(() => document.querySelector('slot-picker').scrollIntoView({ block: 'start', behavior: 'instant' }));
  const top = () => times(page).nth(1).evaluate((time) => time.getBoundingClientRect().top);
  const [stays, from] = [await scrolled(), await top()];
  await dragUp(await middleOf(times(page).nth(1)), 40);
  await page.waitForFunction(
    (was) => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[id^="time:"]')[1].getBoundingClientRect().top < was,
    from,
  );
  assert.equal(await scrolled(), stays, 'the page waits while the list of times moves');
  await dragUp(await middleOf(freeDays(page).last()), 200);
  await page.waitForFunction((was) => scrollY > was + 100, stays);
  assert.deepEqual(problems, []);
  await context.close();
});

test('picking: the wheel scrolls the page over the month, and the list of times first where it can move', async () => {
  const { page, context } = await opened({ viewport: { width: 1280, height: 700 } });
  const before = await page.evaluate(() => scrollY);
  await page.mouse.move(...(await middleOf(freeDays(page).first())));
  const reached = await page.evaluate(() => scrollY);
  await page.mouse.wheel(0, 120);
  await page.waitForFunction((from) => scrollY > from, Math.max(before, reached));

  // A day with more times than fit, even in two columns: the list scrolls with the wheel.
  await page.evaluate(() => {
    const picker = document.querySelector('slot-picker');
    picker.style.minHeight = '0';  // the demo page reserves the usual height
    picker.setAttribute('height', '400');
  });
  await page.waitForFunction(() => document.querySelector('slot-picker').getBoundingClientRect().height === 400);
  await page.evaluate(() => document.querySelector('slot-picker').scrollIntoView({ block: 'start', behavior: 'instant' }));
  await freeDays(page).last().evaluate((cell) => cell.click());
  await page.mouse.move(...(await middleOf(times(page).nth(1))));
  const top = () => times(page).nth(1).evaluate((time) => time.getBoundingClientRect().top);
  const [stays, from] = [await page.evaluate(() => scrollY), await top()];
  await page.mouse.wheel(0, 40);
  await page.waitForFunction(
    (was) => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[id^="time:"]')[1].getBoundingClientRect().top !== was,
    from,
  );
  assert.equal(await page.evaluate(() => scrollY), stays, 'the page waits while the list moves');

  // While the months replace the days, the times stay where they are and can still scroll.
  const [, moved] = [await middleOf(times(page).nth(1)), await top()];
  await page.locator('#month').evaluate((button) => button.click());
  await middleOf(page.locator('#months > :first-child'));
  assert.equal(await top(), moved, 'the times stay where they are');
  await page.mouse.move(...(await middleOf(times(page).nth(1))));
  await page.mouse.wheel(0, -40);
  await page.waitForFunction(
    (was) => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[id^="time:"]')[1].getBoundingClientRect().top > was,
    moved,
  );
  await context.close();
});

test('picking: the keyboard alone goes from the page to a booked time', async () => {
  const { page, context, problems } = await opened();
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.id ?? '');
  await page.locator('slot-picker').evaluate((picker) => picker.previousElementSibling?.focus());
  await page.locator('#embed').evaluate(() => document.querySelector('input[name=width]')?.focus());
  const seen = [];
  for (let presses = 0; presses < 12 && !(await focused()).startsWith('day:'); presses++) {
    await page.keyboard.press('Tab');
    seen.push(await focused());
  }
  assert.match(await focused(), /^day:/, `Tab reached ${seen}`);
  const from = await focused();
  await page.keyboard.press('ArrowRight');
  assert.notEqual(await focused(), from, 'an arrow moves to the next day');
  // Moves to a free day, as a visitor does.
  const isFree = () =>
    page.evaluate(() => document.activeElement.shadowRoot.activeElement.dataset.look === 'free');
  for (let steps = 0; steps < 31 && !(await isFree()); steps++) await page.keyboard.press('ArrowRight');
  const chosen = (await focused()).slice('day:'.length);
  await page.keyboard.press('Enter');
  assert.equal((await widgetEvent(page, 'dateselected')).date, chosen);
  for (let presses = 0; presses < 40 && !(await focused()).startsWith('time:'); presses++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await slotHeard(page);
  for (let presses = 0; presses < 60 && (await focused()) !== 'book'; presses++) await page.keyboard.press('Tab');
  await assertBooks(context, () => page.keyboard.press('Enter'));
  assert.deepEqual(problems, []);
  await context.close();
});

test('picking: the accessibility tree names days, times and the booking button, and drives them', async () => {
  const { page, context } = await opened();
  const client = await context.newCDPSession(page);
  const nodes = async () => (await client.send('Accessibility.getFullAXTree')).nodes.filter((node) => !node.ignored);
  const named = async (role, pattern) =>
    (await nodes()).find((node) => node.role?.value === role && pattern.test(node.name?.value ?? ''));
  // A screen reader's "activate": the default action of the node, wherever it is on the screen.
  const activate = async (node) => {
    const { object } = await client.send('DOM.resolveNode', { backendNodeId: node.backendDOMNodeId });
    await client.send('Runtime.callFunctionOn', { objectId: object.objectId, functionDeclaration: 'function() { this.click(); }' });
  };
  const grid = (await nodes()).find((node) => node.role?.value === 'grid');
  assert.ok(grid, 'there is a grid');
  const free = await named('gridcell', /^\w+day, \w+ \d+.*\d+ free times?$/);
  assert.ok(free, 'a free day says its weekday, date and number of free times');
  await activate(free);
  await widgetEvent(page, 'dateselected');
  await times(page).first().waitFor({ state: 'attached' });
  const time = await named('button', /^\d+:\d\d\s[AP]M/);
  assert.ok(time, 'times are buttons');
  await activate(time);
  await slotHeard(page);
  await page.locator('#book').waitFor({ state: 'attached' });
  const book = await named('button', /Book/);
  assert.ok(book, 'there is a booking button');
  await assertBooks(context, () => activate(book));
  await context.close();
});

test('picking: another month is fetched and shown, and the way back too', async () => {
  const { page, context, problems, requests } = await opened();
  const month = page.locator('#month');
  const first = await month.textContent();
  const asked = requests.filter((url) => url.includes('/slots/')).length;
  assert.equal(asked, 1, 'the first view costs one request');
  await page.mouse.click(...(await middleOf(page.locator('#next-month'))));
  await page.waitForFunction(
    (before) => document.querySelector('slot-picker').shadowRoot.querySelector('#month').textContent !== before,
    first,
  );
  await page.locator('[data-kind=gridcell]:is([data-look=free], [data-look=none])').first().waitFor({ state: 'attached' });
  await page.mouse.click(...(await middleOf(page.locator('#previous-month'))));
  await page.waitForFunction(
    (before) => document.querySelector('slot-picker').shadowRoot.querySelector('#month').textContent === before,
    first,
  );
  assert.deepEqual(problems, []);
  await context.close();
});

test('picking: the first free day is one press away, by mouse and by key, and nothing in the header moves for it', async () => {
  for (const width of [320, 1280]) {
    const { page, context, problems } = await opened({ viewport: { width, height: 1000 } });
    const back = page.locator('#first-free');
    const home = await page.locator('#month').textContent();
    const headerAt = () => page.locator('#next-month').boundingBox();
    const turned = (name, is) =>
      page.waitForFunction(
        ([wanted, equal]) => (document.querySelector('slot-picker').shadowRoot.querySelector('#month').textContent === wanted) === equal,
        [name, is],
      );
    assert.equal(await back.count(), 0, 'the first free day is on show');
    await middleOf(page.locator('#next-month'));
    const before = await headerAt();

    await page.mouse.click(...(await middleOf(page.locator('#next-month'))));
    await turned(home, false);
    const [x, y] = await middleOf(back);
    const box = await back.boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, `a finger hits ${box.width} by ${box.height}`);
    assert.deepEqual(await headerAt(), before);
    await page.mouse.click(x, y);
    await turned(home, true);
    await back.waitFor({ state: 'detached' });
    assert.deepEqual(await headerAt(), before);

    await page.locator('[role=gridcell][tabindex="0"]').focus();
    for (let months = 0; months < 3; months++) await page.keyboard.press('PageDown');
    await turned(home, false);
    await page.keyboard.press('Shift+Tab');  // next month
    await page.keyboard.press('Shift+Tab');  // previous month
    await page.keyboard.press('Shift+Tab');
    assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.id), 'first-free');
    // The next announcement, such as the number of times in a month, follows soon.
    await page.evaluate(() => {
      const live = document.querySelector('slot-picker').shadowRoot.querySelector('[aria-live]');
      window.said = [];
      new MutationObserver(() => window.said.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true });
    });
    await page.keyboard.press('Enter');
    await turned(home, true);
    await page.waitForFunction(() => window.said.some((text) => /free time/.test(text)));
    const focused = await page.evaluate(() => {
      const { id, tabIndex, dataset } = document.activeElement.shadowRoot.activeElement;
      return { id, tabIndex, look: dataset.look };
    });
    assert.match(focused.id, /^day:/);
    assert.equal(focused.tabIndex, 0);
    assert.equal(focused.look, 'free', 'the first free day at or after today');
    assert.equal(await page.evaluate(() => window.shift), 0, 'nothing moved');
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('picking: a day of the next month in the last row says its month, and leads there chosen', async () => {
  const { page, context, problems } = await opened();
  const picker = page.locator('slot-picker');
  const month = page.locator('#month');
  const home = await month.textContent();
  const loaded = () => page.waitForFunction(() => !document.querySelector('slot-picker').shadowRoot.querySelector('[role=gridcell][aria-busy]'));
  // A week that begins with the month's last day, followed by six days of the next month, on any date.
  const last = await page.locator('[role=gridcell][id^="day:"]:not([data-faint])').last().getAttribute('id');
  await picker.evaluate((element, day) => element.setAttribute('first-day', String(day)), new Date(last.slice('day:'.length)).getUTCDay());
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelectorAll('[data-faint]').length === 6);
  // All six are known once their own month has been shown.
  await page.mouse.click(...(await middleOf(page.locator('#next-month'))));
  await loaded();
  const next = await month.textContent();
  assert.notEqual(next, home);
  await page.mouse.click(...(await middleOf(page.locator('#previous-month'))));
  await loaded();
  assert.equal(await month.textContent(), home);

  const cell = page.locator('[data-faint][data-look=free]').first();
  const id = await cell.getAttribute('id');
  const [name, year] = next.split(' ');
  assert.match(await cell.getAttribute('aria-label'), new RegExp(`^\\w+day, ${name} \\d, ${year}, \\d+ free times?$`));
  await page.mouse.click(...(await middleOf(cell)));
  assert.equal((await widgetEvent(page, 'dateselected')).date, id.slice('day:'.length));
  assert.equal(await month.textContent(), next);
  const chosen = page.locator(`[id="${id}"]`);
  assert.equal(await chosen.count(), 1);
  assert.equal(await chosen.getAttribute('aria-selected'), 'true');
  assert.equal(await chosen.getAttribute('data-faint'), null);
  await times(page).first().waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});
