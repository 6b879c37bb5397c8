// What every run of a fuzzer is given: its seeds and words as files, and its limits.
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { targets } from './seeds.mjs';

const kMemoryMb = 1024;
// For one input. They take microseconds: this is for those that never end, and generous to a busy machine.
const kLongestInputS = 20;

/** A word as libFuzzer's dictionaries have it. */
const escaped = (word) =>
  `"${[...Buffer.from(word, 'latin1')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;

/** @param {string} folder that gets `seeds/` and `words` @returns {{seeds: string, dictionary: string}} */
export function writeSeeds(name, folder) {
  const seeds = path.join(folder, 'seeds');
  rmSync(seeds, { recursive: true, force: true });
  mkdirSync(seeds, { recursive: true });
  for (const seed of targets[name].seeds) {
    const bytes = Buffer.isBuffer(seed) ? seed : Buffer.from(seed, 'latin1');
    writeFileSync(path.join(seeds, createHash('sha256').update(bytes).digest('hex').slice(0, 16)), bytes);
  }
  const dictionary = path.join(folder, 'words');
  writeFileSync(dictionary, (targets[name].words ?? []).map((word) => `${escaped(word)}\n`).join(''));
  return { seeds, dictionary };
}

export const limits = (name) => [`-timeout=${kLongestInputS}`, `-rss_limit_mb=${kMemoryMb}`, `-max_len=${targets[name].longest ?? 4096}`];
