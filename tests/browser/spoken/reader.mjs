// A screen reader for a page: hears what a visitor would hear, and holds it to a file of phrases beside this one.
//   SPOKEN=write    writes the files anew: SPOKEN=write node --test tests/browser/spoken.test.mjs
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  entryPoints: [join(folder, 'ears.mjs')], bundle: true, write: false, format: 'iife', globalName: 'ears', target: 'es2022', logLevel: 'error',
});
const ears = outputFiles[0].text;

/**
 * @param {import('playwright-core').Page} page that has been opened: who navigates away takes the reader along
 */
export async function readerOf(page) {
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send('Page.getFrameTree');
  // A world of its own: neither the page nor its policy sees it.
  const { executionContextId: contextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'reader' });
  const run = async (expression) => {
    const { result, exceptionDetails } = await client.send('Runtime.evaluate', { expression, contextId, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run(ears);
  // Two frames: what a page still does about an act is done in the next, and drawn in the one after.
  const settle = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return {
    /** What has been said since it was asked last, once something of it matches. */
    async hear(pattern) {
      const phrases = [];
      const until = Date.now() + 20000;
      while (!phrases.some((phrase) => pattern.test(phrase))) {
        assert.ok(Date.now() < until, `nothing like ${pattern} is said, but:\n${phrases.join('\n')}`);
        await settle();
        phrases.push(...(await run('ears.said()')));
      }
      await settle();
      return [...phrases, ...(await run('ears.said()'))];
    },
    /** What has been said, if anything, by the time that something is so. */
    async overhear(isSo) {
      await isSo();
      await settle();
      return run('ears.said()');
    },
    /** All of the element that is there, from its beginning to its end. */
    read: (selector) => run(`ears.read(${JSON.stringify(selector)})`),
  };
}

/** The lines of two texts side by side: what both have, what only the file has (-), what is said now (+). */
export function difference(before, now) {
  const longest = Array.from({ length: before.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let k = now.length - 1; k >= 0; k--) {
      longest[i][k] = before[i] === now[k] ? longest[i + 1][k + 1] + 1 : Math.max(longest[i + 1][k], longest[i][k + 1]);
    }
  }
  const lines = [];
  for (let i = 0, k = 0; i < before.length || k < now.length; ) {
    if (i < before.length && k < now.length && before[i] === now[k]) {
      lines.push(`  ${before[i++]}`);
      k++;
    } else if (k === now.length || (i < before.length && longest[i + 1][k] >= longest[i][k + 1])) lines.push(`- ${before[i++]}`);
    else lines.push(`+ ${now[k++]}`);
  }
  return lines;
}

/** Fails with the differing lines and their neighbours when `lines` are not those of the file NAME.txt. */
export async function hold(name, lines) {
  const file = join(folder, `${name}.txt`);
  if (process.env.SPOKEN === 'write') {
    await writeFile(file, `${lines.join('\n')}\n`);
    return;
  }
  const before = (await readFile(file, 'utf8')).trimEnd().split('\n');
  const all = difference(before, lines);
  const near = all.filter((_, i) => all.slice(Math.max(0, i - 2), i + 3).some((line) => !line.startsWith('  ')));
  if (near.length) assert.fail(`tests/browser/spoken/${name}.txt: - the file, + what is said now\n${near.join('\n')}`);
}
