// Checks that docs/troubleshooting.md explains every error code, reason and log line, and none that does not exist.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { codesIn, root, tableBelow, textOf } from './documents.mjs';

const document = textOf('docs/troubleshooting.md');
const sources = (folder) => readdirSync(join(root, folder)).flatMap((name) => {
  const path = `${folder}/${name}`;
  return statSync(join(root, path)).isDirectory() ? sources(path) : path.endsWith('.cpp') ? [path] : [];
});

/** The arguments of a call whose bracket opens before `from`, each as its text. */
function argumentsFrom(text, from) {
  const out = [''];
  let depth = 0;
  for (let i = from; ; ++i) {
    if (i >= text.length) throw new Error('a call does not end');
    const c = text[i];
    if (c === '"') {
      const end = /"(?:\\.|[^"\\])*"/y;
      end.lastIndex = i;
      const [literal] = end.exec(text);
      out[out.length - 1] += literal;
      i += literal.length - 1;
      continue;
    }
    if ('([{'.includes(c)) ++depth;
    if (')]}'.includes(c) && --depth < 0) return out.map((each) => each.trim());
    if (c === ',' && depth === 0) out.push('');
    else out[out.length - 1] += c;
  }
}

const literalsIn = (text) => [...text.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(([, literal]) => literal.replace(/\\(.)/g, '$1'));

/** Every call that logs a warning or an error: path, area (undefined if it is a variable) and the fixed parts of its text. */
function loggedIn(text, path) {
  const found = [];
  for (const call of text.matchAll(/\blog_?\.(?:warn|error)\(/g)) {
    const [area, , ...message] = argumentsFrom(text, call.index + call[0].length);
    const sentence = message.join(',').replace(/\bk[A-Z]\w*/g, (name) => {
      const constant = new RegExp(`constexpr std::string_view ${name}\\s*=\\s*((?:"(?:\\\\.|[^"\\\\])*"\\s*)+);`).exec(text);
      return constant ? `"${literalsIn(constant[1]).join('')}"` : name;
    });
    // If the text is chosen between alternatives ("nothing was sent" or Calendly's answer), each may be logged.
    const parts = literalsIn(sentence).map((each) => each.trim()).filter((each) => /[A-Za-z]{4}/.test(each));
    found.push({ path, area: literalsIn(area)[0], parts });
  }
  return found;
}

/** Whether a documented line, "[area] words ... words", can come from this call. */
function isLineOf(line, { area, parts }) {
  const [, name, words] = /^\[(\w+)\] (.*)$/.exec(line);
  if (area !== undefined && area !== name) return false;
  // A text that comes from elsewhere as a whole is written as "...".
  if (parts.length === 0) return words === '...';
  const said = words.split('...').map((each) => each.trim()).filter((each) => each !== '');
  return said.some((each) => /[A-Za-z]{4}/.test(each)) && said.filter((each) => /[A-Za-z]{4}/.test(each)).every((each) => parts.some((part) => part.includes(each) || each.includes(part)));
}

const logged = sources('proxy').flatMap((path) => loggedIn(textOf(path), path));
const lines = tableBelow(document, '## Log lines').map(([line]) => codesIn(line)[0]);

test('troubleshooting: a log call is read as it is written', () => {
  const [first, second, third] = loggedIn('constexpr std::string_view kWhy = "it is "\n "late";\n log.warn("a", id, "had " + f(1, "x, y") + " of all (this)"); p_.log.error("b", "", std::string(kWhy)); log.warn(n, "", e.detail);', 'x');
  assert.deepEqual(first, { path: 'x', area: 'a', parts: ['of all (this)'] });
  assert.deepEqual(second.parts, ['it is late']);
  assert.deepEqual(third, { path: 'x', area: undefined, parts: [] });
  assert.ok(isLineOf('[a] had ... of all (this)', first));
  assert.ok(!isLineOf('[b] had ... of all (this)', first));
  assert.ok(!isLineOf('[a] of none', first));
  assert.ok(!isLineOf('[a] ...', first));
  assert.ok(isLineOf('[c] ...', third));
});

test('troubleshooting: every line of level warn or error is in the list, and no other', () => {
  assert.ok(logged.length > 40, `only ${logged.length} calls were found`);
  const missing = logged.filter((call) => !lines.some((line) => isLineOf(line, call))).map(({ path, area, parts }) => `${path}: [${area}] ${parts.join(' ... ')}`);
  assert.deepEqual(missing, []);
  assert.deepEqual(lines.filter((line) => !logged.some((call) => isLineOf(line, call))), []);
});

test('troubleshooting: every error code is in the list, and no other, each with what to do', () => {
  const rows = tableBelow(document, '## Error codes');
  const codes = JSON.parse(textOf('public/openapi.json')).components.schemas.ErrorCode.enum;
  assert.deepEqual(rows.map(([code]) => codesIn(code)[0]).sort(), [...codes].sort());
  for (const [code, what, advice] of rows) assert.ok(what.length > 15 && advice.length > 5, code);
});

test('troubleshooting: every reason of an empty day is in the list, and no other', () => {
  const names = [...textOf('proxy/why/words.cpp').matchAll(/\{?Cause::\w+, "([a-z_]+)"/g)].map(([, name]) => name);
  const known = names.length ? names : /enum class Cause \{([^}]+)\}/.exec(textOf('proxy/why/causes.h'))[1].replace(/\/\/.*$/gm, '').match(/\w+/g);
  assert.ok(known.length > 20, String(known.length));
  const listed = tableBelow(document, '## No available slots').flatMap(([codes]) => codesIn(codes));
  assert.deepEqual(listed.sort(), [...known].sort());
});
