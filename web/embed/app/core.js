// Wraps the WASM module in plain functions: bytes and text go in through its scratch buffer, text records come out. See
// web/platform/abi.h.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What the module imports from the page; offsets are into its own memory.
 * @typedef {object} PageServices
 * @property {(text: string, sizePx: number, weight: number) => (number[] | null)} raster  x, y, width, height, left, top,
 * advance, and how far below it the coloured pixels are stored; null if the atlas was full and has been cleared
 * @property {(text: string, sizePx: number, weight: number) => number} measure
 * @property {(kind: number, a: number, b: number) => string} word
 * @property {(key: string) => string} message
 */

/**
 * One widget's instance of the shared module.
 * @param {WebAssembly.Module} module
 * @param {PageServices} page
 */
export function createCore(module, page) {
  /** @type {any} */
  let exports;
  const bytesAt = (pointer, size) => new Uint8Array(exports.memory.buffer, pointer >>> 0, size >>> 0);
  const textAt = (pointer, size) => decoder.decode(bytesAt(pointer, size));
  const writeText = (text, out, capacity) => {
    const bytes = encoder.encode(text);
    bytesAt(out, capacity).set(bytes.subarray(0, capacity));
    return bytes.length;
  };

  // The WASI calls of a standalone link. There are no files and no standard output to write to.
  const noSuchCall = 52;
  const system = {
    proc_exit(code) {
      throw new Error(`slotwire stopped with ${code}`);
    },
    fd_write: () => noSuchCall,
    fd_read: () => noSuchCall,
    fd_seek: () => noSuchCall,
    fd_close: () => noSuchCall,
    emscripten_notify_memory_growth: () => {},
  };

  exports = new WebAssembly.Instance(module, {
    page: {
      page_raster(text, bytes, sizePx, weight, out) {
        const placed = page.raster(textAt(text, bytes), sizePx, weight);
        if (!placed) return 0;
        new Float32Array(exports.memory.buffer, out >>> 0, 8).set(placed);
        return 1;
      },
      page_measure: (text, bytes, sizePx, weight) => page.measure(textAt(text, bytes), sizePx, weight),
      page_words: (kind, a, b, out, capacity) => writeText(page.word(kind, a, b), out, capacity),
      page_message: (key, bytes, out, capacity) => writeText(page.message(textAt(key, bytes)), out, capacity),
    },
    env: system,
    wasi_snapshot_preview1: system,
  }).exports;
  exports._initialize?.();

  /** Copies bytes into the scratch buffer and returns their number. */
  const put = (bytes) => {
    const pointer = exports.sw_buffer(bytes.length);
    bytesAt(pointer, bytes.length).set(bytes);
    return bytes.length;
  };
  const record = (pointer) => {
    const [data, size] = new Uint32Array(exports.memory.buffer, pointer >>> 0, 2);
    return textAt(data, size);
  };

  return {
    put,
    putText: (text) => put(encoder.encode(text)),
    /** Copies two texts one after the other, for calls that take both; returns both lengths. */
    putTwo(first, second) {
      const a = encoder.encode(first);
      const b = encoder.encode(second);
      const both = new Uint8Array(a.length + b.length);
      both.set(a);
      both.set(b, a.length);
      put(both);
      return [a.length, b.length];
    },
    /** @returns {object[]} the actions that the widget requests, oldest first */
    actions: () => JSON.parse(record(exports.sw_actions()) || '[]'),
    /** @returns {object | null} the screen, if it changed since the last call */
    changedScreen: () => (exports.sw_screen_changed() ? JSON.parse(record(exports.sw_screen())) : null),
    /**
     * @returns {Record<string, number[]> | null} positions of the nodes on the canvas by id, if they changed since the last call
     */
    changedPlaces: () => (exports.sw_places_changed?.() ? JSON.parse(record(exports.sw_places())) : null),
    /** The last frame's draw lists as views into the module's memory: valid until the next call into the module. */
    drawing() {
      const { buffer } = exports.memory;
      const [vertices, vertexCount, indices, indexCount, commands, commandCount, clear] = new Uint32Array(
        buffer,
        exports.sw_drawing() >>> 0,
        7,
      );
      return {
        vertices: new Uint8Array(buffer, vertices, vertexCount * 20),
        indices: new Uint32Array(buffer, indices, indexCount),
        counts: new Uint32Array(buffer, commands, commandCount * 6),
        clips: new Float32Array(buffer, commands, commandCount * 6),
        clear,
      };
    },
    exports,
  };
}
