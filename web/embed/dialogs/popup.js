// The widget in a dialog over the page.
import { optionsFrom } from '../loader/options.js';
import { openDialog } from './dialog.js';

/**
 * @param {object} given
 * @param {(host: HTMLElement, options: Record<string, any>) => import('../loader/mount.js').Handle} given.mount
 * @param {Record<string, any>} given.words
 * @param {Record<string, any>} given.options of the widget, plus `onClose`, called when the visitor has closed the popup
 * @returns {import('../loader/mount.js').Handle}
 */
export function popup({ mount, words, options }) {
  const { onClose, ...given } = options;
  const current = optionsFrom(given);
  /** @type {import('../loader/mount.js').Handle | undefined} */
  let widget;
  let isEnded = false;
  const shown = openDialog({
    label: words.picker ?? 'Choose a time',
    words,
    options: current,
    closed() {
      widget?.destroy();
      widget = undefined;
      if (!isEnded) onClose?.();
    },
  });
  const host = document.createElement('div');
  shown.body.append(host);
  widget = mount(host, current);
  return {
    update(changes) {
      Object.assign(current, optionsFrom(changes));
      shown.paint(current);
      widget?.update(changes);
    },
    destroy() {
      isEnded = true;
      shown.close();
    },
  };
}
