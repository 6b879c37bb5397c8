// A virtual screen reader, in an isolated world beside the page's scripts. It is given the flat tree, with shadow roots in place of their
// hosts, as browsers give it to real screen readers. The reader itself does not support shadow roots: this file overrides the few DOM
// members it uses, in its own world only, so that the page is not affected.
import { Virtual } from '@guidepup/virtual-screen-reader/browser.js';

const search = Element.prototype.querySelector;
const childNodes = Object.getOwnPropertyDescriptor(Node.prototype, 'childNodes').get;
// If a role takes its name from its content, the label replaces the content: screen readers do not read both.
const named = ['button', 'a', 'h2', 'h3', ...['gridcell', 'columnheader', 'option'].map((role) => `[role=${role}]`)].map((one) => `${one}[aria-label]`).join();
const isPlain = (node) => node.localName === 'span' && [...node.attributes].every(({ name }) => ['class', 'dir'].includes(name));
Object.defineProperty(Node.prototype, 'childNodes', {
  get() {
    if (this instanceof Element && this.matches(named) && !search.call(this, 'button')) return [];
    // Elements that only serve the layout do not exist for screen readers.
    return [...childNodes.call(this.shadowRoot ?? this)].flatMap((node) => (isPlain(node) ? [...node.childNodes] : [node]));
  },
});
const target = Object.getOwnPropertyDescriptor(Event.prototype, 'target').get;
Object.defineProperty(Event.prototype, 'target', {
  get() {
    return this.composedPath()[0] ?? target.call(this);
  },
});

const shadowsIn = (root) => [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot, ...shadowsIn(shadowRoot)] : []));
Element.prototype.querySelector = function (selector) {
  return search.call(this, selector) ?? shadowsIn(this).map((root) => root.querySelector(selector)).find(Boolean) ?? null;
};

/** Calls `found` with every shadow root there is, and with those that come, before the next frame is drawn. */
function eachShadow(found) {
  const known = new WeakSet();
  const look = () => {
    for (const root of shadowsIn(document)) {
      if (known.has(root)) continue;
      known.add(root);
      found(root);
    }
  };
  const again = () => {
    look();
    requestAnimationFrame(again);
  };
  again();
}

class FlatMutationObserver extends MutationObserver {
  constructor(callback) {
    super((records) => {
      // Removed elements must not be announced, and a shadow root is not an element: the reader would throw on either, and lose the other
      // records.
      const there = records.filter(({ target }) => target.isConnected && !(target instanceof ShadowRoot));
      // Browsers announce an alert that is inserted with its text; the virtual reader only announces regions that existed before.
      const alerts = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element && node.isConnected && node.role === 'alert');
      callback([...there, ...alerts.map((target) => ({ type: 'childList', target, addedNodes: target.childNodes, removedNodes: [] }))]);
    });
  }

  observe(node, options) {
    super.observe(node, options);
    eachShadow((root) => super.observe(root, options));
  }
}

/** Records what is read while a visitor acts: focused elements and announcements. */
const listener = new Virtual();
const ready = (async () => {
  const body = document.body;
  const listen = body.addEventListener.bind(body);
  // A focus change within a shadow root causes no event outside it.
  body.addEventListener = (type, handler, options) => {
    listen(type, handler, options);
    eachShadow((root) => root.addEventListener(type, handler, options));
  };
  await listener.start({ container: body, window: { document, MutationObserver: FlatMutationObserver } });
  await listener.clearSpokenPhraseLog();
})();

// Screen readers do not read a whole row as its name, nor more about an end than what ends. They do not read paragraph borders or emptied
// regions either.
const isSaid = (phrase) => !/^(end of )?paragraph$|^[a-z]+: $/.test(phrase);
const short = (phrase) => phrase.replace(/^(row|end of [a-z]+), .*/, '$1').replaceAll('\n', ' ');

/** The phrases read since the last call. */
export async function spoken() {
  await ready;
  const phrases = [...(await listener.spokenPhraseLog())];
  await listener.clearSpokenPhraseLog();
  return phrases.filter(isSaid).map(short);
}

/** Everything in an element, as read by continuous reading. */
export async function read(selector) {
  const reader = new Virtual();
  const container = document.body.querySelector(selector);
  await reader.start({ container, window: { document } });
  const first = reader.activeNode;
  const phrase = await reader.lastSpokenPhrase();
  // After the last node the reader starts again at the first.
  do await reader.next();
  while (reader.activeNode !== first || (await reader.lastSpokenPhrase()) !== phrase);
  const log = (await reader.spokenPhraseLog()).slice(0, -1).filter(isSaid).map(short);
  await reader.stop();
  const phrases = [];
  for (const said of log) {
    // The content of a button is its name already.
    if (said === 'end of button') phrases.splice(phrases.findLastIndex((one) => one.startsWith('button, ')) + 1);
    else phrases.push(said);
  }
  // A dialog at the beginning is read twice, the second time as the container.
  return phrases.slice(phrases[0] === phrases[1] ? 1 : 0);
}
