// Converts the props of <SlotPicker> (React and Vue) to attributes of the element.

const textFrom = (value) =>
  value instanceof Date ? value.toLocaleDateString('sv')
  : typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value)
  : String(value); // arrays become lists with commas

/** All props except listeners. `style` and names that are attributes already are kept as they are. */
export function attributesFrom(props) {
  const attributes = {};
  for (const [name, value] of Object.entries(props)) {
    if (value == null || /^on[A-Z]/.test(name)) continue;
    attributes[name === 'className' ? 'class' : name.replace(/[A-Z]/g, '-$&').toLowerCase()] =
      /^(style|class)$/.test(name) ? value : textFrom(value);
  }
  return attributes;
}

/** The DOM event's name for a prop such as `onDateSelected`. */
export const eventFrom = (name) => `slotwire:${name.slice(2).toLowerCase()}`;

/**
 * Reports a failed load with the element's error event, like all other errors. The app's own content of the element stays
 * visible.
 */
export const tellFailure = (element) => (error) =>
  element.dispatchEvent(
    new CustomEvent('slotwire:error', { bubbles: true, composed: true, detail: { code: 'load_failed', message: error.message } }),
  );
