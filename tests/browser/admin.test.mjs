// The admin page against the real proxy and the simulator, as an admin would use it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { freeDays, newPage, repository, startBrowser, startServers, startSite } from './harness.mjs';

const screenshots = join(repository, 'build/screenshots');
let browser;
let axe;
const running = [];
before(async () => {
  await mkdir(screenshots, { recursive: true });
  browser = await startBrowser();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});
afterEach(async () => {
  while (running.length) await running.pop()();
});
after(() => browser?.close());

const jwtFor = async (servers, role = 'super_admin') => (await servers.command(['admin-jwt', '--role', role, '--ttl', '1h'])).trim();

async function opened({ connected = true, role = 'super_admin', signedIn = true, settings = {}, ...options } = {}) {
  const servers = await startServers(settings, { connected });
  running.push(servers.stop);
  const { page, context, problems, requests } = await newPage(browser, { reducedMotion: 'reduce', ...options });
  running.push(() => context.close());
  if (signedIn) {
    await page.goto(`${servers.origin}/admin#jwt=${await jwtFor(servers, role)}`);
    await page.locator('#console').waitFor();
  } else {
    await page.goto(`${servers.origin}/admin`);
  }
  return { servers, page, problems, requests };
}

async function violations(page) {
  // Injected through the debugger: the page's Content-Security-Policy forbids foreign scripts.
  const client = await page.context().newCDPSession(page);
  await client.send('Runtime.evaluate', { expression: axe });
  return page.evaluate(async () => {
    const { violations: found } = await window.axe.run('body');
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

const said = (page, text) => page.locator('#message').filter({ hasText: text }).waitFor();
const facts = (page, id) => page.locator(`#${id}`).innerText();
/** The proxy's audit log, newest first, without the JWTs that this file creates. */
async function audited(servers) {
  const reply = await fetch(`${servers.origin}/api/web/calendly/audit`, { headers: { Authorization: `Bearer ${await jwtFor(servers)}` } });
  return (await reply.json()).data.entries.filter(({ action }) => action !== 'jwt.make');
}

test('admin: the link that admin-jwt prints at a terminal signs in once, and leaves the address', async () => {
  const { servers, page, problems, requests } = await opened({ signedIn: false });
  const printed = await servers.command(['admin-jwt', '--role', 'super_admin', '--ttl', '15m'], true);
  const link = /http:\/\/\S+\/admin#once=\S+/.exec(printed)?.[0];
  assert.ok(link, printed);
  assert.ok(link.startsWith(servers.origin), link);
  const jwt = link.split('#once=')[1];
  // The page is open already: only the part after the # changes.
  await page.goto(link);
  await page.locator('#console').waitFor();
  assert.equal(page.url(), `${servers.origin}/admin`);
  assert.match(await page.locator('#who').innerText(), /command line, super admin/);
  assert.ok(!(await page.content()).includes(jwt));
  assert.ok(requests.every((url) => !url.includes(jwt)), 'no address carries it');
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  await page.goBack().catch(() => {});
  assert.ok(!page.url().includes('once'), 'not even in the history');
  assert.deepEqual(problems, []);

  const second = await opened({ signedIn: false });
  await second.page.goto(link);
  await second.page.getByText('This sign-in link was used already').waitFor();
  assert.ok(await second.page.locator('#console').isHidden(), 'nobody signs in by it again');
});

test('admin: a script that asks for a token gets the token and nothing else', async () => {
  const { servers } = await opened({ signedIn: false });
  assert.match(await servers.command(['admin-jwt']), /^eyJ[\w.-]+\n$/);
  assert.match(await servers.command(['admin-jwt', '--quiet'], true), /^eyJ[\w.-]+\r?\n$/);
});

test('admin: signing in by a pasted token; a wrong one is told, an ended one leads back', async () => {
  const { servers, page } = await opened({ signedIn: false });
  await page.getByLabel('Sign-in token').fill('eyJ.nonsense.x');
  await page.keyboard.press('Enter');
  await said(page, 'not valid here');
  assert.ok(await page.locator('#console').isHidden());
  await page.getByLabel('Sign-in token').fill(await jwtFor(servers));
  await page.keyboard.press('Enter');
  await page.locator('#console').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  assert.ok(await page.locator('#console').isHidden());
  for (const id of ['facts', 'types', 'audit', 'who']) assert.equal(await page.locator(`#${id}`).textContent(), '', id);
  // Like an expired token: the proxy refuses it from now on.
  await page.goto(`${servers.origin}/admin#jwt=${await jwtFor(servers)}`);
  await page.locator('#console').waitFor();
  await page.route('**/cache/purge', (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"success":false,"message":"no","data":{}}' }));
  await page.getByRole('button', { name: 'Drop all cached times' }).click();
  await said(page, 'Your sign-in has ended');
  assert.ok(await page.locator('#sign-in').isVisible());
});

test('admin: a token that was given to a program could not be taken back', async () => {
  const { servers, page, problems } = await opened();
  const crm = (await servers.command(['admin-jwt', '--sub', 'crm', '--role', 'reader', '--ttl', '90d'])).trim();
  const read = () => fetch(`${servers.origin}/calendly/v2/users/me`, { headers: { Authorization: `Bearer ${crm}` } });
  assert.equal((await read()).status, 200);
  const again = page.getByRole('button', { name: 'Drop all cached times' });
  const line = page.locator('#jwts tr').filter({ hasText: 'crm' });
  // A worker writes the time of the last use, a moment later.
  do {
    await again.click();
    await line.waitFor();
  } while (/never/.test(await line.innerText()));
  assert.match(await line.innerText(), /Reader/);
  assert.deepEqual(await violations(page), []);
  await page.locator('#jwts-card').screenshot({ path: join(screenshots, 'admin-jwts.png') });

  const dialog = page.getByRole('dialog', { name: 'Revoke this token?' });
  await line.getByRole('button', { name: /^Revoke the token of crm/ }).click();
  assert.match(await dialog.innerText(), /cannot be undone/);
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  assert.equal((await read()).status, 200);
  await line.getByRole('button', { name: /^Revoke the token of crm/ }).click();
  assert.deepEqual(await violations(page), []);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await said(page, 'The token of crm is revoked. It cannot be given back');
  assert.equal((await read()).status, 401);
  // The list is reloaded once the revocation is confirmed.
  await line.filter({ hasText: 'Revoked' }).waitFor();
  await page.waitForFunction(() => document.activeElement.id === 'jwts-title');
  assert.match(await page.locator('#audit').innerText(), /Revoked sign-in token/);

  // An admin who revokes the token in use is signed out.
  const own = page.locator('#jwts tr').filter({ hasText: 'you, on this page' });
  await own.getByRole('button', { name: /^Revoke/ }).click();
  assert.match(await dialog.innerText(), /you will be signed out/);
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await said(page, 'you are signed out');
  assert.ok(await page.locator('#console').isHidden());
  assert.equal(await page.locator('#jwts').textContent(), '');
  assert.deepEqual(problems, []);
});

test('admin: the session of a sign-in link is on the list; an admin may not revoke one of a super admin', async () => {
  const { servers, page } = await opened({ role: 'admin' });
  const printed = await servers.command(['admin-jwt', '--role', 'super_admin', '--sub', 'root', '--ttl', '15m'], true);
  const second = await newPage(browser, { reducedMotion: 'reduce' });
  running.push(() => second.context.close());
  await second.page.goto(/http:\/\/\S+\/admin#once=\S+/.exec(printed)[0]);
  await second.page.locator('#jwts tr').filter({ hasText: 'you, on this page' }).filter({ hasText: 'sign-in link' }).waitFor();
  await page.getByRole('button', { name: 'Drop all cached times' }).click();
  const line = page.locator('#jwts tr').filter({ hasText: 'sign-in link' });
  await line.waitFor();
  assert.ok(await line.getByRole('button', { name: /^Revoke/ }).isDisabled());
  assert.match(await line.innerText(), /takes a super admin/);
});

test('admin: one odd event type stopped the account, and nobody said which it was', async () => {
  const { servers, page, problems } = await opened();
  assert.ok(await page.locator('#left-out').isHidden());
  await servers.simPost('/__sim/account', { odd_event_types: true });
  await page.getByRole('button', { name: 'Sync event types' }).click();
  await page.locator('#left-out').waitFor();
  const text = await page.locator('#left-out').innerText();
  assert.match(text, /Open End: has no duration in whole minutes/);
  assert.ok(await page.locator('#types tr').count() > 3, 'the others are there');
  assert.deepEqual(problems, []);
});

test('admin: connecting tells at once what is wrong with a token, and what a good one may do', async () => {
  const { servers, page, problems } = await opened({ connected: false });
  assert.equal(await page.locator('#connection-state').innerText(), 'Not connected');
  assert.ok(await page.locator('#bookings-card').isHidden());
  const field = page.getByLabel('Personal access token');
  for (const [typed, hint] of [['eyJ with space', 'no spaces'], ['sk_live_something', 'begin with eyJ'], ['eyJhalf', 'three parts'], [servers.token, '']]) {
    await field.fill(typed);
    assert.match(await page.locator('#token-live').innerText(), new RegExp(hint || '^$'), typed);
  }
  const connect = page.getByRole('button', { name: 'Check and connect' });

  await field.fill('eyJ.wrong.token');
  await connect.click();
  const result = page.locator('#token-result');
  await result.filter({ hasText: 'Invalid Personal Access Token' }).waitFor();

  const scopes = ['users:read', 'event_types:read', 'scheduling_links:write'];
  await servers.simPost('/__sim/account', { tokens: [{ token: servers.token, scopes }] });
  await field.fill(servers.token);
  await connect.click();
  await result.filter({ hasText: 'availability:read' }).waitFor();
  assert.equal(await page.locator('#connection-state').innerText(), 'Not connected');

  await servers.simPost('/__sim/account', { tokens: [{ token: servers.token, scopes: [...scopes, 'availability:read'] }] });
  await field.fill(servers.token);
  await connect.click();
  await said(page, 'Connected to Ada Example');
  assert.ok(await result.isHidden());
  assert.equal(await field.inputValue(), '', 'the token does not stay in the page');
  const answers = await page.locator('#abilities li').evaluateAll((items) => Object.fromEntries(items.map((item) => [item.firstChild.textContent, item.dataset.answer])));
  assert.deepEqual(answers, {
    'Show free times': 'yes', 'Make single-use booking links': 'yes', 'Show bookings on this page': 'no',
    'Book from the widget': 'no', 'Hear of bookings at once': 'no',
  });
  assert.match(await page.locator('#abilities').innerText(), /needs the scope scheduled_events:read/);

  // The form names the missing scope, and the connection stays.
  await page.getByRole('button', { name: 'Show bookings' }).click();
  await page.locator('#bookings-state').filter({ hasText: 'scheduled_events:read' }).waitFor();
  assert.equal(await page.locator('#connection-state').innerText(), 'Connected');
  const outcomes = (await audited(servers)).map(({ action, outcome }) => `${action} ${outcome}`);
  assert.deepEqual(outcomes, ['bookings.read insufficient_scope', 'token.set ok', 'token.set insufficient_scope', 'token.set invalid_token']);
  assert.match(await page.locator('#audit').innerText(), /Connected Calendly\s*invalid token/);
  assert.deepEqual(problems.filter((problem) => !/status of 400/.test(problem)), []);
});

test('admin: status, sync, cache and audit show what the proxy says', async () => {
  const { servers, page, problems } = await opened();
  assert.equal(await page.locator('#account').innerText(), 'Ada Example');
  assert.match(await facts(page, 'facts'), /USERAAAAAAAAAAAA/);
  assert.match(await facts(page, 'facts'), /by command line/);
  const rows = page.locator('#types tr');
  const before = await rows.count();
  assert.ok(before >= 5);
  // Text from Calendly is shown as text, even if it looks like markup.
  assert.match(await page.locator('#types').innerText(), /<img src=x onerror=alert\(1\)>/);
  assert.equal(await page.locator('#types img, #types script').count(), 0);
  assert.match(await rows.filter({ hasText: 'Secret Consultation' }).innerText(), /never listed/);
  assert.match(await rows.filter({ hasText: 'Retired Call' }).innerText(), /switched off/);
  const offered = await page.locator('#embed-type option').allInnerTexts();
  assert.ok(!offered.includes('Retired Call') && offered.includes('Secret Consultation'), offered.join());

  await servers.simPost('/__sim/account', { delete_event_types: ['CCCCCCCCCCCCCCCC'] });
  await page.getByRole('button', { name: 'Sync event types' }).click();
  await said(page, `${before - 1} event types are up to date`);
  assert.equal(await rows.count(), before - 1);
  assert.ok(await page.getByRole('button', { name: 'Sync event types' }).isEnabled());

  await page.getByRole('button', { name: 'Drop all cached times' }).click();
  await said(page, 'Cached times are dropped');
  const reply = await fetch(`${servers.origin}/api/web/calendly/cache/stats`, { headers: { Authorization: `Bearer ${await jwtFor(servers)}` } });
  const { data: stats } = await reply.json();
  assert.ok(stats.upstreamCalls >= 7, 'what connecting and syncing cost');
  assert.match(await facts(page, 'cache'), /Days in memory\s+\d+/);
  const shown = Number(/Calls to Calendly\s+(\d+)/.exec(await facts(page, 'cache'))?.[1]);
  assert.ok(shown >= 7 && shown <= stats.upstreamCalls, `${shown} of ${stats.upstreamCalls}`);
  assert.match(await facts(page, 'cache'), /Calendly is\s+answering/);
  await page.locator('#audit').getByText('Dropped cached times').waitFor();
  const list = await page.locator('#audit').innerText();
  for (const line of ['Synced event types', 'Connected Calendly', 'command line (super admin)']) assert.ok(list.includes(line), line);
  assert.deepEqual(problems, []);
});

test('admin: which event types assistants see is a switch for each', async () => {
  const { servers, page, problems } = await opened({ settings: { CALENDLY_MCP: 'on' } });
  const card = page.locator('#assistants-card');
  await card.filter({ hasText: "find free times at /mcp, and book with an admin's token" }).waitFor();
  const boxes = card.getByRole('checkbox');
  assert.equal(await boxes.evaluateAll((all) => all.filter((box) => box.checked).length), 0);
  assert.equal(await card.getByText('Secret Consultation').count(), 0);
  const seen = async () => {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_event_types' } };
    const reply = await fetch(`${servers.origin}/mcp`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(message) });
    return (await reply.json()).result.structuredContent.eventTypes.map(({ name }) => name);
  };
  assert.deepEqual(await seen(), []);
  await card.getByLabel('30 Minute Meeting').check();
  await said(page, 'Assistants see 30 Minute Meeting.');
  await page.locator('#audit').getByText('Changed what assistants see').waitFor();
  assert.deepEqual(await seen(), ['30 Minute Meeting']);
  assert.ok(await card.getByLabel('30 Minute Meeting').isChecked());
  assert.equal(await page.evaluate(() => document.activeElement.type), 'checkbox');
  assert.deepEqual(await violations(page), []);
  await card.screenshot({ path: join(screenshots, 'admin-assistants.png') });
  await card.getByLabel('30 Minute Meeting').uncheck();
  await said(page, 'Assistants see 30 Minute Meeting no more.');
  assert.deepEqual(await seen(), []);
  assert.deepEqual(problems, []);
});

test('admin: a problem of the connection is told with what to do', async () => {
  const { servers, page } = await opened();
  await servers.simPost('/__sim/account', { tokens: [] });
  await page.getByRole('button', { name: 'Sync event types' }).click();
  await said(page, 'no longer accepts');
  await page.goto(`${servers.origin}/admin#jwt=${await jwtFor(servers)}`);
  await page.locator('#problem').filter({ hasText: 'no longer accepts' }).waitFor();
  assert.equal(await page.locator('#connection-state').innerText(), 'Needs attention');
});

/** A Redis of this test's own; `stop` and `start` keep the port. */
async function startRedis() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  await new Promise((closed) => { probe.close(closed); });
  let program;
  const stop = async () => {
    if (program.exitCode !== null) return;
    program.kill('SIGKILL');
    await once(program, 'exit');
  };
  const start = async () => {
    program = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface({ input: program.stdout })) {
      if (/Ready to accept connections/.test(line)) return program.stdout.resume();
    }
    throw new Error('redis-server did not start');
  };
  await start();
  running.push(stop);
  return { url: `redis://127.0.0.1:${port}`, start, stop };
}

for (const [width, colorScheme] of [[360, 'light'], [360, 'dark'], [1280, 'light'], [1280, 'dark']]) {
  test(`admin: what the server stands on is shown, and what is gone is said in words, ${width} px, ${colorScheme}`, async () => {
    const redis = await startRedis();
    const { servers, page, problems } = await opened({ settings: { CALENDLY_REDIS_URL: redis.url }, viewport: { width, height: 900 }, colorScheme });
    const card = page.locator('#status-card');
    const looked = async (state) => {
      await card.screenshot({ path: join(screenshots, `admin-${state}-${width}-${colorScheme}.png`) });
      assert.deepEqual(await violations(page), [], state);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${state} fits`);
    };
    const cluster = async () => (await (await fetch(`${servers.origin}/readyz`)).json()).data.cluster;
    const becomes = async (state) => {
      const until = Date.now() + 20_000;
      while (await cluster() !== state) {
        assert.ok(Date.now() < until, `Redis is not ${state}`);
        await pause(50);
      }
    };
    // The page reloads the status whenever the admin does something.
    const doSomething = () => page.getByRole('button', { name: 'Drop all cached times' }).click();
    await becomes('connected');
    await doSomething();
    await said(page, 'dropped');
    await page.locator('#audit').filter({ hasText: 'Dropped cached times' }).waitFor();
    assert.match(await facts(page, 'facts'), /Database\s+SQLite\s+Redis\s+connected/);
    assert.equal(await page.locator('#connection-state').innerText(), 'Connected');
    await looked('redis-connected');

    await redis.stop();
    await becomes('cut_off');
    await doSomething();
    await page.locator('#redis-problem').filter({ hasText: 'this server goes on alone' }).waitFor();
    assert.match(await facts(page, 'facts'), /Redis\s+gone since .*\d/);
    assert.equal(await page.locator('#connection-state').innerText(), 'Needs attention');
    // The database's problem is in the same answer; end-to-end tests produce it for real.
    await page.route('**/connection/status', async (route) => {
      const reply = await route.fetch();
      const json = await reply.json();
      json.data.databaseMessage = 'The database does not answer.';
      await route.fulfill({ response: reply, json });
    });
    await doSomething();
    await page.locator('#database-problem').filter({ hasText: 'The database does not answer. Until it is back' }).waitFor();
    assert.match(await facts(page, 'facts'), /Database\s+SQLite, in trouble/);
    await looked('in-trouble');
    await page.unroute('**/connection/status');

    await redis.start();
    await becomes('connected');
    await doSomething();
    await page.locator('#redis-problem').waitFor({ state: 'hidden' });
    assert.match(await facts(page, 'facts'), /Redis\s+connected/);
    assert.ok(await page.locator('#database-problem').isHidden());
    assert.equal(await page.locator('#connection-state').innerText(), 'Connected');
    assert.deepEqual(problems, []);
  });
}

test('admin: disconnecting asks first, and is for super admins', async () => {
  const { servers, page } = await opened();
  const button = page.getByRole('button', { name: 'Disconnect', exact: true }).first();
  await button.click();
  const dialog = page.getByRole('dialog', { name: 'Disconnect from Calendly?' });
  await dialog.waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Keep the connection', 'the harmless choice has the focus');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#connection-state').innerText(), 'Connected');
  await button.click();
  await dialog.getByRole('button', { name: 'Disconnect' }).click();
  await said(page, 'Disconnected');
  assert.equal(await page.locator('#connection-state').innerText(), 'Not connected');
  assert.ok(await button.isDisabled());
  assert.equal(await page.locator('#preview slot-picker').count(), 0);
  assert.equal((await audited(servers))[0].action, 'connection.disconnect');

  await page.goto(`${servers.origin}/admin#jwt=${await jwtFor(servers, 'admin')}`);
  await page.locator('#who').filter({ hasText: /line, admin/ }).waitFor();
  assert.ok(await page.getByText('Disconnecting takes a super admin.').isVisible());
});

test('admin: an admin sees why disconnecting is not for them', async () => {
  const { page } = await opened({ role: 'admin' });
  assert.ok(await page.locator('#disconnect').isDisabled());
  assert.ok(await page.getByText('Disconnecting takes a super admin.').isVisible());
  assert.ok(await page.locator('#sync').isEnabled());
});

test('admin: public mode with several events; what visitors then get', async () => {
  const { servers, page, problems } = await opened({ connected: false });
  const card = page.locator('#public-card');
  await card.getByLabel('Calendly user name').fill('ada-example');
  await card.getByRole('button', { name: 'Add an event' }).click();
  for (const [i, name, slug, minutes] of [[0, 'Short call', 'short', '15'], [1, 'Long call', 'long', '90']]) {
    await card.getByLabel('Event name').nth(i).fill(name);
    await card.getByLabel('Slug').nth(i).fill(slug);
    await card.getByLabel('Minutes').nth(i).fill(minutes);
  }
  await card.getByRole('button', { name: 'Add an event' }).click();
  await card.getByRole('button', { name: 'Remove' }).last().click();
  await card.getByRole('button', { name: 'Use public mode' }).click();
  await said(page, 'Public mode is on');
  assert.equal(await page.locator('#connection-state').innerText(), 'Public mode');
  const { data } = await (await fetch(`${servers.origin}/api/app/calendly/event-types`)).json();
  assert.equal(data.mode, 'public');
  assert.deepEqual(data.eventTypes.map(({ name, slug, duration }) => [name, slug, duration]), [['Short call', 'short', 15], ['Long call', 'long', 90]]);
  assert.deepEqual(problems, []);
});

const dayAhead = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** A host who works from nine to five UTC, is busy until noon on that day, and has an afternoon booking with buffers. */
async function plantBusyDay(servers, date) {
  const hours = Object.fromEntries(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'].map((day) => [day, [['09:00', '17:00']]]));
  await servers.simPost('/__sim/account', { timezone: 'UTC', host: { takes_by_chance: false, hours, busy: [[`${date}T08:00:00Z`, `${date}T12:00:00Z`]] },
    edit_event_types: [{ uuid: 'AAAAAAAAAAAAAAAA', before_buffer: 150, after_buffer: 150 }] });
  const booked = await fetch(`${servers.sim}/invitees`, { method: 'POST', headers: { Authorization: `Bearer ${servers.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ event_type: 'https://api.calendly.com/event_types/GGGGGGGGGGGGGGGG', start_time: `${date}T14:30:00Z`,
      invitee: { name: 'Grace Guest', email: 'grace@example.com', timezone: 'UTC' } }) });
  assert.equal(booked.status, 201, await booked.text());
}

for (const width of [360, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`admin: why a day is empty, in order, as a line and as a list, ${width} px, ${colorScheme}`, async () => {
      const { servers, page, problems } = await opened({ viewport: { width, height: 900 }, colorScheme });
      const date = dayAhead(3);
      await plantBusyDay(servers, date);
      const card = page.getByRole('region', { name: 'Why is this day empty?' });
      await card.getByLabel('Which event type').selectOption({ label: '30 Minute Meeting' });
      await card.getByLabel('Day', { exact: true }).fill(date);
      await card.getByLabel('Time zone').fill('UTC');
      await card.getByRole('button', { name: 'Find out' }).click();
      const reasons = card.locator('#why-reasons li');
      await reasons.first().waitFor();
      assert.match(await card.getByRole('status').innerText(), /no free times, for \d reasons/);
      assert.match(await reasons.first().innerText(), /buffers|calendar is busy/i);
      assert.match(await reasons.first().innerText(), /certain/);
      const codes = await card.locator('#why-reasons .mono').allInnerTexts();
      assert.ok(codes.includes('busy') && codes.includes('buffers'), codes.join());
      const kinds = await card.locator('#why-pieces li').allInnerTexts();
      assert.ok(kinds.length >= 5 && kinds.some((text) => text.includes('Busy (calendar)')), kinds.join(' | '));
      // The timeline shows the same parts as the list, in the same proportions.
      const line = await card.locator('#why-line span').evaluateAll((parts) => parts.map((part) => [part.dataset.kind, Number(part.style.flexGrow)]));
      assert.equal(line.length, kinds.length);
      assert.equal(line.reduce((sum, [, minutes]) => sum + minutes, 0), 24 * 60);
      assert.ok(!/grace/i.test(await card.innerText()));
      await card.screenshot({ path: join(screenshots, `admin-why-${width}-${colorScheme}.png`) });
      assert.deepEqual(await violations(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);

      await card.getByLabel('Day', { exact: true }).fill(dayAhead(4));
      await card.getByRole('button', { name: 'Find out' }).click();
      await card.getByRole('status').filter({ hasText: 'It is not empty' }).waitFor();
      assert.equal(await reasons.count(), 0);
      assert.deepEqual(problems, []);
    });
  }
}

test('admin: a question that cannot be asked is answered in words, and the answer goes with the sign-in', async () => {
  const { page } = await opened();
  const card = page.getByRole('region', { name: 'Why is this day empty?' });
  await card.getByLabel('Time zone').fill('Mars/Olympus');
  await card.getByRole('button', { name: 'Find out' }).click();
  await card.getByRole('status').filter({ hasText: 'This time zone is not known' }).waitFor();
  await card.getByLabel('Which event type').selectOption({ label: 'Retired Call (switched off)' });
  await card.getByLabel('Time zone').fill('Europe/Berlin');
  await card.getByRole('button', { name: 'Find out' }).click();
  await card.getByText('The event type is switched off in Calendly.').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  assert.equal(await page.locator('#why-reasons').textContent(), '');
  assert.equal(await page.locator('#why-said').textContent(), '');
});

test('admin: bookings are shown when asked for, and the look is written down', async () => {
  const { servers, page } = await opened();
  const api = (path, options) => fetch(servers.sim + path, { ...options, headers: { Authorization: `Bearer ${servers.token}`, 'Content-Type': 'application/json' } });
  const types = (await (await api('/event_types?user=https://api.calendly.com/users/USERAAAAAAAAAAAA')).json()).collection;
  const type = types.find(({ slug }) => slug === 'intake') ?? types[0];
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  const times = (await (await api(`/event_type_available_times?event_type=${type.uri}&start_time=${at(1)}&end_time=${at(7)}`)).json()).collection;
  const booked = await api('/invitees', { method: 'POST', body: JSON.stringify({
    event_type: type.uri, start_time: times[0].start_time, invitee: { name: 'Grace Guest', email: 'grace@example.com', timezone: 'UTC' },
    location: type.locations?.[0] && { kind: type.locations[0].kind, location: type.locations[0].location },
    questions_and_answers: (type.custom_questions ?? []).filter(({ required }) => required).map(({ name, position }) => ({ question: name, answer: 'x', position })),
  }) });
  assert.equal(booked.status, 201, await booked.clone().text());
  assert.ok((await audited(servers)).every(({ action }) => action !== 'bookings.read'), 'not read unasked');
  await page.getByRole('button', { name: 'Show bookings' }).click();
  await page.locator('#bookings tr').first().waitFor();
  assert.equal(await page.locator('#bookings tr').count(), 1);
  assert.match(await page.locator('#bookings').innerText(), new RegExp(type.name.slice(0, 5)));
  assert.equal(await page.locator('#bookings-state').innerText(), 'One booking.');
  assert.equal((await audited(servers))[0].action, 'bookings.read');
  await page.locator('#audit').getByText('Looked at bookings').waitFor();
  assert.ok(servers.proxySaid.every((line) => !/grace/i.test(line)), 'no name in the log');
});

test('admin: the embed code works as copied, with the hash of the script that is served', async () => {
  const { servers, page, problems } = await opened();
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByLabel('Event type', { exact: true }).selectOption({ label: '60 Minute Meeting' });
  const code = await page.locator('#embed-code').innerText();
  const script = Buffer.from(await (await fetch(`${servers.origin}/widget.js`)).arrayBuffer());
  const hash = `sha384-${createHash('sha384').update(script).digest('base64')}`;
  assert.ok(code.includes(`integrity="${hash}"`), code);
  assert.ok(code.includes('<slot-picker event-type="60min" theme="dark"></slot-picker>'), code);
  // The preview is updated, and shows the account's own times.
  const picker = page.locator('#preview slot-picker');
  assert.equal(await picker.getAttribute('event-type'), '60min');
  await picker.scrollIntoViewIfNeeded();
  await freeDays(page).first().waitFor({ state: 'attached' });
  const site = await startSite({ '/': { html: `<!doctype html><title>Site</title>${code}` } });
  running.push(site.stop);
  const other = await page.context().newPage();
  await other.goto(site.origin);
  await freeDays(other).first().waitFor({ state: 'attached' });
  await other.close();
  assert.deepEqual(problems, []);
});

test('admin: the next free times are copied for a mail, with formatting and without', async () => {
  const { servers, page, problems } = await opened();
  await page.getByLabel('Event type', { exact: true }).selectOption({ label: '60 Minute Meeting' });
  await page.getByRole('button', { name: 'Copy times for a mail' }).click();
  await said(page, 'paste them into a mail');
  // An editor of a mail program. Styles, which this page's own policy forbids, must not be lost in the clipboard.
  const site = await startSite({ '/': { html: '<!doctype html><title>A mail</title><div id="mail" contenteditable></div>' } });
  running.push(site.stop);
  const other = await page.context().newPage();
  await other.goto(site.origin);
  await other.evaluate(() => document.addEventListener('paste', ({ clipboardData }) => {
    window.pasted = ['text/html', 'text/plain'].map((type) => clipboardData.getData(type));
  }));
  await other.locator('#mail').focus();
  await other.keyboard.press('Control+V');
  const [html, text] = await (await other.waitForFunction(() => window.pasted)).jsonValue();
  assert.match(text, /^60 Minute Meeting – Ada Example\r?\n1 hour\r?\nTimes are shown in Europe\/Amsterdam/);
  assert.match(html, /href="http[^"]*\/acme\/60min\/\d{4}-[^"]*timezone=Europe%2FAmsterdam"/);
  const time = other.locator('#mail table table a').first();
  assert.equal(await time.evaluate((link) => getComputedStyle(link).borderTopWidth), '1px');
  await other.locator('#mail').screenshot({ path: join(screenshots, 'mail.png') });
  await other.close();
  await page.getByLabel('Event type', { exact: true }).selectOption('');
  await page.getByRole('button', { name: 'Copy times for a mail' }).click();
  await said(page, 'Choose an event type first');
  assert.deepEqual(problems, []);
});

test('admin: the keyboard alone signs in, syncs and cancels a disconnection', async () => {
  const { servers, page } = await opened({ signedIn: false });
  assert.equal(await page.evaluate(() => document.activeElement.id), 'jwt');
  await page.keyboard.insertText(await jwtFor(servers));
  await page.keyboard.press('Enter');
  await page.locator('#console').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'status-title');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'sync');
  await page.keyboard.press('Enter');
  await said(page, 'up to date');
  await page.locator('#disconnect').focus();
  await page.keyboard.press('Space');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await page.locator('#connection-state').innerText(), 'Connected');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'disconnect', 'the focus comes back');
});

for (const width of [360, 768, 1280]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`admin: axe finds nothing and nothing sticks out, ${width} px, ${colorScheme}`, async () => {
      const { servers, page, problems } = await opened({ signedIn: false, viewport: { width, height: 900 }, colorScheme });
      const looked = async (state) => {
        await page.screenshot({ path: join(screenshots, `admin-${state}-${width}-${colorScheme}.png`), fullPage: true });
        assert.deepEqual(await violations(page), [], state);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width, `${state} fits`);
      };
      await looked('sign-in');
      await page.goto(`${servers.origin}/admin#jwt=${await jwtFor(servers)}`);
      await page.locator('#console').waitFor();
      await page.getByRole('button', { name: 'Show bookings' }).click();
      await page.locator('#bookings-state').filter({ hasText: /booking/ }).waitFor();
      await page.locator('#preview').scrollIntoViewIfNeeded();
      await freeDays(page).first().waitFor({ state: 'attached' });
      await page.evaluate(() => scrollTo(0, 0));
      await looked('connected');
      await page.locator('#disconnect').click();
      await page.getByRole('dialog').waitFor();
      await looked('confirm');
      await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click();
      await said(page, 'Disconnected');
      await looked('empty');
      assert.deepEqual(problems, []);
    });
  }
}
