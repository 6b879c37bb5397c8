// Shows why a day is empty: the question, the reasons in order, and the day's timeline, as a graphic and as a list.
import { byId, element, keyOf, show } from './admin_view.js';

const kinds = {
  past: 'Past', closed: 'No hours', off: 'Off on this date', booked: 'Booked', busy: 'Busy (calendar)', buffer: 'Buffer', open: 'Open',
  unknown: 'Not known',
};

/** Lists all event types, inactive ones too, and keeps the selected one if possible. */
export function showWhyChoices(status) {
  const select = byId('why-type');
  const chosen = select.value;
  select.replaceChildren(...(status.eventTypes ?? []).map((type) =>
    element('option', type.active === false ? `${type.name} (switched off)` : type.name, { value: keyOf(type) })));
  if ([...select.options].some((option) => option.value === chosen)) select.value = chosen;
  show(byId('why-card'), select.options.length > 0);
}

export function clearWhy() {
  for (const id of ['why-said', 'why-reasons', 'why-unread', 'why-line', 'why-pieces']) byId(id).replaceChildren();
  show(byId('why-answer'), false);
}

function reasonItem({ message, action, certainty, code }) {
  const item = element('li');
  const what = element('p', message, { class: 'what' });
  what.append(' ', element('span', certainty, { class: 'chip', 'data-certainty': certainty }));
  item.append(what, element('p', action), element('p', code, { class: 'hint mono' }));
  return item;
}

function showTimeline({ timeline, timezone, date }) {
  const clock = new Intl.DateTimeFormat(undefined, { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  byId('why-day').textContent = `${date}, ${timezone}`;
  byId('why-line').replaceChildren(...timeline.map(({ start, end, kind }) => {
    const part = element('span', undefined, { 'data-kind': kind });
    part.style.flexGrow = String((new Date(end) - new Date(start)) / 60_000);
    return part;
  }));
  byId('why-pieces').replaceChildren(...timeline.map(({ start, end, kind }) => {
    const item = element('li');
    item.append(element('span', undefined, { 'data-kind': kind, class: 'swatch' }),
      element('span', `${clock.format(new Date(start))} \u2013 ${clock.format(new Date(end))}`, { class: 'when' }), element('span', kinds[kind] ?? kind));
    return item;
  }));
}

export function showWhy(answer) {
  const { free, reasons, unread, copyWasBehind, forVisitors, timezone } = answer;
  const clock = new Intl.DateTimeFormat(undefined, { timeZone: timezone, hour: '2-digit', minute: '2-digit' });
  const behind = copyWasBehind ? ' Until now visitors were shown none, from a copy of some minutes ago.' : '';
  byId('why-said').textContent = free.length
    ? `It is not empty: ${free.length === 1 ? 'one free time' : `${free.length} free times`}, ${free.map((start) => clock.format(new Date(start))).join(', ')}.${behind}`
    : reasons.length === 1 ? 'There are no free times, for this reason:' : `There are no free times, for ${reasons.length} reasons. Look at the first one first:`;
  byId('why-reasons').replaceChildren(...reasons.map(reasonItem));
  const missing = unread.map(({ what, message }) => `${what} (${message.replace(/\.$/, '')})`).join('; ');
  byId('why-unread').textContent = [missing && `Could not be read, so that nothing is concluded from it: ${missing}.`,
    forVisitors && `Visitors may be told: \u201c${forVisitors}\u201d`].filter(Boolean).join(' ');
  show(byId('why-unread'), byId('why-unread').textContent !== '');
  showTimeline(answer);
  show(byId('why-answer'), true);
}
