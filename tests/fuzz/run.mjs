// Runs the fuzzers of build/fuzz/bin, two at a time, and prints what came of it:  node tests/fuzz/run.mjs SECONDS [TARGET...]
//
//   build/fuzz/begins/TARGET     what a run begins with (seeds.mjs), written anew each time
//   build/fuzz/corpus/TARGET     what runs have learnt, made as small as it gets after each but a short one
//   build/fuzz/findings/TARGET   inputs that ended a run; the log beside them says how
//
// Exits with 1 when there is a finding, or when a fuzzer did not do what it is there for.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { limits, writeSeeds } from './seeding.mjs';
import { targets } from './seeds.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const base = path.join(root, 'build/fuzz');
const kAtOnce = 2;
const kLongEnoughS = 30;

const [seconds, ...named] = process.argv.slice(2);
if (!/^[1-9][0-9]*$/.test(seconds ?? '')) {
  console.error('usage: node tests/fuzz/run.mjs SECONDS [TARGET...]');
  process.exit(2);
}
const sources = readdirSync(path.join(root, 'tests/fuzz')).filter((name) => name.endsWith('_fuzz.cpp'));
const there = sources.map((name) => name.replace(/_fuzz\.cpp$/, '')).sort();
const seedless = there.filter((name) => !targets[name]);
const sourceless = [...Object.keys(targets), ...named].filter((name) => !there.includes(name));
if (seedless.length || sourceless.length) {
  console.error(`fuzz: without seeds: ${seedless.join(', ') || 'none'}; without a source: ${sourceless.join(', ') || 'none'}`);
  process.exit(2);
}

function fresh(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** @returns {Promise<{code: number, log: string}>} */
function ran(name, args, logFile) {
  return new Promise((resolve, reject) => {
    const log = openSync(logFile, 'w');
    const child = spawn(path.join(base, 'bin', `${name}_fuzz`), args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=1:allocator_may_return_null=1', UBSAN_OPTIONS: 'print_stacktrace=1' },
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      closeSync(log);
      resolve({ code: code ?? signal, log: readFileSync(logFile, 'utf8') });
    });
  });
}

async function fuzzed(name) {
  const { seeds, dictionary } = writeSeeds(name, path.join(base, 'begins', name));
  const corpus = path.join(base, 'corpus', name);
  const findings = path.join(base, 'findings', name);
  mkdirSync(corpus, { recursive: true });
  fresh(findings);
  const { code, log } = await ran(
    name,
    // A short run is part of every test: it tries the same inputs each time, so that it fails because of a change, not by chance.
    [...limits(name), ...(seconds < kLongEnoughS ? ['-seed=1'] : []), `-max_total_time=${seconds}`, `-dict=${dictionary}`, `-artifact_prefix=${findings}/`, '-print_final_stats=1', '-use_value_profile=1', corpus, seeds],
    path.join(base, 'findings', `${name}.log`),
  );
  const seen = [...log.matchAll(/^#(\d+)\s+\S+\s+cov: (\d+) ft: (\d+)/gm)].at(-1);
  const runs = Number(/stat::number_of_executed_units:\s*(\d+)/.exec(log)?.[1] ?? seen?.[1] ?? 0);
  const artifacts = readdirSync(findings);
  const result = {
    name, runs, cover: Number(seen?.[2] ?? 0), features: Number(seen?.[3] ?? 0), findings: artifacts.length,
    ok: code === 0 && artifacts.length === 0 && runs > targets[name].seeds.length && seen !== undefined,
    why: code === 0 ? '' : (/^(?:This does not hold: .*|.*runtime error: .*|==\d+==\s*ERROR: .*|SUMMARY: .*)$/m.exec(log)?.[0] ?? `it ended with ${code}`),
  };
  // Not after a short look, which learns little and is waited for.
  if (result.ok && Number(seconds) >= kLongEnoughS) {
    // The fewest inputs that reach as much, in place of all that were ever of use.
    const small = fresh(`${corpus}.small`);
    const merged = await ran(name, [...limits(name), '-merge=1', small, corpus], path.join(base, 'findings', `${name}.merge.log`));
    if (merged.code === 0) {
      rmSync(corpus, { recursive: true });
      renameSync(small, corpus);
    } else {
      Object.assign(result, { ok: false, why: `its corpus could not be merged: ${merged.code}` });
    }
  }
  return { ...result, kept: existsSync(corpus) ? readdirSync(corpus).length : 0 };
}

const wanted = named.length ? named : there;
const missing = wanted.filter((name) => !existsSync(path.join(base, 'bin', `${name}_fuzz`)));
if (missing.length) {
  console.error(`fuzz: not built: ${missing.join(', ')}: cmake --preset fuzz && cmake --build --preset fuzz`);
  process.exit(2);
}
mkdirSync(path.join(base, 'findings'), { recursive: true });
const queue = [...wanted];
const results = [];
await Promise.all(
  Array.from({ length: kAtOnce }, async () => {
    for (let name = queue.shift(); name; name = queue.shift()) results.push(await fuzzed(name));
  }),
);
results.sort((a, b) => a.name.localeCompare(b.name));

const row = (cells) => console.log(cells.map((cell, i) => (i === 0 ? String(cell).padEnd(22) : String(cell).padStart(11))).join(' '));
row(['target', 'executions', 'per second', 'edges', 'features', 'corpus', 'findings']);
for (const { name, runs, cover, features, kept, findings } of results)
  row([name, runs, Math.round(runs / Number(seconds)), cover, features, kept, findings]);
row(['all', ...['runs', 'cover', 'features', 'kept', 'findings'].flatMap((key) => {
  const sum = results.reduce((total, each) => total + each[key], 0);
  return key === 'runs' ? [sum, ''] : [sum];
})]);
const failed = results.filter(({ ok }) => !ok);
for (const { name, why } of failed) {
  console.log(`\n${name}: ${why || 'it did no more than read its seeds'}`);
  console.log(`  the whole of it: build/fuzz/findings/${name}.log`);
  for (const artifact of readdirSync(path.join(base, 'findings', name)))
    console.log(`  again:           build/fuzz/bin/${name}_fuzz build/fuzz/findings/${name}/${artifact}`);
}
process.exit(failed.length ? 1 : 0);
