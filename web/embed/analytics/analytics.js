// A widget's events in the page's window.dataLayer, which a tag manager of the page's own reads. Nothing personal goes in: no name, no
// address, no link or URI of a booking or of whoever booked, no text that could hold one.

/** What of an event's detail is told, and as what. */
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

/** Who still wants to hear of a host: its latest widget says so. */
/** @type {WeakMap<Element, () => unknown>} */
const wanted = new WeakMap();

/**
 * Tells from now on, for as long as `isWanted` gives the way it is wanted in. Listeners stay with the host, which goes with its page.
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
