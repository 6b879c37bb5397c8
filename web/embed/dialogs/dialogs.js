// Code that only some visits need: the popup, the badge, booking, and saving the booking to a calendar.
export { badge } from './badge.js';
export { createBooking } from './booking.js';
export { popup } from './popup.js';
