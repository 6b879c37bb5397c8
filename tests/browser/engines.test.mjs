// The same visits in Chromium, Firefox and WebKit, by mouse, keyboard and touch, on what each of them draws.
//   ENGINES     engines to use (default: all): ENGINES=webkit node --test tests/browser/engines.test.mjs
//   PICTURES    a folder for screenshots to look at
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { engines, visitor } from './engines/engine.mjs';
import { bare, startServers, startSite } from './harness.mjs';
import { inspectors } from './inspectors.mjs';

// Runs in the page first: records its events, its errors, and the positions of elements, in any shadow root.
function recorder() {
  window.widgetEvents = [];
  window.problems = [];
  for (const name of ['ready', 'dateselected', 'slotselected', 'booked', 'error']) {
    addEventListener(`slotwire:${name}`, ({ detail }) => window.widgetEvents.push({ name, detail }));
  }
  addEventListener('error', ({ message }) => window.problems.push(message));
  addEventListener('unhandledrejection', ({ reason }) => window.problems.push(String(reason)));
  for (const level of ['error', 'warn']) {
    const original = console[level];
    console[level] = (...words) => {
      window.problems.push(words.join(' '));
      original.apply(console, words);
    };
  }
  window.all = (selector, root = document) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      ...(element.matches(selector) ? [element] : []), ...(element.shadowRoot ? window.all(selector, element.shadowRoot) : []),
    ]);
  window.focused = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.id || at?.localName;
  };
  // The position at which an element has settled after scrolling into view: the canvas is drawn in one frame, and elements are positioned
  // over it before the next.
  window.middleOf = (selector, index) =>
    new Promise((settle) => {
      let before = '';
      const look = () => {
        const element = window.all(selector).at(index);
        element?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        const { x, y, width, height } = element?.getBoundingClientRect() ?? {};
        const now = JSON.stringify([x + width / 2, y + height / 2]);
        if (width && now === before) settle(JSON.parse(now));
        else requestAnimationFrame(look);
        before = now;
      };
      look();
    });
  window.colourAt = async (picture, x, y) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const paper = new OffscreenCanvas(image.width, image.height).getContext('2d');
    paper.drawImage(image, 0, 0);
    return [...paper.getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3);
  };
}

const dayCell = '[data-kind=gridcell][data-look=free]:not([data-faint])';
const time = '[id^="time:"]';
const phone = [360, 780];
const desk = [1280, 1000];

let servers;
let site;
before(async () => {
  const pages = {};
  site = await startSite(pages);
  servers = await startServers({ CALENDLY_ALLOWED_ORIGINS: site.origin });
  await servers.simPost('/__sim/account', { plan: 'paid' });
  const page = (body) => ({
    html: bare(servers.origin, body).replace(
      '<script', `<meta name="viewport" content="width=device-width"><script>(${recorder})();(${inspectors})()</script><script`,
    ),
  });
  Object.assign(pages, {
    '/framed': page(`<script>
      window.messages = [];
      addEventListener('message', ({ data }) => data?.event && window.messages.push(data));
    </script><iframe title="Calendly" width="100%" height="800" src="${servers.origin}/acme/30min?embed_domain=127.0.0.1&amp;embed_type=Inline"></iframe>`),
    '/': page('<button id="before">Before</button><slot-picker event-type="30min"></slot-picker>'),
    '/calendly': {
      html: page(`<script>
        window.messages = [];
        addEventListener('message', ({ data }) => data?.event && window.messages.push(data.event));
      </script><div class="calendly-inline-widget" data-url="${servers.sim}/acme/30min" style="height:700px"></div>`)
        .html.replace('/widget.js', '/widget.js?calendly'),
    },
    '/two': page('<slot-picker event-type="30min"></slot-picker>'.repeat(2)),
    '/inline': page('<slot-picker event-type="30min" book="inline"></slot-picker>'),
    '/head': page('<slot-picker event-type="intake" timezone="America/New_York" timezone-lock></slot-picker>'),
    '/emoji': page('<slot-picker event-type="coffee"></slot-picker>'),
    '/kinds': page(`<div style="height:800px;--brand:#0f7b6c"><slot-picker event-type="30min" style="height:100%" primary-color="var(--brand)"
      background-color="var(--none, #fff8e0)" timezone="Nowhere/Land"></slot-picker></div>`),
    '/hidden': page('<div id="tab" style="display:none"><slot-picker event-type="30min"></slot-picker></div>'),
    '/module': { html: page('<slot-picker event-type="30min"></slot-picker>').html.replace(/<script src="([^"]+)" async><\/script>/, '<script type="module">import("$1")</script>') },
    '/empty': page(`<button id="open" onclick="Slotwire.popup({ eventType: '30min', book: 'inline' })">Open</button>`),
  });
});
after(async () => {
  await site?.stop();
  await servers?.stop();
});

