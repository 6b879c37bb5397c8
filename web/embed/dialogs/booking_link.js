// The address of the booking page: the slot's own link plus what the site knows of the visitor.
import { dayFrom } from '../app/day.js';

const names = { firstName: 'first_name', lastName: 'last_name' };

/** The fields of an option: an object, JSON text of one, or a query string ("name=Ada&a1=Yes"). */
export function fieldsFrom(value) {
  if (!value) return {};
  if (typeof value === 'object') return value;
  if (/^\s*{/.test(value)) {
    try {
      // Known fields are texts, except the answers, which are grouped under one name. An object in place of a text is ignored.
      return JSON.parse(value, (name, said) => (name && name !== 'customAnswers' && Object(said) === said && !Array.isArray(said) ? undefined : said));
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(value));
}

/**
 * @param {string} link a slot's schedulingUrl, which already has a query
 * @param {{prefill?: any, utm?: any, timezone?: string, guests?: any}} options Calendly's names: prefill `name, firstName, lastName, email,
 *   guests, location, customAnswers, date`, utm `utmCampaign ... utmTerm, salesforce_uuid`
 * and the zone in which the visitor chose the time
 * @returns {string | null} null unless the link is http or https
 */
export function bookingLink(link, { prefill, utm, timezone, guests }) {
  let url;
  try {
    url = new URL(link);
  } catch {
    return null;
  }
  if (!/^https?:$/.test(url.protocol)) return null;
  const set = (name, value) => {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text !== undefined && text !== null && text !== '') url.searchParams.set(name, String(text));
  };
  if (guests !== 'false') set('guests', guests || '');
  const { customAnswers, date, ...rest } = fieldsFrom(prefill);
  for (const [name, value] of Object.entries(rest)) set(names[name] ?? name, value);
  for (const [name, value] of Object.entries(customAnswers ?? {})) if (/^a\d+$/.test(name)) set(name, value);
  // Makes Calendly's page show the time in the zone in which it was chosen.
  set('timezone', timezone);
  // Replaces a prefilled date, which would show another day than the visitor picked. Calendly's link contains the time in UTC,
  // whose day may differ from the visitor's.
  const [, at] = /\/(\d{4}-\d\d-\d\dT[^/]+)\/?$/.exec(url.pathname.replace(/%3a/gi, ':').replace(/%2b/gi, '+')) ?? [];
  const day = at && timezone ? dayFrom(at, timezone) : '';
  for (const [name, length] of Object.entries({ date: 10, month: 7 })) if (url.searchParams.has(name)) set(name, day.slice(0, length));
  if (date && !url.searchParams.has('date')) set('date', dayFrom(date));
  for (const [name, value] of Object.entries(fieldsFrom(utm))) {
    const wire = name.replace(/^utm([A-Z])/, (_, letter) => `utm_${letter.toLowerCase()}`);
    if (/^utm_[a-z]+$|^salesforce_uuid$/.test(wire)) set(wire, String(value ?? '').slice(0, 255));
  }
  return url.href;
}
