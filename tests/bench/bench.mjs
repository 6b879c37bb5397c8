// Runs the parts of the benchmark that are named, or all; see run.sh.
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { binDir } from './harness/paths.mjs';
import { machineBusySeconds } from './harness/proc.mjs';
import { finish, say } from './harness/report.mjs';
import { startUpstream } from './harness/upstream.mjs';
import { cold } from './parts/cold.mjs';
import { hold } from './parts/hold.mjs';
import { live } from './parts/live.mjs';
import { stale } from './parts/stale.mjs';
import { warm } from './parts/warm.mjs';
import { widget } from './parts/widget.mjs';

const parts = { warm, stale, cold, hold, live, widget };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length) {
  console.error(`bench: no part called ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
for (const program of ['slotwire', 'calendly-sim']) {
  if (!existsSync(join(binDir, program))) {
    console.error(`bench: ${join(binDir, program)} is missing; run make build`);
    process.exit(2);
  }
}

/** Cores that other programs keep busy, looked at for a second. */
async function coresTaken() {
  const before = machineBusySeconds();
  await delay(1000);
  return machineBusySeconds() - before;
}

const taken = await coresTaken();
const machine = {
  date: new Date().toISOString(),
  processor: cpus()[0].model,
  cores: availableParallelism(),
  coresTakenByOthers: taken,
  kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(),
};
say(`${machine.date.slice(0, 16)}Z, ${machine.cores} cores of ${machine.processor}, ${taken.toFixed(1)} of them taken by other programs at the start`);
say('Figures are medians of interleaved rounds, ratios are medians of the ratios of each round.');
say();

const upstream = await startUpstream();
const began = performance.now();
for (const name of wanted.length ? wanted : Object.keys(parts)) await parts[name](upstream);
await upstream.stop();
finish({ ...machine, tookS: (performance.now() - began) / 1000 });
process.exit(0);
