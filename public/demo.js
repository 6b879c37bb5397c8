// Controls of the demo page: each sets an attribute of the live widget and of the code to paste.

const picker = document.getElementById('picker');
const stage = document.getElementById('stage');
const code = document.getElementById('code');
const eventType = document.getElementById('event-type');
const attributes = { book: 'inline' };

function showCode() {
  const list = Object.entries(attributes).filter(([, value]) => value);
  const text = list.map(([name, value]) => ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`).join('');
  code.textContent =
    `<script src="${new URL('widget.js', location.href).href}" async></script>\n<slot-picker${text}></slot-picker>`;
}

function set(name, value) {
  attributes[name] = value;
  if (value) picker.setAttribute(name, value);
  else picker.removeAttribute(name);
  showCode();
}

eventType.addEventListener('change', () => set('event-type', eventType.value));
for (const input of document.querySelectorAll('input[type=radio]')) {
  input.addEventListener('change', () => {
    if (input.name === 'width') {
      stage.dataset.width = input.value;
    } else if (input.name === 'book') {
      set('book', input.value);
    } else if (input.name === 'accent') {
      set('primary-color', input.value);
    } else {
      stage.dataset.theme = input.value;
      set('theme', input.value === 'auto' ? '' : input.value);
    }
  });
}

document.getElementById('copy').addEventListener('click', async (event) => {
  const button = event.currentTarget;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // Pages on an insecure address have no clipboard: the text is selected, so that the visitor can copy it.
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
});

picker.addEventListener('slotwire:ready', () => {
  const files = performance.getEntriesByType('resource').filter(({ name }) => /\/widget[-\w]*\.(js|wasm)$/.test(new URL(name).pathname));
  const bytes = files.reduce((sum, file) => sum + file.encodedBodySize, 0);
  if (bytes) {
    document.getElementById('facts').textContent =
      `The whole widget: ${Math.round(bytes / 1000)} kB. No cookies, no third party.`;
  }
}, { once: true });

showCode();
try {
  const reply = await fetch('api/app/calendly/event-types');
  const { data } = await reply.json();
  for (const { slug, name, duration } of data?.eventTypes ?? []) {
    eventType.add(new Option(`${name} (${duration} min)`, slug));
  }
  if (eventType.options.length > 1) {
    eventType.selectedIndex = 1;
    set('event-type', eventType.value);
  }
} catch {
  // The widget itself shows the error; the list of meetings stays as it is.
}
