// A virtual screen reader, in a world of its own beside the page's scripts. What it is given is the flat tree, shadow roots in their
// hosts' place, as browsers give it to real ones. The reader itself knows no shadow roots: the few members of the DOM that it asks are
// answered for the flat tree here, in its own world only, so that the page does not notice.
import { Virtual } from '@guidepup/virtual-screen-reader/browser.js';

const search = Element.prototype.querySelector;
const childNodes = Object.getOwnPropertyDescriptor(Node.prototype, 'childNodes').get;
// A label stands for what is inside, where a role takes its name from that: readers do not say both.
const named = ['button', 'a', 'h2', 'h3', ...['gridcell', 'columnheader', 'option'].map((role) => `[role=${role}]`)].map((one) => `${one}[aria-label]`).join();
const isPlain = (node) => node.localName === 'span' && [...node.attributes].every(({ name }) => ['class', 'dir'].includes(name));
Object.defineProperty(Node.prototype, 'childNodes', {
  get() {
    if (this instanceof Element && this.matches(named) && !search.call(this, 'button')) return [];
    // What only parts text for its looks is no element to readers.
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
  constructor(told) {
    super((records) => {
      // What has left the page says nothing any more, and a shadow root is no element: the reader would fail on either, and lose the rest.
      const there = records.filter(({ target }) => target.isConnected && !(target instanceof ShadowRoot));
      // Browsers tell of an alert that comes with its words, the reader knows only regions that were there before.
      const alerts = records.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof Element && node.isConnected && node.role === 'alert');
      told([...there, ...alerts.map((target) => ({ type: 'childList', target, addedNodes: target.childNodes, removedNodes: [] }))]);
    });
  }

  observe(node, options) {
    super.observe(node, options);
    eachShadow((root) => super.observe(root, options));
  }
}

/** Hears what is said while a visitor acts: what gets the focus, and what is announced. */
const listener = new Virtual();
const ready = (async () => {
  const body = document.body;
  const listen = body.addEventListener.bind(body);
  // Focus that moves within a shadow root is told nowhere else.
  body.addEventListener = (type, handler, options) => {
    listen(type, handler, options);
    eachShadow((root) => root.addEventListener(type, handler, options));
  };
  await listener.start({ container: body, window: { document, MutationObserver: FlatMutationObserver } });
  await listener.clearSpokenPhraseLog();
})();

// A row's name is all of its cells, and an end needs no more than what ends: no reader says so much.
// A paragraph's borders are not said either, and a region that was emptied has no words.
const isSaid = (phrase) => !/^(end of )?paragraph$|^[a-z]+: $/.test(phrase);
const short = (phrase) => phrase.replace(/^(row|end of [a-z]+), .*/, '$1').replaceAll('\n', ' ');

/** What has been said since it was asked last. */
export async function said() {
  await ready;
  const phrases = [...(await listener.spokenPhraseLog())];
  await listener.clearSpokenPhraseLog();
  return phrases.filter(isSaid).map(short);
}

/** All of an element, as a visitor hears it who reads on and on. */
export async function read(selector) {
  const reader = new Virtual();
  const container = document.body.querySelector(selector);
  await reader.start({ container, window: { document } });
  const first = reader.activeNode;
  const phrase = await reader.lastSpokenPhrase();
  // After the last one it begins anew.
  do await reader.next();
  while (reader.activeNode !== first || (await reader.lastSpokenPhrase()) !== phrase);
  const log = (await reader.spokenPhraseLog()).slice(0, -1).filter(isSaid).map(short);
  await reader.stop();
  const phrases = [];
  for (const said of log) {
    // What is in a button is its name.
    if (said === 'end of button') phrases.splice(phrases.findLastIndex((one) => one.startsWith('button, ')) + 1);
    else phrases.push(said);
  }
  // A dialog that begins the reading is named once more as what surrounds it.
  return phrases.slice(phrases[0] === phrases[1] ? 1 : 0);
}
