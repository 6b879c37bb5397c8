// Shown in place of a widget that cannot be loaded: a sentence, a link to the booking page, and a retry button if a retry may
// help.

const english = {
  'cannot-run': 'The calendar cannot run in this browser',
  'cannot-load': 'The calendar could not be loaded',
  'public-link': 'Choose a time on the booking page',
  retry: 'Try again',
};

/** The sentences in the locale's language; English if its table cannot be loaded. */
export const sentences = async (assets, locale) => ({
  ...english,
  ...(await assets.words(locale).catch(() => {})),
  ...window.Slotwire.messages[locale.split('-')[0]],
  ...window.Slotwire.messages[locale],
});

/**
 * @param {Record<string, any>} words
 * @param {string} code cannot_run, or load_failed, which can be retried
 * @param {string | undefined} url
 * @param {() => void} retry
 */
export function fallback(words, code, url, retry) {
  const box = document.createElement('div');
  box.className = 'away';
  box.setAttribute('role', 'alert');
  const add = (tag, text) => {
    const made = document.createElement(tag);
    made.textContent = text;
    box.append(made);
    return made;
  };
  const mayRetry = code === 'load_failed';
  add('p', words[mayRetry ? 'cannot-load' : 'cannot-run']);
  if (mayRetry) add('button', words.retry).addEventListener('click', retry, { once: true });
  if (/^https?:/.test(url ?? '')) {
    const link = /** @type {HTMLAnchorElement} */ (add('a', words['public-link']));
    link.href = url;
    link.target = '_blank';
    link.rel = 'noopener';
  }
  // The site's own content of the element (for visitors without scripts) is shown too.
  box.append(document.createElement('slot'));
  return box;
}
