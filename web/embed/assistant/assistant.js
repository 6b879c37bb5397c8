// Tools for the assistant of the visitor's browser (WebMCP, document.modelContext, draft of 2026-10): finding free times of this
// page's pickers, and showing a day in one of them. Choosing and booking are left to the visitor.

const pickers = () => [...document.querySelectorAll('slot-picker, [data-slotwire]')];
const prefixOf = (picker) => (picker.localName === 'slot-picker' ? '' : 'data-');
const typeOf = (picker) => picker.getAttribute(`${prefixOf(picker)}event-type`) ?? '';
const zoneOf = (picker) => picker.getAttribute(`${prefixOf(picker)}timezone`) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

const number = { type: 'integer', description: 'Which picker of the page, from 1 (1)' };
/** @param {{picker?: number}} asked @returns {Element} */
function chosen({ picker = 1 }) {
  const found = pickers().filter(typeOf)[picker - 1];
  if (!found) throw new Error('There is no such picker on this page.');
  return found;
}

/** "2026-01-31": the day in the picker's time zone. */
const dayIn = (date, timeZone) => new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(date);

const toolsOf = (base) => [
  {
    name: 'find_free_times',
    description: 'The next free times of a picker on this page. complete: false or stale: true means that not everything could be looked at.',
    inputSchema: {
      type: 'object',
      properties: {
        picker: number,
        after: { type: 'string', description: 'A day, as 2026-01-31, or an instant (now)' },
        part: { type: 'string', enum: ['morning', 'afternoon', 'evening'] },
        count: { type: 'integer', minimum: 1, maximum: 50 },
      },
    },
    annotations: { readOnlyHint: true },
    async execute(asked = {}) {
      const picker = chosen(asked);
      const timezone = zoneOf(picker);
      const query = new URLSearchParams({ count: '10', timezone });
      for (const name of ['after', 'part', 'count']) if (asked[name]) query.set(name, asked[name]);
      const reply = await fetch(`${base}/api/app/calendly/next/${encodeURIComponent(typeOf(picker))}?${query}`, { credentials: 'omit' });
      const { data, message } = await reply.json();
      if (!reply.ok) throw new Error(message);
      return {
        timezone, complete: data.complete, stale: data.stale,
        times: (data.slots ?? []).map(({ start, end }) => ({ start, end, local: new Date(start).toLocaleString('en-GB', { timeZone: timezone }) })),
      };
    },
  },
  {
    name: 'show_free_time',
    description: 'Shows the visitor the day of a free time in the picker. It chooses and books nothing: the visitor does.',
    inputSchema: { type: 'object', properties: { picker: number, start: { type: 'string', description: 'start of a free time' } }, required: ['start'] },
    async execute(asked = {}) {
      const picker = chosen(asked);
      const start = new Date(asked.start);
      if (Number.isNaN(start.valueOf())) throw new Error('start must be the start of a free time.');
      const date = dayIn(start, zoneOf(picker));
      picker.setAttribute(`${prefixOf(picker)}date`, date);
      picker.scrollIntoView({ block: 'nearest' });
      return { shown: date };
    },
  },
];

/** @param {string} base address of the proxy */
export function offer(base) {
  for (const tool of toolsOf(base)) {
    // If the page already has a tool of this name, the page's tool stays.
    new Promise((settle) => { settle(/** @type {any} */ (document).modelContext.registerTool(tool)); }).catch(() => {});
  }
}
