// CPU time and memory of a server with its workers, from /proc.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function statOf(pid) {
  try {
    // The name in parentheses may hold spaces.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), userS: Number(fields[11]) / ticksPerSecond, kernelS: Number(fields[12]) / ticksPerSecond };
  } catch {
    return undefined; // it ended between listing and reading
  }
}

/** The process and all that descend from it. */
function family(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) && statOf(name);
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const one of found) found.push(...(children.get(one) ?? []));
  return found;
}

/** CPU time so far in the program's own code and in the kernel, seconds. @returns {{userS: number, kernelS: number}} */
export function cpuTimes(pid) {
  const sum = { userS: 0, kernelS: 0 };
  for (const one of family(pid)) {
    const { userS = 0, kernelS = 0 } = statOf(one) ?? {};
    sum.userS += userS;
    sum.kernelS += kernelS;
  }
  return sum;
}

/** Both together. */
export function cpuSeconds(pid) {
  const { userS, kernelS } = cpuTimes(pid);
  return userS + kernelS;
}

/** Proportional set size, MiB: memory shared with others counts by its share. */
export function pssMib(pid) {
  let kib = 0;
  for (const one of family(pid)) {
    try {
      kib += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))[1]);
    } catch {
      // ended meanwhile
    }
  }
  return kib / 1024;
}

/** Busy time of all cores so far, seconds. */
export function machineBusySeconds() {
  const [user, nice, system, , , irq, softirq, steal] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}
