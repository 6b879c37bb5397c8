// The widget's texts: a table for each language is loaded as a chunk, and a site may replace texts.

/** @typedef {Record<string, string | Partial<Record<Intl.LDMLPluralRule, string>>>} Messages */

/**
 * The texts for a locale: the site's own take precedence over ours.
 * @param {string} locale
 * @param {Record<string, Messages>} own the site's, by locale or language: Slotwire.messages
 * @param {Messages} table ours
 */
export const messagesFor = (locale, own, table) => ({ ...table, ...own?.[locale.split('-')[0]], ...own?.[locale] });
