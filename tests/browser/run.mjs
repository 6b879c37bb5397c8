// Runs the browser tests, or those of another folder, two files in parallel: while one browser waits, the other uses the core.
//   run.mjs [FOLDER]
//   TODAY           the tests' date and time: TODAY=2027-01-31T19:00:00Z (default: the first Tuesday of the next month, in the morning)
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repository = resolve(here, '../..');
const folder = resolve(process.argv[2] ?? here);
const files = (await readdir(folder)).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(folder, name));
// Servers, browsers and tests live at a date of their own. On the last evening of a month the picker opens with a time or two, and a test
// that books the third had none to click.
function firstTuesday() {
  const now = new Date();
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 8));
  day.setUTCDate(1 + ((9 - day.getUTCDay()) % 7));
  return day;
}
const today = process.env.TODAY ? Date.parse(process.env.TODAY) : firstTuesday().getTime();
if (Number.isNaN(today)) throw new Error(`TODAY is no date: ${process.env.TODAY}`);
process.env.LD_PRELOAD = join(repository, process.env.SLOTWIRE_BIN_DIR ?? 'build/bin', 'shifted_clock.so');
process.env.SHIFTED_CLOCK_S = String(Math.round((today - Date.now()) / 1000));

// The limit is less than half of the whole run's timeout, so that a file that hangs is reported.
run({ files, concurrency: 2, timeout: 400_000 })
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
