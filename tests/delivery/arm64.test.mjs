// The package for arm64, whose programs are run by an emulator of that processor (qemu-user): no machine of that kind is needed.
// Without build/dist-arm64, which `make dist-arm64` writes as root, there is nothing to look at, and that is said.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until } from './containers.mjs';
import { repository } from './machines.mjs';

const dist = join(repository, 'build/dist-arm64');
// Where the package was built: it has the libraries that the package wants.
const system = join(repository, '.cache/roots/arm64-cross');
const skip = !existsSync(join(dist, 'SHA256SUMS')) && 'NOT RUN: there is no package for arm64 (make dist-arm64)';
const output = (name, ...args) => execFileSync(name, args, { encoding: 'utf8' });

describe('arm64', { skip, timeout: 240_000 }, () => {
  let place;
  let slotwire;
  const emulated = (program, ...args) => ['qemu-aarch64-static', '-L', system, program, ...args];

  before(() => {
    place = mkdtempSync(join(tmpdir(), 'slotwire-arm64-'));
    output('dpkg-deb', '-x', join(dist, readdirSync(dist).find((name) => name.endsWith('_arm64.deb'))), place);
    slotwire = join(place, 'usr/bin/slotwire');
    // The kernel cannot start a program of another processor, so what slotwire starts is started through the emulator, too.
    const simulator = join(place, 'usr/libexec/slotwire/calendly-sim');
    renameSync(simulator, `${simulator}.arm64`);
    writeFileSync(simulator, `#!/bin/sh\nexec ${emulated(`${simulator}.arm64`).join(' ')} "$@"\n`, { mode: 0o755 });
  });
  after(() => rmSync(place, { recursive: true }));

  test('arm64: every program and library of the package is for that processor', () => {
    const libraries = readdirSync(join(place, 'usr/lib/slotwire')).map((name) => join(place, 'usr/lib/slotwire', name));
    assert.ok(libraries.length > 4, libraries.join(' '));
    for (const file of [slotwire, join(place, 'usr/libexec/slotwire/calendly-sim.arm64'), ...libraries]) assert.match(output('readelf', '-h', file), /AArch64/, file);
  });

  test('arm64: it tells its version and commit', () => {
    const [name, ...args] = emulated(slotwire, '--version');
    const commit = output('git', '-C', repository, 'rev-parse', 'HEAD').slice(0, 12);
    assert.match(output(name, ...args), new RegExp(`^slotwire \\d+\\.\\d+\\.\\d+, commit ${commit}`));
  });

  test('arm64: the demo answers free times, and ends when it is told to', async () => {
    const [name, ...args] = emulated(slotwire, 'demo', '--port', '0');
    const demo = spawn(name, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((settle) => demo.on('exit', (code, signal) => settle(signal ?? code)));
    let said = '';
    const address = await new Promise((settle, fail) => {
      ended.then((how) => fail(new Error(`it ended with ${how}: ${said}`)));
      demo.stdout.on('data', (data) => {
        said += data;
        const found = /Demo page *(http:\/\/[^/]+)/.exec(said);
        if (found) settle(found[1]);
      });
    });
    const { body } = await until(`${address}/api/app/calendly/slots/30min`, (response) => response.status === 200);
    const { data } = JSON.parse(body);
    assert.ok(data.slots.length > 0 && data.complete === true && data.stale === false, body.slice(0, 500));
    assert.match((await until(`${address}/demo`, (response) => response.status === 200)).body, /slot-picker/);
    demo.kill('SIGTERM');
    assert.equal(await ended, 0);
  });

  test('arm64: all that it depends on is in Debian 12', () => {
    const name = readdirSync(dist).find((file) => file.endsWith('_arm64.deb'));
    copyFileSync(join(dist, name), join(system, 'tmp', name));
    try {
      assert.match(output('chroot', system, 'apt-get', '-s', 'install', '--no-install-recommends', `/tmp/${name}`), /Inst slotwire:arm64/);
    } finally {
      rmSync(join(system, 'tmp', name));
    }
  });

  test('arm64: its inventory and provenance name what is in it', () => {
    const read = (ending) => JSON.parse(readFileSync(join(dist, readdirSync(dist).find((file) => file.endsWith(ending)))));
    const ids = read('.spdx.json').packages.map((one) => one.SPDXID);
    for (const id of ['SPDXRef-libssl3', 'SPDXRef-libpq5', 'SPDXRef-libspdlog1.10', 'SPDXRef-emscripten']) assert.ok(ids.includes(id), id);
    const { subject, predicate } = read('.provenance.json');
    assert.ok(subject.some((one) => one.name.endsWith('_arm64.deb')));
    assert.match(predicate.runDetails.builder.version['c++'], /^aarch64-linux-gnu-g\+\+ /);
  });
});
