// Generates requests from the document: valid ones, and ones with exactly one error. They are drawn by fast-check, so a failing one is
// minimised and can be reproduced by its seed.
import fc from 'fast-check';
import { checkOf, document, resolved } from './document.mjs';

const dayIn = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const days = (from, to) => fc.integer({ min: from, max: to }).map(dayIn);
// Values that depend on each other, on today or on the account, which a schema of one value cannot express.
const own = {
  start_date: days(-2, 9), end_date: days(10, 20), from: days(-2, 9), to: days(10, 20), date: days(0, 20),
  after: fc.oneof(days(-1, 9), days(0, 9).map((day) => `${day}T09:30:00Z`)),
  start: fc.tuple(days(1, 20), fc.integer({ min: 0, max: 47 })).map(([day, half]) => `${day}T${String(half >> 1).padStart(2, '0')}:${half % 2 ? 30 : '00'}:00Z`),
};
// The booking form decides whether these may be present and what they contain.
const leftOut = ['answers', 'location'];

/** Arbitrary values of the schema at these keys of the document. */
function valuesOf(given, at, name = '') {
  if (own[name]) return own[name];
  const { value: schema, keys } = resolved(given, at);
  const examples = given.examples ?? schema.examples;
  if (examples) return fc.constantFrom(...examples);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern), { maxLength: schema.maxLength ?? 60 });
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(fc.constantFrom(schema.minimum, schema.maximum ?? schema.minimum), fc.integer({ min: schema.minimum, max: schema.maximum }));
    case 'string':
      return fc.string({ unit: 'grapheme', minLength: schema.minLength, maxLength: Math.min(schema.maxLength ?? 40, 40) });
    case 'array':
      return fc.array(valuesOf(schema.items, [...keys, 'items']), { maxLength: 5 });
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).filter(([member]) => !leftOut.includes(member));
      return fc.record(Object.fromEntries(members.map(([member, of]) => [member, valuesOf(of, [...keys, 'properties', member], member)])), { requiredKeys: schema.required ?? [] });
    }
    default:
      throw new Error(`no values are known for ${keys.join('/')}`);
  }
}

const partsOf = (operation, at) =>
  (operation.parameters ?? []).map((given, i) => {
    const { value, keys } = resolved(given, [...at, 'parameters', i]);
    return { ...value, keys: [...keys, 'schema'] };
  });
const bodyOf = (operation, at) => {
  const media = operation.requestBody?.content['application/json'];
  return media && resolved(media.schema, [...at, 'requestBody', 'content', 'application/json', 'schema']);
};

/** All calls in the document. */
export const calls = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => {
    const at = ['paths', path, method];
    return { path, method: method.toUpperCase(), operation, parts: partsOf(operation, at), body: bodyOf(operation, at), needsJwt: (operation.security ?? []).length === 1 };
  }));

/** Requests that the document allows: {method, values: {path, query, header}, body}. */
export function validRequests(call) {
  const values = {};
  const required = [];
  for (const part of call.parts) {
    values[part.name] = valuesOf(part.schema, part.keys, part.name);
    if (part.required) required.push(part.name);
  }
  const body = call.body ? valuesOf(call.body.value, call.body.keys) : fc.constant(undefined);
  return fc.record({ values: fc.record(values, { requiredKeys: required }), body });
}

// Whether these are valid depends on earlier requests.
const unchecked = ['Calendly-Webhook-Signature', 'Booking-Proof'];

const isWrong = (keys, schema) => (text) => {
  const isNumber = resolved(schema, keys).value.type === 'integer' && /^[0-9]+$/.test(text);
  return !checkOf(...keys)(isNumber ? Number(text) : text);
};

// Values just outside the limits of a schema, if it has any.
const beyond = ({ minimum, maximum, maxLength }) =>
  [minimum - 1, maximum + 1].filter(Number.isFinite).concat(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]);

