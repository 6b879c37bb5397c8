#!/usr/bin/env node
// Builds the npm package: node packages/build.mjs OUT_DIR writes OUT_DIR/slotwire-VERSION.tgz. The same sources give the same
// bytes.
// Each module is included as it is (ESM) and converted to CommonJS, with types for both. This script publishes nothing.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const [outDir] = process.argv.slice(2);
if (!outDir) {
  console.error('usage: node packages/build.mjs OUT_DIR');
  process.exit(2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'packages/slotwire');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const inCommonJs = (text) => text.replace(/(['"]\.\/[\w-]+)\.js(?=['"])/g, '$1.cjs');

const folder = await mkdtemp(join(tmpdir(), 'slotwire-package-'));
try {
  const entries = [];
  for (const name of (await readdir(source)).sort()) {
    const text = await readFile(join(source, name), 'utf8');
    if (name.endsWith('.d.ts')) {
      await writeFile(join(folder, name), text);
      await writeFile(join(folder, name.replace(/\.ts$/, '.cts')), inCommonJs(text));
      entries.push(name.replace(/\.d\.ts$/, ''));
    } else if (name.endsWith('.js')) {
      await writeFile(join(folder, name), text);
      const { code } = await transform(text, { format: 'cjs', target: 'es2020', platform: 'neutral' });
      await writeFile(join(folder, name.replace(/\.js$/, '.cjs')), inCommonJs(code));
    } else if (name !== 'package.json') {
      await cp(join(source, name), join(folder, name));
    }
  }
  await cp(join(root, 'public/widget.d.ts'), join(folder, 'widget.d.ts'));
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'));

  const way = (name, kind, ending) => ({ types: `./${name}.d.${kind}`, default: `./${name}.${ending}` });
  const exported = entries.map((name) => [
    name === 'index' ? '.' : `./${name}`,
    { import: way(name, 'ts', 'js'), require: way(name, 'cts', 'cjs') },
  ]);
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'));
  Object.assign(manifest, { version, exports: { ...Object.fromEntries(exported), './package.json': './package.json' } });
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

  await mkdir(outDir, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', resolve(outDir)], { cwd: folder, encoding: 'utf8' });
  const [{ filename, size, unpackedSize }] = [JSON.parse(packed)].flat().flatMap((one) => (one.filename ? one : Object.values(one)));
  console.log(`${join(outDir, filename)}  ${size} bytes, ${unpackedSize} unpacked`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
