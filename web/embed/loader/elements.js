// <slot-picker> and <div data-slotwire>: markup that mounts a widget and follows its attributes.
import { optionNames, optionsOf } from './options.js';

const propertyOf = (name) => name.replace(/-[a-z]/g, (part) => part[1].toUpperCase());

/** @param {(host: HTMLElement, options: Record<string, any>) => import('./mount.js').Handle} mount */
export function defineElement(mount) {
  if (customElements.get('slot-picker')) return;

  class SlotPicker extends HTMLElement {
    static observedAttributes = optionNames;
    /** @type {import('./mount.js').Handle | undefined} */
    #handle;
    /** @type {Record<string, object>} options with object values: an attribute cannot hold them */
    #objects = {};

    connectedCallback() {
      // Properties that a framework set before this script was loaded hide our accessors.
      for (const name of optionNames.map(propertyOf)) {
        if (!Object.hasOwn(this, name)) continue;
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      this.#handle ??= mount(this, { ...optionsOf(this, ''), ...this.#objects });
    }

    disconnectedCallback() {
      // Moving an element disconnects and reconnects it at once: the widget ends only if the element stays disconnected.
      queueMicrotask(() => {
        if (this.isConnected) return;
        this.#handle?.destroy();
        this.#handle = undefined;
      });
    }

    attributeChangedCallback(name, before, value) {
      if (before !== value) this.#handle?.update({ [name]: value });
    }

    static {
      for (const name of optionNames) {
        Object.defineProperty(this.prototype, propertyOf(name), {
          get() {
            return this.#objects[name] ?? this.getAttribute(name);
          },
          set(value) {
            delete this.#objects[name];
            if (Object(value) === value) {
              this.#objects[name] = value;
              this.#handle?.update({ [name]: value });
            } else if (value === null || value === undefined) {
              this.removeAttribute(name);
              this.#handle?.update({ [name]: null });
            } else {
              this.setAttribute(name, value);
            }
          },
        });
      }
    }
  }
  customElements.define('slot-picker', SlotPicker);
}

/** @param {(host: HTMLElement, options: Record<string, any>) => import('./mount.js').Handle} mount */
export function upgradeDivs(mount) {
  /** @type {Map<Element, import('./mount.js').Handle>} */
  const handles = new Map();
  const prefix = 'data-';

  function sweep() {
    for (const [element, handle] of handles) {
      if (element.isConnected && element.hasAttribute('data-slotwire')) continue;
      handle.destroy();
      handles.delete(element);
    }
    for (const element of document.querySelectorAll('[data-slotwire]')) {
      if (!handles.has(element)) handles.set(element, mount(/** @type {HTMLElement} */ (element), optionsOf(element, prefix)));
    }
  }

  const watcher = new MutationObserver((changes) => {
    for (const { type, target, attributeName } of changes) {
      if (type !== 'attributes' || attributeName === 'data-slotwire') continue;
      const name = attributeName.slice(prefix.length);
      handles.get(/** @type {Element} */ (target))?.update({ [name]: /** @type {Element} */ (target).getAttribute(attributeName) });
    }
    sweep();
  });
  watcher.observe(document, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['data-slotwire', ...optionNames.map((name) => prefix + name)],
  });
  sweep();
}
