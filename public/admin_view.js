// Renders the proxy's answers on the admin page. Text is inserted as text nodes only.

export const byId = (id) => document.getElementById(id);
export const show = (element, visible) => { element.hidden = !visible; };

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.append(text);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Fills an element with a sentence, and its details below. */
export function showIn(box, text, details = []) {
  box.replaceChildren(text);
  if (details.length) {
    const list = element('ul');
    list.append(...details.map((detail) => element('li', detail)));
    box.append(list);
  }
  show(box, true);
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
export const when = (text) => {
  const date = new Date(text);
  return text && !Number.isNaN(date.valueOf()) ? moment.format(date) : '';
};

export function showFacts(list, facts) {
  list.replaceChildren();
  for (const [name, value] of facts) {
    if (value === undefined || value === null || value === '') continue;
    const pair = element('div');
    pair.append(element('dt', name), element('dd', String(value)));
    list.append(pair);
  }
}

/** A table row whose cells contain their column's name, for screens too narrow for columns. */
export function row(names, cells) {
  const made = element('tr');
  cells.forEach((cell, i) => {
    const td = element('td', undefined, { 'data-label': names[i] });
    td.append(cell);
    made.append(td);
  });
  return made;
}

export const keyOf = (type) => (type.secret || !type.slug ? type.uri.split('/').pop() : type.slug);

const modeNames = { pat: 'Connected', public: 'Public mode', none: 'Not connected' };
const uuidOf = (uri) => uri?.split('/').pop();

const abilities = [
  ['availability:read', 'Show free times'],
  ['scheduling_links:write', 'Make single-use booking links'],
  ['scheduled_events:read', 'Show bookings on this page'],
  ['scheduled_events:write', 'Book from the widget'],
  ['webhooks:write', 'Hear of bookings at once'],
];

export function showStatus(status, isSuperAdmin) {
  const state = byId('connection-state');
  const isCutOff = status.cluster === 'cut_off';
  const isInTrouble = status.problem || status.databaseMessage || isCutOff;
  state.textContent = isInTrouble ? 'Needs attention' : modeNames[status.connectionMode] ?? status.connectionMode;
  state.dataset.state = isInTrouble ? 'bad' : status.connected ? 'good' : 'off';
  byId('account').textContent = status.calendlyUserName ?? 'No account yet';
  show(byId('problem'), Boolean(status.problem));
  if (status.problem) showIn(byId('problem'), status.problem.message, status.problem.details);
  show(byId('database-problem'), Boolean(status.databaseMessage));
  if (status.databaseMessage) {
    showIn(byId('database-problem'), `${status.databaseMessage} Until it is back, visitors see the times that are known,`
      + ' and bookings and changes are refused.');
  }
  show(byId('redis-problem'), isCutOff);
  if (isCutOff) {
    showIn(byId('redis-problem'), `Redis has not answered since ${when(status.cutOffSince)}. Nothing is lost: this server goes on alone,`
      + ' asks Calendly by itself, and hears of the others a moment later.');
  }
  showFacts(byId('facts'), [
    ['User', uuidOf(status.calendlyUserId)],
    ['Organization', uuidOf(status.organizationUri)],
    ['Token fingerprint', status.tokenFingerprint],
    ['Connected', status.connectedAt && `${when(status.connectedAt)}${status.connectedBy ? `, by ${status.connectedBy}` : ''}`],
    ['Last synced', when(status.lastSyncedAt)],
    ['Last validated', when(status.lastValidatedAt)],
    ['Database', status.databaseMessage ? `${status.database}, in trouble` : status.database],
    ['Redis', { alone: 'not used: this server works alone', connected: 'connected', cut_off: `gone since ${when(status.cutOffSince)}` }[status.cluster]],
  ]);
  const { granted = [], missing = [], beyondPlan = [] } = status.scopes ?? {};
  show(byId('abilities-block'), granted.length > 0);
  byId('abilities').replaceChildren(...abilities.map(([scope, words]) => {
    const answer = granted.includes(scope) ? 'yes' : missing.includes(scope) || beyondPlan.includes(scope) ? 'no' : 'unknown';
    const item = element('li', words, { 'data-answer': answer });
    const isPlan = beyondPlan.includes(scope);
    if (answer === 'no') item.append(element('span', isPlan ? 'needs another Calendly plan' : `needs the scope ${scope}`, { class: 'hint' }));
    if (answer === 'unknown') item.append(element('span', 'Calendly did not say', { class: 'hint' }));
    return item;
  }));
  byId('sync').disabled = status.connectionMode !== 'pat';
  byId('disconnect').disabled = status.connectionMode === 'none' || !isSuperAdmin;
  show(byId('disconnect-hint'), !isSuperAdmin);
  byId('connect-title').textContent = status.connectionMode === 'pat' ? 'Replace the token' : 'Connect Calendly';
  placeConnecting(status.connected);
  show(byId('bookings-card'), status.connectionMode === 'pat');
  show(byId('webhook-card'), status.connectionMode === 'pat');
  showWebhook(status.webhook ?? {});
  const leftOut = status.leftOut ?? [];
  show(byId('left-out'), leftOut.length > 0);
  if (leftOut.length > 0) showIn(byId('left-out'), 'Left out, since they could not be read as Calendly sent them:', leftOut);
  showTypes(status.eventTypes ?? []);
}

function showWebhook({ subscribed, callbackUrl, createdAt, createdBy, lastDeliveryAt }) {
  const state = byId('webhook-state');
  state.textContent = subscribed ? 'Subscribed' : 'Not subscribed';
  state.dataset.state = subscribed ? 'good' : 'off';
  showFacts(byId('webhook-facts'), subscribed ? [
    ['Calendly delivers to', callbackUrl],
    ['Subscribed', `${when(createdAt)}, by ${createdBy}`],
    ['Last delivery', lastDeliveryAt ? when(lastDeliveryAt) : 'none yet'],
  ] : []);
  show(byId('webhook-facts'), Boolean(subscribed));
  byId('subscribe').textContent = subscribed ? 'Subscribe anew' : 'Subscribe';
  show(byId('unsubscribe'), Boolean(subscribed));
  const url = byId('public-url');
  // If this page was opened by its public address, the field is filled from the address bar.
  if (!url.value) url.value = callbackUrl?.replace(/\/api\/webhooks\/calendly$/, '') ?? (location.protocol === 'https:' ? location.origin : '');
}

// The next task comes first: the connect card, as long as nothing is connected.
function placeConnecting(isConnected) {
  const before = byId(isConnected ? 'bookings-card' : 'status-card');
  if (before.nextElementSibling !== byId('connect-card')) before.after(byId('connect-card'), byId('public-card'));
}

function showTypes(types) {
  const names = ['Name', 'Length', 'Kind', 'Use'];
  byId('types').replaceChildren(...types.map((type) => {
    const name = element('span', undefined, { class: 'name' });
    const swatch = element('span', '', { class: 'swatch' });
    if (/^#[0-9a-f]{6}$/i.test(type.color ?? '')) swatch.style.background = type.color;
    name.append(swatch, type.name);
    const use = element('span');
    if (type.active === false) use.append('switched off in Calendly');
    else {
      use.append(element('code', keyOf(type)));
      if (type.secret) use.append(element('span', 'secret: answers by this name, is never listed', { class: 'hint' }));
    }
    return row(names, [name, `${type.duration} min`, { solo: 'One to one', group: 'Group' }[type.kind] ?? type.kind ?? '', use]);
  }));
  show(byId('no-types'), types.length === 0);
  show(byId('types').closest('table'), types.length > 0);
}

const bytes = (count) => (count < 1024 * 1024 ? `${Math.ceil(count / 1024)} kB` : `${(count / 1024 / 1024).toFixed(1)} MB`);

// Calendly limits bookings made through its API, for all pages together.
function bookingsSent({ lastMinute, lastHour, lastDay, limits, refusedForS }) {
  const counts = `${lastMinute} of ${limits.minute} this minute, ${lastHour} of ${limits.hour} this hour, ${lastDay} of ${limits.day} today`;
  return refusedForS ? `${counts}; Calendly refuses more for ${refusedForS} s` : counts;
}

export function showCache(stats) {
  const asked = stats.hits + stats.misses;
  showFacts(byId('cache'), [
    ['Days in memory', stats.cells],
    ['Memory', bytes(stats.bytes + stats.preparedBytes)],
    ['Answered from the cache', asked ? `${stats.hits} of ${asked} (${Math.round((100 * stats.hits) / asked)} %)` : 'nothing asked yet'],
    ['Old copies shown', stats.stale],
    ['Calls to Calendly', `${stats.upstreamCalls}${stats.upstreamFailures ? `, ${stats.upstreamFailures} failed` : ''}`],
    ['Calls left this minute', stats.rateRemaining],
    ['Bookings sent', stats.bookings && bookingsSent(stats.bookings)],
    ['Calendly is', stats.breakerOpen ? 'failing; left alone for a moment' : 'answering'],
  ]);
}

const roleNames = { reader: 'Reader', admin: 'Admin', super_admin: 'Super admin' };
const jwtStates = { active: 'In use', revoked: 'Revoked', expired: 'Expired', other_secret: 'Refused: signed with another JWT_SECRET' };

/** `revoke` is called with a token of the list and the button that was clicked. */
export function showJwts({ jwts, listedOnly }, isSuperAdmin, revoke) {
  const names = ['For', 'Role', 'Made', 'Expires', 'Last used', 'State'];
  byId('jwts').replaceChildren(...jwts.map((jwt) => {
    const who = element('span', jwt.sub);
    if (jwt.current) who.append(element('span', 'you, on this page', { class: 'hint' }));
    const made = element('span', when(jwt.madeAt));
    made.append(element('span', `by ${jwt.madeBy}`, { class: 'hint' }));
    const state = element('span', jwtStates[jwt.state] ?? jwt.state);
    if (jwt.state === 'revoked') state.append(element('span', `${when(jwt.revokedAt)}, by ${jwt.revokedBy}`, { class: 'hint' }));
    if (jwt.state === 'active') {
      const mayRevoke = jwt.role !== 'super_admin' || isSuperAdmin;
      const button = element('button', 'Revoke', { type: 'button', class: 'danger', 'aria-label': `Revoke the token of ${jwt.sub}, made ${when(jwt.madeAt)}` });
      button.disabled = !mayRevoke;
      button.addEventListener('click', () => revoke(jwt, button));
      state.replaceChildren(button);
      if (!mayRevoke) state.append(element('span', 'takes a super admin', { class: 'hint' }));
    }
    return row(names, [who, roleNames[jwt.role] ?? jwt.role, made, when(jwt.expiresAt), jwt.lastUsedAt ? when(jwt.lastUsedAt) : 'never', state]);
  }));
  show(byId('jwts-table'), jwts.length > 0);
  show(byId('no-jwts'), jwts.length === 0);
  show(byId('unlisted-hint'), !listedOnly);
}

const actions = {
  'token.set': 'Connected Calendly', 'event_types.sync': 'Synced event types', 'public.configure': 'Set public mode',
  'assistants.set': 'Changed what assistants see', 'webhook.subscribe': 'Subscribed to bookings', 'webhook.unsubscribe': 'Unsubscribed from bookings',
  'connection.disconnect': 'Disconnected', 'cache.purge': 'Dropped cached times', 'bookings.read': 'Looked at bookings',
  'session.open': 'Signed in by a link', 'jwt.make': 'Made a sign-in token',
};

export function showAudit(entries, isWhole) {
  const shown = isWhole ? entries : entries.slice(0, 8);
  byId('audit').replaceChildren(...shown.map((entry) => {
    const item = element('li');
    const what = element('span', actions[entry.action] ?? entry.action.replace(/^jwt\.revoke( of)?/, 'Revoked sign-in token$1'), { class: 'what' });
    if (entry.outcome !== 'ok') what.append(element('span', entry.outcome.replace(/_/g, ' '), { class: 'chip bad' }));
    item.append(what, element('span', `${entry.by} (${entry.role.replace('_', ' ')}), ${when(entry.at)}`, { class: 'hint' }));
    return item;
  }));
  show(byId('no-audit'), entries.length === 0);
  show(byId('audit-more'), shown.length < entries.length);
}

export function showBookings({ bookings, complete }) {
  const names = ['When', 'What', 'Guests', 'Where', 'State'];
  byId('bookings').replaceChildren(...bookings.map((booking) =>
    row(names, [when(booking.start), booking.name, booking.invitees === null ? '' : String(booking.invitees), booking.location ?? '', booking.status])));
  show(byId('bookings-table'), bookings.length > 0);
  const count = bookings.length === 1 ? 'One booking' : `${bookings.length} bookings`;
  byId('bookings-state').textContent = bookings.length === 0 ? 'No bookings in these days.'
    : complete ? `${count}.` : `The first ${bookings.length} bookings; there are more, choose fewer days.`;
}
