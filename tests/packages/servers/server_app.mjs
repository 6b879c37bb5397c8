// Apps that are built and served by their own framework, in a folder below this one, so that Node finds the tools.
import { spawn } from 'node:child_process';
import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createServer, request as ask } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { folder, installPackage, packed } from '../stage.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * The app's public address, known before the app is built: the proxy needs it to allow bookings, and the app needs the proxy's. A port
 * that was only looked up could be taken by another program during the build.
 * @returns {Promise<{origin: string, leadTo: (address: string) => void, stop: () => Promise<void>}>}
 */
export async function startFront() {
  let target = '';
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const onward = ask(new URL(url, target), { method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    leadTo: (address) => {
      target = address;
    },
    stop: () =>
      new Promise((settle) => {
        server.close(settle);
        server.closeAllConnections();
      }),
  };
}

/** Copies apps/NAME to run/NAME, with the proxy's address in place of slots.example.com and the package installed from the tarball. */
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

/** Runs a program to its end; rejects with its output if it fails. */
export const finished = (app, [program, ...args], more = {}) =>
  new Promise((settle, fail) => {
    const child = spawn(process.execPath, [join(here, 'node_modules', program), ...args], { cwd: app, env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => { said += data; });
    child.on('exit', (code) => (code ? fail(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${said}`)) : settle(said)));
  });

/** Starts a server program, and resolves with the address that it prints. */
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
        const [, address] = ready.exec(line) ?? [];
        if (address) settle({ address, stop });
      });
    }
    child.on('exit', (code) => fail(new Error(`${file} ended with ${code}:\n${said.join('\n')}`)));
  });
