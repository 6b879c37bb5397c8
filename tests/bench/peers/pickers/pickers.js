// Well-known pickers with our data, each as its own documentation shows it: what a site owner would have without slotwire.
import flatpickr from 'flatpickr';
import 'flatpickr/dist/flatpickr.css';
import { Calendar } from 'vanilla-calendar-pro';
import 'vanilla-calendar-pro/styles/index.css';
import 'temporal-polyfill/global';
import { createCalendar, createViewWeek } from '@schedule-x/calendar';
import '@schedule-x/theme-default/dist/index.css';

/* global Temporal */
const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
const dayOf = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

/** @param {{start: string}[]} slots */
function byDay(slots) {
  const days = new Map();
  for (const { start } of slots) {
    const key = dayOf(new Date(start));
    days.set(key, [...(days.get(key) ?? []), start]);
  }
  return days;
}

const clock = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' });
function timeList(parent, starts) {
  const list = document.createElement('div');
  list.className = 'times';
  list.replaceChildren(...(starts ?? []).map((start) => {
    const button = document.createElement('button');
    button.textContent = clock.format(new Date(start));
    return button;
  }));
  parent.querySelector('.times')?.remove();
  parent.append(list);
}

const pickers = {
  flatpickr(parent, { slots }) {
    const days = byDay(slots);
    const input = parent.appendChild(document.createElement('input'));
    const [first] = days.keys();
    flatpickr(input, { inline: true, enable: [...days.keys()], defaultDate: first, onChange: ([date]) => timeList(parent, days.get(dayOf(date))) });
    timeList(parent, days.get(first));
  },
  vanilla(parent, { slots }) {
    const days = byDay(slots);
    const [first] = days.keys();
    const calendar = new Calendar(parent.appendChild(document.createElement('div')), {
      disableAllDates: true, enableDates: [...days.keys()], selectedDates: [first], selectedTheme: isDark ? 'dark' : 'light',
      onClickDate: ({ context }) => timeList(parent, days.get(context.selectedDates[0])),
    });
    calendar.init();
    timeList(parent, days.get(first));
  },
  schedulex(parent, { slots, duration }) {
    const zone = Temporal.Now.timeZoneId();
    const at = (ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const place = parent.appendChild(document.createElement('div'));
    place.style.height = '700px';
    // From the first to the last free hour: its own default is the whole day.
    const hours = slots.map(({ start }) => new Date(start).getHours());
    const hour = (value) => `${String(value).padStart(2, '0')}:00`;
    createCalendar({
      views: [createViewWeek()], isDark, timezone: zone, dayBoundaries: { start: hour(Math.min(...hours)), end: hour(Math.max(...hours) + 1) },
      weekOptions: { gridHeight: 600 },
      events: slots.map(({ start }, id) => ({ id, title: 'Free', start: at(Date.parse(start)), end: at(Date.parse(start) + duration * 60000) })),
    }).render(place);
  },
};

const parent = document.getElementById('picker');
const reply = await fetch('/api/app/calendly/slots/30min');
const { data } = await reply.json();
pickers[parent.dataset.picker](parent, data);
document.body.dataset.ready = 'true';
