// Runs in a page before its widgets: reads the model, twin and canvas of a widget, and reports contradictions between them.
export function inspectors() {
  window.cores = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
    construct(target, given) {
      const made = Reflect.construct(target, given);
      window.cores.push(made.exports);
      return made;
    },
  });
  const read = (core, name) => {
    const [pointer, size] = new Uint32Array(core.memory.buffer, core[name]() >>> 0, 2);
    return JSON.parse(new TextDecoder().decode(new Uint8Array(core.memory.buffer, pointer, size)) || '{}');
  };
  const activated = new Set(['button', 'link', 'gridcell', 'option', 'textbox']);

  window.modelOf = (index) => {
    const { focus, ...screen } = read(window.cores[index], 'sw_screen');
    return JSON.stringify(screen);
  };
  window.placesOf = (index) => read(window.cores[index], 'sw_places');
  // Before its first frame a visible canvas has no positions, though the twin's elements exist.
  const isBlank = (index) => hosts()[index]?.shadowRoot.querySelector('canvas:not([hidden])') && !Object.keys(window.placesOf(index)).length;
  window.isBusy = (index) => /"busy":true|"kind":"progress"/.test(window.modelOf(index)) || Boolean(isBlank(index));

  const hosts = (root = document) => [...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ? [...(shadowRoot.querySelector('.twin') ? [shadowRoot.host] : []), ...hosts(shadowRoot)] : []);
  window.contradictions = (index) => {
    const host = hosts()[index];
    if (!host) return ['there is no widget'];
    const { shadowRoot } = host;
    const wrong = [];
    const same = (id, what, shown, wanted) => {
      if ((shown ?? '') !== (wanted ?? '')) wrong.push(`${id} ${what}: twin "${shown}", model "${wanted}"`);
    };
    const nodes = new Map();
    const walk = (node) => {
      nodes.set(node.id, node);
      const element = shadowRoot.getElementById(node.id);
      if (!element) {
        wrong.push(`${node.id} is not in the twin`);
        return;
      }
      const attribute = (name) => element.getAttribute(name);
      const flag = (value) => (value === undefined ? null : String(value));
      same(node.id, 'kind', attribute('data-kind'), node.kind);
      same(node.id, 'look', attribute('data-look'), node.look);
      same(node.id, 'faint', attribute('data-faint'), flag(node.faint));
      same(node.id, 'label', attribute('aria-label'), node.label);
      same(node.id, 'disabled', attribute('aria-disabled'), node.disabled ? 'true' : null);
      same(node.id, 'pressed', attribute('aria-pressed'), flag(node.pressed));
      same(node.id, 'expanded', attribute('aria-expanded'), flag(node.expanded));
      if (['gridcell', 'option'].includes(node.kind) && node.look !== 'blank') same(node.id, 'selected', attribute('aria-selected'), String(Boolean(node.selected)));
      if (node.kind === 'textbox') return same(node.id, 'value', element.value, node.value);
      const part = (name) => [...element.children].find((child) => child.className === name)?.textContent;
      same(node.id, 'text', part('text'), node.text);
      same(node.id, 'hint', part('hint'), node.hint);
      const children = [...element.children].filter((child) => child.dataset.kind).map((child) => child.id);
      same(node.id, 'children', children.join(' '), (node.children ?? []).map((child) => child.id).join(' '));
      (node.children ?? []).forEach(walk);
    };
    walk(JSON.parse(window.modelOf(index)).root);
    const box = host.getBoundingClientRect();
    for (const [id, [x, y, width, height]] of Object.entries(window.placesOf(index))) {
      const node = nodes.get(id);
      if (!node || !activated.has(node.kind)) wrong.push(`${id} can be hit on the canvas, and is ${node?.kind ?? 'nothing'} in the model`);
      if (!node) continue;
      const lies = shadowRoot.getElementById(id).getBoundingClientRect();
      const far = Math.max(Math.abs(lies.x - box.x - x), Math.abs(lies.y - box.y - y), Math.abs(lies.width - width), Math.abs(lies.height - height));
      if (far > 1.5 && node.kind !== 'textbox') wrong.push(`${id} lies ${far} px beside its drawing`);
    }
    return wrong;
  };
}
