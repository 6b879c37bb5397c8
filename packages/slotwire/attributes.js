// Props of <SlotPicker>, in React as in Vue, as attributes of the element.

const textFrom = (value) =>
  value instanceof Date ? value.toLocaleDateString('sv')
  : typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value)
  : String(value); // lists with commas

/** All but listeners; `style` and what is already an attribute's name stay as they are. */
export function attributesFrom(props) {
  const attributes = {};
  for (const [name, value] of Object.entries(props)) {
    if (value == null || /^on[A-Z]/.test(name)) continue;
    attributes[name === 'className' ? 'class' : name.replace(/[A-Z]/g, '-$&').toLowerCase()] =
      /^(style|class)$/.test(name) ? value : textFrom(value);
  }
  return attributes;
}

/** `onDateSelected` as the name of the DOM event. */
export const eventFrom = (name) => `slotwire:${name.slice(2).toLowerCase()}`;

/** The element tells of it as of all other trouble; what the app has put inside it stays on show. */
export const tellFailure = (element) => (error) =>
  element.dispatchEvent(
    new CustomEvent('slotwire:error', { bubbles: true, composed: true, detail: { code: 'load_failed', message: error.message } }),
  );
