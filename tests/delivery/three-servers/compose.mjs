// Reads a compose file and starts what it says with podman. Debian 12 has a podman-compose that knows no fixed addresses, and no docker
// is needed for a test; so this does what the file says, key by key, and refuses a key that it does not know.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

// As YAML and compose have it: merged keys are merged, and a command in one line is split as a shell would.
const reader = `
import json, shlex, sys, yaml
whole = {}
def merge(into, more):
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict): merge(into[name], value)
        else: into[name] = value
for path in sys.argv[1:]: merge(whole, yaml.safe_load(open(path)))
for service in whole['services'].values():
    for name in ('command', 'entrypoint'):
        if isinstance(service.get(name), str): service[name] = shlex.split(service[name])
print(json.dumps(whole))`;

/** What a compose file says, with those behind it laid over it. */
export async function readCompose(...files) {
  const { stdout } = await promisify(execFile)('python3', ['-c', reader, ...files]);
  const read = JSON.parse(stdout);
  return Object.fromEntries(Object.entries(read).filter(([name]) => !name.startsWith('x-')));
}

function knowing(keys, what, value) {
  const strange = Object.keys(value).filter((key) => !keys.includes(key));
  if (strange.length) throw new Error(`${what} has ${strange.join(', ')}: say in compose.mjs what that means`);
}

/** The services by turns: none before those that it depends on. */
function inOrder(services) {
  const order = [];
  const visit = (name) => {
    if (order.includes(name)) return;
    for (const other of services[name].depends_on ?? []) visit(other);
    order.push(name);
  };
  Object.keys(services).forEach(visit);
  return order;
}

/** Starts all of it as containers PROJECT_SERVICE_1 of `containers`; paths are beside the file, which is in `folder`. */
export async function startComposed(containers, project, folder, composed) {
  knowing(['services', 'networks', 'volumes', 'secrets'], 'the file', composed);
  knowing(['default'], 'networks', composed.networks);
  knowing(['ipam'], 'the network', composed.networks.default);
  const [{ subnet, ip_range: range, ...strange }] = composed.networks.default.ipam.config;
  knowing([], 'the network', strange);
  const network = `${project}_default`;
  await containers.podman('network', 'create', '--subnet', subnet, '--ip-range', range, network);
  for (const name of inOrder(composed.services)) {
    const service = composed.services[name];
    // build: what `image` names is made from the same file before.
    knowing(['build', 'image', 'depends_on', 'restart', 'environment', 'secrets', 'volumes', 'ports', 'command', 'entrypoint', 'networks'], name, service);
    const args = ['run', '-d', '--name', `${project}_${name}_1`, '--network', network, '--network-alias', name, '--restart', service.restart ?? 'no'];
    for (const [key, value] of Object.entries(service.environment ?? {})) args.push('-e', `${key}=${value}`);
    for (const secret of service.secrets ?? []) {
      knowing(['file'], secret, composed.secrets[secret]);
      args.push('-v', `${resolve(folder, composed.secrets[secret].file)}:/run/secrets/${secret}:ro`);
    }
    for (const volume of service.volumes ?? []) {
      const [from, ...rest] = volume.split(':');
      if (!from.startsWith('.') && !(from in composed.volumes)) throw new Error(`${name}: the volume ${from} is not declared`);
      args.push('-v', [from.startsWith('.') ? resolve(folder, from) : `${project}_${from}`, ...rest].join(':'));
    }
    for (const port of service.ports ?? []) args.push('-p', port);
    if (service.networks) {
      knowing(['default'], name, service.networks);
      knowing(['ipv4_address'], name, service.networks.default);
      args.push('--ip', service.networks.default.ipv4_address);
    }
    const [entrypoint, ...first] = service.entrypoint ?? [];
    if (entrypoint) args.push('--entrypoint', entrypoint);
    await containers.podman(...args, service.image, ...first, ...(service.command ?? []));
  }
}
