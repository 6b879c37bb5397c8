// Do the fuzzers find what they are there for? Each of these is an off-by-one put into a copy of a reader, below build/, and the target of
// that reader has to find it, beginning with nothing but its seeds:  node tests/fuzz/planted.mjs
// With a name and a file, writes that copy there, as tests/fuzz/CMakeLists.txt asks for when it builds them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { limits, writeSeeds } from './seeding.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const kPatienceS = 300;

/** By target. `from` stands in the file once; `sees` is how it can be noticed at all. */
const planted = {
  request_head: {
    file: 'proxy/http/request_reader.cpp',
    from: 'text::trimmed(line.substr(colon + 1))',
    to: 'text::trimmed(line.substr(colon + 2))',
    sees: 'a field that ends with its colon is read past its end',
  },
  queries: {
    file: 'shared/percent.cpp',
    from: 'if (i + 2 >= text.size()) return std::nullopt;',
    to: 'if (i + 1 >= text.size()) return std::nullopt;',
    sees: 'an escape that is cut off is read past its end',
  },
  packed: {
    file: 'shared/wire_packed.cpp',
    from: 'if (size > rest_.size()) {',
    to: 'if (size > rest_.size() + 1) {',
    sees: 'a text that is one byte longer than what is there is taken',
  },
  instants: {
    file: 'shared/calendar.cpp',
    from: '*minute > 59 ||',
    to: '*minute > 60 ||',
    sees: 'nothing breaks: minute 60 is taken, and only the second reading knows better',
  },
};

const [name, output] = process.argv.slice(2);
if (name) {
  const { file, from, to } = planted[name];
  const source = readFileSync(path.join(root, file), 'utf8');
  if (source.split(from).length !== 2) {
    console.error(`planted: ${file} has this ${source.split(from).length - 1} times, and must have it once: ${from}`);
    process.exit(1);
  }
  writeFileSync(output, source.replace(from, to));
  process.exit(0);
}

let missed = 0;
for (const [target, { file, from, to, sees }] of Object.entries(planted)) {
  const folder = path.join(root, 'build/fuzz/planted', target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'corpus'), { recursive: true });
  const { seeds, dictionary } = writeSeeds(target, folder);
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync(
    path.join(root, 'build/fuzz/bin', `planted_${target}`),
    [...limits(target), `-max_total_time=${kPatienceS}`, `-dict=${dictionary}`, `-artifact_prefix=${folder}/`, '-use_value_profile=1', path.join(folder, 'corpus'), seeds],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const log = `${stdout}${stderr}`;
  const runs = [...log.matchAll(/^#(\d+)\s/gm)].at(-1)?.[1] ?? '?';
  const how = /^(?:This does not hold: .*|.*Assertion '.*' failed\.|.*runtime error: .*|==\d+==\s*ERROR: .*|terminate called.*)$/m.exec(log)?.[0];
  if (status !== 0 && how) {
    console.log(`${target}: found in ${seconds} s, after about ${runs} executions\n  ${file}: ${from} -> ${to}\n  ${sees}\n  ${how}`);
  } else {
    missed += 1;
    console.log(`${target}: NOT FOUND in ${seconds} s (ended with ${status}, ${runs} executions): ${file}: ${from} -> ${to}`);
  }
}
process.exit(missed ? 1 : 0);
