// What each fuzz target begins with, drawn from the repository's own examples where there are some, and the words worth trying.
// Inputs that once found something stand below their target with what it was; they are tried first, in every run.
//
// A string is its bytes by latin1, so that "\xff" is one byte; a Buffer is itself.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name) => readFileSync(path.join(root, name));
/** A string as UTF-8. */
const utf8 = (text) => Buffer.from(text, 'utf8');
const json = (value) => utf8(JSON.stringify(value));

const golden = {
  times: read('tests/golden/calendly-available-times.json'),
  types: read('tests/golden/calendly-event-types.json'),
  mixed: read('tests/golden/slots-mixed.json'),
  empty: read('tests/golden/slots-empty.json'),
};

const jsonWords = ['{"', '":"', '","', '":[', '":{', '}]', '\\u0000', '\\ud83d\\ude42', 'null', 'true', 'false', '1e3', '-0', '9223372036854775807'];
const dayWords = ['2026-01-06', 'T14:00:00Z', 'T24:00:00Z', '.000000Z', '+02:00', '-23:59', '9999-12-31', '1970-01-01'];

/** @type {Record<string, {seeds: (string|Buffer)[], words?: string[], longest?: number}>} */
export const targets = {
  request_head: {
    longest: 4096,
    seeds: [
      'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
      '\r\nGET /api/app/calendly/slots/30min?start_date=2026-01-01 HTTP/1.1\r\nHost: slots.example.com\r\nAccept-Encoding: br, gzip\r\nIf-None-Match: W/"a"\r\n\r\n',
      'POST /api/app/calendly/bookings HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\nAuthorization: Bearer x\r\nExpect: 100-continue\r\n\r\n{}',
      'POST /mcp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n',
      'GET http://a.example/x?y HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.1\r\n',
      'OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n\r\n',
    ],
    words: [
      'Content-Length: ', 'Transfer-Encoding: ', 'chunked', '\r\n', '\r\n\r\n', ' HTTP/1.1\r\n', ' HTTP/1.0\r\n', 'Host: a\r\n', 'Expect: 100-continue',
      'Connection: ', 'keep-alive', 'close', 'Content-Encoding: ', 'identity', 'http://', 'https://', 'Authorization: ', 'Cookie: ', 'Accept-Language: ',
    ],
  },
  chunked_body: {
    longest: 2048,
    seeds: [
      '5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nTrailer: x\r\n\r\n',
      '0\r\n\r\nGET / HTTP/1.1\r\n',
      '00000001\r\na\r\n000000000\r\n\r\n',
      'ffffffff\r\n',
      '3\r\nab',
    ],
    words: ['0\r\n\r\n', '\r\n', '1\r\n', 'FF\r\n', ';a="b"\r\n', 'Trailer: x\r\n', '0\r\n'],
  },
  instants: {
    longest: 80,
    seeds: [
      '2026-02-28', '2024-02-29', '2026-01-06T14:00:00Z', '2026-01-06t14:00:00.123456789z', '2026-01-06 14:00:00.000+02:00',
      '2026-12-31T24:00:00-23:59', '1970-01-01T00:00:00+00:00', '9999-12-31T23:59:59.999999Z',
    ],
    words: dayWords,
  },
  calendly_times: {
    longest: 4096,
    seeds: [
      golden.times,
      '{"collection":[]}',
      '{"collection":[{"status":"available","invitees_remaining":3,"start_time":"2026-01-06T14:00:00.000000Z","scheduling_url":"https://calendly.com/a/b"}]}',
      '{"collection":[{"start_time":"2026-01-06T14:00:00+02:00","x":[1,{"y":"]}"}]} , {"start_time":"2026-01-06T14:00:00Z","invitees_remaining":0}]}',
    ],
    words: [...jsonWords, ...dayWords, '"collection"', '"start_time"', '"status"', '"available"', '"invitees_remaining"', '"scheduling_url"'],
  },
};
