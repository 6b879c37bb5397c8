// A modal dialog (the browser's <dialog>): it traps focus, closes on Escape, and returns the focus.
import { cssFromTheme, themeFrom } from '../app/theme.js';
import { localeFacts } from '../app/words.js';
import { localeFor } from '../loader/options.js';

const styles = `
dialog { box-sizing: border-box; inline-size: min(100vw - 24px, 1000px); block-size: fit-content; max-inline-size: none;
  max-block-size: calc(100dvh - 24px); margin: auto; padding: 0; border: 1px solid var(--sw-border); border-radius: 14px;
  overflow: auto; overscroll-behavior: contain; background: var(--sw-background); color: var(--sw-text);
  font: 16px/1.4 system-ui, sans-serif; box-shadow: 0 24px 64px var(--sw-shadow); }
dialog.tall { block-size: calc(100dvh - 24px); }
dialog[open] { display: flex; flex-direction: column; }
dialog::backdrop { background: rgb(0 0 0 / .5); }
.bar { position: sticky; inset-block-start: 0; z-index: 1; background: inherit; display: flex; align-items: center; justify-content: end; gap: 8px; padding: 6px; border-block-end: 1px solid var(--sw-border); }
.bar a { margin-inline-end: auto; padding: 10px 12px; color: var(--sw-primary-strong); }
button { min-block-size: 44px; min-inline-size: 44px; border: 0; border-radius: 10px; background: none; color: inherit; font: inherit;
  cursor: pointer; }
.bar button { font-size: 24px; line-height: 1; }
button:hover { background: var(--sw-hover); }
:focus-visible { outline: 2px solid var(--sw-focus); outline-offset: -2px; }
.body { flex: auto; position: relative; min-block-size: 0; }
iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; color-scheme: normal; background: #fff; }
.waiting { position: absolute; inset: 0; margin: 0; display: grid; place-content: center; padding: 24px; text-align: center; }
@media (prefers-reduced-motion: no-preference) {
  dialog[open] { animation: in .16s ease-out; }
  @keyframes in { from { opacity: 0; translate: 0 8px; } }
}
@media (forced-colors: active) { dialog, button { border: 1px solid; } }
`;

let sheet;

/**
 * A host element in the document with our style and the colours of a widget's options.
 * @param {Record<string, any>} options by attribute name
 * @param {Element} [parent]
 */
export function styledHost(options, parent = document.body) {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  const host = document.createElement('div');
  host.lang = localeFor(document.documentElement, options);
  host.dir = localeFacts(host.lang).rightToLeft ? 'rtl' : 'ltr';
  const root = host.attachShadow({ mode: 'open' });
  const colours = new CSSStyleSheet();
  const paint = (now) => colours.replaceSync(`:host{${cssFromTheme(themeFrom(now, matchMedia('(prefers-color-scheme: dark)').matches, root))}}`);
  root.adoptedStyleSheets = [sheet, colours];
  parent.append(host);
  paint(options);
  return { host, root, paint };
}

/**
 * Opens a dialog. `closed` is called once, however it is closed.
 * @param {object} wanted
 * @param {string} wanted.label its accessible name
 * @param {Record<string, any>} wanted.words
 * @param {Record<string, any>} wanted.options the widget's, for its colours
 * @param {() => void} wanted.closed
 */
export function openDialog({ label, words, options, closed }) {
  const { host, root, paint } = styledHost(options);
  const make = (tag, className = '') => {
    const made = document.createElement(tag);
    made.className = className;
    return made;
  };
  const dialog = /** @type {HTMLDialogElement} */ (make('dialog'));
  dialog.setAttribute('aria-label', label);
  const bar = make('div', 'bar');
  const close = /** @type {HTMLButtonElement} */ (make('button', 'close'));
  close.type = 'button';
  close.textContent = '\u00d7';
  close.setAttribute('aria-label', words.close ?? 'Close');
  close.addEventListener('click', () => dialog.close());
  bar.append(close);
  const body = make('div', 'body');
  dialog.append(bar, body);
  // A click on the backdrop has the dialog itself as its target. So has the second half of a double click on the button that
  // opened it, which must not close it.
  let pressedOutside = false;
  dialog.addEventListener('pointerdown', (event) => {
    pressedOutside = event.target === dialog;
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog && pressedOutside && event.detail < 2) dialog.close();
  });
  dialog.addEventListener('close', () => {
    host.remove();
    closed();
  }, { once: true });
  root.append(dialog);
  dialog.showModal();
  return { dialog, bar, body, paint, close: () => dialog.close() };
}
