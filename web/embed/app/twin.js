// The accessible twin: the Screen of web/model/screen.h as DOM elements in the shadow root, updated by id. Hidden behind the
// canvas while that draws, and the whole interface when the canvas cannot.

/**
 * @typedef {object} ScreenNode
 * @property {string} id
 * @property {string} kind
 * @property {string} [text]
 * @property {string} [label]
 * @property {string} [hint]
 * @property {string} [href]
 * @property {string} [value]
 * @property {string} [controls]
 * @property {number} [level]
 * @property {string} [look]
 * @property {string} [icon]
 * @property {string} [color] "#rrggbb"
 * @property {boolean} [disabled]
 * @property {boolean} [selected]
 * @property {boolean} [current]
 * @property {boolean} [faint]
 * @property {boolean} [busy]
 * @property {boolean} [tabstop]
 * @property {boolean} [pressed]
 * @property {boolean} [expanded]
 * @property {ScreenNode[]} [children]
 */

const tags = { text: 'p', button: 'button', link: 'a', list: 'ul', listitem: 'li', textbox: 'input' };
const roles = {
  status: 'status', alert: 'status', grid: 'grid', row: 'row', columnheader: 'columnheader', gridcell: 'gridcell',
  listbox: 'listbox', option: 'option', dialog: 'dialog',
};
const activated = new Set(['button', 'link', 'gridcell', 'option']);
const roving = new Set(['gridcell', 'option']);
const fieldKeys = new Set(['ArrowUp', 'ArrowDown', 'Enter', 'Escape']);
const movingKeys = new Set([
  'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Escape',
]);

const tagOf = (node) => (node.kind === 'heading' ? `h${node.level || 2}` : tags[node.kind] || 'div');

