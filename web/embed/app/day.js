// Reads days from a site's options.

/**
 * The day as YYYY-MM-DD; empty if the value is not a day.
 * @param {Date | string} value for a Date, or text with a time, the result is its calendar day in `timeZone`
 * @param {string} [timeZone] the visitor's own by default
 */
export function dayFrom(value, timeZone) {
  if (/^\d{4}-\d\d-\d\d$/.test(String(value))) return value;
  const at = new Date(value);
  return +at >= 0 ? at.toLocaleDateString('sv', { timeZone }) : '';
}
