#!/usr/bin/env node
// Bundles the widget and the pages for the proxy to serve: node web/bundle.mjs OUT_DIR WASM_DIR
// Writes widget.js, widget-<hash>.wasm, widget-app-<hash>.js, widget-proof-<hash>.wasm (for bookings with a proof of work), the
// chunks that only some visits need (dialogs, booking form, subscription to changes, time zone search, style of the visible twin,
// Calendly's calls, events for a site's analytics, tools for a browser's assistant, a table of texts for each language), the
// script and style sheet at the paths of Calendly's own, and the pages of public/, each with .br and .gz versions, and
// manifest.json.
// Fails if a first visit would download more than the budget.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';

const firstVisitBudget = 80_000;
const loaderBudget = 6_000;

const [outDir, wasmDir] = process.argv.slice(2);
if (!outDir || !wasmDir) {
  console.error('usage: node web/bundle.mjs OUT_DIR WASM_DIR');
  process.exit(2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);

/** Minifies the style sheets that our modules contain as template literals, `const styles = \`...\``. */
const shortStyles = {
  name: 'short-styles',
  setup: ({ onLoad }) => onLoad({ filter: /web.embed.+\.js$/ }, async ({ path }) => {
    let contents = await readFile(path, 'utf8');
    for (const [whole, start, css] of contents.matchAll(/^((?:export )?const style(?:s|Sheet) = )`([^`$]+)`/gm)) {
      const { code } = await transform(css, { loader: 'css', minify: true });
      contents = contents.replace(whole, () => `${start}${JSON.stringify(code.trim())}`);
    }
    return { contents };
  }),
};

const options = /** @type {const} */ ({ bundle: true, minify: true, target: ['es2022'], write: false, legalComments: 'none', plugins: [shortStyles] });
async function bundled(entry, format, define = {}) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'web/embed', entry)],
    ...options,
    format,
    define,
    // Modules are always decoded as UTF-8; a classic script is decoded in the page's encoding.
    charset: format === 'esm' ? 'utf8' : 'ascii',
  });
  return outputFiles[0].contents;
}

/** Bundles one export of a module, without the rest of the module. */
async function bundledPart(part, entry) {
  const { outputFiles } = await build({
    stdin: { contents: `export { ${part} } from './${entry}'`, resolveDir: join(root, 'web/embed') },
    ...options,
    format: 'esm',
    charset: 'utf8',
  });
  return outputFiles[0].contents;
}

const wasm = await readFile(join(wasmDir, 'widget.wasm'));
const wasmName = `widget-${hashOf(wasm)}.wasm`;
const proof = await readFile(join(wasmDir, 'proof.wasm'));
const proofName = `widget-proof-${hashOf(proof)}.wasm`;
const chunk = async (name, entry, define = {}) => {
  const bytes = await bundled(entry, 'esm', define);
  return [`widget-${name}-${hashOf(bytes)}.js`, bytes];
};
const [appName, app] = await chunk('app', 'app/app.js');
const [dialogsName, dialogs] = await chunk('dialogs', 'dialogs/dialogs.js');
const [visibleTwinName, visibleTwin] = await chunk('twin', 'visible_twin/visible_twin.js');
const [zonesName, zones] = await chunk('zones', 'zones/zones.js');
const [assistantName, assistant] = await chunk('assistant', 'assistant/assistant.js');
const [liveName, live] = await chunk('live', 'live/live.js', { __ASSISTANT__: JSON.stringify(assistantName) });
const [analyticsName, analytics] = await chunk('analytics', 'analytics/analytics.js');
const [calendlyName, calendly] = await chunk('calendly', 'calendly/calendly.js');
// Script of the proxy's own pages; only they load it.
const hosted = await bundled('hosted/hosted.js', 'iife');

// One hash for all tables saves the loader a list of ten names. The booking form includes its English texts.
const spoken = (await readdir(join(root, 'web/embed/words'))).map((name) => name.replace('.js', '')).sort();
const languages = spoken.filter((name) => name !== 'en');
const tables = await Promise.all(spoken.map((language) => bundledPart('default', `words/${language}.js`)));
const wordsHash = hashOf(Buffer.concat(tables));
const wordsName = (language) => `widget-words-${language}-${wordsHash}.js`;
const formTables = await Promise.all(languages.map((language) => bundledPart('form', `words/${language}.js`)));
const formWordsHash = hashOf(Buffer.concat(formTables));
const formWordsName = (language) => `widget-form-${language}-${formWordsHash}.js`;
const [formName, form] = await chunk('form', 'form/form.js', {
  __LANGUAGES__: JSON.stringify(languages.join(' ')),
  __FORM_WORDS__: JSON.stringify(formWordsHash),
  __PROOF__: JSON.stringify(proofName),
});

const named = {
  __APP__: JSON.stringify(appName),
  __WASM__: JSON.stringify(wasmName),
  __DIALOGS__: JSON.stringify(dialogsName),
  __VISIBLE_TWIN__: JSON.stringify(visibleTwinName),
  __FORM__: JSON.stringify(formName),
  __ZONES__: JSON.stringify(zonesName),
  __LIVE__: JSON.stringify(liveName),
  __ANALYTICS__: JSON.stringify(analyticsName),
  __CALENDLY__: JSON.stringify(calendlyName),
  __LANGUAGES__: JSON.stringify(spoken.join(' ')),
  __WORDS__: JSON.stringify(wordsHash),
  __VERSION__: JSON.stringify(version),
};
const loader = await bundled('loader/widget.js', 'iife', { ...named, __BASE__: '"."', __IS_CALENDLY__: 'false' });
// The same script at the path of Calendly's own, two folders down and always with Calendly's calls.
const external = await bundled('loader/widget.js', 'iife', { ...named, __BASE__: '"../.."', __IS_CALENDLY__: 'true' });

/** @type {Map<string, Uint8Array>} */
const files = new Map([
  ['widget.js', loader], [appName, app], [wasmName, wasm], [dialogsName, dialogs], [calendlyName, calendly], [analyticsName, analytics],
  [formName, form], [proofName, proof], [liveName, live], [assistantName, assistant], [zonesName, zones], [visibleTwinName, visibleTwin], ['hosted.js', hosted],
  ['assets/external/widget.js', external],
  ['assets/external/widget.css', await readFile(join(root, 'web/embed/calendly/widget.css'))],
  ...spoken.map((language, i) => [wordsName(language), tables[i]]),
  ...languages.map((language, i) => [formWordsName(language), formTables[i]]),
]);
for (const name of (await readdir(join(root, 'public'))).sort()) {
  if (['.html', '.css', '.js', '.ts', '.svg', '.png', '.txt', '.json'].includes(extname(name))) {
    files.set(name, await readFile(join(root, 'public', name)));
  }
}

// The folder contains exactly one build, so that files with old hashes do not pile up.
await rm(outDir, { recursive: true, force: true });
await mkdir(join(outDir, 'assets/external'), { recursive: true });
/** @type {Record<string, {raw: number, gzip: number, brotli: number, sri: string}>} */
const manifest = {};
// Brotli parameters (postfix, direct distance codes, window bits, mode). For each file the smallest result is used, which saves
// up to 0.8 %. These are the best of thirty combinations.
const { BROTLI_MODE_GENERIC: plain, BROTLI_MODE_FONT: font } = constants;
const ways = [[0, 0, 22, plain], [0, 4, 22, plain], [1, 30, 22, plain], [2, 0, 17, plain], [3, 0, 16, plain], [0, 0, 16, font]];
function smallest(bytes) {
  const made = ways.map(([postfix, direct, window, mode]) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        [constants.BROTLI_PARAM_NPOSTFIX]: postfix,
        [constants.BROTLI_PARAM_NDIRECT]: direct,
        [constants.BROTLI_PARAM_LGWIN]: window,
        [constants.BROTLI_PARAM_MODE]: mode,
      },
    }),
  );
  return made.sort((a, b) => a.length - b.length)[0];
}
for (const [name, bytes] of files) {
  const brotli = smallest(bytes);
  const gzip = gzipSync(bytes, { level: 9 });
  await writeFile(join(outDir, name), bytes);
  if (extname(name) !== '.png') {
    await writeFile(join(outDir, `${name}.br`), brotli);
    await writeFile(join(outDir, `${name}.gz`), gzip);
  }
  manifest[name] = {
    raw: bytes.length,
    gzip: gzip.length,
    brotli: brotli.length,
    sri: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
  };
}
const row = (name, size) =>
  console.log(`${name.padEnd(32)} ${[size.raw, size.gzip, size.brotli].map((n) => String(n).padStart(9)).join(' ')}`);
console.log(`${''.padEnd(32)}       raw      gzip    brotli`);
for (const [name, size] of Object.entries(manifest)) row(name, size);
// The size of a first visit in the language with the largest table.
const largest = spoken.map(wordsName).sort((a, b) => manifest[b].brotli - manifest[a].brotli)[0];
const visit = { raw: 0, gzip: 0, brotli: 0 };
for (const name of ['widget.js', appName, wasmName, largest]) {
  manifest[name].firstVisit = true;
  for (const kind in visit) visit[kind] += manifest[name][kind];
}
row('first visit', visit);
await writeFile(join(outDir, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

if (visit.brotli > firstVisitBudget || manifest['widget.js'].brotli > loaderBudget) {
  console.error(`over budget: a first visit may take ${firstVisitBudget} bytes brotli, widget.js ${loaderBudget}`);
  process.exit(1);
}