function setAttribute(element, name, value) {
  if (value === undefined || value === null || value === '') element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

/**
 * @param {ShadowRoot} root
 * @param {string} locale of the texts
 * @param {object} visitor callbacks for the visitor's actions
 * @param {(id: string) => void} visitor.activate
 * @param {(id: string, key: string) => boolean} visitor.key returns true if the key was handled
 * @param {(id: string, value: string) => void} visitor.input
 * @param {(id: string, visible: boolean) => void} visitor.focus
 */
export function createTwin(root, locale, visitor) {
  const tree = document.createElement('div');
  tree.className = 'twin';
  tree.lang = locale;
  const live = document.createElement('div');
  live.className = 'live';
  live.lang = locale;
  live.setAttribute('aria-live', 'polite');
  root.append(tree, live);

  /** @type {Map<string, {element: HTMLElement, node: ScreenNode | null, text: HTMLElement | null, hint: HTMLElement | null}>} */
  let known = new Map();
  let field = '';
  // Removing the focused element causes a blur event in the middle of the update.
  let isPatching = false;

  function part(entry, name, text, shown) {
    if (!shown) {
      entry[name]?.remove();
      entry[name] = null;
      return;
    }
    if (!entry[name]) {
      // The text of a list item is the heading of the section that begins with it.
      entry[name] = document.createElement(entry.element.localName === 'li' ? 'h4' : 'span');
      entry[name].className = name;
    }
    if (entry[name].textContent !== text) entry[name].textContent = text;
  }

  function describe(entry, node) {
    const { element } = entry;
    const { kind } = node;
    if (kind === 'textbox') {
      /** @type {HTMLInputElement} */ (element).type = 'search';
      element.setAttribute('autocomplete', 'off');
      element.setAttribute('spellcheck', 'false');
      if (/** @type {HTMLInputElement} */ (element).value !== (node.value ?? '')) {
        /** @type {HTMLInputElement} */ (element).value = node.value ?? '';
      }
      setAttribute(element, 'placeholder', node.text || node.label);
    } else {
      part(entry, 'text', node.text, Boolean(node.text));
      part(entry, 'hint', node.hint, Boolean(node.hint));
    }
    if (kind === 'button') element.setAttribute('type', 'button');
    if (kind === 'link') {
      setAttribute(element, 'href', node.href);
      element.setAttribute('target', '_blank');
      element.setAttribute('rel', 'noopener');
    }
    setAttribute(element, 'role', roles[kind] ?? (kind === 'group' && node.label ? 'group' : ''));
    setAttribute(element, 'aria-label', node.label);
    setAttribute(element, 'aria-controls', node.controls && known.has(node.controls) ? node.controls : '');
    setAttribute(element, 'data-kind', kind);
    setAttribute(element, 'data-look', node.look);
    setAttribute(element, 'data-icon', node.icon);
    setAttribute(element, 'data-dot', node.color ? 'true' : '');
    if (/^#[0-9a-f]{6}$/i.test(node.color ?? '')) element.style.setProperty('--dot', node.color);
    setAttribute(element, 'data-faint', node.faint);
    setAttribute(element, 'aria-current', node.current ? 'date' : '');
    setAttribute(element, 'aria-busy', node.busy ? 'true' : '');
    setAttribute(element, 'aria-disabled', node.disabled ? 'true' : '');
    setAttribute(element, 'aria-pressed', node.pressed);
    setAttribute(element, 'aria-expanded', node.expanded);
    setAttribute(element, 'aria-haspopup', node.expanded === undefined || !node.icon ? '' : node.controls ? 'listbox' : 'dialog');
    setAttribute(element, 'aria-hidden', kind === 'progress' ? 'true' : '');
    setAttribute(element, 'aria-modal', kind === 'dialog' ? 'true' : '');
    if (entry.hint) {
      entry.hint.id = `${node.id} hint`.replaceAll(' ', '-');
      entry.hint.setAttribute('aria-hidden', 'true');
      // The hint is left out if the label already includes it.
      setAttribute(element, 'aria-describedby', node.label?.includes(node.hint) ? '' : entry.hint.id);
    } else {
      element.removeAttribute('aria-describedby');
    }
    if (roving.has(kind)) {
      setAttribute(element, 'aria-selected', node.look === 'blank' ? '' : String(Boolean(node.selected)));
      setAttribute(element, 'tabindex', node.look === 'blank' ? '' : node.tabstop ? 0 : -1);
    }
  }

  function patch(parent, nodes, lead, next) {
    /** @type {ChildNode | null} */
    let place = lead.at(-1)?.nextSibling ?? (lead.length ? null : parent.firstChild);
    for (const node of nodes) {
      let entry = known.get(node.id);
      if (!entry || entry.element.localName !== tagOf(node) || entry.node?.kind !== node.kind) {
        entry = { element: document.createElement(tagOf(node)), node: null, text: null, hint: null };
        entry.element.id = node.id;
      }
      next.set(node.id, entry);
      const { element } = entry;
      describe(entry, node);
      entry.node = node;
      const parts = [entry.text, entry.hint].filter(Boolean);
      parts.forEach((one, i) => {
        if (element.childNodes[i] !== one) element.insertBefore(one, element.childNodes[i] ?? null);
      });
      if (node.kind !== 'textbox') patch(element, node.children ?? [], parts, next);
      if (element !== place) parent.insertBefore(element, place);
      else place = place.nextSibling;
    }
    while (place) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
  }

  const entryOf = (event) => {
    const element = /** @type {HTMLElement} */ (event.target).closest?.('[data-kind]');
    return element ? known.get(element.id) : undefined;
  };
  const nearestActive = (event) => {
    for (let at = /** @type {HTMLElement} */ (event.target); at && at !== tree; at = at.parentElement) {
      const entry = known.get(at.id);
      if (entry?.node && activated.has(entry.node.kind)) return entry;
    }
    return undefined;
  };

  tree.addEventListener('click', (event) => {
    const entry = nearestActive(event);
    if (!entry) return;
    if (entry.node.kind === 'link') {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
    }
    visitor.activate(entry.node.id);
  });
  tree.addEventListener('keydown', (event) => {
    const entry = entryOf(event);
    if (!entry || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { kind, id } = entry.node;
    if (roving.has(kind) && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      visitor.activate(id);
      return;
    }
    if (!(kind === 'textbox' ? fieldKeys : movingKeys).has(event.key)) return;
    const paging = event.shiftKey && event.key.startsWith('Page');
    if (event.shiftKey && !paging) return;
    if (visitor.key(id, paging ? `Shift+${event.key}` : event.key)) event.preventDefault();
  });
  tree.addEventListener('input', (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    visitor.input(input.id, input.value);
  });
  tree.addEventListener('focusin', (event) => {
    const entry = isPatching ? undefined : entryOf(event);
    if (entry) visitor.focus(entry.node.id, /** @type {HTMLElement} */ (event.target).matches(':focus-visible'));
  });
  tree.addEventListener('focusout', (event) => {
    if (isPatching) return;
    if (!event.relatedTarget || !tree.contains(/** @type {Node} */ (event.relatedTarget))) visitor.focus('', false);
  });

  function placeField(box, zoom) {
    known.get(field)?.element.classList.remove('field');
    field = box.id;
    const element = known.get(field)?.element;
    if (!element) return;
    element.classList.add('field');
    for (const side of ['width', 'height']) element.style.setProperty(side, `${box[side] * zoom}px`);
    element.style.setProperty('left', `${box.x * zoom}px`);
    element.style.setProperty('top', `${box.y * zoom}px`);
  }

  /** Id of the node that the model focused, to be scrolled into view once its position is known. */
  let arriving = '';
  /** @type {Set<string>} */
  let placed = new Set();
  /**
   * @param {Record<string, number[]>} places x, y, width, height on the canvas by id, before `zoom`; all other nodes cover the
   * whole canvas
   */
  function layOver(places, zoom) {
    const sides = ['--x', '--y', '--w', '--h'];
    for (const id of placed) {
      if (!places[id]) sides.forEach((side) => known.get(id)?.element.style.removeProperty(side));
    }
    placed = new Set(Object.keys(places));
    for (const id of placed) {
      sides.forEach((side, i) => known.get(id)?.element.style.setProperty(side, `${places[id][i] * zoom}px`));
    }
    if (!placed.has(arriving)) return;
    known.get(arriving)?.element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    arriving = '';
  }

  return {
    layOver,
    /** @param {{dir?: string, root: ScreenNode}} screen */
    show(screen) {
      tree.dir = screen.dir || 'ltr';
      const next = new Map();
      const before = known;
      isPatching = true;
      patch(tree, [screen.root], [], next);
      isPatching = false;
      known = next;
      // The element that "controls" names may have been added after it in the same screen, or removed with it.
      for (const entry of next.values()) {
        const { controls } = entry.node;
        if (controls && before.has(controls) !== next.has(controls)) describe(entry, entry.node);
      }
    },
    focus(id) {
      const element = known.get(id)?.element;
      if (!element || root.activeElement === element) return;
      // The model may move focus to a heading, which Tab does not reach.
      if (element.tabIndex < 0) element.tabIndex = -1;
      const isShown = tree.classList.contains('shown');
      element.focus({ preventScroll: !isShown });
      arriving = isShown ? '' : id;
    },
    placeField,
    /** The text typed into a text box. */
    textIn: (id) => /** @type {HTMLInputElement | undefined} */ (known.get(id)?.element)?.value ?? '',
    announce(text) {
      // A screen reader repeats a text only if it differs from the last.
      live.textContent = live.textContent === text ? `${text}\u00a0` : text;
    },
    /** True: the twin is the visible interface; false: the canvas is. */
    setShown: (shown) => tree.classList.toggle('shown', shown),
    hasFocus: () => tree.contains(root.activeElement),
    destroy() {
      tree.remove();
      live.remove();
    },
  };
}
