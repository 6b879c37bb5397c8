// The head of the picker: host, place and description of the meeting, on the canvas and in the elements.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRequire } from 'node:module';
import { bare, freeDays, middleOf, newPage, openPicker, startBrowser, startServers, startSite } from './harness.mjs';
import { inspectors } from './inspectors.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let servers;
let site;
let browser;
before(async () => {
  servers = await startServers();
  const page = (attributes) => ({ html: bare(servers.origin, `<meta name="viewport" content="width=device-width"><slot-picker ${attributes}></slot-picker>`).replace('<html', '<html lang="en"') });
  site = await startSite({
    '/short': page('event-type="30min"'),
    '/long': page('event-type="intake"'),
    '/several': page('event-type="60min"'),
    '/secret': page('event-type="KKKKKKKKKKKKKKKK"'),
    '/hidden': page('event-type="intake" hide-details'),
    '/hostile': page('event-type="hostile"'),
    '/emoji': page('event-type="coffee"'),
    '/arabic': page('event-type="intake" locale="ar"'),
    '/calendly': { html: `<!doctype html><title>x</title><link rel="icon" href="data:,"><script src="${servers.origin}/widget.js?calendly" async></script>
      <div class="calendly-inline-widget" data-url="${servers.sim}/acme/intake?hide_event_type_details=1" style="height:700px"></div>` },
  });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await servers?.stop();
});

const text = (page, id) => page.locator(`#${id}`).textContent();
const agreed = (page) => page.waitForFunction(() => !window.isBusy(0) && !window.contradictions(0).length);
async function open(path, options) {
  const opened = await newPage(browser, options);
  await opened.page.addInitScript(inspectors);
  await openPicker(opened.page, site.origin + path);
  await agreed(opened.page);
  return opened;
}

// Calendly's own page shows host, place and description; ours showed a name and a duration, and visitors asked whom they would meet.
test('head: whose it is, where, and what about', async () => {
  const { page, context, problems } = await open('/short');
  assert.deepEqual(
    [await text(page, 'title'), await text(page, 'host'), await text(page, 'meta'), await text(page, 'place'), await text(page, 'about-text')],
    ['30 Minute Meeting', 'Ada Example', '30 min', 'Online meeting', 'A first conversation, by video.'],
  );
  assert.equal(await page.locator('#about-more').count(), 0);
  assert.deepEqual(problems, []);
  await context.close();
  for (const [path, place] of [['/several', 'Choice of place'], ['/secret', 'Choice of place'], ['/long', 'In person']]) {
    const other = await open(path);
    assert.equal(await text(other.page, 'place'), place, path);
    await other.context.close();
  }
});

// In full the description would push the days out of view. Canvas and elements fold it after exactly the same text.
for (const [name, viewport] of [['360 px', { width: 360, height: 800 }], ['1280 px', { width: 1280, height: 900 }]]) {
  test(`head: a long description is folded, and unfolded by mouse and by key, at ${name}`, async () => {
    const { page, context, problems } = await open('/long', { viewport });
    const height = () => page.locator('slot-picker').evaluate((host) => host.getBoundingClientRect().height);
    const before = await height();
    const folded = await text(page, 'about-text');
    assert.match(folded, /^We walk through.*…$/s);
    const more = page.locator('#about-more');
    assert.equal(await more.getAttribute('aria-expanded'), 'false');
    assert.equal(await more.getAttribute('aria-controls'), 'about-text');
    await page.mouse.click(...(await middleOf(more)));
    await page.waitForFunction(() => /welcome\.$/.test(document.querySelector('slot-picker').shadowRoot.getElementById('about-text').textContent));
    await agreed(page);
    assert.equal(await more.textContent(), 'Show less');
    assert.equal(await freeDays(page).count(), 0);
    await more.focus();
    await page.keyboard.press('Enter');
    await freeDays(page).first().waitFor({ state: 'attached' });
    await agreed(page);
    assert.equal(await text(page, 'about-text'), folded);
    assert.equal(await page.evaluate(() => document.querySelector('slot-picker').shadowRoot.activeElement.id), 'about-more');
    assert.equal(await height(), before);
    assert.equal(await page.evaluate(() => window.shift), 0);
    // Another width fits other words; texts do not overlap.
    await page.setViewportSize({ width: viewport.width === 360 ? 330 : 700, height: viewport.height });
    await page.waitForFunction((was) => document.querySelector('slot-picker').shadowRoot.getElementById('about-text').textContent !== was, folded);
    await agreed(page);
    assert.deepEqual(problems, []);
    await context.close();
  });
}

