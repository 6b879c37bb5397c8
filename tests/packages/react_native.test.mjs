// <SlotPicker> from slotwire/react-native, from the packed tarball, with a WebView that is a page of Chromium: what the component hands
// to react-native-webview is carried out here as that does it (address, script before the page's own, messages). No phone is used.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { atCalendly, bare, chooseTime, freeDays } from '../browser/harness.mjs';
import { bookInline, makeApp, newPage, startStage } from './stage.mjs';

let stage;
let SlotPicker;
let origin;
before(async () => {
  stage = await startStage();
  const app = await makeApp('react-native', 'react-native', stage.servers.origin, { react: 'node_modules/react' });
  const webView = join(app, 'node_modules/react-native-webview');
  await mkdir(webView, { recursive: true });
  await writeFile(join(webView, 'package.json'), JSON.stringify({ name: 'react-native-webview', version: '13.0.0', main: 'index.js' }));
  await writeFile(join(webView, 'index.js'), "exports.WebView = 'WebView';\n");
  ({ SlotPicker } = await import(pathToFileURL(join(app, 'picker.mjs')).href));
  // A page as the proxy has it for an event type.
  stage.pages['/acme/30min'] = { html: bare(stage.servers.origin, '<slot-picker event-type="30min" book="inline"></slot-picker>') };
  origin = stage.site.origin;
});
after(() => stage?.stop());

/** Shows what the component wants as react-native-webview would, and hands it what the page says. */
async function shown(element) {
  assert.equal(element.type, 'WebView');
  const { source, injectedJavaScriptBeforeContentLoaded, onMessage } = element.props;
  const visit = await newPage(stage.browser);
  await atCalendly(visit.page, stage.servers.sim);
  await visit.page.exposeFunction('handOver', (data) => onMessage({ nativeEvent: { data } }));
  await visit.page.addInitScript(`window.ReactNativeWebView = { postMessage: (data) => window.handOver(data) }; ${injectedJavaScriptBeforeContentLoaded}`);
  await visit.page.goto(source.uri);
  return visit;
}

test('react native: a visitor books in the web view, and the app hears all of it, once', async () => {
  const told = [];
  let hear;
  const over = new Promise((done) => {
    hear = done;
  });
  const raw = [];
  const element = SlotPicker({
    origin: `${origin}/`, page: 'https://calendly.com/acme/30min', style: { flex: 1 },
    onReady: ({ type }) => told.push([type]),
    onSlotSelected: ({ detail }) => told.push(['slotselected', detail.start]),
    onBooked: ({ detail }) => {
      told.push(['booked', detail.start]);
      hear();
    },
    onMessage: ({ nativeEvent }) => raw.push(nativeEvent.data),
  });
  assert.deepEqual(element.props.style, { flex: 1 });
  const { page, context, problems } = await shown(element);
  await freeDays(page).first().waitFor({ state: 'attached' });
  const { start } = await chooseTime(page);
  await bookInline(page);
  await over;
  assert.deepEqual(told, [['slotwire:ready'], ['slotselected', start], ['booked', start]]);
  assert.ok(raw.length > told.length, 'the app\'s own ear hears everything');
  assert.deepEqual(problems, []);
  await context.close();
});

test('react native: what is known of the visitor is in the address, by Calendly\'s names', () => {
  const { source } = SlotPicker({
    origin, page: '/acme/30min?hide_event_type_details=1', prefill: { firstName: 'Ada', email: 'ada+1@example.com', guests: ['a@example.com', 'b@example.com'], customAnswers: { a1: 'Yes & no' }, date: new Date(2026, 0, 6, 23) },
    utm: { utmSource: 'app', salesforce_uuid: 'id' },
  }).props;
  const url = new URL(source.uri);
  assert.equal(url.origin + url.pathname, `${origin}/acme/30min`);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    hide_event_type_details: '1', first_name: 'Ada', email: 'ada+1@example.com', guests: 'a@example.com,b@example.com', a1: 'Yes & no', date: '2026-01-06', utm_source: 'app', salesforce_uuid: 'id',
  });
});

test('react native: what is not the picker\'s word is nobody\'s, but the app\'s own ear', () => {
  const heard = [];
  const { onMessage } = SlotPicker({ origin, page: 'acme/30min', onBooked: () => heard.push('booked'), onMessage: () => heard.push('own') }).props;
  for (const data of ['', 'null', '{', '"Booked"', '{"slotwire":"Message"}', '{"slotwire":"toString"}', '{"slotwire":7}']) onMessage({ nativeEvent: { data } });
  assert.deepEqual(heard, Array(7).fill('own'));
  onMessage({ nativeEvent: { data: '{"slotwire":"Booked","detail":{}}' } });
  assert.deepEqual(heard.slice(7), ['own', 'booked']);
});
