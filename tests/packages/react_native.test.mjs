// <SlotPicker> from slotwire/react-native, from the packed tarball, with a page of Chromium as the WebView: the test does what
// react-native-webview does with the props (address, script before the page's own, messages). It uses no phone.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bookInline, choose, inWebView, makeApp, startStage, stubWebView } from './stage.mjs';

let stage;
let SlotPicker;
let origin;
before(async () => {
  stage = await startStage();
  const app = await makeApp('react-native', 'react-native', stage.servers.origin, { react: 'node_modules/react' });
  await stubWebView(app);
  ({ SlotPicker } = await import(pathToFileURL(join(app, 'picker.mjs')).href));
  ({ origin } = stage.servers);
});
after(() => stage?.stop());

test('react native: a visitor books in the web view, and the app hears all of it, once', async () => {
  const appEvents = [];
  let hear;
  const over = new Promise((done) => {
    hear = done;
  });
  const raw = [];
  const element = SlotPicker({
    origin: `${origin}/`, page: 'https://calendly.com/acme/30min', style: { flex: 1 },
    onReady: ({ type }) => appEvents.push([type]),
    onSlotSelected: ({ detail }) => appEvents.push(['slotselected', detail.start]),
    onBooked: ({ detail }) => {
      appEvents.push(['booked', detail.start]);
      hear();
    },
    onMessage: ({ nativeEvent }) => raw.push(nativeEvent.data),
  });
  assert.deepEqual(element.props.style, { flex: 1 });
  const { page, context, problems } = await inWebView(stage, element);
  const { start } = await choose(page);
  await bookInline(page);
  await over;
  assert.deepEqual(appEvents, [['slotwire:ready'], ['slotselected', start], ['booked', start]]);
  assert.ok(raw.length > appEvents.length, 'the app\'s own onMessage gets every message');
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
  const calls = [];
  const { onMessage } = SlotPicker({ origin, page: 'acme/30min', onBooked: () => calls.push('booked'), onMessage: () => calls.push('own') }).props;
  for (const data of ['', 'null', '{', '"Booked"', '{"slotwire":"Message"}', '{"slotwire":"toString"}', '{"slotwire":7}']) onMessage({ nativeEvent: { data } });
  assert.deepEqual(calls, Array(7).fill('own'));
  onMessage({ nativeEvent: { data: '{"slotwire":"Booked","detail":{}}' } });
  assert.deepEqual(calls.slice(7), ['own', 'booked']);
});