const chosen = process.env.ENGINES?.split(',') ?? engines;
for (const engine of chosen) {
  describe(engine, () => {
    let visit;
    before(async () => {
      visit = await visitor(engine);
    });
    after(() => visit?.leave());

    const widgetEvent = async (name) => (await visit.until((wanted) => window.widgetEvents.find((one) => one.name === wanted), name)).detail;
    const isThere = (selector) => visit.until((wanted) => window.all(wanted).length > 0, selector);
    const isGone = (selector) => visit.until((wanted) => !window.all(wanted).length, selector);
    const middleOf = (selector, index = 0) => visit.run((...given) => window.middleOf(...given), selector, index);
    // Its settled position: a notice that appears above may still move it.
    const atRest = (selector, index = 0) => visit.until((wanted, which) => {
      const at = window.middleOf(wanted, which);
      const before = window.lastMiddle;
      window.lastMiddle = JSON.stringify(at);
      return before === window.lastMiddle && at;
    }, selector, index);
    const click = async (selector, index) => visit.click(await atRest(selector, index));
    const tap = async (selector, index) => visit.tap(await middleOf(selector, index));
    const focusIs = (pattern) => visit.until((wanted) => new RegExp(wanted).test(window.focused()) && window.focused(), pattern);
    const textOf = (selector) => visit.run((wanted) => window.all(wanted)[0]?.textContent, selector);
    const colourAt = async ([x, y]) => visit.run((...given) => window.colourAt(...given), (await visit.picture()).toString('base64'), x, y);
    const colourOf = (token) => visit.run((name) => {
      const host = window.all('canvas')[0].getRootNode().host;
      return getComputedStyle(host).getPropertyValue(name).match(/\d+/g).map(Number).slice(0, 3);
    }, token);
    const agree = () => visit.until(() => window.cores.every((_, index) => !window.isBusy(index) && !window.contradictions(index).length));
    const isWell = async () => assert.deepEqual(await visit.run(() => window.problems), []);
    async function open(path, size = desk) {
      await visit.resize(...size);
      await visit.open(site.origin + path);
      if (path === '/empty') return visit.until(() => window.Slotwire);
      await isThere(dayCell);
      return widgetEvent('ready');
    }
    async function picture(name) {
      if (!process.env.PICTURES) return;
      await mkdir(process.env.PICTURES, { recursive: true });
      await writeFile(join(process.env.PICTURES, `${engine}-${name}.png`), await visit.picture());
    }

    test('engines: the mouse picks a day and a time on the canvas, which shows them', async () => {
      await open('/');
      const day = await middleOf(dayCell, -1);
      await visit.click(day);
      const { date } = await widgetEvent('dateselected');
      assert.equal(await visit.run(() => window.all('[role=gridcell][aria-selected=true]')[0].id), `day:${date}`);
      await click(time);
      assert.ok((await widgetEvent('slotselected')).start);
      await agree();
      // To the left of the number the day's cell is filled.
      const [x, y] = await middleOf(`[id="day:${date}"]`);
      assert.deepEqual(await colourAt([x - 14, y]), await colourOf('--sw-primary'));
      await picture('mouse');
      await isWell();
    });

    test('engines: a page of an event type, in a frame, tells the page around it what Calendly would', async () => {
      await visit.resize(...desk);
      await visit.open(`${site.origin}/framed`);
      const message = (event) => visit.until((wanted) => window.messages.find((one) => one.event === wanted), `calendly.${event}`);
      assert.deepEqual((await message('event_type_viewed')).payload, {});
      assert.match((await message('page_height')).payload.height, /^\d+px$/);
      await picture('framed');
      await isWell();
      // Also as a page of its own.
      await visit.open(`${servers.origin}/acme/30min`);
      await visit.until((wanted) => Boolean(document.querySelector('slot-picker')?.shadowRoot?.querySelector(wanted)), dayCell);
      assert.equal(await visit.run(() => getComputedStyle(document.querySelector('.plain form')).display), 'none');
      await picture('hosted');
    });

    test('engines: keys alone pick a day and a time', async () => {
      await open('/');
      await visit.run(() => document.getElementById('before').focus());
      const tabTo = async (start) => {
        for (let presses = 0; presses < 60 && !(await visit.run(() => window.focused())).startsWith(start); presses++) await visit.key('Tab');
        return focusIs(`^${start}`);
      };
      const first = await tabTo('day:');
      await visit.key('End');
      await visit.key('ArrowDown');
      await visit.until((before) => window.focused() !== before, first);
      await visit.run((wanted) => window.all(wanted).at(-1).focus(), dayCell);
      await visit.key('Enter');
      await widgetEvent('dateselected');
      await tabTo('time:');
      await visit.key('Enter');
      assert.ok((await widgetEvent('slotselected')).start);
      await tabTo('book');
      await agree();
      await isWell();
    });

    test('engines: a finger picks on a phone', async () => {
      await open('/', phone);
      await tap(dayCell, -1);
      await widgetEvent('dateselected');
      await tap(time);
      assert.ok((await widgetEvent('slotselected')).start);
      await agree();
      await picture('finger-360');
      await isWell();
    });

    test('engines: zone and month change, and canvas and twin agree', async () => {
      await open('/');
      await click('#zone');
      await isThere('#zone-dialog');
      await focusIs('zone');
      await visit.type('Tokyo');
      await visit.until(() => window.all('[role=option]').length === 1);
      await agree();
      await picture('zones');
      await click('[role=option]');
      await visit.until(() => window.all('#zone')[0].textContent.includes('Tokyo'));
      await agree();
      const month = await textOf('#month');
      await click('#next-month');
      await visit.until((before) => window.all('#month')[0].textContent !== before, month);
      await agree();
      await click('#month');
      await isThere('[id^="month:"]');
      await agree();
      await click('[id^="month:"]:not([aria-disabled])');
      await isGone('[id^="month:"]');
      await agree();
      assert.equal(await textOf('#month'), month);
      await isWell();
    });

    test('engines: of two widgets, one driven by its pixels and one by its elements, neither knows more', async () => {
      await open('/two', [700, 1120]);
      await visit.until(() => window.cores.length === 2 && window.widgetEvents.filter(({ name }) => name === 'ready').length === 2);
      const both = () => visit.until(() => !window.isBusy(0) && window.modelOf(0) === window.modelOf(1) && ![0, 1].some((index) => window.contradictions(index).length));
      await both();
      for (const pick of ['day:', 'time:', 'next-month', 'day:', 'month', 'month:', 'day:', 'time:', 'zone']) {
        const [id, x, y] = await visit.run((start, free) => {
          const picker = document.querySelector('slot-picker');
          const host = picker.getBoundingClientRect();
          // A day of the next month may be clicked before anything is known of it.
          const isMeant = (one) => (start.endsWith(':') ? one.startsWith(start) : one === start) && (start !== 'day:' || picker.shadowRoot.getElementById(one).matches(free));
          const found = Object.entries(window.placesOf(0)).filter(([one]) => isMeant(one)).at(start === 'month:' ? 0 : -1);
          if (!found) throw new Error(`there is no ${start} on the canvas: ${Object.keys(window.placesOf(0))}`);
          const [left, top, width, height] = found[1];
          return [found[0], host.x + left + width / 2, host.y + top + height / 2];
        }, pick, dayCell);
        await visit.click([x, y]);
        await visit.run((wanted) => document.querySelectorAll('slot-picker')[1].shadowRoot.getElementById(wanted).click(), id);
        await both();
      }
      await isWell();
    });

    test('engines: the head says who, where and what about, unfolds, and has emoji in their colours', async () => {
      for (const size of [phone, desk]) {
        await open('/head', size);
        await agree();
        assert.deepEqual([await textOf('#title'), await textOf('#host'), await textOf('#place')], ['Intake on site', 'Ada Example', 'In person']);
        const folded = await textOf('#about-text');
        assert.match(folded, /…$/);
        assert.match(await textOf('#zone'), /^New York/);
        await click('#zone');
        await picture(`head-${size[0]}`);
        await click('#about-more');
        await visit.until(() => window.all('#about-more')[0]?.getAttribute('aria-expanded') === 'true');
        await agree();
        assert.ok((await textOf('#about-text')).length > folded.length);
        await click('#about-more');
        await isThere(dayCell);
        await agree();
        assert.equal(await textOf('#about-text'), folded);
        assert.equal(await visit.run(() => window.all('#zone-dialog').length), 0, 'the zone is locked');
        await isWell();
      }
      await open('/emoji');
      await agree();
      const huedIn = (picture) => visit.run(async (base64) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const height = Math.floor(window.all('#month')[0].getBoundingClientRect().y);
        const paper = new OffscreenCanvas(image.width, height).getContext('2d');
        paper.drawImage(image, 0, 0);
        const { data } = paper.getImageData(0, 0, image.width, height);
        let count = 0;
        for (let i = 0; i < data.length; i += 4) if (Math.max(...data.slice(i, i + 3)) - Math.min(...data.slice(i, i + 3)) > 60) count++;
        return count;
      }, picture.toString('base64'));
      // On a busy machine a screenshot may show an earlier frame.
      let hued = 0;
      for (let pictures = 0; pictures < 20 && hued <= 20; ++pictures) hued = await huedIn(await visit.picture());
      assert.ok(hued > 20, `pixels with a hue: ${hued}`);
      await picture('emoji');
      await isWell();
    });

    test('engines: heights in %, colours by name, a zone that is none, a module, and a tab that is shown later', async () => {
      await open('/kinds');
      await agree();
      assert.equal(await visit.run(() => document.querySelector('slot-picker').getBoundingClientRect().height), 800);
      assert.deepEqual([await colourOf('--sw-primary'), await colourOf('--sw-background')], [[15, 123, 108], [255, 248, 224]]);
      assert.match(await textOf('#zone'), /^Amsterdam/);
      assert.deepEqual(await visit.run(() => window.problems), ['slotwire: "Nowhere/Land" is no time zone']);
      await open('/module');
      await agree();
      await isWell();
      await visit.open(`${site.origin}/hidden`);
      await visit.until(() => window.Slotwire && window.all('slot-picker')[0].shadowRoot);
      // Its height at every moment from the first frame on.
      await visit.run(() => {
        window.heights = new Set();
        const look = () => {
          window.heights.add(document.querySelector('slot-picker').getBoundingClientRect().height);
          requestAnimationFrame(look);
        };
        document.getElementById('tab').style.display = '';
        look();
      });
      await isThere(dayCell);
      await widgetEvent('ready');
      await agree();
      assert.equal((await visit.run(() => [...window.heights])).length, 1, 'nothing jumps');
      await isWell();
    });

    test('engines: a visitor books in the widget', async () => {
      await open('/inline');
      await click(dayCell, -1);
      await click(time);
      const { start } = await widgetEvent('slotselected');
      await click('#book');
      await click('.booking input');
      await visit.type('Ada Lovelace');
      await visit.key('Tab');
      await visit.type('ada@example.com');
      await click('.booking .add');
      await focusIs('field-');
      await visit.type('alan@example.com, mary@example.com');
      await picture('form');
      await click('.booking [type=submit]');
      assert.equal((await widgetEvent('booked')).start, start);
      await isThere('#booked');
      assert.equal(await textOf('#booked-guests'), '2 guests are invited, too');
      await agree();
      await picture('booked');
      await isWell();
    });

    test('engines: a visitor books on the booking page over the site', async () => {
      await open('/');
      await click(dayCell, -2);
      // The proxy offers a time booked at Calendly for a while longer: each engine uses another time.
      await click(time, engines.indexOf(engine));
      const { start } = await widgetEvent('slotselected');
      await click('#book');
      await isThere('dialog iframe');
      await isGone('dialog .waiting');
      const frame = () => window.all('dialog iframe')[0];
      const [left, top, width, height] = await visit.run(() => {
        const box = window.all('dialog iframe')[0].getBoundingClientRect();
        return [box.x, box.y, box.width, box.height];
      });
      assert.ok(width > 600 && height > 600, `the booking page has room: ${width} x ${height}`);
      const place = (selector) => visit.inFrame(frame, (wanted) => {
        const box = document.querySelector(wanted)?.getBoundingClientRect();
        return box && [box.x + box.width / 2, box.y + box.height / 2];
      }, selector);
      const inside = async (selector) => {
        const [x, y] = await place(selector);
        await visit.click([left + x, top + y]);
      };
      await inside('[name=name]');
      await visit.type('Ada');
      await inside('[name=email]');
      await visit.type('ada@example.com');
      await picture('overlay');
      await inside('button');
      assert.equal((await widgetEvent('booked')).start, start);
      await isGone('dialog');
      await isThere('#booked');
      await isWell();
    });

    // The booking page's frame repeated the widget's messages to the site. In no engine is a listener of ours certain to run first.
    test('engines: with the markup of Calendly the booking page says nothing twice', async () => {
      await open('/calendly');
      await click(dayCell, -2);
      await click(time, -1);
      await widgetEvent('slotselected');
      await click('#book');
      await isThere('dialog iframe');
      await isGone('dialog .waiting');
      const [width, height] = await visit.run(() => {
        const box = window.all('dialog iframe')[0].contentDocument.querySelector('iframe').getBoundingClientRect();
        return [box.width, box.height];
      });
      assert.ok(width > 600 && height > 600, `the booking page has room: ${width} x ${height}`);
      const messages = await visit.run(() => window.messages.filter((event) => !event.endsWith('page_height')));
      assert.deepEqual(messages, ['calendly.event_type_viewed', 'calendly.date_and_time_selected']);
      await picture('overlay-calendly');
      await isWell();
    });

    // In WebKit a flex item with `flex: 1` (basis 0 %) has no height if its column is only as high as its content: the popup was only its
    // bar, 59 px high, and a click where a day should have been closed it. After scrolling, no popup showed its close button.
    const popup = async (name, size) => {
      await open('/empty', size);
      await click('#open');
      await isThere(dayCell);
      await widgetEvent('ready');
      const [box, inner] = await visit.run(() => {
        const [dialog, body] = [window.all('dialog')[0], window.all('dialog .body')[0]].map((one) => one.getBoundingClientRect());
        return [[dialog.width, dialog.height], body.height];
      });
      assert.ok(box[1] > 500 && inner > 500, `the popup is as high as what is in it: ${box}, body ${inner}`);
      assert.ok(box[0] <= size[0] && box[1] <= size[1], `and no higher than the screen: ${box}`);
      await picture(`popup-${name}`);
      await click(dayCell, -1);
      await widgetEvent('dateselected');
      // The first ones are booked: a browser's cache may still show them.
      await click(time, 3);
      await widgetEvent('slotselected');
      await agree();
      await picture(`popup-${name}-chosen`);
      assert.equal(await visit.run(() => window.all('dialog').length), 1, 'it is still open');
      const way = await visit.run(() => {
        const { x, y, width, height } = window.all('dialog .close')[0].getBoundingClientRect();
        return window.all('dialog')[0].getRootNode().elementFromPoint(x + width / 2, y + height / 2)?.className;
      });
      assert.equal(way, 'close', 'the way out is in sight however far the popup is scrolled');
    };
    test('engines: in a popup, 360 and 1280 px wide, a day and a time are picked, and it closes', async () => {
      for (const size of [phone, desk]) {
        await popup(`${size[0]}-light`, size);
        await click('#book');
        await middleOf('.booking input');
        await picture(`popup-${size[0]}-form`);
        await click('dialog .close');
        await isGone('dialog');
        await focusIs('^open$');
        await visit.key('Enter');
        await isThere('dialog');
        await isThere(dayCell);
        await visit.key('Escape');
        await isGone('dialog');
        await focusIs('^open$');
        await isWell();
      }
    });

    const isDark = async (dark) => {
      const wanted = dark ? [21, 24, 30] : [255, 255, 255];
      await visit.until((name, ground) => getComputedStyle(document.querySelector('slot-picker')).getPropertyValue(name).match(/\d+/g)?.slice(0, 3).join() === ground, '--sw-background', wanted.join());
      await agree();
      const [x, y] = await visit.run(() => {
        const box = document.querySelector('slot-picker').getBoundingClientRect();
        return [box.x + 8, box.y + box.height / 2];
      });
      assert.deepEqual(await colourAt([x, y]), wanted, 'the canvas has the colour');
    };
    test('engines: the widget is light or dark as the visitor has it', async () => {
      await open('/');
      await isDark(false);
      if (visit.darken) {
        await visit.darken(true);
        await isDark(true);
        await picture('dark');
        await visit.darken(false);
        await isDark(false);
        await visit.darken(true);
      } else {
        await visit.leave();
        visit = await visitor(engine, { dark: true });
        await open('/');
        await isDark(true);
        await picture('dark');
      }
      for (const size of [phone, desk]) await popup(`${size[0]}-dark`, size);
      await isWell();
    });
  });
}
