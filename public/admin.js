// The admin page: signs in with a JWT that stays in this closure, shows what the proxy says, and sends what the admin decides.
// Text from the proxy becomes text nodes only.

const byId = (id) => document.getElementById(id);
const show = (element, visible) => { element.hidden = !visible; };

let jwt = '';

class Refusal extends Error {
  constructor(status, body) {
    super(body?.message || `The proxy answered ${status}.`);
    this.status = status;
    this.code = body?.error?.code ?? '';
    this.details = body?.error?.details ?? [];
  }
}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(`/api/web/calendly/${path}`, {
      method,
      headers: { Authorization: `Bearer ${jwt}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    throw new Refusal(0, { message: 'The proxy cannot be reached. Is it running?' });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer?.success) throw new Refusal(response.status, answer);
  return answer.data;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function say(text, kind = 'good', details = []) {
  const message = byId('message');
  message.dataset.kind = kind;
  message.replaceChildren(text);
  if (details.length) {
    const list = element('ul');
    for (const detail of details) list.append(element('li', [detail.field, detail.message].filter(Boolean).join(': ')));
    message.append(list);
  }
  show(message, true);
  message.scrollIntoView({ block: 'nearest' });
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const when = (text) => {
  const date = new Date(text);
  return Number.isNaN(date.valueOf()) ? '' : moment.format(date);
};
const wordsFrom = (key) => key.replace(/([A-Z])/g, ' $1').replace(/_/g, ' ').toLowerCase().replace(/^./, (c) => c.toUpperCase());

function showFacts(list, facts) {
  list.replaceChildren();
  for (const [name, value] of facts) {
    if (value === undefined || value === null || value === '') continue;
    list.append(element('dt', name), element('dd', String(value)));
  }
}

const modeNames = { pat: 'Connected', public: 'Public mode', none: 'Not connected' };
let eventTypes = [];

function showStatus(status) {
  const state = byId('state');
  state.textContent = modeNames[status.connectionMode] ?? status.connectionMode;
  state.dataset.state = status.problem ? 'bad' : status.connected ? 'good' : 'off';
  const problem = status.problem;
  show(byId('problem'), Boolean(problem));
  byId('problem').textContent = typeof problem === 'string' ? problem : problem?.message ?? problem?.detail ?? '';
  showFacts(byId('facts'), [
    ['Account', status.calendlyUserName],
    ['User', status.calendlyUserId],
    ['Organization', status.organizationUri],
    ['Token', status.tokenFingerprint && `fingerprint ${status.tokenFingerprint}`],
    ['Connected', status.connectedAt && `${when(status.connectedAt)}${status.connectedBy ? `, by ${status.connectedBy}` : ''}`],
    ['Last synced', when(status.lastSyncedAt)],
    ['Last validated', when(status.lastValidatedAt)],
  ]);
  byId('sync').disabled = status.connectionMode !== 'pat';
  byId('disconnect').disabled = status.connectionMode === 'none';

  eventTypes = status.eventTypes ?? [];
  byId('types').replaceChildren(...eventTypes.map((type) => {
    const row = element('tr');
    const name = element('td');
    const swatch = element('span', '', { class: 'swatch' });
    if (/^#[0-9a-f]{6}$/i.test(type.color ?? '')) swatch.style.background = type.color;
    name.append(swatch, type.name);
    const use = element('td');
    use.append(element('code', type.slug || type.uri.split('/').pop()));
    if (type.secret) use.append(' secret: answers, but is never listed');
    row.append(name, element('td', `${type.duration} min`), element('td', type.kind ?? ''), use);
    return row;
  }));
  show(byId('no-types'), eventTypes.length === 0);
  showEmbedChoices();
}

// ---- embed code

function showEmbedChoices() {
  const select = byId('embed-type');
  const chosen = select.value;
  select.replaceChildren(element('option', 'Visitor chooses from the list', { value: '' }),
    ...eventTypes.map((type) => element('option', type.name, { value: type.slug || type.uri.split('/').pop() })));
  select.value = [...select.options].some((option) => option.value === chosen) ? chosen : select.options[1]?.value ?? '';
  showEmbed();
}

let integrity = '';

function embedAttributes() {
  const chosen = new FormData(byId('embed-form'));
  const attributes = {};
  if (chosen.get('event-type')) attributes['event-type'] = chosen.get('event-type');
  if (chosen.get('theme') !== 'auto') attributes.theme = chosen.get('theme');
  if (chosen.get('primary-color') !== '#2257d6') attributes['primary-color'] = chosen.get('primary-color');
  return attributes;
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

function showEmbed() {
  const attributes = embedAttributes();
  const pin = integrity ? ` integrity="${integrity}" crossorigin="anonymous"` : '';
  const text = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  byId('embed-code').textContent =
    `<script src="${location.origin}/widget.js"${pin} async></script>\n<slot-picker${text}></slot-picker>`;
  const preview = byId('preview');
  let picker = preview.firstElementChild;
  if (!picker) {
    picker = document.createElement('slot-picker');
    preview.append(picker);
  }
  for (const name of ['event-type', 'theme', 'primary-color']) {
    if (name in attributes) picker.setAttribute(name, attributes[name]);
    else picker.removeAttribute(name);
  }
}

async function loadEmbed() {
  const manifest = await fetch('/manifest.json').then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
  integrity = manifest['widget.js']?.sri ?? '';
  if (!document.querySelector('script[src="/widget.js"]')) document.head.append(element('script', '', { src: '/widget.js' }));
  showEmbed();
}

// ---- cache and audit

const flat = (object, prefix = '') => Object.entries(object ?? {}).flatMap(([key, value]) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? flat(value, `${prefix}${wordsFrom(key)}: `)
    : Array.isArray(value) ? [[prefix + wordsFrom(key), value.length]] : [[prefix + wordsFrom(key), value]]);

async function refreshCache() {
  showFacts(byId('cache'), flat(await call('GET', 'cache/stats')));
}

async function refreshAudit() {
  const data = await call('GET', 'audit');
  const entries = data.entries ?? data.audit ?? [];
  byId('audit').replaceChildren(...entries.map((entry) => {
    const row = element('tr');
    row.append(element('td', when(entry.at)), element('td', entry.subject ?? entry.who ?? ''), element('td', entry.action ?? entry.what ?? ''),
      element('td', entry.outcome ?? ''));
    return row;
  }));
}

async function refresh() {
  showStatus(await call('GET', 'connection/status'));
  await Promise.all([refreshCache(), refreshAudit()]);
}

// ---- what the admin does

// Runs one action with its button busy, and turns a refusal into words; an expired JWT leads back to the sign-in.
async function act(button, work) {
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) signOut();
    say(error.status === 403 ? 'Your role may not do this: it takes a super admin.' : error.message, 'bad', error.details);
  } finally {
    button.removeAttribute('aria-busy');
    button.disabled = false;
  }
}

const onClick = (id, work) => byId(id).addEventListener('click', (event) => act(event.currentTarget, work));
const onSubmit = (id, work) => byId(id).addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  act(event.submitter ?? form.querySelector('button'), () => work(new FormData(form), form));
});

async function signIn(token) {
  jwt = token.trim();
  try {
    await refresh();
  } catch (error) {
    jwt = '';
    if (error instanceof Refusal && error.status === 401) throw new Refusal(400, { message: 'This JWT is not valid here, or it has expired.' });
    throw error;
  }
  show(byId('message'), false);
  show(byId('sign-in'), false);
  show(byId('console'), true);
  show(byId('sign-out'), true);
  byId('status-title').tabIndex = -1;
  byId('status-title').focus();
  await loadEmbed();
}

function signOut() {
  jwt = '';
  show(byId('console'), false);
  show(byId('sign-out'), false);
  show(byId('sign-in'), true);
  byId('preview').replaceChildren();
  for (const id of ['facts', 'types', 'cache', 'audit']) byId(id).replaceChildren();
  byId('jwt').focus();
}

onSubmit('sign-in-form', async (fields, form) => {
  await signIn(fields.get('jwt'));
  form.reset();
});
byId('sign-out').addEventListener('click', () => {
  signOut();
  say('Signed out.');
});

onSubmit('token-form', async (fields, form) => {
  const status = await call('POST', 'token', { accessToken: fields.get('token').trim() });
  form.reset();
  showStatus(status);
  say(`Connected to ${status.calendlyUserName}: ${status.eventTypes.length} event types.`);
  await Promise.all([refreshCache(), refreshAudit()]);
});

onClick('sync', async () => {
  await call('POST', 'event-types/sync');
  await refresh();
  say(`Synced: ${eventTypes.length} event types.`);
});

onSubmit('public-form', async (fields) => {
  await call('POST', 'configure-public', {
    calendlyUsername: fields.get('username'),
    eventTypes: [{ name: fields.get('name'), slug: fields.get('slug'), duration: Number(fields.get('duration')) }],
  });
  await refresh();
  say('Public mode is on: visitors see a link.');
});

onClick('purge', async () => {
  await call('POST', 'cache/purge');
  await Promise.all([refreshCache(), refreshAudit()]);
  say('Cached times are dropped; the next visitor gets fresh ones.');
});

byId('disconnect').addEventListener('click', () => byId('confirm').showModal());
byId('confirm').addEventListener('close', (event) => {
  if (event.currentTarget.returnValue !== 'disconnect') return;
  act(byId('disconnect'), async () => {
    await call('POST', 'connection/disconnect');
    await refresh();
    say('Disconnected. Token and event types are wiped.');
  });
});

byId('embed-form').addEventListener('input', showEmbed);
byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(byId('embed-code').textContent);
    say('The embed code is in your clipboard.');
  } catch {
    getSelection().selectAllChildren(byId('embed-code'));
    say('Copying was not allowed; the code is selected, copy it with the keyboard.', 'bad');
  }
});

// A link from the command line carries the JWT behind the #, which no server or log sees; it leaves the address at once.
const linked = new URLSearchParams(location.hash.slice(1)).get('jwt');
if (linked) {
  history.replaceState(null, '', location.pathname);
  act(byId('sign-in-form').querySelector('button'), () => signIn(linked));
} else {
  byId('jwt').focus();
}
