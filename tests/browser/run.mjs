// Runs the browser tests, or those of another folder, two files at a time: a browser that waits leaves its core to the other.
//   run.mjs [FOLDER]
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const folder = resolve(process.argv[2] ?? dirname(fileURLToPath(import.meta.url)));
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(folder, name));
// No file takes half of the timeout: one that hangs is told, not waited for.
run({ files, concurrency: 2, timeout: 400_000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
