// pack_golden.mjs OUT_DIR ANSWER.json...: the page's packed bytes of each answer, for the test that compares both implementations.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { packedFromSlots } from '../../web/embed/app/packed.js';

const [out, ...files] = process.argv.slice(2);
for (const file of files) {
  writeFileSync(join(out, basename(file, '.json') + '.packed'), packedFromSlots(JSON.parse(readFileSync(file, 'utf8')).data));
}
