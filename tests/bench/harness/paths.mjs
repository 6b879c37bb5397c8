// Where things are.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const benchDir = dirname(dirname(fileURLToPath(import.meta.url)));
export const root = resolve(benchDir, '../..');
export const outDir = join(root, 'build/bench');
export const binDir = resolve(root, process.env.BENCH_BIN ?? 'build/bin');
export const publicDir = resolve(root, process.env.BENCH_PUBLIC ?? 'build/share/slotwire/public');

/** A folder of this run's own below build/bench, made if it is not there. */
export function workDir(name) {
  const dir = join(outDir, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}
