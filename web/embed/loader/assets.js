// The two big files, fetched and compiled once for a page however many widgets it has.

/** @param {string} base address of the folder widget.js came from */
export function createAssets(base) {
  /** @type {Promise<{module: WebAssembly.Module, app: typeof import('../app/app.js')}> | undefined} */
  let loading;

  async function compiled() {
    const url = `${base}/${__WASM__}`;
    const get = () => fetch(url, { credentials: 'omit' });
    try {
      return await WebAssembly.compileStreaming(get());
    } catch (error) {
      if (error instanceof WebAssembly.CompileError) throw error;
      // A server that names the wrong type for the file, or a browser without streaming.
      return WebAssembly.compile(await (await get()).arrayBuffer());
    }
  }

  return () => {
    loading ??= Promise.all([compiled(), import(`${base}/${__APP__}`)]).then(([module, app]) => ({ module, app }));
    // A failed load may be tried again by the next widget.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
}
