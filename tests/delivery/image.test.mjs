// The image as a stranger meets it: loaded from its archive, started by podman, without a registry.
//   SLOTWIRE_DIST  the folder that `make dist` wrote (build/dist)
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort } from '../browser/engines/processes.mjs';
import { Containers, until } from './containers.mjs';
import { delivered } from './machines.mjs';

const ok = (response) => response.status === 200;
const available = (body) => JSON.parse(body).data.slots.length;
// As our documentation recommends it: nothing can be written but the volume and /tmp.
const tight = ['--read-only', '--tmpfs', '/tmp', '--tmpfs', '/run/secrets', '--cap-drop', 'all', '--security-opt', 'no-new-privileges'];

describe('image', { timeout: 300_000 }, () => {
  let containers;
  let image;
  let secrets;

  before(async () => {
    containers = await Containers.fresh('image');
    const archive = await delivered('slotwire-', '-oci-amd64.tar');
    const said = await containers.podman('load', '--quiet', '--input', archive);
    image = said.trim().split(/\s/).at(-1);
    secrets = await mkdtemp(join(tmpdir(), 'slotwire-secrets-'));
    await writeFile(join(secrets, 'jwt-secret'), randomBytes(32).toString('hex'));
    await containers.podman('secret', 'create', 'jwt-secret', join(secrets, 'jwt-secret'));
  });
  after(async () => {
    await containers?.remove();
    if (secrets) await rm(secrets, { recursive: true });
  });

  const slots = (port) => `http://127.0.0.1:${port}/api/app/calendly/slots/30min`;
  const inspect = async (format, name = image) => (await containers.podman('inspect', '--format', format, name)).trim();

  test('image: it says who runs, where data is, how it ends, and which commit it is', async (t) => {
    assert.equal(await inspect('{{.Config.User}}'), '65532:65532');
    assert.match(await inspect('{{json .Config.Volumes}}'), /"\/var\/lib\/slotwire"/);
    assert.equal(await inspect('{{.Config.StopSignal}}'), 'SIGTERM');
    assert.match(await inspect('{{json .Config.Labels}}'), /"org.opencontainers.image.revision":"[0-9a-f]{7,40}/);
    assert.doesNotMatch(await inspect('{{json .Config.Env}}'), /SECRET=|TOKEN|KEY=/);
    const archive = await delivered('slotwire-', '-oci-amd64.tar');
    t.diagnostic(`archive ${((await stat(archive)).size / 1e6).toFixed(1)} MB, unpacked ${(Number(await inspect('{{.Size}}')) / 1e6).toFixed(1)} MB`);
    for (const shell of ['/bin/sh', '/bin/bash', '/usr/bin/dpkg', '/usr/bin/apt']) {
      assert.notEqual((await containers.outcome('run', '--rm', '--network', 'none', '--entrypoint', shell, image)).code, 0, `${shell} is not in it`);
    }
  });

  test('image: the demo shows slots by one line, without an account', async (t) => {
    const port = await freePort();
    const since = performance.now();
    await containers.podman('run', '-d', '--name', 'demo', ...tight, '-p', `127.0.0.1:${port}:3000`, image, 'demo', '--host', '0.0.0.0');
    const { body } = await until(slots(port), ok);
    t.diagnostic(`from podman run to ${available(body)} slots ${((performance.now() - since) / 1000).toFixed(1)} s`);
    assert.ok(available(body) > 0);
    assert.match((await until(`http://127.0.0.1:${port}/demo`, ok)).body, /slot-picker/);
    assert.match(await containers.podman('logs', 'demo'), /Demo page/);
    await containers.podman('rm', '--force', 'demo');
  });

  test('image: an account is connected by the documented commands, and is there after a restart, from a volume', async () => {
    const port = await freePort();
    // A token goes to another machine by https alone, so this Calendly is on the same one: both are in one network namespace.
    await containers.podman('run', '-d', '--name', 'calendly', '-p', `127.0.0.1:${port}:3000`, ...tight, '--entrypoint', '/usr/libexec/slotwire/calendly-sim', image,
      '--port', '4010', '--token', 'a-token-of-the-image-test');
    const start = () => containers.podman('run', '-d', '--name', 'slotwire', '--network', 'container:calendly', ...tight, '-v', 'slotwire:/var/lib/slotwire',
      '--secret', 'jwt-secret,uid=65532,mode=0400', '-e', 'CALENDLY_API_BASE_URL=http://127.0.0.1:4010', image);
    await start();
    await until(`http://127.0.0.1:${port}/healthz`, ok);
    await containers.told('a-token-of-the-image-test', 'exec', '-i', 'slotwire', 'slotwire', 'token', 'set');
    await until(slots(port), (response, body) => response.status === 200 && available(body) > 0);

    // As its own user, without a right, and with nothing to write but what was meant to be.
    const process = await readFile(`/proc/${await inspect('{{.State.Pid}}', 'slotwire')}/status`, 'utf8');
    assert.match(process, /^Uid:\t65532\t65532\t65532\t65532$/m);
    assert.match(process, /^CapEff:\t0+$/m);

    const since = performance.now();
    await containers.podman('stop', '--time', '20', 'slotwire');
    assert.equal(await inspect('{{.State.ExitCode}}', 'slotwire'), '0', 'it ended by itself');
    assert.ok(performance.now() - since < 20_000, 'within its time');
    await containers.podman('rm', 'slotwire');
    await start();
    await until(slots(port), (response, body) => response.status === 200 && available(body) > 0);
    assert.doesNotMatch((await containers.outcome('logs', 'slotwire')).said, /a-token-of-the-image-test/);
    for (const name of ['slotwire', 'calendly']) await containers.podman('rm', '--force', '--time', '0', name);
  });

  test('image: what cannot work is said in words, and ends it', async () => {
    const without = await containers.outcome('run', '--rm', '--network', 'none', ...tight, image);
    assert.equal(without.code, 2);
    assert.match(without.said, /JWT_SECRET_FILE/);
    const wrong = await containers.outcome('run', '--rm', '--network', 'none', ...tight, '--secret', 'jwt-secret,uid=65532,mode=0400', '-e', 'PORT=notaport',
      '-e', 'CALENDLY_WINDOW_DAYS=99', image);
    assert.equal(wrong.code, 2);
    assert.match(wrong.said, /PORT/);
    assert.match(wrong.said, /CALENDLY_WINDOW_DAYS/);
    // A folder of the host's that its user may not write to, which is what happens most.
    const folder = await mkdtemp(join(tmpdir(), 'slotwire-volume-'));
    const denied = await containers.outcome('run', '--rm', '--network', 'none', ...tight, '--secret', 'jwt-secret,uid=65532,mode=0400', '-v', `${folder}:/var/lib/slotwire`, image);
    await rm(folder, { recursive: true });
    assert.equal(denied.code, 1);
    assert.match(denied.said, /\/var\/lib\/slotwire|database/i);
  });
});
