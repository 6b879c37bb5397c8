// Texts of the form: English is included, every other language is a chunk.
import { form as en } from '../words/en.js';

/** @param {string} locale @returns {Promise<import('../app/messages.js').Messages>} */
export async function formWords(locale) {
  const language = locale.split('-')[0];
  if (!__LANGUAGES__.split(' ').includes(language)) return en;
  try {
    const table = await import(new URL(`widget-form-${language}-${__FORM_WORDS__}.js`, import.meta.url).href);
    return { ...en, ...table.form };
  } catch {
    // If the language's table cannot be loaded, the form is in English.
    return en;
  }
}
