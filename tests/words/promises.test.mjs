// docs/promises.md: the column that says what else checks a promise is right, and every mark in it is explained.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesIn, tableBelow, textOf } from './documents.mjs';
import { marksOf, order, withMarks } from './promises.mjs';

test('promises: what a row is marked with follows from the tests it names', () => {
  assert.equal(marksOf(['SealedBox: equal secrets give different blobs']), '');
  assert.equal(marksOf(['backup: of SQLite, taken while it runs, everything comes back but what the page names']), 'api');
  assert.equal(marksOf(['chaos: a full disk', 'fuzz: request_head']), 'fuzz chaos');
  const text = '| promise | test |\n|---|---|\n| this | `fuzz: instants` |\n| that | `no such` |\n';
  const marked = '| promise | also | test |\n|---|---|---|\n| this | fuzz | `fuzz: instants` |\n| that | | `no such` |\n';
  assert.equal(withMarks(text), marked);
  assert.equal(withMarks(marked), marked);
});

test('promises: every row is marked rightly', () => {
  const text = textOf('docs/promises.md');
  const right = withMarks(text).split('\n');
  const wrong = text.split('\n').filter((line, i) => line !== right[i]);
  assert.deepEqual(wrong, [], 'node tests/words/promises.mjs mends it');
});

test('promises: every mark is explained, and no other', () => {
  assert.deepEqual(tableBelow(textOf('docs/promises.md'), '## What else checks a promise').map(([mark]) => codesIn(mark)[0]), order);
});
