// The translation tables. A language is one file; a site adds or changes words through Slotwire.messages.
import en from './en.js';

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Messages */

/** @type {Record<string, Messages>} */
const languages = { en };

/**
 * The messages for a locale: the site's own first, then ours in that language, then English.
 * @param {string} locale
 * @param {Record<string, Messages>} [own]
 */
export function messagesFor(locale, own = {}) {
  const language = locale.split('-')[0];
  return { ...en, ...languages[language], ...own[language], ...own[locale] };
}
