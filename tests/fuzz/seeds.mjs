// What each fuzz target begins with, drawn from the repository's own examples where there are some, and the words worth trying.
// Inputs that once found something stand below their target with what it was; they are tried first, in every run.
//
// A string is its bytes by latin1, so that "\xff" is one byte; a Buffer is itself.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { packedFromSlots } from '../../web/embed/app/packed.js';

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
  calendly_types: {
    longest: 4096,
    seeds: [
      golden.types,
      '{"collection":[{"uri":"https://api.calendly.com/event_types/A","name":"A","duration":30,"duration_options":[15,3e1],"color":"#0069ff","profile":{"name":"Ada"},"locations":[{"kind":"physical","location":"here"},{"kind":"outbound_call"},{"kind":"inbound_call","location":"+49"}],"custom_questions":[{"name":"Phone?","type":"phone_number","position":1,"enabled":true,"required":true},{"name":"Which?","type":"multi_select","position":0,"answer_choices":["a","b"],"include_other":true}]}],"pagination":{"next_page":"https://api.calendly.com/event_types?page_token=abc","next_page_token":null}}',
      '{"resource":{"uri":"u","duration":30,"start_time_increment":15,"before_buffer":5,"after_buffer":0,"kind":"group","pooling_type":"round_robin","deleted_at":null,"booking_method":"poll"}}',
      '{"questions":[{"name":"Q","type":"text","position":0,"required":false,"answer_choices":[],"include_other":false}],"places":[{"kind":"custom","text":"t","asks":"none"}],"elsewhere":true}',
    ],
    words: [...jsonWords, '"uri"', '"duration"', '"duration_options"', '"custom_questions"', '"locations"', '"active":false', '"secret":true', '"deleted_at"', '"position"', '"answer_choices"', '"resource"', '"questions"', '"places"', '"inbound_call"'],
  },
  calendly_lists: {
    longest: 2048,
    seeds: [
      '{"resource":{"uri":"https://api.calendly.com/users/A","name":"Ada","timezone":"Europe/Berlin","scheduling_url":"https://calendly.com/ada","current_organization":"o","event":"e","cancel_url":"https://calendly.com/c","booking_url":"https://calendly.com/d/x"}}',
      '{"collection":[{"uri":"u","name":"n","status":"active","start_time":"2026-01-06T14:00:00Z","end_time":"2026-01-06T14:30:00Z","event_type":"t","location":{"type":"physical","location":"here"},"invitees_counter":{"active":1,"limit":65536},"created_at":"2026-01-01T00:00:00Z","event":"e","callback_url":"https://a/","state":"active"}],"pagination":{"next_page_token":"t"}}',
      '{"collection":[{"default":true,"timezone":"UTC","rules":[{"type":"wday","wday":"monday","intervals":[{"from":"09:30","to":"24:00"}]},{"type":"date","date":"2026-01-06","intervals":[]}]}]}',
      '{"collection":[{"type":"calendly","start_time":"2026-01-06T14:00:00Z","end_time":"2026-01-06T14:30:00Z","buffered_start_time":"2026-01-06T13:00:00Z","buffered_end_time":"2026-01-06T15:00:00Z","event":{"uri":"u"}}]}',
      '{"collection":[{"daily_limit":3,"weekly_limit":0,"monthly_limit":1000000}]}',
      '{"title":"Invalid Argument","message":"ada@example.com: range must not be greater than 7 days","details":[{"parameter":"invitee.email","message":"Ada is taken","code":"already_filled"}],"required_scopes":["a:read",1]}',
      '{"event":"invitee.created","payload":{"scheduled_event":{"start_time":"2026-01-06T14:00:00Z","end_time":"2026-01-06T14:30:00Z"}}}',
    ],
    words: [...jsonWords, ...dayWords, '"collection"', '"resource"', '"rules"', '"intervals"', '"from":"00:00"', '"to":"24:00"', '"wday"', '"invitees_counter"', '"pagination"', '"parameter"', '"payload"', '"event_type.updated"', 'ada@example.com', 'Lovelace', 'http://'],
  },
  booking_wish: {
    longest: 2048,
    seeds: [
      '{"eventType":"30min","start":"2026-01-06T14:00:00Z","invitee":{"name":"Ada","email":"ada@example.com","timezone":"Europe/Berlin"},"answers":[{"position":1,"answer":["a","b"]},{"question":"Else?","answer":"x"}],"guests":["b@example.com"],"location":{"kind":"custom","location":"here"},"tracking":{"utmSource":"s","salesforceUuid":null}}',
      '{"eventType":"","start":5,"invitee":[],"answers":{},"guests":[1],"location":{"kind":"outbound_call","location":"+49 30 123456"},"nothing":1}',
      // A field without a name was complained of without one.
      '{"":1,"invitee":{"":1}}',
    ],
    words: [...jsonWords, ...dayWords, '"eventType"', '"start"', '"invitee"', '"name"', '"email"', '"timezone"', '"answers"', '"position"', '"question"', '"answer"', '"guests"', '"location"', '"kind"', '"tracking"', '"utmCampaign"', 'a@b.c', 'Phone?', 'Which?'],
  },
  admin_bodies: {
    longest: 1024,
    seeds: [
      '{"accessToken":"eyJraWQiOiJhIn0.hunter2-hunter2.twelve"}',
      '{"accessToken":"with a space and hunter2, so that it is refused"}',
      '{"calendlyUsername":"acme","eventTypes":[{"name":"30 minutes","slug":"30min","duration":30}]}',
      '{"publicUrl":"https://calendly.com/acme","eventType":"30min","open":true}',
    ],
    words: [...jsonWords, '"accessToken"', '"calendlyUsername"', '"eventTypes"', '"name"', '"slug"', '"duration"', '"publicUrl"', '"eventType"', '"open"'],
  },
  mcp_messages: {
    longest: 2048,
    seeds: [
      '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
      '{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}',
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"find_free_times","arguments":{"event_types":["30min"],"from":"2026-01-06","part_of_day":"morning","count":5,"timezone":"Europe/Berlin"}}}',
      '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"book","arguments":{"eventType":"30min","start":"2026-01-06T14:00:00Z","invitee":{"name":"Ada","email":"a@b.c","timezone":"UTC"},"confirmation":"n.d"}}}',
      '2026-07-28\ntools/call\ncancel\n{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"cancel","arguments":{"cancelUrl":"https://calendly.com/cancellations/x"},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}1',
      '2026-07-28\nserver/discover\n\n{"jsonrpc":"2.0","id":5,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}1',
      '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
      golden.mixed,
    ],
    words: [...jsonWords, '"jsonrpc":"2.0"', '"id":1', '"method":"', 'tools/call', 'tools/list', 'ping', 'initialize', 'server/discover', '"params":{', '"arguments":{', '"name":"book"', '"list_event_types"', '"cursor"', '"_meta"', 'io.modelcontextprotocol/protocolVersion', '2026-07-28', '"result"', '"error"'],
  },
  queries: {
    longest: 1024,
    seeds: [
      'a=b&c=d%20e&&=x&y', 'start_time=2026-01-06T14%3A00%3A00Z&event_type=https%3A%2F%2Fslots.example.com%2Fcalendly%2Fv2%2Fevent_types%2FA',
      'https://api.slots.example.com/event_types/A?x=y', 'http://127.0.0.1:3000/calendly/v2/users/me',
      '{"event_type":"https:\\/\\/slots.example.com\\/calendly\\/v2\\/event_types\\/A","x":["https://api.calendly.com/users/B"]}',
      '/event_type_available_times', 'event_types//A/', 'application/x-www-form-urlencoded; charset=utf-8', '%41%', '%zz', '%00', '+%2B',
    ],
    words: ['%2F', '%3A', '%26', '%3D', '%25', '%00', '%', '&', '=', '+', 'https://', 'slots.example.com', '/calendly/v2/', 'api.slots.example.com', ':443', 'page_token=', 'start_time=', 'event_types', 'user_busy_times', 'users/me', '+json'],
  },
  ranges: {
    longest: 256,
    seeds: [
      '2026-01-06\n2026-01-20\nEurope/Berlin\n5\nmorning\nfair', '2026-01-06T14:00:00Z\n2026-01-07T14:00:00.5+02:00\nPacific/Apia\n1\nevening\norder',
      '2026-01-06T14:00:00 02:00\n\nAmerica/St_Johns\n\n\n', '\n\n\n', '2011-12-29\n2011-12-31\nPacific/Apia\n50\nafternoon\n',
    ],
    words: [...dayWords, 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Kiritimati', 'UTC', 'Etc/GMT+12', 'morning', 'fair', '\n', '50'],
  },
  zones: {
    longest: 128,
    seeds: [
      'Europe/Berlin\nCET-1CEST,M3.5.0,M10.5.0/3', 'America/Nuuk\n<-02>2<-01>,M3.5.0/-1,M10.5.0/0', 'Africa/Casablanca\n<+01>-1', 'UTC\nIST-1GMT0,M10.5.0,M3.5.0/1',
      'Australia/Lord_Howe\n<+1030>-10:30<+11>-11,M10.1.0,M4.1.0', 'UTC\nAAA2147483647BBB,M3.5.0/2147483647,M10.5.0', '../etc/passwd\nEST5EDT,M3.2.0,M11.1.0', 'Europe//Berlin\n',
    ],
    words: ['Europe/', 'America/', 'Pacific/Apia', 'Asia/Gaza', 'localtime', 'posix/', '../', '//', ',M3.5.0', ',M10.5.0/3', ':30', '<+03>', '-167', '/'],
  },
  page_links: {
    longest: 1024,
    seeds: [
      'https://calendly.com/acme/30min/2026-12-01T20:00:00Z?month=2026-12&date=2026-12-01#x\nname=Ada&utm_source=s&hide_gdpr_banner=1&a1=x&primary_color=00a2ff\n2026-12-01\n2026-12',
      'https://www.Calendly.com//acme/\nemail=a%40b.c&timezone=UTC&locale=de\n\n', '/d/abcd-efg/intro/2026-12-01\n\n2026-12-01T20:00:00Z\n2026-13',
      'calendly.com/acme/30min/2026-01-06t14:00:00z\nfirst_name=%C3%A9\n2031-01-01\n2027-02', 'javascript:alert(1)//x/y\nembed_domain=a&embed_domain=b\n\n', '//evil.example/acme\n\n\n',
    ],
    words: ['https://calendly.com/acme', '/30min', '/2026-12-01', '?month=2026-12', '&date=', 'timezone=', '%2F', '%41', '#', '//', '/\\', 'javascript:', 'www.', 'utm_', 'hide_event_type_details=1', 'a1=', '_color='],
  },
  settings: {
    longest: 2048,
    seeds: [
      'JWT_SECRET=a-secret-of-at-least-thirty-two-bytes-for-jwts\nPORT=3000\nCALENDLY_RATE_LIMIT=600/30s\nCALENDLY_WINDOW_DAYS=7',
      'JWT_SECRET=hunter2-too-short\nCALENDLY_ENCRYPTION_KEY=a-key-of-at-least-thirty-two-bytes-number-one,and-another-key-of-thirty-two-bytes-or-more\nCALENDLY_WEBHOOK_SIGNING_KEY=hunter2\nCALENDLY_DATABASE_URL=postgresql://user:hunter2 with spaces@host:99999/db\nCALENDLY_REDIS_URL=redis://user:hunter2hunter2@host:0',
      'JWT_SECRET=a-secret-of-at-least-thirty-two-bytes-for-jwts\nCALENDLY_ALLOWED_ORIGINS=https://a.example, *\nCALENDLY_PAGES=https://slots.example.com\nCALENDLY_PAGES_FRAMED_BY=none\nCALENDLY_API_HOSTS=api.slots.example.com\nCALENDLY_API_OWN_URL=https://api.slots.example.com\nCALENDLY_MCP=book\nCALENDLY_BOOKING_PROOF=20\nCALENDLY_TRUSTED_PROXIES=10.0.0.0/8,::1\nLOG_LEVEL=warn\nLOG_FORMAT=json\nCALENDLY_TLS_CERT=c\nCALENDLY_LISTED_JWTS_ONLY=true\nCALENDLY_BOOKING_WITHOUT_ORIGIN=allow',
      'redis://:hunter2%40@[::1]:6379/2', 'redis://hunter2@host', 'https://api.calendly.com/', 'http://127.0.0.1:8080/base/', '15m', '500/500ms', 'postgresql:///db?host=/run', 'sqlite:slotwire.db', 'a eyJhbGciOiJIUzI1NiJ9.abcdefghijk.lmn b',
    ],
    words: ['JWT_SECRET=', 'CALENDLY_DATABASE_URL=', 'CALENDLY_REDIS_URL=', 'CALENDLY_ENCRYPTION_KEY=', 'CALENDLY_WEBHOOK_SIGNING_KEY=', 'PORT=', 'METRICS_PORT=', 'CALENDLY_SLOTS_CACHE_TTL=', 'CALENDLY_STALE_TTL=', 'CALENDLY_CACHE_MAX_MB=', 'CALENDLY_API_BASE_URL=', 'redis://', 'rediss://', 'postgresql://', 'postgres://', 'sqlite:', 'https://', 'http://localhost', '99999999999999999999', '1000000d', 'eyJ', '\n'],
  },
  settings_file: {
    longest: 512,
    seeds: [
      '# a comment\n; another\nPORT=3000\nHOST="::1"   LABEL=\'as it "is"\'\nNAME=one \\\n  and the same value\n', 'A="\\"\\\\\\`\\$"\r\nB=\nA=again\n', 'NAME="not closed\nX=1',
      'JWT_SECRET=hunter2 \\', 'A=hunter2\x07\nB="hunter2\n', '1A=b\n=c\nexport X=1\n', 'A=\x00b\nB=c\x7f',
    ],
    words: ['\\\n', '\\', '"', "'", '=', '\n', '\r\n', '# ', ';', '$', '`', 'JWT_SECRET='],
  },
  sealed_box: { longest: 512, seeds: ['SWB1', 'connection/1/token\nsecret text here', '\n'], words: ['SWB1', '\n'] },
  jwt: {
    longest: 1024,
    seeds: [
      '{"alg":"HS256","typ":"JWT"}\n{"sub":"ada","role":"admin","exp":1999999999}', '{"alg":"none"}\n{"sub":"ada","role":"super_admin","exp":1999999999,"nbf":1}',
      '{"alg":"HS256"}\n{"sub":"ada","role":"reader","exp":1e300,"jti":"x","session":3600}', '{"alg":"HS512","typ":"JWT"}\n{"sub":1,"role":"admin","exp":"1999999999"}',
      '\x80a.c', 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.AAAA', 'a.b.c', '{"alg":"HS256","typ":"JWT","kid":1,"crit":["x"]}\n{"sub":"a","role":"root","exp":1999999999,"aud":[1],"iss":{}}',
    ],
    words: [...jsonWords, '"alg":"HS256"', '"alg":"none"', '"alg":"hs256"', '"typ":"JWT"', '"typ":1', '"sub":"a"', '"role":"admin"', '"exp":1999999999', '"nbf":', '"iat":', '"jti":"x"', '"session":', 'Bearer ', '\n'],
  },
  signatures: {
    longest: 512,
    seeds: [
      't=1767225600,v1=0000000000000000000000000000000000000000000000000000000000000000\n{"event":"invitee.created"}', 't=1,t=2,v1=,v1=a\nx', ',,\n',
      'v1.1767232800.3.00000000000000000000000000000000:1', 'v1.1767232800.0.x:0', ':',
    ],
    words: ['t=', 'v1=', ',', 'v1.', '1767225600', ':', '.', '-1', '99999999999999999999'],
  },
  addresses: {
    longest: 256,
    seeds: [
      '10.0.0.0/8\n10.1.2.3\n192.0.2.1, 10.0.0.1', 'fd00::/8\n[fd00::1]\n2001:db8::1, [2001:db8::2]:4711, fd00::2', '::ffff:0.0.0.0/96\n::ffff:10.0.0.1\n192.0.2.1:80',
      '0.0.0.0/0\n127.0.0.1\n"a, 10.0.0.1', '::/0\n::1\n', '192.0.2.1\n192.0.2.1\nunknown, 192.0.2.1',
    ],
    words: ['10.0.0.1', '::ffff:', '::1', '/8', '/96', '/128', '/0', '[', ']:', ', ', '\n', '2001:db8::', '%eth0'],
  },
  negotiation: {
    longest: 256,
    seeds: [
      'gzip, deflate, br;q=0.9', 'br;q=0, *;q=0.5, identity;q=0.1', 'x-gzip;q=1.000', '"a", W/"abc", "b,c"', '*', 'de-AT;q=0.8, fr;q=nan, en;q=0x1', 'pt_BR', 'https://www.example.com', 'http://[::1]:8080/', 'https://WWW.example.com:443/',
    ],
    words: ['gzip', 'br', 'identity', '*', ';q=0', ';q=1', ';q=0.001', ', ', 'W/"', '"abc"', 'de', 'en-US', 'https://www.example.com', ':443', ':80', ';q=inf', ';q=1e9'],
  },
  packed: {
    longest: 2048,
    // Written by the very code that writes them in pages.
    seeds: [golden.mixed, golden.empty].map((text) => Buffer.from(packedFromSlots(JSON.parse(text).data))),
    words: ['SWS3', '\xff\xff\xff\xff', '\x01\x00\x00\x00', '\x00\x00\x00\x00\x00\x00\xf8\x7f', 'calendly_unavailable'],
  },
  stored_texts: {
    longest: 1024,
    seeds: [
      '1767708000000000 1 https://calendly.com/acme/30min\n1767709800000000 12:0 https://calendly.com/x\n', '1767708000000000 3:3:120 u\n1767708000000001 1000000:6:-1439 \n', '15,30,45', 'a:read,b:write', 'Intro: has no duration\nx\n',
      '*\n1767225600000\n*\n20454\n+1767225500000 1767225800000 7 20450 20457|1767254400000000 1 https://calendly.com/a|\n.\n*\n.\n*\n20460\n20467\n.\n*\n20455\n.\n.\n',
      'settled you account 20454 20457 https://api.calendly.com/event_types/A', 'changed you',
      'uri\nname\nslug\n30\n15,30\ndescription\n#0069ff\nsolo\nen\nhttps://calendly.com/a\n1\n0\n{}\nAda\nphysical\n1\n\nUTC',
      '1767225600000000\n1767225600000000\n5\n1767225600000000\n200\nsealed', '\n\n9223372036854775807\n-9223372036854775808\n1\n',
    ],
    words: ['9223372036854775807', '-1', '253402300799999999', ':6', ':0:0', ' 1 ', '\n', '*\n', '.\n', '+', '|', 'settled ', 'changed ', '20454', '44640', ','],
  },
  replies: {
    longest: 512,
    seeds: [
      'application/json\n{"collection":[]}', 'text/html\r\nSet-Cookie: a=b\n<p>', 'a\r\n\r\nHTTP/1.1 200 OK\n', '/api/app/calendly/slots/https%3A%2F%2Fapi.calendly.com%2Fevent_types%2FA\n', '/calendly/v2//event_types/\n', '/api/app/calendly/bookings\n', '/%zz\n', '/api/app/calendly/slots/%2E%2E/x\n',
    ],
    words: ['\r\n', 'Set-Cookie: ', 'Content-Length: 0', 'application/json', '/api/app/calendly/slots/', '/calendly/v2/', '%2F', '%00', '%', '..', '\x00'],
  },
  texts: {
    longest: 300,
    seeds: ['plain', utf8('é 日本語 🙂 \u2028'), '\xc0\x80\xe0\x80\xaf\xed\xa0\x80\xf4\x90\x80\x80', '"\\\n\x00\x7f</script>&', 'javascript:alert(1)', '//evil', '/\\evil', 'https://a"onclick="', 'x'.repeat(130)],
    words: ['\xe2\x80\xa8', '\xef\xbf\xbd', '\xf0\x9f\x99\x82', '\xed\xa0\x80', '\xc2\x80', '</script', '"', "'", '&', 'https://', 'javascript:', '//'],
  },
};
