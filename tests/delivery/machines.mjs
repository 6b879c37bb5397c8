// Fresh Debians for tests of what is delivered: a root out of the machine's own mirror, a layer over it for each test, and its
// own systemd as the first process, in a network of its own (systemd-nspawn). Needs root, and what setup.sh delivery installs.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const run = promisify(execFile);
const limit = { maxBuffer: 64 << 20 };
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a server of Debian's has and the smallest root has not: an init, its bus, and sudo, which our documentation uses. */
export const asServer = ['systemd-sysv', 'dbus', 'sudo'];

/**
 * A root of Debian with these packages besides the smallest set, unpacked once and never written to afterwards. Made anew when it
 * is older than a day: its package lists are, too, and a mirror keeps no version that was replaced.
 */
async function baseRoot(suite, packages) {
  const root = join(repository, '.cache/roots', [suite, ...packages].join('+'));
  const age = existsSync(root) ? Date.now() - (await stat(root)).ctimeMs : Infinity;
  if (age < 24 * 3600_000) return root;
  const fresh = `${root}.new`;
  await rm(root, { recursive: true, force: true });
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await run('sh', [join(repository, 'scripts/debian-root.sh'), suite, `${fresh}.tar`, ...packages], limit);
  await run('tar', ['-xf', `${fresh}.tar`, '-C', fresh, '--numeric-owner'], limit);
  await rm(`${fresh}.tar`);
  await rename(fresh, root);
  return root;
}

/** A command's output; fails with all that it printed. */
async function output(program, args, said) {
  try {
    const { stdout } = await run(program, args, limit);
    return stdout;
  } catch (error) {
    throw new Error(`${said}\nended with ${error.code ?? error.signal}:\n${error.stdout}${error.stderr}`);
  }
}

export class Machine {
  #layers;
  #place;
  #booted;

  constructor(layers, place) {
    this.#layers = layers;
    this.#place = place;
  }

  /** A fresh Debian: bookworm (12) or trixie (13), with `packages` besides the smallest set. `name` is the test's own. */
  static async fresh(name, suite, packages = []) {
    return Machine.#over([await baseRoot(suite, packages)], name);
  }

  /** Another machine that begins with all that this one, which must be off, has on its disk by now. */
  async twin(name) {
    assert.ok(!this.#booted, 'a machine is copied while it is off');
    return Machine.#over([join(this.#place, 'upper'), ...this.#layers], name);
  }

  static async #over(layers, name) {
    const place = join(repository, 'build/delivery', name);
    await rm(place, { recursive: true, force: true });
    for (const folder of ['upper', 'work', 'root']) await mkdir(join(place, folder), { recursive: true });
    return new Machine(layers, place);
  }

  // In namespaces of its own, so that nothing outlives it: the layers' mount goes with the last process, and every process with the first
  // (systemd-nspawn alone, when it is killed, leaves the machine's running), which dies with this one.
  #nspawn(options) {
    const mounted = 'mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root" && cd / && place=$2 && shift 2 && ' +
      'exec systemd-nspawn --quiet --register=no --keep-unit --directory="$place/root" "$@"';
    return ['--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc',
      'sh', '-c', mounted, 'sh', this.#layers.join(':'), this.#place, ...options];
  }

