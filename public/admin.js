// The admin page: signs in with a JWT that stays in this closure, shows the proxy's answers, and sends the admin's changes.
import { callerWith, claimsIn, Refusal } from './admin_api.js';
import { showAssistants } from './admin_assistants.js';
import { loadEmbed, showEmbed, showEmbedChoices } from './admin_embed.js';
import { clearWhy, showWhy, showWhyChoices } from './admin_why.js';
import { byId, element, show, showAudit, showBookings, showCache, showJwts, showStatus, showIn } from './admin_view.js';

let call = null; // null: not signed in
let isSuperAdmin = false;
let auditEntries = [];
let isAuditWhole = false;

function showMessage(text, kind = 'good', details = []) {
  const message = byId('message');
  message.dataset.kind = kind;
  showIn(message, text, details);
  message.scrollIntoView({ block: 'nearest' });
}

function takeStatus(status) {
  showStatus(status, isSuperAdmin);
  showEmbedChoices(status);
  showWhyChoices(status);
}

async function refresh() {
  const ask = call;
  // First and separately: without a database the requests below fail, and this one says why.
  const status = await ask('GET', 'connection/status');
  if (call !== ask) return; // signed out meanwhile
  showStatus(status, isSuperAdmin);
  const [stats, jwts, audit, assistants] = await Promise.all(
    ['cache/stats', 'jwts', 'audit', 'assistants'].map((what) => ask('GET', what)));
  if (call !== ask) return;
  showCache(stats);
  showJwts(jwts, isSuperAdmin, askToRevoke);
  showAssistants(assistants, turnAssistant);
  auditEntries = audit.entries;
  showAudit(auditEntries, isAuditWhole);
}

// Runs one action with its button disabled, and shows the text of a refusal. An expired sign-in returns to the sign-in form.
// `refused` shows the text elsewhere than at the top.
async function act(button, work, refused = (error) => showMessage(error.message, 'bad', error.details)) {
  const wasDisabled = button.disabled;
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) {
      signOut();
      showMessage('Your sign-in has ended. Sign in again to go on.', 'bad');
    } else {
      refused(error);
    }
    button.disabled = wasDisabled;
  } finally {
    button.removeAttribute('aria-busy');
    // Buttons that the new status has disabled stay disabled.
    if (button.id !== 'disconnect' && button.id !== 'sync') button.disabled = wasDisabled;
  }
}

const onClick = (id, work) => byId(id).addEventListener('click', (event) => act(event.currentTarget, work));
const onSubmit = (id, work, refused) => byId(id).addEventListener('submit', (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  act(event.submitter ?? form.querySelector('[type=submit]'), () => work(new FormData(form), form), refused);
});

// ---- signing in and out

async function signIn(jwt) {
  const attempt = callerWith(jwt);
  let status;
  try {
    status = await attempt('GET', 'connection/status');
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) throw new Refusal(400, { message: 'This token is not valid here, or it has expired.' });
    throw error;
  }
  call = attempt;
  const claims = claimsIn(jwt);
  isSuperAdmin = claims.role === 'super_admin';
  byId('who').textContent = `${claims.sub ?? ''}, ${isSuperAdmin ? 'super admin' : 'admin'}`;
  show(byId('message'), false);
  show(byId('sign-in'), false);
  for (const id of ['console', 'sign-out', 'who']) show(byId(id), true);
  takeStatus(status);
  byId('status-title').focus();
  await Promise.all([refresh(), loadEmbed()]);
}

function signOut() {
  call = null;
  for (const id of ['console', 'sign-out', 'who']) show(byId(id), false);
  show(byId('sign-in'), true);
  for (const id of ['preview', 'facts', 'types', 'cache', 'audit', 'bookings', 'bookings-state', 'jwts', 'assistants', 'who', 'account']) byId(id).replaceChildren();
  show(byId('bookings-table'), false);
  clearWhy();
  for (const form of document.querySelectorAll('form')) form.reset();
  byId('jwt').focus();
}

onSubmit('sign-in-form', async (fields, form) => {
  await signIn(fields.get('jwt').trim());
  form.reset();
});
byId('sign-out').addEventListener('click', () => {
  signOut();
  showMessage('Signed out.');
});

// ---- the connection

byId('token').addEventListener('input', ({ currentTarget: { value } }) => {
  const token = value.trim();
  byId('token-live').textContent = !token ? ''
    : /[^\x21-\x7e]/.test(token) ? 'A token has no spaces or other signs than letters, digits, dots, dashes and underscores.'
      : !token.startsWith('eyJ') ? 'Calendly\'s tokens begin with eyJ. Is this one?'
        : token.split('.').length < 3 ? 'Calendly\'s tokens have three parts with dots between. Is it whole?' : '';
});

