// Validates answers against public/openapi.json, for all tests that do.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export const file = new URL('../../public/openapi.json', import.meta.url);
export const document = JSON.parse(readFileSync(file, 'utf8'));

// A misspelt keyword would have no effect: unknown ones are errors.
const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, formats: { 'date-time': true } });
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, 'openapi');
const compiled = new Map();

/** The validator of the schema at these keys of the document. */
export function checkOf(...keys) {
  const pointer = keys.map((key) => `/${encodeURIComponent(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
  if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: `openapi#${pointer}` }));
  return compiled.get(pointer);
}

/** Resolves `$ref`: the value, and its keys in the document. */
export function resolved(value, keys) {
  if (!value.$ref) return { value, keys };
  const to = value.$ref.slice(2).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return resolved(to.reduce((at, key) => at[key], document), to);
}

const templates = Object.keys(document.paths).map((template) => [template, new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`)]);
export const templateOf = (path) => templates.find(([, pattern]) => pattern.test(path))?.[0];

function expected(method, path, status) {
  const named = (name) => ({ value: document.components.responses[name], keys: ['components', 'responses', name] });
  const template = templateOf(path);
  const asked = (method === 'HEAD' ? 'GET' : method).toLowerCase();
  const at = ['paths', template, asked, 'responses'];
  const responses = template && document.paths[template][asked]?.responses;
  if (responses?.[status]) return resolved(responses[status], [...at, status]);
  if (template && !responses && status === 405) return named('MethodNotAllowed');
  if (!template && status === 404) return named('NotFound');
  // Answers to requests of any address, existing or not.
  const anywhere = named('NotARequest');
  if (anywhere.value['x-statuses'].includes(status)) return anywhere;
  return !responses && status === 429 ? named('TooManyRequests') : undefined;
}

/**
 * What is wrong with an answer; undefined if the document allows it.
 * @param {{method: string, path: string, status: number, type?: string, retryAfter?: string, body: string}} answer
 */
export function problemOf({ method, path, status, type = '', retryAfter, body }) {
  if (method === 'OPTIONS') return status === 204 ? undefined : `OPTIONS is answered with ${status}`;
  const response = expected(method, path, status);
  if (!response) return `the document knows no ${status} here`;
  if (response.value.headers?.['Retry-After'] && !/^[0-9]+$/.test(retryAfter ?? '')) return 'there is no Retry-After';
  if (!response.value.content) return body === '' ? undefined : 'there is a body';
  if (method === 'HEAD') return body === '' ? undefined : 'HEAD has a body';
  if (!type.startsWith('application/json')) return `it is ${type || 'of no type'}`;
  const check = checkOf(...response.keys, 'content', 'application/json', 'schema');
  let parsed;
  try {
    parsed = JSON.parse(body);
  } catch {
    return 'it is no JSON';
  }
  return check(parsed) ? undefined : ajv.errorsText(check.errors, { dataVar: 'body' });
}
