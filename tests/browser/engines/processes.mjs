// Starts programs that are stopped when their test ends, however it ends; and a virtual display for browsers that need one.
import { createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from './engine.mjs';

const endings = new Set();
// In reverse order: a program may still write into a folder that was created before it.
process.on('exit', () => [...endings].reverse().forEach((end) => end()));
// The test runner stops a file that takes too long with this signal.
process.on('SIGTERM', () => process.exit(1));

function atEnd(end) {
  endings.add(end);
  return () => {
    endings.delete(end);
    end();
  };
}

/** A folder that is removed when the test ends. @returns {[path: string, remove: () => void]} */
export function folder() {
  const path = mkdtempSync(join(tmpdir(), 'slotwire-engine-'));
  const remove = () => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // Files that a closing browser still writes are left in the system's temporary folder.
    }
  };
  return [path, atEnd(remove)];
}

/**
 * Starts a program in a process group with all its children.
 * @param {RegExp} [ready] text on any of its outputs that says it is ready; without it, it is ready once started
 * @returns {Promise<{said: RegExpExecArray | undefined, end: () => Promise<void>}>}
 */
export async function program(name, args, environment, ready) {
  const child = spawn(name, args, { detached: true, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const stop = atEnd(() => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has already ended.
    }
  });
  const ended = new Promise((settle) => child.on('exit', settle));
  let printed = '';
  const said = new Promise((settle, fail) => {
    if (!ready) child.on('spawn', settle);
    child.on('error', (error) => fail(new Error(`${name}: ${error.message}; scripts/setup.sh test installs the browsers`)));
    child.on('exit', (code) => fail(new Error(`${name} ended with ${code}:\n${printed}`)));
    for (const output of child.stdio.slice(1)) {
      output.on('data', (data) => {
        printed = (printed + data).slice(-20_000);
        const found = ready?.exec(printed);
        if (found) settle(found);
      });
    }
  });
  const end = async () => {
    stop();
    await ended;
  };
  try {
    return { said: await within(said, name), end };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Starts an X server without a screen. @returns {Promise<{environment: Record<string, string>, end: () => Promise<void>}>} */
export async function display() {
  const { said, end } = await program('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x1300x24', '-nolisten', 'tcp', '+extension', 'GLX'], {}, /^(\d+)\n/m);
  const environment = { DISPLAY: `:${said[1]}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1', TZ: 'Europe/Amsterdam', LANG: 'en_US.UTF-8', LANGUAGE: 'en_US' };
  return { environment, end };
}

/** A free port of this machine. */
export async function freePort() {
  const server = createServer();
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address();
  await new Promise((settle) => server.close(settle));
  return port;
}