test('head: nothing of it lies on the days, and axe has nothing to say', async () => {
  for (const [path, width] of [['/long', 320], ['/long', 640], ['/long', 1280], ['/several', 320], ['/arabic', 360], ['/hostile', 360]]) {
    const { page, context, problems } = await open(path, { viewport: { width, height: 900 } });
    await agreed(page);
    const places = await page.evaluate(() => window.placesOf(0));
    const days = Object.entries(places).filter(([id]) => id.startsWith('day:')).map(([, box]) => box);
    const bottom = Math.max(...days.map(([, y, , height]) => y + height));
    assert.ok(bottom <= places.zone[1], `${path} at ${width}: the last week ends above the footer`);
    const more = places['about-more'];
    if (more) assert.ok(more[1] + more[3] <= Math.min(...days.map(([, y]) => y)), `${path} at ${width}`);
    await page.addScriptTag({ path: axe });
    const { violations } = await page.evaluate(() => window.axe.run(document.querySelector('slot-picker')));
    assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], path);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('head: sites that say all this themselves hide it, by attribute or as Calendly\'s links do', async () => {
  for (const path of ['/hidden', '/calendly']) {
    const { page, context, problems } = await newPage(browser);
    await page.goto(site.origin + path);
    await freeDays(page).first().waitFor({ state: 'attached' });
    assert.equal(await text(page, 'title'), 'Intake on site');
    assert.equal(await text(page, 'meta'), '1 hr');
    assert.equal(await page.locator('#host, #place, #about').count(), 0, path);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

// The atlas stored only the coverage of each texel: a coffee cup emoji was a grey blot.
async function inked(page) {
  const picture = (await page.locator('slot-picker').screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const root = document.querySelector('slot-picker').shadowRoot;
    // Only the head is checked: nothing else in it is coloured.
    const height = Math.floor((root.getElementById('month').getBoundingClientRect().y - root.host.getBoundingClientRect().y) * devicePixelRatio);
    const pen = new OffscreenCanvas(image.width, height).getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, height);
    const text = getComputedStyle(root.querySelector('.twin')).getPropertyValue('--sw-text').match(/\d+/g).map(Number);
    let coloured = 0;
    let plain = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = [data[i], data[i + 1], data[i + 2]];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 60) coloured++;
      if (Math.abs(red - text[0]) + Math.abs(green - text[1]) + Math.abs(blue - text[2]) < 12) plain++;
    }
    return { coloured, plain };
  }, picture);
}

test('head: emoji have their own colours on the canvas, in either scheme and after a lost context, and the words around them the text\'s', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context, problems } = await open('/emoji', { colorScheme, deviceScaleFactor: 2 });
    const found = await inked(page);
    assert.ok(found.coloured > 60, `${colorScheme}: texels with a hue: ${found.coloured}`);
    assert.ok(found.plain > 200, `${colorScheme}: texels in the text's colour: ${found.plain}`);
    await page.evaluate(() => {
      window.lose = document.querySelector('slot-picker').shadowRoot.querySelector('canvas').getContext('webgl2').getExtension('WEBGL_lose_context');
      window.lose.loseContext();
    });
    await page.waitForFunction(() => document.querySelector('slot-picker').shadowRoot.querySelector('.twin.shown'));
    await page.evaluate(() => window.lose.restoreContext());
    await page.waitForFunction(() => !document.querySelector('slot-picker').shadowRoot.querySelector('.twin.shown'));
    await agreed(page);
    assert.deepEqual(await inked(page), found, `${colorScheme}: after a lost context`);
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test('head: flags, skin tones, joined ones, keycaps and hearts too, in name, host and description', async () => {
  for (const [kind, emoji] of [['flag', '\u{1f1f3}\u{1f1f1}'], ['skin tone', '\u{1f44d}\u{1f3fd}'], ['joined', '\u{1f468}\u{1f3fd}\u200d\u{1f680}'], ['keycap', '1\ufe0f\u20e3'], ['heart', '\u2764\ufe0f']]) {
    const { page, context, problems } = await newPage(browser);
    await page.addInitScript(inspectors);
    const given = (text) => page.route('**/slots/**', async (route) => {
      const response = await route.fetch();
      const answer = await response.json();
      Object.assign(answer.data, { eventTypeName: `Meet ${text}`, profileName: `Ada ${text}`, description: `Talk ${text} soon` });
      await route.fulfill({ response, json: answer });
    });
    await given(emoji);
    await openPicker(page, `${site.origin}/emoji`);
    await agreed(page);
    const { coloured } = await inked(page);
    assert.ok(coloured > 60, `${kind}: texels with a hue: ${coloured}`);
    assert.equal(await text(page, 'title'), `Meet ${emoji}`);
    assert.deepEqual(problems, []);
    await context.close();
  }
});
