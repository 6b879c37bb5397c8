// What only some visits need: the popup, the badge, and the ways to book and to keep what was booked.
export { badge } from './badge.js';
export { createBooking } from './booking.js';
export { popup } from './popup.js';
