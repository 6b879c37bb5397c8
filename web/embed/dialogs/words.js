// Texts of the dialogs, in all ten languages, since they are few.
import { dialogs as ar } from '../words/ar.js';
import { dialogs as de } from '../words/de.js';
import { dialogs as en } from '../words/en.js';
import { dialogs as es } from '../words/es.js';
import { dialogs as fr } from '../words/fr.js';
import { dialogs as hi } from '../words/hi.js';
import { dialogs as it } from '../words/it.js';
import { dialogs as ja } from '../words/ja.js';
import { dialogs as nl } from '../words/nl.js';
import { dialogs as pt } from '../words/pt.js';

/** @type {Record<string, import('../app/messages.js').Messages>} */
const tables = { ar, de, en, es, fr, hi, it, ja, nl, pt };

/**
 * @param {string} locale
 * @param {import('../app/messages.js').Messages} words the widget's texts, including the site's own, which take precedence
 */
export const withDialogWords = (locale, words) => ({ ...(tables[locale.split('-')[0]] ?? en), ...words });
