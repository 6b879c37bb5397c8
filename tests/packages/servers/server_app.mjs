// Apps that are built and served by a program of their own, in a folder below this one, whose tools they find as node does.
import { spawn } from 'node:child_process';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../browser/engines/processes.mjs';
import { folder, installPackage, packed } from '../stage.mjs';

const here = dirname(fileURLToPath(import.meta.url));
export { freePort };

/** The sources of apps/NAME in run/NAME, with the proxy's address for slots.example.com and the tarball as npm installs it. */
export async function makeServerApp(name, origin) {
  const app = join(here, 'run', name);
  await rm(app, { recursive: true, force: true });
  await cp(join(folder, 'apps', name), app, { recursive: true });
  for (const file of await readdir(app, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath ?? file.path, file.name);
    await writeFile(path, (await readFile(path, 'utf8')).replaceAll('https://slots.example.com', origin));
  }
  await installPackage(app, await packed(`${name}-tarball`));
  return app;
}

const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production', CI: '1' };

/** Runs a program to its end; what it said is told when it fails. */
export const finished = (app, [program, ...args], more = {}) =>
  new Promise((settle, fail) => {
    const child = spawn(process.execPath, [join(here, 'node_modules', program), ...args], { cwd: app, env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    child.on('exit', (code) => (code ? fail(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`)) : settle(said)));
  });

/** Starts a program that serves, and resolves when it says so. */
export const serving = (app, file, args, more, ready) =>
  new Promise((settle, fail) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: app, env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    const ended = new Promise((done) => child.on('close', done));
    const stop = async () => {
      child.kill('SIGTERM');
      await ended;
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        if (ready.test(line)) settle({ said, stop });
      });
    }
    child.on('exit', (code) => fail(new Error(`${file} ended with ${code}:\n${said.join('\n')}`)));
  });
