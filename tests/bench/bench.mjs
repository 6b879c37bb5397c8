// Runs the parts of the benchmark that are named, or all, and writes BENCHMARKS.md; see run.sh.
import { spawn } from 'node:child_process';
import { existsSync, rmSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { commit, isInstalled, machine } from './harness/machine.mjs';
import { roundsOr } from './harness/numbers.mjs';
import { benchDir, binDir, outDir } from './harness/paths.mjs';
import { toldBy, writeSection } from './harness/report.mjs';
import { parts } from './parts/index.mjs';

/** For all parts together; what would begin after it is left out, and the report says so. */
const limitS = Number(process.env.BENCH_LIMIT_S ?? 14 * 60);

function refuse(problem) {
  console.error(`bench: ${problem}`);
  process.exit(2);
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length) refuse(`no part called ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
if (!(limitS > 0)) refuse(`BENCH_LIMIT_S is "${process.env.BENCH_LIMIT_S}"; it takes seconds`);
try {
  roundsOr(1);
} catch (error) {
  refuse(error.message);
}
for (const program of ['slotwire', 'calendly-sim']) {
  if (!existsSync(join(binDir, program))) refuse(`${join(binDir, program)} is missing; run make build`);
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let running;

/** @returns {Promise<{how: string, why?: string, told?: import('./harness/report.mjs').Told}>} */
async function outcomeOf(name, secondsLeft) {
  const { needs, limitS: own } = parts[name];
  const missing = needs.find((program) => !isInstalled(program));
  if (missing) return { how: 'left out', why: `${missing} is not installed; sh scripts/setup.sh bench does it` };
  if (secondsLeft < 5) return { how: 'left out', why: `the ${limitS} s for all parts were used up (BENCH_LIMIT_S)` };
  rmSync(join(outDir, `${name}.json`), { force: true });
  const mostS = Math.min(own, secondsLeft);
  const child = spawn(process.execPath, [join(benchDir, 'part.mjs'), name], { stdio: 'inherit' });
  running = child;
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    child.kill('SIGTERM');
  }, mostS * 1000);
  const [code, signal] = await once(child, 'exit');
  clearTimeout(late);
  if (isLate) return { how: 'failed', why: `it was not over after ${Math.round(mostS)} s` };
  if (!existsSync(join(outDir, `${name}.json`))) return { how: 'failed', why: `it ended with ${signal ?? code} and said nothing` };
  const told = toldBy(name);
  return told.error ? { how: 'failed', why: told.error, told } : { how: 'measured', told };
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    running?.kill('SIGTERM');
    process.exit(1);
  });
}

const began = performance.now();
const secondsPassed = () => (performance.now() - began) / 1000;
const intro = readFileSync(join(benchDir, 'intro.md'), 'utf8');
const names = wanted.length ? wanted : Object.keys(parts);
let failed = 0;
for (const [index, name] of names.entries()) {
  console.log(`\n== ${name} (${index + 1} of ${names.length}): ${parts[name].about}\n`);
  const when = new Date().toISOString();
  const from = secondsPassed();
  const stand = { when, commit: commit(), machine: await machine() };
  const { how, why, told } = await outcomeOf(name, limitS - secondsPassed());
  const tookS = Math.round(secondsPassed() - from);
  writeSection(parts, name, { how, why, ...stand, tookS, goals: told?.goals ?? [] }, told?.lines ?? [], intro);
  if (how === 'failed') failed++;
  console.log(`== ${name}: ${how}${why ? `: ${why}` : ''}, ${tookS} s\n`);
}
console.log(`BENCHMARKS.md is written; ${Math.round(secondsPassed())} s in all${failed ? `; ${failed} failed` : ''}`);
process.exit(failed ? 1 : 0);
