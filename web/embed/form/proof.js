// Computes the proof of work (shared/proof_of_work.h) if the proxy requires one for bookings: in a worker, or in short slices on
// the main thread if the page forbids workers.

// Self-contained, because its source text is also run in a worker.
const searchIn = (module, text, bits) => {
  const { memory, proof_text, proof_find } = /** @type {any} */ (new WebAssembly.Instance(module).exports);
  const bytes = new TextEncoder().encode(text);
  new Uint8Array(memory.buffer, proof_text(), bytes.length).set(bytes);
  return (from, count) => proof_find(bytes.length, bits, from, count);
};
const all = 2 ** 32 - 1;
// A block of the main thread shorter than a frame is not noticeable.
const sliceMs = 8;
const sliceCount = 1000;

/** @returns {Promise<number>} rejects if the page allows no worker */
function inWorker(module, text, bits) {
  const url = URL.createObjectURL(new Blob([`const f=${searchIn};onmessage=({data:[m,t,b]})=>postMessage(f(m,t,b)(0,${all}))`]));
  /** @type {Worker | undefined} */
  let worker;
  return new Promise((done, fail) => {
    worker = new Worker(url);
    worker.onmessage = ({ data }) => done(data);
    worker.onerror = fail;
    worker.onmessageerror = fail;
    worker.postMessage([module, text, bits]);
  }).finally(() => {
    worker?.terminate();
    URL.revokeObjectURL(url);
  });
}

async function inSlices(module, text, bits) {
  const search = searchIn(module, text, bits);
  for (let from = 0; from < all; ) {
    for (const end = performance.now() + sliceMs; performance.now() < end && from < all; from += sliceCount) {
      const found = search(from, sliceCount);
      if (found >= 0) return found;
    }
    await new Promise((done) => setTimeout(done));
  }
  return -1;
}

/** @type {Promise<WebAssembly.Module> | undefined} */
let loading;
const loaded = () =>
  (loading ??= fetch(new URL(__PROOF__, import.meta.url), { credentials: 'omit' })
    .then((reply) => reply.arrayBuffer())
    .then((bytes) => WebAssembly.compile(bytes))
    .catch((error) => {
      loading = undefined;
      throw error;
    }));

/**
 * @param {string} challenge of the proxy: its third part is the number of bits
 * @param {string} key the booking's Idempotency-Key
 * @returns {Promise<string>} the value of the Booking-Proof header
 */
export async function proofFor(challenge, key) {
  const module = await loaded();
  const work = [module, `${challenge}.${key}`, Number(challenge.split('.')[2])];
  const number = await inWorker(...work).catch(() => inSlices(...work));
  if (!(number >= 0)) throw new Error('no proof');
  return `${challenge}:${number}`;
}
