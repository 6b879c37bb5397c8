// podman with a store, settings and networks of a test's own: what the machine has of images and containers is neither seen nor
// touched. Needs root, and what setup.sh delivery installs.
import { execFile, spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from './machines.mjs';

const run = promisify(execFile);

export class Containers {
  #place;
  #environment;

  constructor(place, environment) {
    this.#place = place;
    this.#environment = environment;
  }

  static async fresh(name) {
    const place = join(repository, 'build/delivery', name);
    await mkdir(place, { recursive: true });
    // runc and cgroupfs: what works with and without a systemd on the host, whatever kinds of control groups it has. Limits that
    // any host allows: podman's own are refused where the host's are lower.
    await writeFile(join(place, 'containers.conf'), `[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "${place}/networks"
`);
    await writeFile(join(place, 'storage.conf'), `[storage]\ndriver = "overlay"\ngraphroot = "${place}/store"\nrunroot = "${place}/run"\n`);
    const environment = { ...process.env, CONTAINERS_CONF: join(place, 'containers.conf'), CONTAINERS_STORAGE_CONF: join(place, 'storage.conf') };
    const made = new Containers(place, environment);
    // What a run that was ended before its time has left.
    await made.clear();
    return made;
  }

  get folder() {
    return this.#place;
  }

  /** Runs podman and gives what it printed; fails with all of that. */
  async podman(...args) {
    try {
      const { stdout } = await run('podman', args, { env: this.#environment, maxBuffer: 64 << 20 });
      return stdout;
    } catch (error) {
      throw new Error(`podman ${args.join(' ')}\nended with ${error.code ?? error.signal}:\n${error.stdout}${error.stderr}`);
    }
  }

  /** The same with all that it printed and its exit code, whatever that is. */
  async outcome(...args) {
    try {
      const { stdout, stderr } = await run('podman', args, { env: this.#environment });
      return { said: stdout + stderr, code: 0 };
    } catch (error) {
      return { said: error.stdout + error.stderr, code: error.code };
    }
  }

  /** podman with bytes for its standard input. */
  async told(input, ...args) {
    const child = spawn('podman', args, { env: this.#environment, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
    child.stdin.end(input);
    const code = await new Promise((settle) => child.on('close', settle));
    if (code !== 0) throw new Error(`podman ${args.join(' ')}\nended with ${code}:\n${said}`);
    return said;
  }

  /** Ends every container, and forgets every image, volume and network of the store; settings stay. */
  async clear() {
    await this.outcome('rm', '--all', '--force', '--time', '0');
    await this.outcome('network', 'prune', '--force');
    await this.outcome('volume', 'prune', '--force');
    await this.outcome('secret', 'rm', '--all');
  }

  async remove() {
    await this.clear();
    await this.outcome('rmi', '--all', '--force');
    // Layers of containers are mounted while they run; none does now.
    await run('rm', ['-rf', '--one-file-system', this.#place]);
  }
}

/** Asks until an answer satisfies `is`, a failed connection being no answer yet: at most `patience` ms. */
export async function until(address, is, patience = 30_000, options = {}) {
  const end = Date.now() + patience;
  let last;
  for (;;) {
    try {
      const response = await fetch(address, { ...options, signal: AbortSignal.timeout(10_000) });
      const body = await response.text();
      if (is(response, body)) return { response, body };
      last = `${response.status} ${body}`;
    } catch (error) {
      last = String(error.cause ?? error);
    }
    if (Date.now() > end) throw new Error(`${address} never answered as it should; last: ${last}`);
    await new Promise((settle) => setTimeout(settle, 50));
  }
}
