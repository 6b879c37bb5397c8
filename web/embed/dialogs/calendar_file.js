// An event as a file that calendar programs take (iCalendar, RFC 5545), made in the page.

const escaped = (text) => String(text ?? '').replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n').replace(/[\0-\x1f\x7f]/g, '');
const utc = (ms) => `${new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '')}`;

/** Lines end after at most 75 bytes, never inside a character; what follows begins with a space. */
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

/** @param {{start: number, end: number, title: string, url?: string, uid?: string}} event instants in ms @param {number} now */
export function calendarText({ start, end, title, url, uid }, now) {
  return [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//slotwire//widget//EN', 'BEGIN:VEVENT',
    `UID:${escaped(uid || `${utc(start)}-${title}`)}`, `DTSTAMP:${utc(now)}`, `DTSTART:${utc(start)}`, `DTEND:${utc(end)}`,
    `SUMMARY:${escaped(title)}`, ...(url ? [`DESCRIPTION:${escaped(url)}`] : []), 'END:VEVENT', 'END:VCALENDAR',
  ].map((line) => `${folded(line)}\r\n`).join('');
}

/** Hands the file to the visitor. */
export function saveCalendarFile(event) {
  const address = URL.createObjectURL(new Blob([calendarText(event, Date.now())], { type: 'text/calendar' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'booking.ics';
  link.click();
  // The browser reads the address when it gets to it.
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