onSubmit('token-form', async (fields, form) => {
  const button = form.querySelector('[type=submit]');
  const words = button.textContent;
  button.textContent = 'Checking with Calendly...';
  show(byId('token-result'), false);
  try {
    const status = await call('POST', 'token', { accessToken: fields.get('token').trim() });
    form.reset();
    takeStatus(status);
    showMessage(`Connected to ${status.calendlyUserName}: ${status.eventTypes.length} event types.`);
    byId('status-title').focus();
  } finally {
    button.textContent = words;
    if (call) await refresh();
  }
}, (error) => {
  showIn(byId('token-result'), error.message, error.details);
  byId('token').focus();
});

onClick('sync', async () => {
  const status = await call('POST', 'event-types/sync');
  byId('sync').disabled = false;
  takeStatus(status);
  showMessage(`${status.eventTypes.length} event types are up to date.`);
  await refresh();
});

byId('disconnect').addEventListener('click', () => byId('confirm').showModal());
byId('confirm').addEventListener('close', (event) => {
  if (event.currentTarget.returnValue !== 'disconnect') return;
  act(byId('disconnect'), async () => {
    // The preview's picker would be notified and request slots that no longer exist.
    const picker = [...byId('preview').children];
    byId('preview').replaceChildren();
    try {
      takeStatus(await call('POST', 'connection/disconnect'));
    } catch (error) {
      byId('preview').append(...picker);
      throw error;
    }
    showMessage('Disconnected. Token and event types are wiped.');
    byId('status-title').focus();
    await refresh();
  });
});

// ---- webhooks

byId('public-url').addEventListener('input', ({ currentTarget: { value } }) => {
  byId('public-url-live').textContent = value && !/^https:/.test(value) ? 'Calendly delivers to https addresses only.' : '';
});

onSubmit('webhook-form', async (fields) => {
  show(byId('webhook-result'), false);
  takeStatus(await call('POST', 'webhook', { publicUrl: fields.get('publicUrl').trim() }));
  showMessage('Calendly tells of bookings from now on.');
  await refresh();
}, (error) => {
  showIn(byId('webhook-result'), error.code === 'bad_input' && error.details.length ? error.details.join('. ') : error.message,
    error.code === 'bad_input' ? [] : error.details);
  byId('public-url').focus();
});

onClick('unsubscribe', async () => {
  takeStatus(await call('DELETE', 'webhook'));
  showMessage('Calendly tells of bookings no more.');
  byId('webhook-title').scrollIntoView({ block: 'nearest' });
  byId('public-url').focus();
  await refresh();
});

// ---- public mode

let publicRows = 0;
function addPublicRow() {
  const number = ++publicRows;
  const group = element('fieldset', undefined, { class: 'row' });
  group.append(element('legend', `Event ${byId('public-types').children.length + 1}`, { class: 'visually-hidden' }));
  const field = (name, label, attributes) => {
    const box = element('div');
    const id = `public-${name}-${number}`;
    box.append(element('label', label, { for: id }), element('input', undefined, { id, name, required: '', autocomplete: 'off', ...attributes }));
    return box;
  };
  const remove = element('button', 'Remove', { type: 'button' });
  remove.addEventListener('click', () => {
    group.remove();
    byId('public-add').focus();
  });
  group.append(field('name', 'Event name', { maxlength: 200 }), field('slug', 'Slug', { pattern: '[A-Za-z0-9_.\\-]+' }),
    field('duration', 'Minutes', { type: 'number', min: 1, max: 1440, value: 30 }), remove);
  byId('public-types').append(group);
  return group;
}
byId('public-add').addEventListener('click', () => addPublicRow().querySelector('input').focus());
addPublicRow();

onSubmit('public-form', async (fields) => {
  const [names, slugs, minutes] = ['name', 'slug', 'duration'].map((name) => fields.getAll(name));
  const eventTypes = names.map((name, i) => ({ name: name.trim(), slug: slugs[i].trim(), duration: Number(minutes[i]) }));
  takeStatus(await call('POST', 'configure-public', { calendlyUsername: fields.get('username').trim(), eventTypes }));
  showMessage('Public mode is on: visitors see a link.');
  byId('status-title').focus();
  await refresh();
});

// ---- assistants

function turnAssistant(box, name) {
  act(box, async () => {
    await call('POST', 'assistants', { eventType: box.value, open: box.checked });
    showMessage(`Assistants see ${name}${box.checked ? '' : ' no more'}.`);
    const { value } = box;
    await refresh();
    [...byId('assistants').querySelectorAll('input')].find((other) => other.value === value)?.focus();
  }, (error) => {
    box.checked = !box.checked;
    showMessage(error.message, 'bad', error.details);
  });
}

// ---- sign-in tokens

