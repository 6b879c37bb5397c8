// The proxy under measurement, connected to the upstream.
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { binDir, workDir } from './paths.mjs';
import { run, start } from './processes.mjs';
import { token } from './upstream.mjs';

// All load comes from one address, which the defaults would rightly refuse: 600 requests in 30 s and 100 connections for each
// client. Both limits are raised rather than switched off, so that what they cost is in the figures. Everything else is as it
// comes.
export const raisedLimits = { CALENDLY_RATE_LIMIT: '1000000/1s', CALENDLY_MAX_CONNECTIONS_PER_CLIENT: '4096' };

/**
 * @param {Record<string, string>} [settings] besides those that are needed
 * @param {string[]} [under] a command that runs the program, such as valgrind and its arguments
 */
export async function startSlotwire(upstream, settings = {}, under = []) {
  const database = join(workDir('slotwire'), 'slotwire.db');
  for (const suffix of ['', '-wal', '-shm']) rmSync(database + suffix, { force: true });
  const env = {
    JWT_SECRET: randomBytes(48).toString('hex'),
    CALENDLY_API_BASE_URL: upstream.url,
    CALENDLY_DATABASE_URL: `sqlite:${database}`,
    PORT: '0',
    METRICS_PORT: '0',
    ...raisedLimits,
    ...settings,
  };
  const program = join(binDir, 'slotwire');
  await run(program, ['token', 'set'], { env, input: token });
  const [command, ...args] = [...under, program, 'serve'];
  const started = await start('slotwire', command, args, { env });
  return { ...started, command: (args) => run(program, args, { env }) };
}
