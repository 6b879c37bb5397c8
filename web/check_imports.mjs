// Fails if the widget imports functions that the page does not provide: node web/check_imports.mjs WIDGET_WASM
// The linker leaves undefined symbols to the page, so without this check a missing function would only fail in a browser.
import { readFile } from 'node:fs/promises';

const given = new Set([
  'page.page_raster', 'page.page_measure', 'page.page_words', 'page.page_message',
  'env.emscripten_notify_memory_growth', 'wasi_snapshot_preview1.proc_exit',
]);
const asked = WebAssembly.Module.imports(new WebAssembly.Module(await readFile(process.argv[2])));
const unknown = asked.map(({ module, name }) => `${module}.${name}`).filter((name) => !given.has(name));
if (unknown.length > 0) {
  console.error(`the widget imports what no page has: ${unknown.join(', ')}`);
  process.exit(1);
}
