// Checks the answers that the end-to-end tests received:  node answers.mjs FILE...
// Each line of a file is an answer, as written by tests/e2e/http.cpp. Every call of the document must have been answered successfully at
// least once, so that nothing is only documented.
import { readFileSync } from 'node:fs';
import { document, problemOf, templateOf } from './document.mjs';

const problems = new Map();
const answered = new Set();
let count = 0;
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const answer = JSON.parse(line);
    count += 1;
    const problem = answer.status === 500 ? 'the proxy failed' : problemOf(answer);
    if (problem) problems.set(`${answer.method} ${templateOf(answer.path) ?? answer.path} ${answer.status}: ${problem}`, answer.body);
    if (answer.status < 300) answered.add(`${answer.method.toLowerCase()} ${templateOf(answer.path)}`);
  }
}
for (const [problem, body] of problems) console.error(`${problem}\n    ${body.slice(0, 400)}`);
// A static file of the web build: tests/openapi requests it.
answered.add('get /openapi.json');
const unmet = Object.entries(document.paths)
  .flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
  .filter((call) => !answered.has(call));
if (unmet.length > 0) console.error(`never answered as it should: ${unmet.join(', ')}`);
console.log(`${count} answers, ${problems.size} ways to be none of the document's`);
process.exitCode = problems.size > 0 || unmet.length > 0 ? 1 : 0;