// Each member of the body, or of an object in it, made missing, of another type or out of its limits.
function wrongMembers({ value: schema, keys }, path = []) {
  const found = [];
  for (const [name, given] of Object.entries(schema.properties ?? {})) {
    const inside = resolved(given, [...keys, 'properties', name]);
    const field = [...path, name];
    const isNeeded = schema.required?.includes(name);
    if (isNeeded) found.push({ field, gone: true });
    if (leftOut.includes(name)) continue;
    const values = [true, 4.5, 'x', '', [], {}, [1], { a: 1 }, ...beyond({ ...inside.value, ...given }), ...(isNeeded ? [null] : [])];
    const wrong = values.filter((value) => !own[name] && !checkOf(...keys, 'properties', name)(value));
    found.push(...wrong.map((value) => ({ field, value })));
    if (inside.value.type === 'object') found.push(...wrongMembers(inside, field));
    const items = inside.value.items && resolved(inside.value.items, [...inside.keys, 'items']);
    if (items?.value.type === 'object') {
      const [item] = inside.value.examples.at(-1);
      found.push(...wrongMembers(items).map((change) => ({ field, value: [changed(item, change)] })));
    }
  }
  if (schema.additionalProperties === false) found.push({ field: [...path, 'eventtype'], value: 'x' });
  return found;
}

const changed = (body, { field, value, gone }) => {
  const copy = structuredClone(body);
  let at = copy;
  for (const name of field.slice(0, -1)) at = at[name] ??= {};
  if (gone) delete at[field.at(-1)];
  else at[field.at(-1)] = value;
  return copy;
};

/** Requests with one error, in the same form, with the `expected` status of the answer and the field it names. */
export function invalidRequests(call) {
  const valid = validRequests(call);
  const ways = [
    valid.map((request) => ({ ...request, method: 'PATCH', expected: { status: 405 } })),
  ];
  for (const part of call.parts) {
    const isChecked = part.in !== 'path' && !unchecked.includes(part.name);
    if (part.required && isChecked) {
      ways.push(valid.map((request) => ({ ...request, values: { ...request.values, [part.name]: undefined }, expected: { status: 400, field: part.name } })));
    }
    const wrong = isWrong(part.keys, part.schema);
    const texts = part.in === 'header' ? fc.constantFrom('a b', 'x'.repeat(201)) : fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer().map(String), fc.constantFrom('-1', '', '2026-02-30', ...beyond(resolved(part.schema, part.keys).value).map(String)));
    if (isChecked && ['-1', 'x', '', 'a b'].some(wrong)) {
      ways.push(fc.tuple(valid, texts.filter(wrong)).map(([request, text]) => ({ ...request, values: { ...request.values, [part.name]: text }, expected: { status: [400, 404], field: part.name } })));
    }
    if (['eventType', 'event_type'].includes(part.name) && !call.path.endsWith('/why')) {
      const unknown = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => !/^[./]|[,%]/.test(text));
      ways.push(fc.tuple(valid, unknown).map(([request, text]) => ({ ...request, values: { ...request.values, [part.name]: `no such ${text}` }, expected: { status: 404, field: part.name } })));
    }
    if (part.name === 'timezone') {
      ways.push(valid.map((request) => ({ ...request, values: { ...request.values, timezone: 'Nowhere/Land' }, expected: { status: 400, field: 'timezone' } })));
    }
  }
  if (call.needsJwt) {
    ways.push(fc.tuple(valid, fc.constantFrom('', 'Bearer', 'Bearer x.y.z', 'Basic eDp5')).map(([request, jwt]) => ({ ...request, jwt, expected: { status: 401 } })));
    ways.push(valid.map((request) => ({ ...request, jwt: 'reader', expected: { status: call.path.endsWith('/session') ? 401 : 403 } })));
  }
  if (call.body && call.path !== '/api/webhooks/calendly') {
    ways.push(fc.tuple(valid, fc.constantFrom('text/plain', 'application/x-www-form-urlencoded', '')).map(([request, type]) => ({ ...request, type, expected: { status: 415 } })));
    ways.push(fc.tuple(valid, fc.constantFrom('{', '[]', '"x"', 'null', '{"a":1}}', `${'['.repeat(200)}${']'.repeat(200)}`)).map(([request, text]) => ({ ...request, text, expected: { status: 400 } })));
  }
  return fc.oneof(...ways);
}

/** The same, one for each wrong member of the body. */
export function wrongBodies(call, seed) {
  const changes = call.body && call.path !== '/api/webhooks/calendly' ? wrongMembers(call.body) : [];
  const valid = fc.sample(validRequests(call), { seed, numRuns: changes.length });
  return changes.map((change, i) => ({ ...valid[i], body: changed(valid[i].body, change), expected: { status: 400, field: change.field.join('.') } }));
}
