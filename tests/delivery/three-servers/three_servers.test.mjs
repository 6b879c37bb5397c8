// deploy/three-servers, started from its own files (run.sh makes the network around it): slots through
// nginx while servers are taken out, killed and put back.
//   SLOTWIRE_DIST           the folder that `make dist` wrote (build/dist)
//   SLOTWIRE_SERVICES_ROOT  a root of Debian as a tar archive, with PostgreSQL, Redis and nginx
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { readCompose, startComposed } from './compose.mjs';
import { Containers, until } from '../containers.mjs';
import { delivered, repository } from '../machines.mjs';

const door = 'http://127.0.0.1:8080';
const token = 'a-token-of-the-three-servers';
const ok = (response) => response.status === 200;
const pause = (ms) => new Promise((settle) => setTimeout(settle, ms));

// What the images of these names do when they start, as far as compose.yaml relies on it.
const entrypoints = {
  'docker.io/library/postgres:15': `set -eu
    data=/var/lib/postgresql/data programs=/usr/lib/postgresql/15/bin
    as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
    mkdir -p $data && chown postgres:postgres $data && chmod 700 $data
    if [ ! -s $data/PG_VERSION ]; then
      cp "$POSTGRES_PASSWORD_FILE" /tmp/password && chown postgres /tmp/password
      as_postgres $programs/initdb -D $data -U "$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256 --encoding=UTF8 > /dev/null
      rm /tmp/password
      echo 'host all all all scram-sha-256' >> $data/pg_hba.conf
      echo "CREATE DATABASE $POSTGRES_USER;" | as_postgres $programs/postgres --single -D $data postgres > /dev/null
    fi
    exec setpriv --reuid=postgres --regid=postgres --init-groups $programs/postgres -D $data -c 'listen_addresses=*' -c unix_socket_directories=/tmp`,
  'docker.io/library/redis:7': 'exec "$@" --protected-mode no',
  'docker.io/library/nginx:1': "rm -f /etc/nginx/sites-enabled/default; exec nginx -g 'daemon off; error_log stderr;'",
};

// Beside compose.yaml: a simulated Calendly, by https as everything that is given a token. The load comes from one address and stands
// for that of many.
const beside = `
x-more: &more
  environment: { CALENDLY_API_BASE_URL: "https://calendly", SSL_CERT_FILE: /calendly.pem, CALENDLY_RATE_LIMIT: "0" }
  volumes: ["./calendly.pem:/calendly.pem:ro"]
services:
  slotwire-1: *more
  slotwire-2: *more
  slotwire-3: *more
  simulator:
    image: slotwire
    entrypoint: ["/usr/libexec/slotwire/calendly-sim", "--host", "0.0.0.0", "--port", "4010", "--token", "${token}"]
  calendly:
    image: nginx:1
    depends_on: [simulator]
    volumes: ["./calendly.conf:/etc/nginx/conf.d/default.conf:ro", "./calendly.pem:/calendly.pem:ro", "./calendly.key:/calendly.key:ro"]
`;
const calendlyConf = `server {
  listen 443 ssl;
  ssl_certificate /calendly.pem;
  ssl_certificate_key /calendly.key;
  location / { proxy_pass http://simulator:4010; proxy_http_version 1.1; proxy_set_header Connection ""; }
}
`;

