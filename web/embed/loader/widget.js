// widget.js: the one script a page includes. Shows the skeleton at once and starts everything else at the same time.
import { createAssets } from './assets.js';
import { defineElement, upgradeDivs } from './elements.js';
import { createMount } from './mount.js';

const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
const base = new URL('.', script?.src || location.href).href.replace(/\/$/, '');

if (!window.Slotwire) {
  const mount = createMount(base, createAssets(base));
  window.Slotwire = { mount, version: __VERSION__, messages: {} };
  defineElement(mount);
  upgradeDivs(mount);
}