  /** Runs a shell's command on a machine that is off: nothing but this runs, with the network of the host. */
  async runOff(command) {
    assert.ok(!this.#booted);
    return output('setpriv', this.#nspawn(['--as-pid2', '--pipe', '--resolv-conf=replace-host', 'env', '-i', `PATH=${path}`,
      'DEBIAN_FRONTEND=noninteractive', 'HOME=/root', 'sh', '-c', command]), command);
  }

  /** Downloads what installing `packages` takes: on a machine that is on there is no network but its own. */
  async download(...packages) {
    await this.runOff(`apt-get install -y -q --no-install-recommends --download-only ${packages.join(' ')}`);
  }

  /** Switches it on: systemd begins as at any start, and has started all when this returns. */
  async boot() {
    await this.#begin(['--boot', '--console=pipe'], (leader) => commandOf(leader).startsWith('/usr/lib/systemd/systemd'));
    // The bus comes up a moment after the first process: until then the question itself fails.
    const asked = 'until state=$(systemctl is-system-running --wait 2>/dev/null); [ -n "$state" ] && [ "$state" != offline ]; do sleep 0.1; done; echo "$state"';
    const state = (await this.run(`timeout 60 sh -c '${asked}'`)).trim();
    if (state !== 'running') throw new Error(`${state}:\n${await this.run('systemctl --failed --no-pager; journalctl --no-pager -n 50')}`);
  }

  /** Switches it on with nothing but an empty process, as a container is: no init, and a network of its own. */
  async bootWithoutInit() {
    await this.#begin(['--as-pid2', '--pipe', 'sleep', 'infinity'], (leader) => childrenOf(leader).some((id) => commandOf(id).startsWith('sleep')));
  }

  async #begin(options, isLeader) {
    const child = spawn('setpriv', this.#nspawn(['--private-network', '--resolv-conf=off', ...options]), {
      env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
    let over = false;
    const ended = new Promise((settle) => child.on('close', settle)).then(() => (over = true));
    // While it begins, systemd-nspawn, the one child of unshare, has helpers for children too.
    let leader;
    while (!(leader = childrenOf(child.pid).flatMap(childrenOf).find(isLeader))) {
      if (over) throw new Error(`systemd-nspawn ended:\n${said}`);
      await new Promise((settle) => setTimeout(settle, 20));
    }
    this.#booted = { child, leader, ended };
  }

  /** Arguments for nsenter with which a program of the host's gets in front of a shell's command on the machine, as root. */
  #inside(command) {
    return ['--target', this.#booted.leader, '--all', 'env', '-i', `PATH=${path}`, 'DEBIAN_FRONTEND=noninteractive', 'HOME=/root', 'sh', '-c', command];
  }

  /** Runs a shell's command, as root in a terminal would, and gives what it printed. */
  async run(command) {
    return this.#booted ? output('nsenter', this.#inside(command), command) : this.runOff(command);
  }

  /** The same with what it printed to both outputs and its exit code, whatever that is. */
  async outcome(command) {
    const text = await this.run(`{ ${command}\n} 2>&1; echo "exit code $?"`);
    const [, said, code] = /^([^]*)exit code (\d+)\n$/.exec(text);
    return { said, code: Number(code) };
  }

  /** Starts a command that stays, and gives what `pattern` finds in its output once it is there. It ends with the machine. */
  async start(command, pattern) {
    const child = spawn('nsenter', this.#inside(command), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const found = await new Promise((settle, fail) => {
      const hear = (bytes) => {
        said += bytes;
        const match = pattern.exec(said);
        if (match) settle(match);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.on('close', (code) => fail(new Error(`${command}\nended with ${code}:\n${said}`)));
    });
    return { found, ended: new Promise((settle) => child.on('close', settle)) };
  }

  /** Asks a server on the machine over its own network, with the host's curl: the machine needs none. */
  async ask(address, ...curl) {
    const said = await output('nsenter', ['--target', this.#booted.leader, '--net', 'curl', '-sS', '--max-time', '20', '-w', '\n%{http_code}', ...curl, address], address);
    const cut = said.lastIndexOf('\n');
    return { status: Number(said.slice(cut + 1)), body: said.slice(0, cut) };
  }

  /** Asks until there is an answer with that status: at most 20 s. */
  async answers(address, status = 200) {
    const until = Date.now() + 20_000;
    for (;;) {
      const answer = await this.ask(address).catch((error) => ({ status: 0, body: error.message }));
      if (answer.status === status) return answer;
      if (Date.now() > until) throw new Error(`${address}: ${answer.status} ${answer.body}\n${await this.run('journalctl --no-pager -n 30')}`);
      await new Promise((settle) => setTimeout(settle, 20));
    }
  }

  /** Puts a file of the host's into a folder of the machine, which is off. */
  async put(file, folder) {
    assert.ok(!this.#booted);
    const into = join(this.#place, 'upper', folder);
    await mkdir(into, { recursive: true });
    await cp(file, join(into, basename(file)));
  }

  /** Every path on the machine's own disk but what runs and what apt keeps for itself, sorted. */
  async files() {
    const kept = ['/proc', '/sys', '/dev', '/run', '/tmp', '/var/tmp', '/var/cache/apt', '/var/lib/apt', '/var/cache/debconf', '/root'];
    const said = await this.run(`find / -xdev ${kept.map((folder) => `-path ${folder} -prune -o`).join(' ')} -print`);
    return said.trim().split('\n').sort();
  }

  /** Runs a command until its output has `pattern`: at most 20 s. Gives the output. */
  async waitFor(command, pattern) {
    const until = Date.now() + 20_000;
    for (;;) {
      const said = await this.run(command);
      if (pattern.test(said)) return said;
      if (Date.now() > until) throw new Error(`${command} never said ${pattern}:\n${said}`);
      await new Promise((settle) => setTimeout(settle, 50));
    }
  }

  /** Changes an SQLite database that nobody has open, by the host's own SQLite. */
  async inDatabase(file, statement) {
    const copy = join(this.#place, basename(file));
    const script = 'import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); base.execute(sys.argv[2]); base.commit(); base.close()';
    await run('sh', ['-c', 'nsenter --target "$1" --mount cat "$2" > "$3"', 'sh', this.#booted.leader, file, copy]);
    await output('python3', ['-c', script, copy, statement], statement);
    await this.#write(copy, file);
  }

  // Owner and mode of what was there stay.
  async #write(from, to) {
    await run('sh', ['-c', 'nsenter --target "$1" --mount sh -c "cat > $3" < "$2"', 'sh', this.#booted.leader, from, to]);
  }

  /** Switches it off as its owner would, and waits for its end. Its disk stays as it is. */
  async off() {
    const { ended } = this.#booted;
    await this.run('systemctl poweroff').catch(() => {});  // the command itself may be ended by what it asked for
    await ended;
    this.#booted = undefined;
  }

  /** Ends it, however it is, and clears its disk away. */
  async remove() {
    if (this.#booted) {
      this.#booted.child.kill('SIGKILL');
      await this.#booted.ended;
      this.#booted = undefined;
    }
    await rm(this.#place, { recursive: true, force: true });
  }
}

/** What /proc says of a process, or nothing when it is gone. */
function toldOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
const commandOf = (id) => toldOf(`/proc/${id}/cmdline`).replaceAll('\0', ' ');
const childrenOf = (id) => toldOf(`/proc/${id}/task/${id}/children`).split(' ').filter(Boolean);

/** The one file in build/dist whose name begins and ends like that; SLOTWIRE_DIST names another folder. */
export async function delivered(begin, end) {
  const folder = resolve(repository, process.env.SLOTWIRE_DIST ?? 'build/dist');
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => name.startsWith(begin) && name.endsWith(end)) : [];
  assert.equal(names.length, 1, `${folder} must hold one ${begin}...${end}, as \`make dist\` writes it; there: ${names.join(', ') || 'none'}`);
  return join(folder, names[0]);
}
