// An app that used react-calendly, in React 18 and 19, from the packed tarball: the code of react-calendly's users with another import.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'vite';
import { atCalendly, freeDays, times } from '../browser/harness.mjs';
import { bookAtCalendly, choose, widgetEvent, leavesNothing, makeApp, newPage, pagesFrom, startStage } from './stage.mjs';

let stage;
before(async () => {
  stage = await startStage();
  process.env.NODE_ENV = 'development';
  for (const [version, home] of [[18, 'react-18/node_modules'], [19, 'node_modules']]) {
    const base = `/calendly-${version}/`;
    const root = await makeApp('react', `react-calendly-${version}`, stage.servers.origin, { react: `${home}/react`, 'react-dom': `${home}/react-dom` });
    await build({
      root, base, configFile: false, mode: 'development', logLevel: 'error', esbuild: { jsx: 'automatic' },
      build: { minify: false, rollupOptions: { input: join(root, 'calendly.html') } },
    });
    for (const [path, file] of Object.entries(await pagesFrom(join(root, 'dist')))) stage.pages[base.slice(0, -1) + path] = file;
  }
});
after(() => stage?.stop());

async function opened(version, name) {
  const visit = await newPage(stage.browser);
  await atCalendly(visit.page, stage.servers.sim);
  await visit.page.goto(`${stage.site.origin}/calendly-${version}/calendly.html#${name}`);
  return visit;
}
const appEvents = (page) => page.evaluate(() => window.appEvents);
const dialog = (page) => page.locator('dialog');
const pickerIsThere = (page) => freeDays(page).first().waitFor({ state: 'attached' });

