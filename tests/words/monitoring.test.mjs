// Checks that the dashboard and the alert rules use metrics, labels and values of the real program, and that docs/operating.md lists them
// all.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { startServers } from '../browser/harness.mjs';
import { codesIn, tableBelow, textOf } from './documents.mjs';

const freePort = () => new Promise((settle) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => settle(port));
  });
});

let servers;
let series;  // "slotwire_requests_total" -> [{ route: 'slots', status: '200' }, ...]
let kinds;   // -> "counter"
before(async () => {
  const port = await freePort();
  // No Redis listens here: its metric exists all the same.
  servers = await startServers({ METRICS_PORT: String(port), CALENDLY_REDIS_URL: 'redis://127.0.0.1:1' });
  assert.equal((await fetch(`${servers.origin}/api/app/calendly/slots/30min`)).status, 200);
  assert.equal((await fetch(`${servers.origin}/api/app/calendly/slots/nothing`)).status, 404);
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  series = new Map();
  kinds = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, kind]) => [name, kind]));
  for (const [, name, labels] of text.matchAll(/^(slotwire_\w+?)(?:\{(.*)\})? \S+$/gm))
    series.set(name, [...(series.get(name) ?? []), Object.fromEntries([...(labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]))]);
});
after(() => servers?.stop());

const dashboard = () => JSON.parse(textOf('deploy/grafana-dashboard.json'));
const rules = () => parse(textOf('deploy/alerts.yaml')).groups.flatMap((group) => group.rules);

/** What is wrong with an expression, compared with the program's own metrics. */
function problemsOf(expression) {
  const wrong = [];
  for (const [, name, labels] of expression.matchAll(/\b(slotwire_\w+)(?:\{([^}]*)\})?/g)) {
    const found = series.get(name);
    if (!found) { wrong.push(`there is no metric ${name}`); continue; }
    for (const [, key, operator, value] of (labels ?? '').matchAll(/(\w+)(=~?)"([^"]*)"/g)) {
      if (key === 'instance' || key === 'job') continue;  // Prometheus's own
      if (!found.some((each) => key in each)) wrong.push(`${name} has no label ${key}`);
      const matches = operator === '=' ? (each) => each[key] === value : (each) => new RegExp(`^(?:${value})$`).test(each[key]);
      // A status appears once it was answered; other label values exist from the start.
      if (key !== 'status' && !found.some(matches)) wrong.push(`${name} has no ${key} ${value}`);
    }
  }
  for (const [, by] of expression.matchAll(/\bby \(([^)]*)\)/g))
    for (const label of by.split(',').map((each) => each.trim()))
      if (label !== 'instance' && ![...series.values()].flat().some((each) => label in each)) wrong.push(`nothing has a label ${label}`);
  for (const [, name] of expression.matchAll(/\b(?:rate|increase)\((slotwire_\w+)/g)) {
    const kind = kinds.get(name) ?? kinds.get(name.replace(/_bucket$/, ''));
    if (!['counter', 'histogram'].includes(kind)) wrong.push(`${name} is a ${kind}: it has no rate`);
  }
  return wrong;
}

test('monitoring: a wrong metric, label or value is told from a right one', () => {
  assert.deepEqual(problemsOf('sum by (route) (rate(slotwire_requests_total{status=~"5.."}[5m]))'), []);
  assert.equal(problemsOf('slotwire_request_total').length, 1);
  assert.equal(problemsOf('slotwire_bookings_total{result="unknown"}').length, 2);
  assert.equal(problemsOf('slotwire_bookings_total{outcome="unknwon"}').length, 1);
  assert.equal(problemsOf('rate(slotwire_connections[5m])').length, 1);
  assert.equal(problemsOf('sum by (code) (slotwire_connections)').length, 1);
});

test('monitoring: every alert rule is of metrics that the program has, and says what happened', () => {
  assert.ok(rules().length >= 10);
  for (const rule of rules()) {
    assert.deepEqual(problemsOf(rule.expr), [], rule.alert);
    assert.ok(rule.annotations.summary && ['critical', 'warning'].includes(rule.labels.severity), rule.alert);
  }
});

test('monitoring: every panel of the dashboard is of metrics that the program has, and none lies on another', () => {
  const { panels, templating } = dashboard();
  const cells = new Set();
  for (const { title, description, targets, gridPos } of panels) {
    assert.ok(title && description && targets.length > 0);
    for (const { expr } of targets) assert.deepEqual(problemsOf(expr), [], title);
    for (let x = gridPos.x; x < gridPos.x + gridPos.w; ++x)
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; ++y) {
        assert.ok(x < 24 && !cells.has(`${x},${y}`), `${title} lies on another panel`);
        cells.add(`${x},${y}`);
      }
  }
  for (const { query } of templating.list) if (query.query) assert.deepEqual(problemsOf(query.query), []);
});

test('monitoring: docs/operating.md lists every metric of the program, and no other', () => {
  const listed = tableBelow(textOf('docs/operating.md'), '## Monitoring').flatMap(([names]) => codesIn(names));
  assert.deepEqual(listed.sort(), [...kinds.keys()].filter((name) => name.startsWith('slotwire_')).sort());
});
