// Copies a widget's events to the page's window.dataLayer, where the page's own tag manager reads them. No personal data is
// copied: no name, address, or link or URI of a booking or invitee, and no text that could contain one.

/** For each event: its name in the data layer, and the fields of its detail that are copied. */
const told = {
  ready: ['slotwire_ready'],
  eventtypeselected: ['slotwire_event_type_selected', 'eventType', 'name'],
  dateselected: ['slotwire_date_selected', 'date'],
  slotselected: ['slotwire_slot_selected', 'eventType', 'eventTypeName', 'duration', 'start', 'confirmed'],
  booked: ['slotwire_booked', 'eventType', 'start'],
  stale: ['slotwire_stale'],
  error: ['slotwire_error', 'code'],
};

const snake = (name) => name.replace(/[A-Z]/g, '_$&').toLowerCase();

/** Whether each host's latest widget still wants its events copied. */
/** @type {WeakMap<Element, () => unknown>} */
const wanted = new WeakMap();

/**
 * Copies the host's events from now on while `isWanted` returns 'datalayer'. The listeners stay on the host element and are
 * garbage-collected with it.
 * @param {HTMLElement} host
 * @param {() => unknown} isWanted
 */
export function tell(host, isWanted) {
  const isNew = !wanted.has(host);
  wanted.set(host, isWanted);
  if (!isNew) return;
  for (const [type, [name, ...fields]] of Object.entries(told)) {
    host.addEventListener(`slotwire:${type}`, (event) => {
      if (wanted.get(host)() !== 'datalayer') return;
      const { detail } = /** @type {CustomEvent} */ (event);
      const facts = fields.filter((field) => detail?.[field] !== undefined).map((field) => [`slotwire_${snake(field)}`, detail[field]]);
      /** @type {any} */ (window).dataLayer ??= [];
      /** @type {any} */ (window).dataLayer.push({ event: name, ...Object.fromEntries(facts) });
    });
  }
}
