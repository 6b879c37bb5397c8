// Checks widget.d.ts against the code: a site's program compiles against it, and its names are those of the code.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { createCalendly } from '../../web/embed/calendly/calendly.js';
import { optionNames } from '../../web/embed/loader/options.js';
import { repository } from './harness.mjs';

const declarations = join(repository, 'public/widget.d.ts');
const source = ts.createSourceFile(declarations, await readFile(declarations, 'utf8'), ts.ScriptTarget.ES2022, true);

/** Names of an interface's members, as declared. */
function membersOf(name) {
  const found = [];
  const visit = (node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === name) {
      for (const member of node.members) found.push(member.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  assert.ok(found.length, name);
  return found.sort();
}

test('types: a site\'s code compiles against them, and mistakes do not', () => {
  const program = ts.createProgram([declarations, join(repository, 'tests/browser/types/site.ts')], {
    strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], types: [],
  });
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) =>
    `${file?.fileName}:${file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  assert.deepEqual(problems, []);
});

test('types: options, events and calls are those of the code', async () => {
  const camel = optionNames.map((name) => name.replace(/-[a-z]/g, (part) => part[1].toUpperCase()));
  assert.deepEqual(membersOf('SlotwireOptions'), camel.sort());

  const emitted = new Set();
  const read = async (folder, pattern, kind) => {
    for (const file of await readdir(join(repository, folder), { recursive: true, withFileTypes: true })) {
      if (!file.isFile() || !file.name.endsWith(kind)) continue;
      const text = await readFile(join(file.path, file.name), 'utf8');
      for (const [, name] of text.matchAll(pattern)) emitted.add(`slotwire:${name}`);
    }
  };
  await read('web/embed/app', /\bemit\('([a-z]+)'/g, '.js');
  await read('web/embed/loader', /'slotwire:([a-z]+)'/g, '.js');
  await read('web/model', /\bEmit\{\s*"([a-z]+)"/g, '.cpp');
  assert.deepEqual(membersOf('SlotwireEvents'), [...emitted].sort());

  globalThis.window ??= { addEventListener() {}, Slotwire: {} };
  globalThis.document ??= {};
  globalThis.MutationObserver ??= class { observe() {} };
  assert.deepEqual(membersOf('SlotwireCalendly'), Object.keys(createCalendly({})).sort());
  const loader = await readFile(join(repository, 'web/embed/loader/widget.js'), 'utf8');
  const [, literal] = /window\.Slotwire = \{(.*?)\};/.exec(loader);
  assert.deepEqual(membersOf('SlotwireApi'), literal.split(/, (?=\w+[:,]|\w+$|\w+ )/).map((one) => one.trim().split(':')[0]).sort());
  const stubs = await readFile(join(repository, 'web/embed/loader/calendly_calls.js'), 'utf8');
  assert.deepEqual([...new Set([...stubs.matchAll(/'(\w+Widgets?)'/g)].map(([, name]) => name))].sort(), membersOf('SlotwireCalendly'));
});
