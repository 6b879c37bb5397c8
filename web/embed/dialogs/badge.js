// A floating button in the corner of the page that opens the popup.
import { withDialogWords } from './words.js';
import { colourFrom, contrast } from '../app/theme.js';
import { styledHost } from './dialog.js';

const styles = `
.badge { position: fixed; z-index: 2147483000; inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px;
  max-inline-size: calc(100vw - 40px); padding: 0 22px; min-block-size: 48px; border-radius: 24px; font: 600 16px/1.3 system-ui, sans-serif;
  background: var(--badge, var(--sw-primary)); color: var(--badge-text, var(--sw-on-primary)); box-shadow: 0 6px 24px var(--sw-shadow); }
.badge:hover { background: var(--badge, var(--sw-primary-hover)); filter: brightness(1.06); }
.badge:focus-visible { outline-offset: 3px; }
@media print { .badge { display: none; } }
`;

const css = (colour) => `rgb(${colour.join(' ')})`;

/**
 * @param {object} given
 * @param {(options: Record<string, any>) => import('../loader/mount.js').Handle} given.popup
 * @param {Record<string, any>} given.words the widget's
 * @param {string} given.locale
 * @param {Record<string, any>} given.options of the widget, and `text`, `color`, `textColor` of the button; `parent` to put it in
 * @returns {import('../loader/mount.js').Handle}
 */
export function badge({ popup, words, locale, options }) {
  const current = { ...options };
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'badge';
  /** @type {ReturnType<typeof styledHost> | undefined} */
  let place;
  /** @type {import('../loader/mount.js').Handle | undefined} */
  let opened;

  const widgetOptions = () => {
    const { text, color, textColor, branding, parent, ...rest } = current;
    return rest;
  };
  function show() {
    button.textContent = current.text || withDialogWords(locale, words).badge;
    const ground = place && colourFrom(current.color, place.root);
    const wanted = place && colourFrom(current.textColor, place.root);
    const black = /** @type {[number, number, number]} */ ([0, 0, 0]);
    const white = /** @type {[number, number, number]} */ ([255, 255, 255]);
    // A site's text colour is used only if it has enough contrast.
    const readable = ground && (wanted && contrast(wanted, ground) >= 4.5 ? wanted : contrast(white, ground) >= 4.5 ? white : black);
    const set = (name, colour) => (colour ? button.style.setProperty(name, css(colour)) : button.style.removeProperty(name));
    set('--badge', ground);
    set('--badge-text', readable);
    place?.paint(widgetOptions());
  }
  button.addEventListener('click', () => {
    opened = popup(widgetOptions());
  });

  function put() {
    place = styledHost(widgetOptions(), current.parent);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    place.root.adoptedStyleSheets = [...place.root.adoptedStyleSheets, sheet];
    place.root.append(button);
    show();
  }
  if (document.body) put();
  else document.addEventListener('DOMContentLoaded', put, { once: true });

  return {
    update(changes) {
      Object.assign(current, changes);
      show();
      opened?.update(widgetOptions());
    },
    destroy() {
      document.removeEventListener('DOMContentLoaded', put);
      opened?.destroy();
      place?.host.remove();
      current.parent?.remove();
    },
  };
}
