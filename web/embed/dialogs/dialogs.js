// What only some visits need: the popup, the badge, Calendly's page in a dialog, and a file for the visitor's calendar.
export { badge } from './badge.js';
export { bookingOverlay } from './booking_overlay.js';
export { saveCalendarFile } from './calendar_file.js';
export { popup } from './popup.js';
