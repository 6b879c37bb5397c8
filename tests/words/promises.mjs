// The column of docs/promises.md that says by what else than unit and browser tests a promise is checked. It follows from where the tests
// of a row are, so it is written by this file:  node tests/words/promises.mjs
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesIn, root } from './documents.mjs';

const path = join(root, 'docs/promises.md');

/** What a test's folder means. An end-to-end test's answers are all held to /openapi.json (ctest e2e_openapi). */
const marks = { 'tests/e2e': 'api', 'tests/openapi': 'api', 'tests/fuzz': 'fuzz', 'tests/chaos': 'chaos', 'tests/delivery': 'delivery', 'tests/bench': 'bench' };
export const order = ['api', 'fuzz', 'chaos', 'delivery', 'bench'];

const filesBelow = (folder) => !existsSync(join(root, folder)) ? [] : readdirSync(join(root, folder)).flatMap((name) => {
  if (name === 'node_modules') return [];
  const each = `${folder}/${name}`;
  return statSync(join(root, each)).isDirectory() ? filesBelow(each) : /_test\.cpp$|\.test\.mjs$/.test(name) ? [each] : [];
});
const texts = Object.entries(marks).map(([folder, mark]) => [mark, filesBelow(folder).map((each) => readFileSync(join(root, each), 'utf8')).join('\n')]);

/** @param {string[]} names of the tests of a row */
export function marksOf(names) {
  const found = new Set();
  for (const name of names) {
    const prefix = /^(fuzz|chaos|delivery|bench|openapi): /.exec(name)?.[1];
    if (prefix) found.add(prefix === 'openapi' ? 'api' : prefix);
    for (const [mark, text] of texts) if (text.includes(`"${name}"`) || text.includes(`'${name}'`)) found.add(mark);
  }
  return order.filter((mark) => found.has(mark)).join(' ');
}

/** The document with its column right, whatever it was. */
export function withMarks(text) {
  return text.split('\n').map((line) => {
    if (/^\| promise \|/.test(line)) return '| promise | also | test |';
    const row = /^\| (.*?) \|(?: ([a-z ]*?) ?\|)? (`.*`) \|$/.exec(line);
    return row ? `| ${row[1]} | ${marksOf(codesIn(row[3]))} | ${row[3]} |`.replace(' |  | ', ' | | ') : line;
  }).map((line, i, lines) => (lines[i - 1] === '| promise | also | test |' ? '|---|---|---|' : line)).join('\n');
}

if (process.argv[1] === new URL(import.meta.url).pathname) writeFileSync(path, withMarks(readFileSync(path, 'utf8')));
