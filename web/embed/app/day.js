// Days as a site writes them.

/**
 * The day that was meant, YYYY-MM-DD; empty for what is none.
 * @param {Date | string} value of a Date, or of a text that says a time too, it is the day that clocks show then
 * @param {string} [timeZone] the visitor's own
 */
export function dayFrom(value, timeZone) {
  if (/^\d{4}-\d\d-\d\d$/.test(String(value))) return value;
  const at = new Date(value);
  return +at >= 0 ? at.toLocaleDateString('sv', { timeZone }) : '';
}
