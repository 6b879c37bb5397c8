// Calendly links, and pages as in public bug reports. Each test begins with what was observed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atCalendly, bare, freeDays, widgetEvent, newPage, openPicker, startBrowser, startServers, startSite, times } from './harness.mjs';

let servers;
let site;
let browser;
const calendly = (body) => bare(servers.origin, body, 'widget.js?calendly');
const inline = (url, more = '') => `<div class="calendly-inline-widget" data-url="${url}" ${more}></div>`;
const ours = 'https://calendly.com/acme';
before(async () => {
  servers = await startServers({}, { pages: 'https://calendly.com' });
  const { origin } = servers;
  const picker = '<slot-picker event-type="30min"></slot-picker>';
  site = await startSite({
    '/picker': { html: bare(origin, picker) },
    '/links': {
      html: calendly(
        inline(`${ours}/30%E0%A4%A`, 'id="broken"') + inline('https://calendly.com/somebody-else/30min', 'id="other"') +
        inline('https://calendly.com/somebody-else', 'id="otherlist"') + inline(`${ours}/secret`, 'id="secret"') +
        inline('https://www.Calendly.com/ACME/60min/?x=1', 'id="ours"') + inline(ours, 'id="list"'),
      ),
    },
    '/attribute': { html: bare(origin, `<slot-picker event-type="${ours}/60min"></slot-picker>`) },
    '/heights': {
      html: bare(origin, `<div style="height:800px"><slot-picker id="full" event-type="30min" style="height:100%"></slot-picker></div>
        <slot-picker id="rem" event-type="30min" height="43.75rem"></slot-picker><slot-picker id="vh" event-type="30min" height="80vh"></slot-picker>
        <slot-picker id="low" event-type="30min" height="80"></slot-picker><slot-picker id="odd" event-type="30min" height="tall"></slot-picker>`),
    },
    '/boxes': {
      html: calendly(`<div style="height:800px">${inline(`${ours}/30min`, 'id="full" style="height:100%"')}</div>
        ${inline(`${ours}/30min`, 'id="vh" style="height:70vh"')}${inline(`${ours}/30min`, 'id="low" style="height:300px"')}
        ${inline(`${ours}/30min`, 'id="none"')}<p id="after">After</p>`),
    },
    '/colours': {
      html: bare(origin, `<div style="--brand:#0f7b6c;--page:#fff8e0;color:#402010"><slot-picker event-type="30min" primary-color="var(--brand)"
        background-color="var(--none, var(--page))" text-color="currentColor"></slot-picker></div>
        <slot-picker id="unknown" event-type="30min" theme="light" background-color="var(--nothing)"></slot-picker>`),
    },
    '/empty': { html: bare(origin, '<main></main>') },
    '/empty-calendly': { html: calendly('<main></main>') },
    '/hidden': { html: bare(origin, `<div id="tab" style="display:none">${picker}</div><p>Below</p>`) },
    '/nested': {
      html: bare(origin, ['30min', '60min'].map((slug) => `<div class="calendly-inline-widget" id="w${slug}" data-auto-load="false" style="height:700px">
        <script>addCall(() => Calendly.initInlineWidget({ url: '${ours}/${slug}' }))</script></div>`).join(''), 'widget.js?calendly')
        .replace(' async', '').replace('addCall(() => ', '').replaceAll('addCall(() => ', '').replaceAll(' }))', ' })'),
    },
    '/module': { html: `<!doctype html><html lang="en"><title>M</title><link rel="icon" href="data:,"><script type="module" src="${origin}/widget.js"></script>${picker}</html>` },
    '/import': { html: `<!doctype html><html lang="en"><title>M</title><link rel="icon" href="data:,"><script type="module">import('${origin}/widget.js')</script>${picker}</html>` },
    '/bundled': { html: `<!doctype html><html lang="en" data-slotwire-src="${origin}/widget.js"><title>M</title><link rel="icon" href="data:,"><script>${(await (await fetch(`${origin}/widget.js`)).text()).replaceAll('</script', '<\\/script')}</script>${picker}</html>` },
    '/german': { html: bare(origin, '<slot-picker event-type="30min" locale="de_DE"></slot-picker>') },
    '/brazil': { html: bare(origin, picker).replace('lang="en"', 'lang="pt_BR"') },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const shadowText = (page, selector) =>
  page.locator(selector).evaluate((element) => (element.shadowRoot ?? element.firstElementChild?.shadowRoot)?.querySelector('.twin')?.textContent ?? '');
const until = (page, selector, pattern) =>
  page.waitForFunction(([where, source]) => {
    const element = document.querySelector(where);
    return new RegExp(source).test((element?.shadowRoot ?? element?.firstElementChild?.shadowRoot)?.querySelector('.twin')?.textContent ?? '');
  }, [selector, pattern.source]);

// Only the last part of a link was read: another account's 30min showed and booked ours, the link of a secret event type was unknown, and
// a broken % removed all widgets after it.
test('links: each means itself, and what is not ours leads to Calendly\'s page and says so', async () => {
  const { page, context } = await newPage(browser, { viewport: { width: 1280, height: 6000 } });
  await page.goto(`${site.origin}/links`);
  await until(page, '#ours', /60 Minute Meeting/);
  await until(page, '#secret', /Secret Consultation/);
  await until(page, '#list', /30 Minute Meeting.*Group Workshop/);
  assert.doesNotMatch(await shadowText(page, '#list'), /Secret/);
  for (const [id, href] of [['other', 'https://calendly.com/somebody-else/30min'], ['otherlist', 'https://calendly.com/somebody-else'], ['broken', `${ours}/30%E0%A4%A`]]) {
    const link = page.locator(`#${id} #open-booking`);
    await link.waitFor({ state: 'attached' });
    assert.equal(await link.getAttribute('href'), href);
    assert.equal(await page.locator(`#${id} #calendar`).count(), 0);
  }
  await page.waitForFunction(() => window.widgetEvents.filter(({ name, detail }) => name === 'error' && detail.code === 'event_type_not_found').length === 3);
  await context.close();
});

test('links: event-type takes one, and a time at its end is where the picker opens', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/attribute`);
  await until(page, 'slot-picker', /60 Minute Meeting/);
  const day = new Date(Date.now() + 45 * 86400000).toISOString().slice(0, 10);
  await page.locator('slot-picker').evaluate((picker, link) => picker.setAttribute('event-type', link), `${ours}/30min/${day}T12:00:00Z?month=2020-01&date=2020-01-02`);
  await until(page, 'slot-picker', /30 Minute Meeting/);
  await page.waitForFunction((id) => document.querySelector('slot-picker').shadowRoot.getElementById(id)?.ariaSelected === 'true', `day:${day}`);
  await context.close();
});

// "80vh" was read as 80 px and "100%" as 100: texts overlapped.
test('sizes: heights in any unit are what CSS makes of them, and never lower than the picker needs', async () => {
  const { page, context } = await newPage(browser, { viewport: { width: 1280, height: 1000 } });
  await page.goto(`${site.origin}/heights`);
  await widgetEvent(page, 'ready');
  const height = (selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().height);
  assert.deepEqual(
    [await height('#full'), await height('#rem'), await height('#vh'), await height('#low'), await height('#odd')],
    [800, 700, 800, 540, 540],
  );
  await page.goto(`${site.origin}/boxes`);
  await widgetEvent(page, 'ready');
  await page.waitForFunction(() => document.querySelector('#none > div'));
  assert.deepEqual(
    [await height('#full > div'), await height('#vh > div'), await height('#low > div'), await height('#none > div')],
    [800, 700, 540, 540],
  );
  assert.equal(await height('#low'), 540, 'the box grows with what is in it');
  await context.close();
});

// var() and currentColor were read as black: a cream-coloured site had a black widget.
test('colours: as the page would show them, and our own for a name that stands for nothing', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/colours`);
  await widgetEvent(page, 'ready');
  const token = (selector, name) => page.locator(selector).evaluate((picker, one) => getComputedStyle(picker.shadowRoot.host).getPropertyValue(one).trim(), name);
  assert.equal(await token('slot-picker >> nth=0', '--sw-primary'), 'rgb(15 123 108/1)');
  assert.equal(await token('slot-picker >> nth=0', '--sw-background'), 'rgb(255 248 224/1)');
  assert.equal(await token('slot-picker >> nth=0', '--sw-text'), 'rgb(64 32 16/1)');
  await page.locator('#unknown').scrollIntoViewIfNeeded();
  await page.waitForFunction(() => getComputedStyle(document.querySelector('#unknown')).getPropertyValue('--sw-background'));
  assert.equal(await token('#unknown', '--sw-background'), 'rgb(255 255 255/1)');
  await page.evaluate(() => {
    document.documentElement.style.setProperty('--brand', '#003366');
    Slotwire.badge({ eventType: '30min', text: 'Meet', color: 'var(--brand)', textColor: 'var(--missing)' });
  });
  const badge = page.getByRole('button', { name: 'Meet' });
  assert.equal(await badge.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(0, 51, 102)');
  await context.close();
});

// On a system whose zone the browser does not know there was no widget; with a zone given, the zone list threw an error and stayed empty.
test('clocks: an unknown zone of the system is UTC, and the chooser works', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.addInitScript(() => {
    const { resolvedOptions } = Intl.DateTimeFormat.prototype;
    Intl.DateTimeFormat.prototype.resolvedOptions = function () {
      const options = resolvedOptions.call(this);
      return options.timeZone === 'Europe/Amsterdam' ? { ...options, timeZone: 'Etc/Unknown' } : options;
    };
  });
  await openPicker(page, `${site.origin}/picker`);
  assert.match(await page.locator('#zone').textContent(), /^UTC/);
  await page.locator('#zone').evaluate((button) => button.click());
  await page.locator('[id^="zone:Asia"]').first().waitFor({ state: 'attached' });
  for (const [given, shown] of [['america/new_york', /New York/], ['asia/calcutta', /Kolkata/], ['+05:30', /^UTC/], ['utc', /^UTC/], ['Foo/Bar', /^UTC/]]) {
    await page.locator('slot-picker').evaluate((picker, zone) => picker.setAttribute('timezone', zone), given);
    await page.waitForFunction(([source]) => new RegExp(source).test(document.querySelector('slot-picker').shadowRoot.querySelector('#zone').textContent), [shown.source]);
  }
  assert.deepEqual(problems, ['+05:30', 'Foo/Bar'].map((zone) => `console warning: slotwire: "${zone}" is no time zone`));
  await context.close();
});

// With a clock that was slow by minutes across midnight, or by a day, the widget showed "Some days could not be loaded" forever and
// selected no day.
test('clocks: a visitor\'s wrong clock changes nothing', async () => {
  for (const hours of [-27, -24 * 400, 30]) {
    const { page, context, problems } = await newPage(browser);
    await page.clock.install({ time: Date.now() + hours * 3600000 });
    await page.goto(`${site.origin}/picker`);
    await widgetEvent(page, 'ready');
    const today = new Date().toLocaleDateString('sv', { timeZone: 'Europe/Amsterdam' });
    await page.waitForFunction((id) => document.querySelector('slot-picker').shadowRoot.querySelector('[aria-current=date]')?.id === id, `day:${today}`);
    await times(page).first().waitFor({ state: 'attached' });
    assert.equal(await page.locator('#notice').count(), 0, `${hours} h`);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

// The search found none of these, or the wrong place; visitors in India saw Calcutta.
test('clocks: zones are found by today\'s and former names, country, abbreviation and offset, without accents', async () => {
  const { page, context, problems } = await newPage(browser, { timezoneId: 'Asia/Calcutta' });
  await openPicker(page, `${site.origin}/picker`);
  assert.match(await page.locator('#zone').textContent(), /^Kolkata/);
  await page.locator('#zone').evaluate((button) => button.click());
  await page.locator('[id^="zone:Asia"]').first().waitFor({ state: 'attached' });
  const search = page.locator('#zone-search');
  for (const [text, zone] of [
    ['Kyiv', 'Europe/Kyiv'], ['kiev', 'Europe/Kyiv'], ['Kolkata', 'Asia/Kolkata'], ['calcutta', 'Asia/Kolkata'], ['Kathmandu', 'Asia/Kathmandu'],
    ['Zürich', 'Europe/Zurich'], ['São Paulo', 'America/Sao_Paulo'], ['new_york', 'America/New_York'], ['Eastern', 'America/New_York'],
    ['PST', 'America/Los_Angeles'], ['India', 'Asia/Kolkata'], ['utc+5:30', 'Asia/Kolkata'], ['GMT +9', 'Asia/Tokyo'], ['JST', 'Asia/Tokyo'],
    ['Switzerland', 'Europe/Zurich'], ['saigon', 'Asia/Ho_Chi_Minh'], ['CET', 'Europe/Berlin'],
  ]) {
    await search.fill(text);
    await page.locator(`[id="zone:${zone}"]`).waitFor({ state: 'attached' }).catch(() => assert.fail(`${text} does not find ${zone}`));
    assert.ok((await page.locator('[id^="zone:"]').count()) < 120, text);
  }
  await search.fill('kathmandu');
  assert.match(await page.locator('[id="zone:Asia/Kathmandu"]').textContent(), /Kathmandu/);
  assert.deepEqual(problems, []);
  await context.close();
});

// Code that was served as HTML with 503 or 404, or truncated, was reported as "cannot run in this browser", without a retry.
test('trouble: code that comes broken could not be loaded, and may be tried again', async () => {
  const wasm = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 80, 96]);
  for (const [pattern, answer] of [
    ['**/*.wasm*', { status: 503, contentType: 'text/html', body: '<h1>503</h1>' }],
    ['**/*.wasm*', { status: 404, contentType: 'text/html', body: '<h1>404</h1>' }],
    ['**/*.wasm*', { status: 200, contentType: 'text/html', body: '<h1>Hello</h1>' }],
    ['**/*.wasm*', { status: 200, contentType: 'application/wasm', body: wasm }],
    ['**/widget-app-*', { status: 200, contentType: 'text/javascript', body: 'export function start(' }],
  ]) {
    const { page, context } = await newPage(browser);
    const headers = { 'Access-Control-Allow-Origin': '*' };
    await page.route(pattern, (route) => route.fulfill({ ...answer, headers }));
    await page.goto(`${site.origin}/picker`);
    const box = page.locator('slot-picker .away');
    await box.waitFor();
    assert.equal((await widgetEvent(page, 'error')).code, 'load_failed', pattern);
    assert.equal(await box.locator('a').getAttribute('href'), `${ours}/30min`);
    await page.unroute(pattern);
    await box.getByRole('button').click();
    await freeDays(page).first().waitFor({ state: 'attached' });
    await context.close();
  }
});

// The widget said "You appear to be offline" while online, and showed no link.
test('trouble: a request that the browser holds back says what it can know, with a link', async () => {
  const { page, context } = await newPage(browser);
  await page.route('**/api/**', (route) => route.abort('blockedbyclient'));
  await page.goto(`${site.origin}/attribute`);
  assert.equal((await widgetEvent(page, 'error')).code, 'unreachable');
  const link = page.locator('#open-booking');
  await link.waitFor({ state: 'attached' });
  assert.equal(await link.getAttribute('href'), `${ours}/60min`);
  assert.doesNotMatch(await shadowText(page, 'slot-picker'), /offline/);
  await context.close();
});

test('trouble: a page whose origin is not allowed says so', async () => {
  const strict = await startServers({ CALENDLY_ALLOWED_ORIGINS: 'https://www.example.com' });
  const other = await startSite({ '/': { html: bare(strict.origin, `<slot-picker event-type="${ours}/60min"></slot-picker>`) } });
  const { page, context } = await newPage(browser);
  try {
    await page.goto(`${other.origin}/`);
    assert.equal((await widgetEvent(page, 'error')).code, 'origin_not_allowed');
    await page.locator('#open-booking').waitFor({ state: 'attached' });
  } finally {
    await context.close();
    await other.stop();
    await strict.stop();
  }
});

// A module requested its files from the page's own origin.
test('scripts: as a module, imported, or inlined with its address, the widget finds its files', async () => {
  for (const path of ['/module', '/import', '/bundled']) {
    const { page, context, problems } = await newPage(browser);
    await openPicker(page, site.origin + path);
    assert.deepEqual(problems, [], path);
    await context.close();
  }
});

test('scripts: a locale with an underscore is one', async () => {
  for (const [path, zone] of [['/german', /Zeitzone/], ['/brazil', /[Ff]uso/]]) {
    const { page, context } = await newPage(browser);
    await openPicker(page, site.origin + path);
    assert.match(await page.locator('#zone').getAttribute('aria-label'), zone);
    await context.close();
  }
});

// With Prototype 1.6 in the page, whose Array.from takes no function, the skeleton said "undefined".
test('scripts: with an old library\'s arrays the widget is itself', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.addInitScript(() => {
    const own = (name, value) => { Array.prototype[name] = value; };
    own('toJSON', function () { return `[${[...this].map((one) => JSON.stringify(one)).join(', ')}]`; });
    own('entries', function () { return [...this]; });
    own('reduce', function () { return this.length > 1 ? this : this[0]; });
    Array.from = (list) => { const made = new Array(list.length ?? 0); for (let i = 0; i < made.length; i++) made[i] = list[i]; return made; };
  });
  await openPicker(page, `${site.origin}/picker`);
  assert.doesNotMatch(await page.locator('slot-picker').evaluate((picker) => picker.shadowRoot.textContent), /undefined/);
  await freeDays(page).last().evaluate((cell) => cell.click());
  await times(page).first().waitFor({ state: 'attached' });
  assert.deepEqual(problems, []);
  await context.close();
});

// The widget opened 740 px high and jumped to 540 (layout shift 0.45).
test('sizes: a widget in a hidden tab that is shown later does not jump', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/hidden`);
  await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot);
  await page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.shifts = 0;
      new PerformanceObserver((list) => { window.shifts += list.getEntries().length; }).observe({ type: 'layout-shift' });
      document.getElementById('tab').style.display = '';
      requestAnimationFrame(() => requestAnimationFrame(done));
    }));
  }));
  await widgetEvent(page, 'ready');
  // Showing the tab moves what is below it once; shrinking from 740 to 540 would move it again.
  const opened = await page.evaluate(() => [window.shifts, document.querySelector('slot-picker').offsetHeight]);
  assert.deepEqual(opened, [1, 540]);
  await context.close();
});

test('scripts: a double click opens one dialog', async () => {
  const { page, context, problems } = await newPage(browser);
  await page.goto(`${site.origin}/empty`);
  await page.evaluate(() => {
    const button = document.createElement('button');
    button.textContent = 'Open';
    button.onclick = () => Slotwire.popup({ eventType: '30min' });
    document.body.append(button);
  });
  await page.getByRole('button', { name: 'Open' }).dblclick();
  await page.locator('dialog').first().waitFor();
  await freeDays(page).first().waitFor({ state: 'attached' });
  assert.equal(await page.locator('dialog').count(), 1);
  // With the code already loaded, the second click hit the backdrop of the popup that the first had opened, and closed it. The same
  // happened with the badge.
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.evaluate(() => { Slotwire.badge({ eventType: '30min', text: 'Meet' }); });
  for (const name of ['Open', 'Meet']) {
    await page.getByRole('button', { name }).dblclick();
    await freeDays(page).first().waitFor({ state: 'attached' });
    assert.equal(await page.locator('dialog').count(), 1, name);
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  }
  await page.evaluate(() => { Slotwire.popup({ eventType: '60min' }); Slotwire.popup({ eventType: '60min' }); });
  await page.waitForFunction(() => [...document.querySelectorAll('body > div')].filter(({ shadowRoot }) => shadowRoot?.querySelector('dialog')).length === 1);
  assert.deepEqual(problems, []);
  await context.close();
});

// Two snippets that each call initInlineWidget({url}) inside their own element both used the first element.
test('scripts: each of two nested snippets gets its own widget', async () => {
  const { page, context } = await newPage(browser, { viewport: { width: 1280, height: 2000 } });
  await page.goto(`${site.origin}/nested`);
  await until(page, '#w30min', /30 Minute Meeting/);
  await until(page, '#w60min', /60 Minute Meeting/);
  await context.close();
});

test('scripts: the badge goes when the page removes it by its class, before or after its code has come', async () => {
  const { page, context } = await newPage(browser);
  await page.goto(`${site.origin}/empty-calendly`);
  await page.waitForFunction(() => window.Calendly);
  const init = () => Calendly.initBadgeWidget({ url: 'https://calendly.com/acme/30min', text: 'Meet', color: '#003366', textColor: '#fff' });
  await page.evaluate(`(${init})(); document.querySelector('.calendly-badge-widget')?.remove()`);
  await page.evaluate(`(${init})()`);
  await page.getByRole('button', { name: 'Meet' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Meet' }).count(), 1);
  await page.evaluate(() => document.querySelector('.calendly-badge-widget')?.remove());
  assert.equal(await page.getByRole('button', { name: 'Meet' }).count(), 0);
  await page.evaluate(`(${init})()`);
  await page.getByRole('button', { name: 'Meet' }).waitFor();
  await page.evaluate(() => Calendly.destroyBadgeWidget());
  await page.waitForFunction(() => !document.querySelector('.calendly-badge-widget'));
  await context.close();
});

// After a page swapped its body for another, or for a copy of an earlier one (Turbo), Calendly's markup stayed empty.
test('scripts: Calendly\'s markup comes back with a body that is swapped, from a copy too', async () => {
  const { page, context, problems } = await newPage(browser, { viewport: { width: 1280, height: 3600 } });
  await page.goto(`${site.origin}/boxes`);
  await until(page, '#none', /30 Minute Meeting/);
  const swap = (make) => page.evaluate(make);
  await swap(() => {
    window.kept = document.body.cloneNode(true);
    const other = document.createElement('body');
    other.innerHTML = '<p>Another page</p>';
    document.documentElement.replaceChild(other, document.body);
  });
  await swap(() => document.documentElement.replaceChild(window.kept, document.body));
  await until(page, '#none', /30 Minute Meeting/);
  assert.equal(await page.locator('#none > div').count(), 1);
  assert.deepEqual(problems, []);
  await context.close();
});

// A page without a host name (a file, a web view, srcdoc) gave Calendly's page an empty embed_domain: the booking was made, but the page
// was not notified.
test('scripts: a page without a host name hears that it is booked', async () => {
  const { page, context } = await newPage(browser);
  await atCalendly(page, servers.sim);
  await page.goto(`${site.origin}/empty`);
  await page.evaluate((origin) => {
    const frame = document.createElement('iframe');
    frame.style.cssText = 'width:1000px;height:800px';
    frame.srcdoc = `<html lang="en"><script src="${origin}/widget.js" async></` + 'script><slot-picker event-type="30min"></slot-picker></html>';
    document.body.append(frame);
  }, servers.origin);
  const inner = page.frameLocator('iframe').first();
  await freeDays(inner).first().waitFor({ state: 'attached' });
  await freeDays(inner).last().evaluate((cell) => cell.click());
  await times(inner).first().evaluate((button) => button.click());
  await inner.locator('#book').evaluate((button) => button.click());
  const booking = inner.locator('dialog iframe');
  await booking.waitFor();
  assert.equal(new URL(await booking.getAttribute('src')).searchParams.get('embed_domain'), '1');
  await context.close();
});

test('dates: prefill.date as a Date or text is the local day that was meant', async () => {
  const { page, context } = await newPage(browser, { timezoneId: 'Pacific/Auckland', viewport: { width: 1280, height: 1200 } });
  await page.goto(`${site.origin}/empty-calendly`);
  await page.waitForFunction(() => window.Calendly);
  const [y, m] = new Date(Date.now() + 40 * 86400000).toISOString().split('-').map(Number);
  for (const kind of ['Date', 'text']) {
    await page.evaluate(([url, year, month, how]) => {
      const meant = new Date(year, month - 1, 15);
      const parent = document.querySelector('main');
      Calendly.initInlineWidget({ url, parentElement: parent, prefill: { date: how === 'Date' ? meant : meant.toISOString() } });
    }, [`${ours}/30min`, y, m, kind]);
    const id = `day:${y}-${String(m).padStart(2, '0')}-15`;
    await page.waitForFunction((wanted) => document.querySelector('main > div')?.shadowRoot?.getElementById(wanted)?.ariaSelected === 'true', id);
    await page.evaluate(() => document.querySelector('main').replaceChildren());
  }
  await context.close();
});
