// slotwire: the widget's loader, and a client of the proxy's public calls.
export { createClient, SlotwireError } from './client.js';
export { configure, load } from './load.js';