describe('three servers', { timeout: 280_000 }, () => {
  let containers;
  let folder;
  const named = (service) => `three_${service}_1`;
  const addressOf = async (service) =>
    (await containers.podman('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', named(service))).trim();

  before(async () => {
    containers = await Containers.fresh('three-servers');
    // As the comment at the head of compose.yaml says.
    folder = join(containers.folder, 'example');
    await cp(join(repository, 'deploy/three-servers'), folder, { recursive: true });
    const secrets = join(folder, 'secrets');
    await mkdir(secrets, { mode: 0o700 });
    const password = randomBytes(16).toString('hex');
    for (const [name, value] of Object.entries({
      'jwt-secret': randomBytes(32).toString('hex'),
      'encryption-key': randomBytes(32).toString('hex'),
      'database-password': password,
      'database-url': `postgresql://slotwire:${password}@postgres/slotwire`,
    })) await writeFile(join(secrets, name), `${value}\n`, { mode: 0o644 });
    await writeFile(join(folder, 'beside.yaml'), beside);
    await writeFile(join(folder, 'calendly.conf'), calendlyConf);
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=calendly',
      '-addext', 'subjectAltName=DNS:calendly', '-keyout', join(folder, 'calendly.key'), '-out', join(folder, 'calendly.pem')]);

    const loaded = (await containers.podman('load', '--quiet', '--input', await delivered('slotwire-', '-oci-amd64.tar'))).trim().split(/\s/).at(-1);
    await containers.podman('tag', loaded, 'localhost/slotwire:latest');
    const root = (await containers.podman('import', '--quiet', process.env.SLOTWIRE_SERVICES_ROOT)).trim();
    for (const [name, script] of Object.entries(entrypoints)) {
      const file = join(containers.folder, 'Containerfile');
      await writeFile(file, `FROM ${root}\nENTRYPOINT ${JSON.stringify(['/bin/sh', '-c', script, 'sh'])}\n`);
      await containers.podman('build', '--quiet', '--isolation', 'chroot', '-f', file, '-t', name, folder);
    }
    await startComposed(containers, 'three', folder, await readCompose(join(folder, 'compose.yaml'), join(folder, 'beside.yaml')));
  });
  after(() => containers?.remove());

  /** What was asked of Calendly by now, by kind. */
  const calls = async () => {
    const { endpoints } = await (await fetch(`http://${await addressOf('simulator')}:4010/__sim/counters`)).json();
    return Object.fromEntries(Object.entries(endpoints).map(([kind, { calls: count }]) => [kind, count]));
  };
  /** How many requests for slots a server has answered since it started. */
  const answeredBy = async (service) => {
    const { body } = await until(`http://${await addressOf(service)}:9464/metrics`, ok);
    return [...body.matchAll(/^slotwire_requests_total\{[^}]*slots[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  };

  /** Visitors who ask for slots without a pause until they are told to stop; what they were answered, by status. */
  function visitors(count, addresses) {
    const seen = { answers: {}, slowest: 0 };
    let going = true;
    const one = async (number) => {
      for (let turn = number; going; ++turn) {
        const since = performance.now();
        try {
          const response = await fetch(addresses[turn % addresses.length], { signal: AbortSignal.timeout(15_000) });
          const body = await response.text();
          const what = response.status === 200 && JSON.parse(body).data.slots.length === 0 ? 'empty' : response.status;
          seen.answers[what] = (seen.answers[what] ?? 0) + 1;
        } catch (error) {
          const what = String(error.cause?.code ?? error.name);
          seen.answers[what] = (seen.answers[what] ?? 0) + 1;
        }
        seen.slowest = Math.max(seen.slowest, performance.now() - since);
      }
    };
    const all = Promise.all(Array.from({ length: count }, (_, number) => one(number)));
    return async () => {
      going = false;
      await all;
      return seen;
    };
  }

  test('three servers: started from their own files they show slots behind nginx', async () => {
    await until(`${door}/healthz`, ok, 60_000);
    for (const service of ['slotwire-1', 'slotwire-2', 'slotwire-3']) await until(`http://${await addressOf(service)}:3000/readyz`, ok, 60_000);
    await containers.told(token, 'exec', '-i', named('slotwire-1'), 'slotwire', 'token', 'set');
    const { body } = await until(`${door}/api/app/calendly/slots/30min`, ok);
    assert.ok(JSON.parse(body).data.slots.length > 0);
    // Secrets come as files: nobody reads one out of a container's settings.
    for (const service of ['slotwire-1', 'postgres']) {
      const settings = await containers.podman('inspect', named(service));
      for (const name of ['jwt-secret', 'encryption-key', 'database-password']) {
        assert.ok(!settings.includes((await readFile(join(folder, 'secrets', name), 'utf8')).trim()), `${name} is not in what podman tells of ${service}`);
      }
    }
  });

  test('three servers: one that is stopped, or killed, and comes back costs no visitor an answer and Calendly no call', async (t) => {
    const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const addresses = [2, 9, 16].map((begin) => `${door}/api/app/calendly/slots/30min?start_date=${day(begin)}&end_date=${day(begin + 6)}`);
    for (const address of addresses) await until(address, ok);
    // Every server knows these days before it begins, as after a minute of any traffic.
    for (const service of ['slotwire-1', 'slotwire-2', 'slotwire-3']) {
      const own = `http://${await addressOf(service)}:3000`;
      for (const address of addresses) await until(address.replace(door, own), ok);
    }
    const before = await calls();
    const stop = visitors(8, addresses);
    const begin = performance.now();
    const steps = [];
    const step = async (words, ...command) => {
      await containers.podman(...command);
      steps.push(`${((performance.now() - begin) / 1000).toFixed(0)} s ${words}`);
      await pause(8000);
    };
    const takesPart = async (service) => {
      const had = await answeredBy(service);
      const end = Date.now() + 30_000;
      while ((await answeredBy(service)) <= had) {
        if (Date.now() > end) throw new Error(`${service} is asked nothing after it came back: ${await containers.podman('inspect', '--format', '{{json .NetworkSettings.Networks}}', named(service))}`);
        await pause(200);
      }
    };
    let seen;
    try {
      await pause(5000);
      await step('slotwire-2 stopped', 'stop', '--time', '20', named('slotwire-2'));
      await step('slotwire-2 started', 'start', named('slotwire-2'));
      await takesPart('slotwire-2');
      await step('slotwire-3 killed', 'kill', '--signal', 'KILL', named('slotwire-3'));
      await step('slotwire-3 started', 'start', named('slotwire-3'));
      await takesPart('slotwire-3');
    } finally {
      seen = await stop();
    }
    const after = await calls();
    const elapsed = (performance.now() - begin) / 1000;
    const extra = Object.fromEntries(Object.entries(after).map(([kind, count]) => [kind, count - (before[kind] ?? 0)]).filter(([, count]) => count > 0));
    const logs = (await containers.outcome('logs', named('nginx'))).said;
    const passedOver = (logs.match(/while (connecting to|reading response header from|sending request to) upstream/g) ?? []).length;
    t.diagnostic(`${elapsed.toFixed(0)} s: ${steps.join(', ')}`);
    t.diagnostic(`answers by status ${JSON.stringify(seen.answers)}, slowest ${seen.slowest.toFixed(0)} ms; tries that nginx passed on to the next server: ${passedOver}; calls to Calendly: ${JSON.stringify(extra)}`);
    assert.deepEqual(Object.keys(seen.answers), ['200'], 'whoever asked was answered, with slots');
    assert.ok(passedOver > 0, 'nginx did meet a server that was gone');
    assert.deepEqual(extra, {}, 'what one server knows it need not ask when it comes back');
  });
});
