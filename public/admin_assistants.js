// The list of event types with a checkbox for each: whether assistants can see it.
import { byId, element, show } from './admin_view.js';

const states = {
  off: 'They have no way in: CALENDLY_MCP is off.',
  on: 'They find free times at /mcp, and book with an admin\'s token.',
  book: 'They find free times at /mcp, and anybody\'s may book.',
};

/** @param turn called with the checkbox that changed; its value is the event type's URI */
export function showAssistants({ mcp, eventTypes }, turn) {
  byId('assistants-state').textContent = states[mcp] ?? '';
  byId('assistants').replaceChildren(...eventTypes.map(({ uri, name, open }) => {
    const item = element('li');
    const label = element('label');
    const box = element('input', undefined, { type: 'checkbox', value: uri });
    box.checked = open;
    box.addEventListener('change', () => turn(box, name));
    label.append(box, ' ', name);
    item.append(label);
    return item;
  }));
  show(byId('assistants-card'), eventTypes.length > 0);
}