let toRevoke = null; // { jwt, button }
function askToRevoke(jwt, button) {
  toRevoke = { jwt, button };
  byId('revoke-text').textContent = `${jwt.current ? 'It is the one you are signed in with: you will be signed out. ' : ''}`
    + `Whatever ${jwt.sub} does with it is refused on every server within two seconds. This cannot be undone: to let ${jwt.sub} in again, make a new one.`;
  byId('revoke-dialog').returnValue = '';
  byId('revoke-dialog').showModal();
}
byId('revoke-dialog').addEventListener('close', (event) => {
  const { jwt, button } = toRevoke;
  if (event.currentTarget.returnValue !== 'revoke') return;
  show(byId('jwts-problem'), false);
  act(button, async () => {
    const { revoked } = await call('DELETE', `jwts/${encodeURIComponent(jwt.id)}`);
    if (jwt.current) {
      signOut();
      showMessage('Your token is revoked, and you are signed out.');
      return;
    }
    showMessage(revoked ? `The token of ${jwt.sub} is revoked. It cannot be given back; a new one can be made.` : `The token of ${jwt.sub} was revoked already.`);
    await refresh();
    byId('jwts-title').focus();
  }, (error) => showIn(byId('jwts-problem'), `The token of ${jwt.sub} is not revoked. ${error.message}`, error.details));
});

// ---- bookings, cache, audit, embed code

const dayText = (days) => {
  const date = new Date(Date.now() + days * 86_400_000);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
};
byId('bookings-from').defaultValue = dayText(0);
byId('bookings-to').defaultValue = dayText(30);
onSubmit('bookings-form', async (fields) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  showBookings(await call('GET', `bookings?${new URLSearchParams({ from: fields.get('from'), to: fields.get('to'), timezone: zone })}`));
  await refresh();
}, (error) => {
  byId('bookings').replaceChildren();
  show(byId('bookings-table'), false);
  byId('bookings-state').textContent = [error.message, ...error.details].join(' ');
});

byId('why-date').defaultValue = dayText(0);
byId('why-zone').defaultValue = Intl.DateTimeFormat().resolvedOptions().timeZone;
onSubmit('why-form', async (fields) => {
  byId('why-said').textContent = 'Asking Calendly...';
  showWhy(await call('GET', `why?${new URLSearchParams([...fields])}`));
}, (error) => {
  clearWhy();
  byId('why-said').textContent = [error.message, ...error.details].join(' ');
});

onClick('purge', async () => {
  await call('POST', 'cache/purge');
  showMessage('Cached times are dropped; the next visitor gets fresh ones.');
  await refresh();
});
byId('audit-more').addEventListener('click', () => {
  isAuditWhole = true;
  showAudit(auditEntries, isAuditWhole);
});

byId('embed-form').addEventListener('input', showEmbed);
byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(byId('embed-code').textContent);
    showMessage('The embed code is in your clipboard.');
  } catch {
    getSelection().selectAllChildren(byId('embed-code'));
    showMessage('Copying was not allowed; the code is selected, copy it with the keyboard.', 'bad');
  }
});

/**
 * Copies both forms to the clipboard: mail programs with formatting paste the HTML, others the text. navigator.clipboard is not
 * used: it sanitises the HTML by this page's Content-Security-Policy, which removes all styles.
 */
function copyBoth({ html, text }) {
  const give = (event) => {
    event.preventDefault();
    event.clipboardData.setData('text/html', html);
    event.clipboardData.setData('text/plain', text);
  };
  document.addEventListener('copy', give);
  const isCopied = document.execCommand('copy');
  document.removeEventListener('copy', give);
  return isCopied;
}
/** A mail that could not be copied when its answer came, because the click was too long ago. The next click copies it. */
let readyMail = { query: '', mail: undefined };
onClick('copy-mail', async () => {
  const chosen = new FormData(byId('embed-form')).get('event-type');
  if (!chosen) return showMessage('Choose an event type first: a mail has the times of one.', 'bad');
  const query = String(new URLSearchParams({ event_type: chosen, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }));
  const mail = (readyMail.query === query && readyMail.mail) || await call('GET', `mail?${query}`);
  const isCopied = copyBoth(mail);
  readyMail = { query, mail: isCopied ? undefined : mail };
  if (isCopied) showMessage('The next free times are in your clipboard: paste them into a mail.');
  else showMessage('The times are ready. Press the button once more to copy them.', 'bad');
});

// A link printed by the command line has a token after the #, which no server or log sees; it is removed from the address at
// once. `once` starts one session and is useless afterwards; `jwt` is a token itself. If the page is already open, opening a link
// changes only that part of the address.
async function tokenFromLink(once) {
  try {
    return (await callerWith(once)('POST', 'session')).jwt;
  } catch (error) {
    if (error.status === 401) throw new Refusal(400, { message: 'This sign-in link was used already, or is too old. The command admin-jwt prints a new one.' });
    throw error;
  }
}
function signInByLink() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const [once, jwt] = [parts.get('once'), parts.get('jwt')];
  if (!once && !jwt) return false;
  history.replaceState(null, '', location.pathname);
  act(byId('sign-in-form').querySelector('button'), async () => {
    await signIn(jwt ?? await tokenFromLink(once));
  });
  return true;
}
addEventListener('hashchange', signInByLink);
if (!signInByLink()) byId('jwt').focus();
