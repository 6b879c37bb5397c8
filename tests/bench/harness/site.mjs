// A folder of web files for slotwire to serve: its own widget as built, the same picker in React, and a bare page for each.
import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { benchDir, publicDir, workDir } from './paths.mjs';

/** @typedef {{raw: number, gzip: number, brotli: number}} Sizes */

const pageWith = (head, picker) =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
  `<title>A free time</title><link rel="icon" href="data:,">${head}</head><body><main>${picker}</main></body></html>`;

async function reactFiles() {
  const { outputFiles } = await build({
    entryPoints: [join(benchDir, 'peers/react/main.jsx')],
    outdir: 'out',
    bundle: true,
    minify: true,
    write: false,
    jsx: 'automatic',
    target: ['es2022'],
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
  });
  return outputFiles.map(({ path, contents }) => ({ name: `react-picker${extname(path)}`, bytes: contents }));
}

/** As web/bundle.mjs stores its files. @returns {Sizes} */
function store(dir, name, bytes) {
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  const gzip = gzipSync(bytes, { level: 9 });
  writeFileSync(join(dir, name), bytes);
  writeFileSync(join(dir, `${name}.br`), brotli);
  writeFileSync(join(dir, `${name}.gz`), gzip);
  return { raw: bytes.length, gzip: gzip.length, brotli: brotli.length };
}

/** @returns {Promise<{dir: string, slotwire: Record<string, Sizes>, react: Record<string, Sizes>}>} what a first visit downloads of each */
export async function makeSite() {
  const dir = workDir('site');
  rmSync(dir, { recursive: true });
  workDir('site');
  const isWidget = (name) => /^(widget[-.].*(js|wasm)|hosted\.(js|css))$/.test(name);
  for (const name of readdirSync(publicDir)) {
    if (isWidget(name.replace(/\.(br|gz)$/, ''))) copyFileSync(join(publicDir, name), join(dir, name));
  }
  const manifest = JSON.parse(readFileSync(join(publicDir, 'manifest.json'), 'utf8'));
  const slotwire = Object.fromEntries(Object.entries(manifest).filter(([, file]) => file.firstVisit));
  const react = Object.fromEntries((await reactFiles()).map(({ name, bytes }) => [name, store(dir, name, bytes)]));

  const style = '<link rel="stylesheet" href="page.css">';
  store(dir, 'page.css', Buffer.from('main{max-width:860px;margin:24px auto}'));
  store(dir, 'slotwire.html', Buffer.from(pageWith(
    `${style}<script src="widget.js" async></script>`, '<slot-picker event-type="30min"></slot-picker>',
  )));
  store(dir, 'react.html', Buffer.from(pageWith(
    `${style}<link rel="stylesheet" href="react-picker.css"><script src="react-picker.js" defer></script>`,
    '<div id="picker" data-event-type="30min"></div>',
  )));
  return { dir, slotwire, react };
}
