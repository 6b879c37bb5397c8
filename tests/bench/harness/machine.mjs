// What figures depend on: the machine, how busy it is, the versions of what takes part, and the commit that is measured.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from './paths.mjs';
import { machineBusySeconds } from './proc.mjs';

/** What a program prints, both streams; empty when there is none of that name. */
function printed(command, ...args) {
  const { stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return error ? '' : `${stdout}${stderr}`;
}

const chromium = process.env.CHROMIUM ?? 'chromium';
export const isInstalled = (command) => spawnSync(command === 'chromium' ? chromium : command, ['--version']).error?.code !== 'ENOENT';

/** Short, with "+" when files that are built or measured differ from it. */
export function commit() {
  const id = printed('git', 'rev-parse', '--short=10', 'HEAD').trim();
  if (!/^[0-9a-f]{10}$/.test(id)) return 'unknown (not a clone)';
  const changed = printed('git', 'status', '--porcelain', '--untracked-files=no').split('\n').filter((line) => line && !line.endsWith('BENCHMARKS.md'));
  return changed.length ? `${id}+` : id;
}

/** Cores that other programs keep busy, looked at for a second. */
async function coresTaken() {
  const before = machineBusySeconds();
  await delay(1000);
  return machineBusySeconds() - before;
}

function system() {
  try {
    return `Debian ${readFileSync('/etc/debian_version', 'utf8').trim()}`;
  } catch {
    return 'not Debian';
  }
}

/** @type {{hardware: string, software: string} | undefined} found out once: asking Chromium for its version takes a second */
let found;

function machineAndVersions() {
  const version = (pattern, ...command) => pattern.exec(printed(...command))?.[1] ?? 'none';
  const kernel = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim();
  return {
    hardware: `${(totalmem() / 2 ** 30).toFixed(1)} GiB, Linux ${kernel}, ${system()}`,
    software: `${version(/(.*)/, process.env.CXX ?? 'c++', '--version')}, node ${process.versions.node}, nginx ${version(/nginx\/([\d.]+)/, 'nginx', '-v')}, ` +
      `Chromium ${version(/([\d.]{5,})/, chromium, '--version')}, wrk ${version(/wrk (?:debian\/)?([\d.]+)/, 'wrk', '-v')}`,
  };
}

/** The machine, how busy it is now, and the versions of what takes part. */
export async function machine() {
  const { hardware, software } = (found ??= machineAndVersions());
  const taken = (await coresTaken()).toFixed(1);
  return `${cpus()[0].model.trim()}, ${availableParallelism()} cores (${taken} of them taken by other programs at the start), ${hardware}; ${software}.`;
}
