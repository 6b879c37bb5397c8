// The packed npm package: reproducible, correct for every way of importing it, small, typed, and without side effects.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkPackage, Package } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import ts from 'typescript';
import { folder, makeApp, packed, repository } from './stage.mjs';

const run = promisify(execFile);
let tarball;
let app;
before(async () => {
  tarball = await packed('checked');
  app = await makeApp('types', 'types', 'https://slots.example.com', { react: 'node_modules/react', '@types/react': 'node_modules/@types/react', vue: 'node_modules/vue' });
});

test('package: the same sources give the same bytes', async () => {
  assert.deepEqual(await readFile(await packed('again')), await readFile(tarball));
});

test('package: publint and attw have nothing to say, for any way of importing any part of it', async () => {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }, strict: true });
  assert.deepEqual(messages.map((one) => formatMessage(one, pkg)), []);
  // From the installed files: attw's own reader of tarballs accepts only small ones.
  const installed = join(app, 'node_modules/slotwire');
  const files = await Promise.all((await readdir(installed)).map(async (name) => [`/node_modules/slotwire/${name}`, await readFile(join(installed, name), 'utf8')]));
  const { problems, types, entrypoints } = await checkPackage(new Package(Object.fromEntries(files), pkg.name, pkg.version));
  assert.equal(types.kind, 'included');
  assert.deepEqual(problems, []);
  assert.deepEqual(Object.keys(entrypoints).filter((name) => !name.endsWith('.json')).sort(), ['.', './react', './react-calendly', './react-native', './vue']);
});

test('package: nothing is needed beside it, and it says so', async () => {
  const { dependencies, sideEffects, peerDependencies, peerDependenciesMeta } = JSON.parse(await readFile(join(app, 'node_modules/slotwire/package.json'), 'utf8'));
  assert.equal(dependencies, undefined);
  assert.equal(sideEffects, false);
  for (const peer of Object.keys(peerDependencies)) assert.equal(peerDependenciesMeta[peer].optional, true, peer);
  // A server imports each part without a page, in both module formats.
  const parts = ['slotwire', 'slotwire/react', 'slotwire/react-calendly', 'slotwire/vue'];
  const asModules = parts.map((part, i) => `import * as m${i} from '${part}';`).join('') + `console.log(JSON.stringify([${parts.map((_, i) => `Object.keys(m${i})`)}]))`;
  const asCommon = `console.log(JSON.stringify(${JSON.stringify(parts)}.map((part) => Object.keys(require(part)).sort())))`;
  await writeFile(join(app, 'in.mjs'), asModules);
  await writeFile(join(app, 'in.cjs'), asCommon);
  const [modules, common] = await Promise.all(['in.mjs', 'in.cjs'].map(async (file) => JSON.parse((await run(process.execPath, [join(app, file)])).stdout)));
  assert.deepEqual(modules.map((names) => names.filter((name) => name !== 'default' && name !== 'module.exports')), common);
  assert.deepEqual(common, [
    ['SlotwireError', 'configure', 'createClient', 'load'], ['SlotPicker', 'configure', 'load'],
    ['InlineWidget', 'PopupButton', 'PopupModal', 'PopupWidget', 'configure', 'useCalendlyEventListener'], ['SlotPicker', 'configure', 'load'],
  ]);
});

const sizeOf = async (contents) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: app }, bundle: true, minify: true, write: false, format: 'esm', target: 'es2022', legalComments: 'none',
    external: ['react', 'vue', 'react-native-webview'], logLevel: 'error',
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
};

test('package: what an app takes in is under 1 kB, and only what it uses', async (t) => {
  for (const part of ['react', 'react-calendly', 'vue', 'react-native']) {
    const size = await sizeOf(`export * from 'slotwire/${part}'`);
    t.diagnostic(`slotwire/${part}: ${size} bytes gzip`);
    assert.ok(size < 1024, `slotwire/${part}: ${size}`);
  }
  for (const name of ['InlineWidget', 'PopupButton', 'PopupModal', 'PopupWidget', 'useCalendlyEventListener']) {
    const size = await sizeOf(`export { ${name} } from 'slotwire/react-calendly'`);
    t.diagnostic(`${name}: ${size} bytes gzip`);
    assert.ok(size < 700, `${name}: ${size}`);
  }
  t.diagnostic(`slotwire, the client and the loader: ${await sizeOf("export * from 'slotwire'")} bytes gzip`);
  assert.ok((await sizeOf("export { load } from 'slotwire'")) < 400);
  assert.ok((await sizeOf("import 'slotwire'; import 'slotwire/vue'; import 'slotwire/react'; import 'slotwire/react-calendly'")) < 100);
});

test('package: a site\'s code compiles against its types, and mistakes do not', async () => {
  const sources = (await readdir(app)).filter((name) => /\.tsx?$/.test(name)).map((name) => join(app, name));
  const program = ts.createProgram(sources, {
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, strict: true, noEmit: true, jsx: ts.JsxEmit.ReactJSX,
    target: ts.ScriptTarget.ES2022, lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], types: [],
  });
  // Errors in other packages' types are not ours.
  const problems = [program.getOptionsDiagnostics(), ...program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(app))
    .map((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])].flat()
    .map(({ messageText, file, start }) =>
      `${file?.fileName}:${file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : ''} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  assert.deepEqual(problems, []);
});

test('package: its test tools have a lock file of their own, without addresses', async () => {
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
  assert.doesNotMatch(lock, /https?:\/\/[^"]*\.tgz/);
  const own = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  for (const heavy of ['vite', 'react', 'vue', 'next', 'nuxt']) assert.ok(!own.devDependencies[heavy], heavy);
});
