// The document itself: well formed, with the same routes and codes as the sources.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { document, file, problemOf } from './document.mjs';

const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('openapi: the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(fileURLToPath(file));
  assert.ok(valid, JSON.stringify(errors));
  assert.equal(validator.version, '3.1');
  validator.resolveRefs();  // throws if a reference does not resolve
});

test('openapi: every route of the sources is in the document, and no other', () => {
  const found = [];
  for (const name of readdirSync(new URL('../../proxy/routes/', import.meta.url)).filter((each) => each.endsWith('_routes.cpp'))) {
    const text = source(`proxy/routes/${name}`);
    for (const [, method, path] of text.matchAll(/router\.on\("(\w+)",\s*"([^"]+)"/g)) found.push(`${method} ${path}`);
    for (const [, method, path] of text.matchAll(/\bon\(\w+, "(\w+)", "([^"]+)"/g)) found.push(`${method} /api/web/calendly/${path}`);
  }
  const [, webhook] = /kWebhookPath = "([^"]+)"/.exec(source('proxy/connection/webhook_subscription.h'));
  found.push(`POST ${webhook}`, 'GET /openapi.json');
  const ours = found.filter((call) => /^\w+ \/(api\/|healthz|readyz|openapi)/.test(call));
  const documented = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`));
  assert.deepEqual(ours.sort(), documented.sort());
});

test('openapi: every error code is in the document, with its statuses, and no other', () => {
  const names = /enum class ErrorCode \{([^}]+)\}/.exec(source('shared/result.h'))[1].match(/\w+/g);
  assert.deepEqual([...document.components.schemas.ErrorCode.enum].sort(), names.sort());
  const said = new Map();
  const judge = (status, response) => {
    for (const [, codes] of JSON.stringify(response.content ?? {}).matchAll(/"code":\{"enum":\[([^\]]+)\]/g))
      for (const code of JSON.parse(`[${codes}]`)) said.set(code, (said.get(code) ?? new Set()).add(Number(status)));
  };
  for (const item of Object.values(document.paths))
    for (const { responses } of Object.values(item))
      for (const [status, response] of Object.entries(responses))
        if (status !== 'default') judge(status, response.$ref ? document.components.responses[response.$ref.split('/').pop()] : response);
  judge(405, document.components.responses.MethodNotAllowed);
  for (const code of ['payload_too_large', 'internal']) said.set(code, new Set());  // of NotARequest: for any address
  assert.deepEqual([...said.keys()].sort(), names);
  const several = [...said].filter(([, statuses]) => statuses.size > 1).map(([code]) => code);
  assert.deepEqual(several, ['insufficient_scope']);  // 400 for the admin, 503 for visitors
});

test('openapi: an answer that the document does not know is told from one that it does', () => {
  const path = '/api/app/calendly/changes';
  const type = 'application/json; charset=utf-8';
  const good = { success: true, message: '', data: { version: 1, days: [], pollAfterMs: 0 } };
  const judged = (change) => problemOf({ method: 'GET', path, status: 200, type, body: JSON.stringify(good), ...change });
  assert.equal(judged({}), undefined);
  assert.match(judged({ status: 201 }), /knows no 201/);
  assert.match(judged({ path: '/api/app/calendly/change' }), /knows no 200/);
  assert.match(judged({ type: 'text/html' }), /text.html/);
  assert.match(judged({ body: '{' }), /no JSON/);
  assert.match(judged({ body: JSON.stringify({ ...good, more: 1 }) }), /additional properties/);
  assert.match(judged({ body: JSON.stringify({ ...good, data: { ...good.data, token: 'x' } }) }), /data must NOT have additional/);
  const refused = { success: false, message: '', data: {}, error: { code: 'too_many_requests', details: [] } };
  assert.equal(judged({ status: 429, retryAfter: '3', body: JSON.stringify(refused) }), undefined);
  assert.match(judged({ status: 429, body: JSON.stringify(refused) }), /Retry-After/);
  assert.match(judged({ status: 400, body: JSON.stringify(refused) }), /code must be equal to one of/);
});
