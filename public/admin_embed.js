// The embed code and its live preview.
import { byId, element, keyOf, show } from './admin_view.js';

const defaults = { 'event-type': '', theme: 'auto', view: 'month', 'primary-color': '#2257d6' };
let integrity = '';

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

export function showEmbed() {
  const chosen = new FormData(byId('embed-form'));
  const attributes = Object.keys(defaults).filter((name) => (chosen.get(name) ?? '') !== defaults[name]).map((name) => [name, chosen.get(name)]);
  const pin = integrity ? `\n  integrity="${integrity}" crossorigin="anonymous"` : '';
  const text = attributes.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
  byId('embed-code').textContent = `<script src="${location.origin}/widget.js"${pin} async></script>\n<slot-picker${text}></slot-picker>`;
  const picker = byId('preview').firstElementChild;
  if (!picker) return;
  for (const name of Object.keys(defaults)) {
    const value = attributes.find(([key]) => key === name)?.[1];
    if (value === undefined) picker.removeAttribute(name);
    else if (picker.getAttribute(name) !== value) picker.setAttribute(name, value);
  }
}

/** Lists the active event types, and keeps the selected one if possible. */
export function showEmbedChoices(status) {
  const types = (status.eventTypes ?? []).filter((type) => type.active !== false);
  const select = byId('embed-type');
  const before = [...select.options].map((option) => option.value).join();
  const chosen = select.value;
  select.replaceChildren(element('option', 'Visitor chooses from the list', { value: '' }),
    ...types.map((type) => element('option', type.name, { value: keyOf(type) })));
  const values = [...select.options].map((option) => option.value);
  select.value = before && values.includes(chosen) ? chosen : values[1] ?? '';
  const preview = byId('preview');
  show(byId('no-preview'), !status.connected);
  if (!status.connected) preview.replaceChildren();
  else if (!preview.firstElementChild) preview.append(document.createElement('slot-picker'));
  showEmbed();
}

export async function loadEmbed() {
  const manifest = await fetch('/manifest.json').then((response) => (response.ok ? response.json() : {})).catch(() => ({}));
  integrity = manifest['widget.js']?.sri ?? '';
  if (!document.querySelector('script[src="/widget.js"]')) document.head.append(element('script', undefined, { src: '/widget.js' }));
  showEmbed();
}
