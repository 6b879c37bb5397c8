// A screen reader for a page: records what a visitor would hear, and compares it with a file of phrases in this folder.
//   SPOKEN=write    updates the files: SPOKEN=write node --test tests/browser/spoken.test.mjs
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  entryPoints: [join(folder, 'virtual_reader.mjs')], bundle: true, write: false, format: 'iife', globalName: 'virtualReader', target: 'es2022', logLevel: 'error',
});
const script = outputFiles[0].text;

/**
 * @param {import('playwright-core').Page} page after it has been opened: a navigation removes the reader
 */
export async function readerOf(page) {
  const client = await page.context().newCDPSession(page);
  const { frameTree } = await client.send('Page.getFrameTree');
  // An isolated world, which neither the page nor its Content-Security-Policy can see.
  const { executionContextId: contextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'reader' });
  const run = async (expression) => {
    const { result, exceptionDetails } = await client.send('Runtime.evaluate', { expression, contextId, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await run(script);
  // Two frames: the page finishes its reaction in the next one and draws in the one after.
  const settle = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return {
    /** The phrases read since the last call, once one of them matches. */
    async phrasesWith(pattern) {
      const phrases = [];
      const until = Date.now() + 20000;
      while (!phrases.some((phrase) => pattern.test(phrase))) {
        assert.ok(Date.now() < until, `nothing like ${pattern} is said, but:\n${phrases.join('\n')}`);
        await settle();
        phrases.push(...(await run('virtualReader.spoken()')));
      }
      await settle();
      return [...phrases, ...(await run('virtualReader.spoken()'))];
    },
    /** The phrases read, if any, until a condition is true. */
    async phrasesUntil(condition) {
      await condition();
      await settle();
      return run('virtualReader.spoken()');
    },
    /** Everything in an existing element, from beginning to end. */
    read: (selector) => run(`virtualReader.read(${JSON.stringify(selector)})`),
  };
}

/** The lines of two texts: common lines, lines only in the file (-), lines only in the new text (+). */
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

/** Fails with the differing lines and their neighbours if `lines` differ from the file NAME.txt. */
export async function compareWithFile(name, lines) {
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
