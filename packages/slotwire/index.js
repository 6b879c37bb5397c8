// The slotwire package: the widget's loader, and a client of the proxy's public API.
export { createClient, SlotwireError } from './client.js';
export { configure, load } from './load.js';
