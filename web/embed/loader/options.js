// Normalises options to their attribute names.

export const optionNames = [
  'event-type', 'view', 'timezone', 'hour12', 'locale', 'first-day', 'theme', 'primary-color', 'text-color',
  'background-color', 'radius', 'font-family', 'date', 'prefill', 'utm', 'book', 'height', 'hide-details',
  'timezone-lock', 'analytics', 'guests', 'any-of',
];

/**
 * { eventType } and { 'event-type' } are the same option. Two more are derived from it: `page`, the address if it is a link to a
 * booking page, and `owner`, the address if it is an owner's page, which lists event types.
 */
export function optionsFrom(given) {
  const options = Object.fromEntries(
    Object.entries(given ?? {}).map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`), value]),
  );
  if ('event-type' in options) {
    const [, rest, path] = /^(?:https?:)?\/*([^/]+[.:][^/]*\/(?!\/|event_types\/)([^?#,]*)(?:[?#].*)?)/i.exec(options['event-type'] ?? '') ?? [];
    options.page = rest ? `${/^http:/i.test(options['event-type']) ? 'http' : 'https'}://${rest}` : null;
    options.owner = /^[^/]+\/?$/.test(path) ? options.page : null;
  }
  return options;
}

/** @param {Element} element @param {string} prefix of its attributes: '' or 'data-' */
export const optionsOf = (element, prefix) =>
  Object.fromEntries(
    optionNames
      .filter((name) => element.hasAttribute(prefix + name))
      .map((name) => [name, element.getAttribute(prefix + name)]),
  );

function langAround(host) {
  for (let at = host; at; at = at.getRootNode().host) {
    const { lang } = at.closest('[lang]') ?? {};
    if (lang) return lang;
  }
  return '';
}

/** The language of the page around the widget. The visitor's own region is used if the language is the same. */
export function localeFor(host, options) {
  // Programs other than browsers write "pt_BR" and "de_DE.UTF-8".
  const wanted = (options.locale || langAround(host) || navigator.language || 'en').replace(/[.@].*/, '').replaceAll('_', '-');
  try {
    const { language, region, baseName } = new Intl.Locale(wanted);
    const own = !options.locale && !region && navigator.languages.find((one) => one.split('-')[0] === language);
    return own || baseName;
  } catch {
    return 'en';
  }
}
