// pack_golden.mjs OUT_DIR ANSWER.json...: what the page makes of each answer, for the test that holds the two readers together.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { packedFromSlots } from '../../web/embed/app/packed.js';

const [out, ...files] = process.argv.slice(2);
for (const file of files) {
  writeFileSync(join(out, basename(file, '.json') + '.packed'), packedFromSlots(JSON.parse(readFileSync(file, 'utf8')).data));
}
