// Writes an event as a calendar file (iCalendar, RFC 5545) in the browser.
import { offsetsOf } from '../app/zones.js';

const escaped = (text) => String(text ?? '').replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n').replace(/[\0-\x1f\x7f]/g, '');
const utc = (ms) => `${new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')}`;
/** Local time without its zone. */
const local = (ms, offset) => utc(ms + offset * 1000).slice(0, -1);
const day = 86400000;

/** Splits a line after at most 75 bytes, never inside a character; continuation lines begin with a space. */
function folded(line) {
  const encoder = new TextEncoder();
  const parts = [];
  let part = '';
  let size = 0;
  for (const letter of line) {
    const bytes = encoder.encode(letter).length;
    if (size + bytes > 74) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += letter;
    size += bytes;
  }
  return [...parts, part].join('\r\n ');
}

/** Seconds east of UTC as "+0530". */
function offsetText(offset) {
  const minutes = Math.round(Math.abs(offset) / 60);
  const two = (value) => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

/**
 * The zone as the file must define it (section 3.6.5). Each change is listed by itself, since the rules may change next year.
 * @param {string} zone @param {number[]} pairs of offsetsOf
 */
function zoneLines(zone, pairs, start) {
  const lines = ['BEGIN:VTIMEZONE', `TZID:${zone}`];
  for (let i = pairs[2] <= start ? 2 : 0; i < pairs.length; i += 2) {
    const before = pairs[Math.max(i - 1, 1)];
    const after = pairs[i + 1];
    const kind = after > before ? 'DAYLIGHT' : 'STANDARD';
    lines.push(`BEGIN:${kind}`, `DTSTART:${i ? local(pairs[i], before) : '19700101T000000'}`,
      `TZOFFSETFROM:${offsetText(before)}`, `TZOFFSETTO:${offsetText(after)}`, `END:${kind}`);
  }
  return [...lines, 'END:VTIMEZONE'];
}

/**
 * @param {{start: number, end: number, title: string, about?: string, uid?: string, zone?: string | false}} event instants in ms.
 * `uid` identifies this booking permanently, so that a calendar which imports the same file twice has one entry. With `zone` the
 * file contains local times, and calendars show them in that zone; without, calendars use their own zone.
 * @param {number} now
 */
export function calendarText({ start, end, title, about, uid, zone }, now) {
  const pairs = zone && zone !== 'UTC' ? offsetsOf(zone, start - 400 * day, end + 800 * day) : [];
  const changeBefore = (ms) => pairs.findLastIndex((at, i) => i % 2 === 0 && at <= ms);
  // When an hour occurs twice, a local time means its first occurrence.
  const isSecond = (ms) => {
    const i = changeBefore(ms);
    return i > 0 && ms - pairs[i] < (pairs[i - 1] - pairs[i + 1]) * 1000;
  };
  const isZoned = pairs.length > 0 && !isSecond(start) && !isSecond(end);
  const at = (ms) => (isZoned ? `;TZID=${zone}:${local(ms, pairs[changeBefore(ms) + 1])}` : `:${utc(ms)}`);
  return [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//slotwire//widget//EN', ...(isZoned ? zoneLines(zone, pairs, start) : []), 'BEGIN:VEVENT',
    `UID:${escaped(uid || `${utc(start)}-${title}`)}`, `DTSTAMP:${utc(now)}`, `DTSTART${at(start)}`, `DTEND${at(end)}`,
    `SUMMARY:${escaped(title)}`, ...(about ? [`DESCRIPTION:${escaped(about)}`] : []), 'END:VEVENT', 'END:VCALENDAR',
  ].map((line) => `${folded(line)}\r\n`).join('');
}

/** Downloads the file. */
export function saveCalendarFile(event) {
  const address = URL.createObjectURL(new Blob([calendarText(event, Date.now())], { type: 'text/calendar' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'booking.ics';
  link.click();
  // The browser reads the address later, so it must stay valid for a while.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
