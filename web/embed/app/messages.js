// What the widget says: English is here, other languages come as one chunk each, and a site adds words of its own.
import en from '../words/en.js';

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Messages */

/**
 * The messages for a locale: the site's own first, then ours in that language, then English.
 * @param {string} locale
 * @param {Record<string, Messages>} [own] by locale or language: Slotwire.messages
 * @param {Messages} [table] ours
 */
export function messagesFor(locale, own = {}, table = undefined) {
  const language = locale.split('-')[0];
  return { ...en, ...table, ...own[language], ...own[locale] };
}
