// What the widget says: one table for each language comes as a chunk, and a site adds words of its own.

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Messages */

/**
 * The messages for a locale: the site's own first, then ours.
 * @param {string} locale
 * @param {Record<string, Messages>} own by locale or language: Slotwire.messages
 * @param {Messages} table ours
 */
export const messagesFor = (locale, own, table) => ({ ...table, ...own?.[locale.split('-')[0]], ...own?.[locale] });
