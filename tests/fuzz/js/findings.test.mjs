// What made-up input has found in the widget's JavaScript, each as it was found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './crypto.mjs';
import { packedFromSlots } from '../../../web/embed/app/packed.js';
import { optionsFromCalendly } from '../../../web/embed/calendly/calendly.js';
import { bookingLink, fieldsFrom } from '../../../web/embed/dialogs/booking_link.js';
import { createSender } from '../../../web/embed/form/send.js';

// ?constructor= was looked up in a table of ours and found there, as it is in every object: the widget was given an option named
// "function Object() { [native code] }".
test('optionsFromCalendly: a query that names what every object has says nothing', () => {
  const url = 'https://calendly.com/acme/30min?constructor=a&toString=b&__proto__=c&hasOwnProperty=d';
  assert.deepEqual(optionsFromCalendly({ url }), { 'event-type': 'https://calendly.com/acme/30min' });
});

// The same table, for where an answer came from: of a window whose source was "valueOf" the module was told that it came from the
// cache, and a window without an answer looked like days with nothing free.
test('packedFromSlots: a source that every object has is none that is known', () => {
  const windows = [{ start: '2026-01-05', end: '2026-01-05', source: 'valueOf', fetchedAt: null }];
  const bytes = packedFromSlots({ eventTypeUri: 'u', eventTypeName: 'n', duration: 30, windows, slots: [] });
  // Behind the window's source: when it was fetched (8), a text of no letters (4), no slots (4).
  assert.equal(bytes.at(-17), 3);
});

// prefill='{"name":{"toString":null}}' has no text: the address could not be made, and a click on a time did nothing.
test('bookingLink: what is known of a visitor is texts; an object in their place is passed over', () => {
  const prefill = '{"name":{"toString":null},"email":"a@example.com","guests":[{"toString":null},"b@example.com"],"customAnswers":{"a1":{"x":1},"a2":"yes"}}';
  const { searchParams } = new URL(bookingLink('https://calendly.com/acme/30min', { prefill }));
  assert.equal(searchParams.get('name'), null);
  assert.equal(searchParams.get('email'), 'a@example.com');
  assert.equal(searchParams.get('a2'), 'yes');
  assert.equal(searchParams.get('a1'), null);
});

// A number as an option, which frameworks pass as such, ended in "value.trim is not a function".
test('fieldsFrom: an option that is no text is read as one', () => {
  assert.deepEqual(fieldsFrom(5), { 5: '' });
  assert.deepEqual(fieldsFrom(true), { true: '' });
});

// Something in between that answers `null`, or details that are no list, ended the sending in an exception: the form waited for ever.
for (const answer of ['null', '[]', '{"error":{"code":"bad_input","details":{"field":"start"}}}', '{"error":{"details":[null,0,{"field":5}]}}']) {
  test(`send: an answer that is no envelope of ours is a failure that is told: ${answer}`, async (t) => {
    t.mock.method(globalThis, 'fetch', async () => new Response(answer, { status: 502 }));
    assert.deepEqual(await createSender('https://slots.example.com').send({}), { wrong: [], say: 'send-failed' });
  });
}

// Retry-After: -1 was counted down from.
test('send: a wait is a time to come', async (t) => {
  t.mock.method(globalThis, 'fetch', async () => new Response('{"error":{"code":"too_many_requests"}}', { status: 429, headers: { 'Retry-After': '-1' } }));
  assert.deepEqual(await createSender('https://slots.example.com').send({}), { say: 'send-limited', waitS: 60 });
});
