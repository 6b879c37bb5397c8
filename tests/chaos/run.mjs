// Runs the chaos tests and prints what they did as a table, also into build/chaos/report.txt:  node tests/chaos/run.mjs [PART...]
//   SLOTWIRE_CHAOS_SEED=n      the seed of all parts; one is drawn and printed when it is not set
//   SLOTWIRE_CHAOS_MINUTES=n   how long the mixed load lasts (2)
// What one part is told to do otherwise is in its own first lines.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { problemOf } from '../openapi/document.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = `${root}build/bin`;
const out = `${root}build/chaos`;
const seed = process.env.SLOTWIRE_CHAOS_SEED ?? String(1 + Math.floor(Math.random() * 0x7ffffffe));
const steps = process.env.SLOTWIRE_SIMULATION_STEPS ?? '3000000';
const days = process.env.SLOTWIRE_SIMULATION_SEEDS ?? '5000';
const visits = process.env.SLOTWIRE_SIMULATION_SEEDS ?? '500';
const minutes = Number(process.env.SLOTWIRE_CHAOS_MINUTES ?? 2);

// Side by side, for most of them wait most of the time; within a lane one after the other. The longest each may take is a stop for what
// hangs, far above what it needs.
const isEveryCell = Boolean(process.env.SLOTWIRE_CHAOS_EVERY_CELL);
const lanes = [
  [
    { name: 'upstream', words: ['chaos_tests', '[upstream]'], limitS: isEveryCell ? 2_400 : 540 },
    { name: 'simulation', words: ['fetch_tests', '[simulation]'], limitS: 300, row: `simulations of the fetch and list machines, ${steps} steps each`, unit: steps * 2 },
  ],
  [
    { name: 'kills-sqlite', words: ['chaos_tests', '[kills][sqlite]'], limitS: 540 },
    { name: 'days', words: ['why_tests', 'random days:*'], limitS: 120, row: 'random days: why they are empty, compared with the simulator', unit: days, seeds: days },
  ],
  [
    { name: 'kills-postgres', words: ['chaos_tests', '[kills][postgres]'], limitS: 540 },
    { name: 'visits', words: ['web_model_tests', '[random]'], limitS: 120, row: 'random visits of the widget, 150 steps each', unit: visits, seeds: visits },
  ],
  [
    { name: 'load', words: ['chaos_tests', '[load]'], limitS: minutes * 60 + 180 },
    { name: 'shortage', words: ['chaos_tests', '[shortage]'], limitS: 300 },
  ],
];
const parts = lanes.flat();

const wanted = process.argv.slice(2);
for (const name of wanted) if (!parts.some((part) => part.name === name)) throw new Error(`there is no part ${name}: ${parts.map((part) => part.name).join(', ')}`);

function run({ name, words: [program, ...words], limitS }, environment) {
  const began = Date.now();
  return new Promise((done) => {
    const child = spawn(`${programs}/${program}`, words, { cwd: root, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const take = (bytes) => { text += bytes; };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const timer = setTimeout(() => child.kill('SIGKILL'), limitS * 1000);
    child.on('close', (code) => {
      clearTimeout(timer);
      writeFileSync(`${out}/${name}.log`, text);
      console.log(`chaos: ${name} ended after ${((Date.now() - began) / 1000).toFixed(0)} s${code === 0 ? '' : `:\n${text}`}`);
      done({ code, tookS: (Date.now() - began) / 1000 });
    });
  });
}

const linesOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []);

// Every answer that a test heard is held to the API's document, as those of the end-to-end tests are.
function judged(name, file) {
  const answers = linesOf(file);
  if (answers.length === 0) return undefined;
  const told = answers.map((answer) => [answer, problemOf(answer)]).filter(([, problem]) => problem).map(([{ method, path, status, body }, problem]) => `${method} ${path} ${status}: ${problem}: ${body.slice(0, 300)}`);
  return { what: `${name}: answers as public/openapi.json says`, times: answers.length, checked: answers.length, failures: told.length, told: told.slice(0, 12) };
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
console.log(`chaos: seed ${seed} (again: SLOTWIRE_CHAOS_SEED=${seed})`);
const began = Date.now();

async function rowsOf(part) {
  const [rowFile, answerFile] = [`${out}/${part.name}.rows`, `${out}/${part.name}.answers`];
  const { code, tookS } = await run(part, {
    SLOTWIRE_CHAOS_SEED: seed, SLOTWIRE_CHAOS_ROWS: rowFile, SLOTWIRE_ANSWERS: answerFile, SLOTWIRE_PROGRAMS: programs,
    SLOTWIRE_SIMULATION_STEPS: steps, SLOTWIRE_SIMULATION_SEEDS: part.seeds ?? '', SLOTWIRE_CHAOS_MINUTES: String(minutes),
  });
  const own = linesOf(rowFile);
  if (part.row) own.push({ what: part.row, times: Number(part.unit), checked: Number(part.unit), failures: code === 0 ? 0 : 1, told: [] });
  const answers = judged(part.name, answerFile);
  if (answers) own.push(answers);
  if (own.length === 0) own.push({ what: part.name, times: 0, checked: 0, failures: 1, told: ['it ended without a row'] });
  return [{ part: part.name, tookS, code }, ...own];
}

const made = new Map();
await Promise.all(lanes.map(async (lane) => {
  for (const part of lane) if (wanted.length === 0 || wanted.includes(part.name)) made.set(part, await rowsOf(part));
}));
const rows = parts.flatMap((part) => made.get(part) ?? []);
const broken = rows.some((row) => row.failures > 0 || (row.part && row.code !== 0));

const cells = [['what was done', 'times', 'invariants', 'failures']];
for (const row of rows) {
  if (row.part) cells.push([`-- ${row.part}: ${row.tookS.toFixed(0)} s${row.code === 0 ? '' : `, ended with ${row.code ?? 'a stop: it took too long'}`}`, '', '', '']);
  else if (row.notRun) cells.push([row.what, 'not run', '', row.notRun]);
  else cells.push([row.what, row.times, row.checked, row.failures]);
}
const widths = [0, 1, 2].map((column) => Math.max(...cells.map((cell) => String(cell[column]).length)));
const table = cells.map(([what, ...numbers]) => [what.padEnd(widths[0]), String(numbers[0]).padStart(widths[1]), String(numbers[1]).padStart(widths[2]), String(numbers[2])].join('  ').trimEnd());
const told = rows.flatMap((row) => (row.told ?? []).map((each) => `  ${row.what}: ${each}`));
const text = [`slotwire chaos, ${new Date().toISOString()}, seed ${seed}, ${((Date.now() - began) / 1000).toFixed(0)} s`, '', ...table, ...(told.length > 0 ? ['', 'failures:', ...told] : []), ''].join('\n');
writeFileSync(`${out}/report.txt`, text);
console.log(`\n${text}`);
process.exitCode = broken ? 1 : 0;
