// Counts what a server does for each request under valgrind's callgrind: instructions by function, system calls and their time. Counts are
// the same on any machine and however busy it is.
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { outDir } from './paths.mjs';
import { run } from './processes.mjs';

/** What stands before a command to run it under callgrind. @returns {string[]} */
export function underCallgrind(file) {
  for (const name of readdirSync(outDir)) if (name.startsWith(basename(file))) rmSync(join(outDir, name));
  return ['valgrind', '--tool=callgrind', '--collect-systime=nsec', `--callgrind-out-file=${file}`];
}

/**
 * @typedef {{instructions: number, calls: number, kernelNs: number}} Cost
 * @param {{pid: number}} server started by underCallgrind(file)
 * @param {() => Promise<void>} work what is counted
 * @returns {Promise<{total: Cost, inclusive: Map<string, Cost>, own: Map<string, Cost>}>} by function, with and without what it calls
 */
export async function counted(server, file, work) {
  await run('callgrind_control', ['--zero', String(server.pid)]);
  await work();
  await run('callgrind_control', ['--dump', String(server.pid)]);
  // The first dump since the start; what comes at the end of the program has the name without a number.
  const dump = readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.`)).sort().at(-1);
  if (!dump) throw new Error('callgrind wrote nothing');
  const columns = ['Ir', 'sysCount', 'sysTime', 'sysCpuTime'];
  const by = async (kind) => {
    const text = await run('callgrind_annotate', ['--threshold=100', '--show-percs=no', `--show=${columns.join(',')}`, `--sort=${columns.join(',')}`,
      `--inclusive=${kind}`, '--auto=no', join(dirname(file), dump)]);
    return costsIn(text);
  };
  const own = await by('no');
  return { total: own.total, own: own.functions, inclusive: (await by('yes')).functions };
}

function costsIn(text) {
  const number = '(?:[\\d,]+|\\.)';
  const line = new RegExp(`^\\s*(${number})\\s+(${number})\\s+(${number})\\s+(${number})\\s+(.+)$`);
  const value = (cell) => (cell === '.' ? 0 : Number(cell.replaceAll(',', '')));
  let total;
  const functions = new Map();
  for (const row of text.split('\n')) {
    const [, ir, count, , cpu, what] = line.exec(row) ?? [];
    if (!what) continue;
    const cost = { instructions: value(ir), calls: value(count), kernelNs: value(cpu) };
    if (what === 'PROGRAM TOTALS') {
      total = cost;
      continue;
    }
    // "file:function [object]"; a function without debug information has ??? for its file.
    const name = what.replace(/ \[[^\]]*\]$/, '').replace(/^[^:]*:(?!:)/, '').replace(/'\d+$/, '');
    const before = functions.get(name);
    // One function may be listed once for each file it is made of.
    functions.set(name, before ? { instructions: before.instructions + cost.instructions, calls: before.calls + cost.calls, kernelNs: before.kernelNs + cost.kernelNs } : cost);
  }
  if (!total) throw new Error(`callgrind_annotate was not understood: ${text.slice(0, 500)}`);
  return { total, functions };
}
