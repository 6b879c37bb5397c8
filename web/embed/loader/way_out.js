// What stands in the widget's place when it cannot be had: a sentence, a link to the booking page, and another try where
// one may help.

const english = {
  'cannot-run': 'The calendar cannot run in this browser',
  'cannot-load': 'The calendar could not be loaded',
  'public-link': 'Choose a time on the booking page',
  retry: 'Try again',
};

/** The sentences in the locale's language, in English where they cannot be had. */
export const sentences = async (assets, locale) => ({
  ...english,
  ...(await assets.words(locale).catch(() => {})),
  ...window.Slotwire.messages[locale.split('-')[0]],
  ...window.Slotwire.messages[locale],
});

/**
 * @param {Record<string, any>} words
 * @param {string} code cannot_run, or load_failed, which may be tried again
 * @param {string | undefined} url
 * @param {() => void} retry
 */
export function wayOut(words, code, url, retry) {
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
  // Whatever the site put inside the element for visitors without scripts is welcome here too.
  box.append(document.createElement('slot'));
  return box;
}
