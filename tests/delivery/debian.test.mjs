// The package as a stranger meets it, on fresh Debian 12 and 13 with their own systemd: installed, connected, upgraded, removed.
//   SLOTWIRE_DIST      the folder that `make dist` wrote (build/dist)
//   SLOTWIRE_PREVIOUS  an older slotwire_..._amd64.deb; without it the same package counts as older by its version alone
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { asServer, delivered, Machine, repository } from './machines.mjs';

const run = promisify(execFile);
const proxy = 'http://127.0.0.1:3000';
const slots = `${proxy}/api/app/calendly/slots/30min`;
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const available = (body) => JSON.parse(body).data.slots.length;

let deb;
let older;
let scratch;

before(async () => {
  deb = await delivered('slotwire_', '_amd64.deb');
  scratch = await mkdtemp(join(repository, 'build/older-'));
  older = process.env.SLOTWIRE_PREVIOUS ?? (await withLowerVersion(deb));
});
after(() => scratch && rm(scratch, { recursive: true }));

/** The same package under a version that is lower than its own, whatever that is. */
async function withLowerVersion(file) {
  const tree = join(scratch, 'tree');
  await run('dpkg-deb', ['-R', file, tree]);
  const control = await readFile(join(tree, 'DEBIAN/control'), 'utf8');
  await writeFile(join(tree, 'DEBIAN/control'), control.replace(/^Version: (.*)$/m, 'Version: $1~before'));
  const made = join(scratch, 'slotwire_before_amd64.deb');
  await run('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, made]);
  await rm(tree, { recursive: true });
  return made;
}

/** A fresh server with the packages of both versions in /root, and what they need in apt's cache. */
async function server(name, suite) {
  const machine = await Machine.fresh(name, suite, asServer);
  const since = performance.now();
  for (const file of [deb, older]) await machine.put(file, 'root');
  await machine.download(`/root/${basename(deb)}`);
  return { machine, downloading: seconds(since) };
}

const install = (file) => `apt-get install -y -q --no-install-recommends --allow-downgrades /root/${basename(file)}`;

/** Starts a simulated Calendly on the machine, as a unit of its own, and gives a token that it takes. */
async function simulateCalendly(machine) {
  await machine.run('systemd-run --quiet --unit=calendly /usr/libexec/slotwire/calendly-sim --port 4000');
  return /token (eyJ\S+)/.exec(await machine.waitFor('journalctl -u calendly --no-pager', /token eyJ/))[1];
}

/** A server on which the older version is installed and connected, switched off: other tests begin with twins of it. */
async function connectedServer(name, suite) {
  const { machine } = await server(name, suite);
  try {
    await machine.boot();
    await machine.run(install(older));
    await machine.run("printf 'CALENDLY_API_BASE_URL=http://127.0.0.1:4000\\nCALENDLY_RATE_LIMIT=601/30s\\n' >> /etc/slotwire/slotwire.env");
    const token = await simulateCalendly(machine);
    await machine.run(`printf '%s' '${token}' | sudo -u slotwire slotwire token set`);
    await machine.run('systemctl restart slotwire');
    assert.ok(available((await machine.answers(slots)).body) > 0);
    await machine.off();
    return machine;
  } catch (error) {
    await machine.remove();
    throw error;
  }
}

const stateOf = (machine) => machine.run('cat /etc/slotwire/slotwire.env; sha256sum /etc/slotwire/jwt-secret; stat -c "%n %a %U:%G" /etc/slotwire/* /var/lib/slotwire');

/** What apt, dpkg and the machine itself keep of anything that was ever installed: logs, lists, copies of the users' files. */
const ofThePackageManager = (path) => /^\/(var\/log|var\/lib\/(dpkg|systemd|private)|var\/cache\/(ldconfig|man)|etc\/(passwd|group|shadow|gshadow|subuid|subgid)-)/.test(path);

test('deb: lintian has nothing to say', async (t) => {
  const { stdout } = await run('lintian', ['--fail-on', 'none', '--display-info', '--pedantic', deb], { maxBuffer: 16 << 20 });
  const said = stdout.split('\n').filter((line) => /^[EWIP]:/.test(line));
  const kinds = {};
  for (const line of said) kinds[line.split(' ').slice(0, 3).join(' ')] = (kinds[line.split(' ').slice(0, 3).join(' ')] ?? 0) + 1;
  t.diagnostic(`information and pedantic tags included: ${JSON.stringify(kinds)}`);
  assert.deepEqual(said.filter((line) => /^[EW]:/.test(line)), []);
});

for (const suite of ['bookworm', 'trixie']) {
  describe(suite, { timeout: 1_200_000 }, () => {
    let connected;
    before(async () => {
      connected = await connectedServer(`${suite}-connected`, suite);
    });
    after(() => connected?.remove());

    /** Runs a test on a twin of the connected server, switched on and with its Calendly. */
    const onTwin = async (name, steps) => {
      const machine = await connected.twin(`${suite}-${name}`);
      try {
        await machine.boot();
        await simulateCalendly(machine);
        await steps(machine);
      } finally {
        await machine.remove();
      }
    };

    test(`deb: on a fresh Debian it installs, runs as its own user, and shows slots by the documented commands, ${suite}`, async (t) => {
      const { machine, downloading } = await server(`${suite}-fresh`, suite);
      try {
        await machine.boot();
        const since = performance.now();
        await machine.run(install(deb));
        await machine.answers(`${proxy}/healthz`);
        t.diagnostic(`${suite}: downloading what it needs ${downloading}; from apt install to the first answer ${seconds(since)}`);
        assert.equal((await machine.run('systemctl is-enabled slotwire; systemctl is-active slotwire')), 'enabled\nactive\n');
        const process = await machine.run('cat /proc/$(systemctl show -P MainPID slotwire)/status');
        const user = (await machine.run('id -u slotwire')).trim();
        assert.match(process, new RegExp(`^Uid:\\t${user}\\t${user}\\t${user}\\t${user}$`, 'm'));
        assert.match(process, /^CapEff:\t0+$/m);
        assert.match(process, /^NoNewPrivs:\t1$/m);

        // Who may read what: secret and settings the service alone, all that is run or served nobody may change but root.
        const modes = await machine.run('stat -c "%n %a %U:%G %F" /etc/slotwire /etc/slotwire/* /var/lib/slotwire /usr/bin/slotwire /usr/libexec/slotwire/calendly-sim');
        t.diagnostic(modes.trim());
        assert.match(modes, /^\/etc\/slotwire\/jwt-secret 640 root:slotwire regular file$/m);
        assert.match(modes, /^\/etc\/slotwire\/slotwire.env 6?[04][04] root:(root|slotwire) /m);
        assert.match(modes, /^\/var\/lib\/slotwire 7[05]0 slotwire:slotwire directory$/m);
        assert.equal(await machine.run("dpkg -L slotwire | grep -v '^/etc/slotwire' | xargs -d '\\n' stat -c '%n %a %U:%G' | grep -v ' root:root$' || :"), '');
        assert.equal(await machine.run("dpkg -L slotwire | xargs -d '\\n' stat -L -c '%n %a' | grep -E ' .?.[2367].$| .?..[2367]$' || :"), '');
        assert.equal(await machine.run('dpkg --verify slotwire'), '');
        const secret = await machine.run('cat /etc/slotwire/jwt-secret');
        assert.ok(secret.trim().length >= 32, 'the secret is long enough');
        assert.notEqual((await machine.outcome('runuser -u nobody -- cat /etc/slotwire/jwt-secret')).code, 0);

        // The unit says nothing that its systemd does not understand.
        assert.equal((await machine.outcome('systemd-analyze verify --man=no slotwire.service')).said, '');
        const exposure = (await machine.run('systemd-analyze security --no-pager slotwire.service | tail -n 1')).trim();
        t.diagnostic(exposure);

        // Not connected yet, and says so.
        const before = await machine.ask(slots);
        assert.equal(before.status, 503);
        assert.match(before.body, /not_connected/);

        await machine.run("printf 'CALENDLY_API_BASE_URL=http://127.0.0.1:4000\\n' >> /etc/slotwire/slotwire.env && systemctl restart slotwire");
        const token = await simulateCalendly(machine);
        await machine.run(`printf '%s' '${token}' | sudo -u slotwire slotwire token set`);
        const answer = await machine.answers(slots);
        assert.ok(available(answer.body) > 0, answer.body);
        t.diagnostic(`${suite}: from apt install to ${available(answer.body)} slots of a connected account, both restarts included, ${seconds(since)}`);
        assert.match(await machine.run('sudo -u slotwire slotwire status'), /connected/i);
        // The widget's own files are there and found.
        assert.match((await machine.answers(`${proxy}/widget.js`)).body, /slot-picker/);
        assert.equal((await machine.run(`journalctl -u slotwire --no-pager | grep -cF '${token}' || :`)).trim(), '0', 'the token is in no log');
        assert.equal((await machine.run(`journalctl -u slotwire --no-pager | grep -cF '${secret.trim()}' || :`)).trim(), '0', 'the secret is in no log');

        // After a start of the whole machine it is there again, with what it had.
        await machine.off();
        await machine.boot();
        await simulateCalendly(machine);
        assert.ok(available((await machine.answers(slots)).body) > 0);
      } finally {
        await machine.remove();
      }
    });

    test(`deb: an upgrade keeps settings, secret and account, and going back does, ${suite}`, () => onTwin('upgrade', async (machine) => {
      const had = await stateOf(machine);
      const versions = [(await machine.run("dpkg-query -W -f '${Version}' slotwire")).trim()];
      for (const file of [deb, older]) {
        const pid = await machine.run('systemctl show -P MainPID slotwire');
        await machine.run(install(file));
        assert.equal(await stateOf(machine), had);
        assert.ok(available((await machine.answers(slots)).body) > 0, 'no token was asked for again');
        assert.notEqual(await machine.run('systemctl show -P MainPID slotwire'), pid, 'the new program runs');
        versions.push((await machine.run("dpkg-query -W -f '${Version}' slotwire")).trim());
      }
      assert.notEqual(versions[1], versions[0]);
      assert.equal(versions[2], versions[0]);
    }));

    test(`deb: removing keeps what is the owner's, and installing again finds it, ${suite}`, () => onTwin('remove', async (machine) => {
      const had = await stateOf(machine);
      await machine.run('apt-get remove -y -q slotwire');
      await assert.rejects(machine.ask(`${proxy}/healthz`), /Could not connect|Failed to connect|Connection refused/);
      assert.equal(await stateOf(machine), had);
      assert.equal((await machine.outcome('command -v slotwire')).code, 127);
      await machine.run(install(deb));
      assert.equal(await stateOf(machine), had);
      assert.ok(available((await machine.answers(slots)).body) > 0);
    }));

    test(`deb: purging leaves nothing behind, ${suite}`, async () => {
      const { machine } = await server(`${suite}-purge`, suite);
      try {
        await machine.boot();
        // What it depends on is there before and stays.
        await machine.run(`apt-get satisfy -y -q --no-install-recommends "$(dpkg-deb -f /root/${basename(deb)} Depends)"`);
        const before = await machine.files();
        await machine.run(install(deb));
        await machine.run("printf 'CALENDLY_API_BASE_URL=http://127.0.0.1:4000\\n' >> /etc/slotwire/slotwire.env");
        const token = await simulateCalendly(machine);
        await machine.run(`printf '%s' '${token}' | sudo -u slotwire slotwire token set && systemctl restart slotwire`);
        await machine.answers(slots);
        // By way of a removal that came first, as when somebody thinks again.
        await machine.run('apt-get remove -y -q slotwire && apt-get purge -y -q slotwire');
        const had = new Set(before);
        const left = (await machine.files()).filter((path) => !had.has(path) && !ofThePackageManager(path));
        assert.deepEqual(left, []);
        assert.equal(await machine.run('getent passwd slotwire; getent group slotwire; systemctl list-unit-files --no-legend slotwire.service 2>&1 || :'), '');
        assert.equal((await machine.outcome('dpkg-query -W slotwire')).code, 1);
      } finally {
        await machine.remove();
      }
    });

    // An owner of the machine was called slotwire: the package took the account for its own, and purging it deleted a person.
    test(`deb: somebody's own account of that name is not touched, ${suite}`, async () => {
      const { machine } = await server(`${suite}-account`, suite);
      try {
        await machine.boot();
        await machine.run('useradd -m slotwire');
        const account = await machine.run('getent passwd slotwire');
        const refused = await machine.outcome(install(deb));
        assert.notEqual(refused.code, 0);
        assert.match(refused.said, /there is a user "slotwire" already/);
        await machine.run('dpkg --purge slotwire');
        assert.equal(await machine.run('getent passwd slotwire'), account);
      } finally {
        await machine.remove();
      }
    });

    test(`deb: a database that a newer version has written is refused in words, and left alone, ${suite}`, () => onTwin('newer', async (machine) => {
      await machine.run('systemctl stop slotwire');
      await machine.inDatabase('/var/lib/slotwire/slotwire.db', 'PRAGMA user_version = 1000');
      const had = await machine.run('sha256sum /var/lib/slotwire/slotwire.db');
      const { said, code } = await machine.outcome('sudo -u slotwire slotwire status');
      assert.equal(code, 1);
      assert.match(said, /newer/);
      await machine.outcome('systemctl start slotwire');
      assert.match(await machine.waitFor('journalctl -u slotwire --no-pager', /newer/), /newer/);
      assert.equal(await machine.run('systemctl stop slotwire; sha256sum /var/lib/slotwire/slotwire.db'), had);
    }));

    test(`deb: without an init, as in a container, it installs too, and the demo shows slots, ${suite}`, async (t) => {
      const machine = await Machine.fresh(`${suite}-demo`, suite);
      try {
        await machine.put(deb, 'root');
        const since = performance.now();
        await machine.runOff(install(deb));
        const installed = seconds(since);
        await machine.bootWithoutInit();
        // Without privileges, and with nothing but a temporary folder to write in.
        const demo = await machine.start('runuser -u nobody -- slotwire demo', /Demo page +(http\S+)\/demo/);
        const answer = await machine.ask(`${demo.found[1]}/api/app/calendly/slots/30min`);
        assert.equal(answer.status, 200, answer.body);
        assert.ok(available(answer.body) > 0, answer.body);
        t.diagnostic(`${suite}: apt install with its downloads ${installed}; from there to ${available(answer.body)} slots of slotwire demo ${seconds(since)}`);
        assert.match((await machine.ask(`${demo.found[1]}/demo`)).body, /slot-picker/);
        await machine.run("kill -INT $(pidof slotwire)");
        await demo.ended;
        assert.equal(await machine.run('pidof slotwire calendly-sim; ls -A /tmp'), '', 'nothing is left of it');
      } finally {
        await machine.remove();
      }
    });

    test(`tarball: unpacked anywhere it shows slots, with what its README says to install, ${suite}`, async (t) => {
      const machine = await Machine.fresh(`${suite}-tarball`, suite);
      try {
        const tarball = await delivered('slotwire-', '-linux-amd64.tar.gz');
        await machine.put(tarball, 'root');
        await machine.runOff(`mkdir -p /opt/of/mine && tar -xzf /root/${basename(tarball)} -C /opt/of/mine --strip-components=1`);
        const [, needed] = /with ([^;()]*), as Debian names them/.exec(await machine.runOff("tr '\\n' ' ' < /opt/of/mine/README"));
        await machine.runOff(`apt-get install -y -q --no-install-recommends ${needed.split(/, | and /).join(' ')}`);
        await machine.bootWithoutInit();
        const demo = await machine.start('runuser -u nobody -- /opt/of/mine/bin/slotwire demo', /Demo page +(http\S+)\/demo/);
        const answer = await machine.ask(`${demo.found[1]}/api/app/calendly/slots/30min`);
        assert.ok(available(answer.body) > 0, answer.body);
      } finally {
        await machine.remove();
      }
    });
  });
}
