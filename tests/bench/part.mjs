// Runs one part in a process of its own, so that its end takes every server and every wait of the part with it.
import { handOver } from './harness/report.mjs';
import { startUpstream } from './harness/upstream.mjs';

const name = process.argv[2];
try {
  const { [name]: run } = await import(`./parts/${name}.mjs`);
  await run(await startUpstream());
  handOver(name);
  process.exit(0);
} catch (error) {
  console.error(error);
  handOver(name, error);
  process.exit(1);
}
