// Runs the browser tests, or those of another folder, two files in parallel: while one browser waits, the other uses the core.
//   run.mjs [FOLDER]
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const folder = resolve(process.argv[2] ?? dirname(fileURLToPath(import.meta.url)));
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(folder, name));
// The limit is less than half of the whole run's timeout, so that a file that hangs is reported.
run({ files, concurrency: 2, timeout: 400_000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