for (const version of [18, 19]) {
  test(`react-calendly ${version}: the inline widget, with another import`, async () => {
    const { page, context, problems, requests } = await opened(version, 'Basic');
    await pickerIsThere(page);
    const { style, className } = await page.evaluate(() => {
      const { style, className } = document.querySelector('main > div');
      return { style: style.cssText, className };
    });
    assert.equal(className, 'calendly-inline-widget');
    assert.match(style, /min-width: 320px; height: 630px;/);
    assert.ok(!requests.some((address) => address.startsWith('https://calendly.com')), 'no frame of Calendly\'s');
    // Another link shows another event type, in the same element.
    await page.evaluate(() => {
      window.box = document.querySelector('main > div');
      window.widgetEvents.length = 0;
      window.change({ url: 'https://calendly.com/acme/60min' });
    });
    await widgetEvent(page, 'ready');
    await pickerIsThere(page);
    await page.waitForFunction(() => window.box.querySelector('div').shadowRoot.textContent.includes('60'));
    assert.equal(await page.locator('main > div > div').count(), 1);
    assert.ok(await page.evaluate(() => window.box === document.querySelector('main > div')));
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react-calendly ${version}: height, page settings, prefill and utm arrive where they did`, async () => {
    const { page, context, problems } = await opened(version, 'Everything');
    await pickerIsThere(page);
    const host = page.locator('main > div > div');
    assert.equal(await page.locator('main > div').evaluate((box) => box.style.height), '1000px');
    const primary = await host.evaluate((element) => getComputedStyle(element.shadowRoot.querySelector('.twin')).getPropertyValue('--sw-primary'));
    assert.match(primary, /180 35 106|#b4236a/);
    await choose(page);
    const going = page.waitForRequest(/^https:\/\/calendly\.com\/acme\/30min\//);
    await page.locator('#book').evaluate((button) => button.click());
    const asked = new URL((await going).url()).searchParams;
    const wanted = {
      email: 'jon@example.com', first_name: 'Jon', last_name: 'Snow', name: 'Jon Snow', guests: 'jane@example.com,john@example.com', a1: 'One', a2: 'Two',
      utm_campaign: 'Spring Sale', utm_content: 'Shoes', utm_medium: 'Ad', utm_source: 'Mail', utm_term: 'Spring',
    };
    for (const [name, value] of Object.entries(wanted)) assert.equal(asked.get(name), value, name);
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react-calendly ${version}: the event listener hears what it heard, once each`, async () => {
    const { page, context, problems } = await opened(version, 'Listening');
    await pickerIsThere(page);
    await page.waitForFunction(() => window.appEvents.some(([name]) => name === 'onEventTypeViewed'));
    await choose(page);
    await bookAtCalendly(page, true);
    await page.waitForFunction(() => window.appEvents.some(([name]) => name === 'onEventScheduled'));
    const counts = {};
    for (const [name] of await appEvents(page)) counts[name] = (counts[name] ?? 0) + 1;
    const { onPageHeightResize, ...others } = counts;
    assert.deepEqual(others, { onEventTypeViewed: 1, onDateAndTimeSelected: 1, onEventScheduled: 1 });
    assert.ok(onPageHeightResize >= 1);
    const [, scheduled] = (await appEvents(page)).find(([name]) => name === 'onEventScheduled');
    assert.match(scheduled.event.uri, /scheduled_events\//);
    assert.match(scheduled.invitee.uri, /invitees\//);
    assert.deepEqual(problems, []);
    await context.close();
  });

  // A popup did not report that the visitor had closed it: the app's own state stayed open, and its button did not open it again.
  test(`react-calendly ${version}: popup button, own button with a modal, and badge open it and close it`, async () => {
    const { page, context, problems } = await opened(version, 'Button');
    const button = page.getByRole('button', { name: 'Click here to schedule!' });
    assert.equal(await button.getAttribute('class'), 'cta');
    for (let turn = 0; turn < 2; turn++) {
      await button.click();
      await dialog(page).waitFor();
      await pickerIsThere(page);
      await page.keyboard.press('Escape');
      await dialog(page).waitFor({ state: 'detached' });
    }
    await page.evaluate(() => window.change({ name: 'OwnButton' }));
    for (let turn = 1; turn < 3; turn++) {
      await page.getByRole('button', { name: 'Own button' }).click();
      await dialog(page).waitFor();
      await pickerIsThere(page);
      await page.locator('dialog .close').click();
      await dialog(page).waitFor({ state: 'detached' });
      assert.deepEqual(await appEvents(page), Array(turn).fill(['closed']));
    }
    // Removed while it is open, it closes without calling a listener.
    await page.getByRole('button', { name: 'Own button' }).click();
    await dialog(page).waitFor();
    await page.evaluate(() => window.change({ name: 'Badge' }));
    await dialog(page).waitFor({ state: 'detached' });
    assert.equal((await appEvents(page)).length, 2);
    const badge = page.getByRole('button', { name: 'Click here to schedule!' });
    await badge.click();
    await dialog(page).waitFor();
    await page.keyboard.press('Escape');
    await page.evaluate(() => window.change({ text: 'Talk to us' }));
    await page.getByRole('button', { name: 'Talk to us' }).waitFor();
    await page.evaluate(() => window.change({ name: '' }));
    await page.getByRole('button', { name: 'Talk to us' }).waitFor({ state: 'detached' });
    assert.deepEqual(problems, []);
    await context.close();
  });

  test(`react-calendly ${version}: what is unmounted leaves nothing behind`, async () => {
    const { page, context, problems } = await opened(version, 'Basic');
    await pickerIsThere(page);
    const round = () => page.evaluate(async () => {
      window.change({ name: '' });
      while (document.querySelector('main > div')) await new Promise(requestAnimationFrame);
      const ready = new Promise((done) => addEventListener('slotwire:ready', done, { once: true }));
      window.change({ name: 'Basic' });
      await ready;
      window.widgetEvents.length = 0;
    });
    await leavesNothing(page, context, round, 'main > div > div');
    assert.deepEqual(problems, []);
    await context.close();
  });
}

// widget.js ignored ?calendly if it had been loaded without it before: Calendly's calls did not exist then.
test('react-calendly: beside <SlotPicker>, which had widget.js first, its calls work too', async () => {
  const { page, context, problems } = await opened(19, '');
  await page.evaluate((origin) => new Promise((done) => {
    const script = document.createElement('script');
    script.src = `${origin}/widget.js`;
    script.onload = done;
    document.head.append(script);
  }), stage.servers.origin);
  await page.waitForFunction(() => window.Slotwire && window.change);
  await page.evaluate(() => window.change({ name: 'Basic' }));
  await pickerIsThere(page);
  await choose(page);
  assert.ok(await times(page).first().isEnabled());
  assert.deepEqual(problems, []);
  await context.close();
});

test('react-calendly: a proxy that cannot be had leaves links to Calendly', async () => {
  const { page, context } = await newPage(stage.browser);
  await context.route('https://calendly.com/**', (route) => route.fulfill({ body: 'Calendly' }));
  await page.route('**/widget.js?calendly', (route) => route.abort());
  await page.goto(`${stage.site.origin}/calendly-19/calendly.html#Basic`);
  assert.equal(await page.locator('main a').getAttribute('href'), 'https://calendly.com/acme/30min');
  await page.evaluate(() => window.change({ name: 'Button' }));
  const opening = context.waitForEvent('page');
  await page.getByRole('button').click();
  await (await opening).waitForURL('https://calendly.com/acme/30min');
  await context.close();
});
