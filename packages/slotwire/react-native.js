// Shows the proxy's page of an event type in a WebView, and passes its events to props.
import { createElement } from 'react';
import { WebView } from 'react-native-webview';
import { checkedOrigin } from './origin.js';

// Only `onError` is also a prop of WebView: it is called for both kinds of errors.
const names = ['Ready', 'EventTypeSelected', 'DateSelected', 'SlotSelected', 'Booked', 'Stale', 'Error', 'Resize'];

// Runs in the page before its own scripts: passes the picker's events to the app.
const bridge = `${JSON.stringify(names)}.forEach(function (name) {
  addEventListener('slotwire:' + name.toLowerCase(), function (event) {
    window.ReactNativeWebView.postMessage(JSON.stringify({ slotwire: name, detail: event.detail }));
  });
}); true;`;

/** Builds the query from what is known of the visitor, with the parameter names of Calendly's links. */
function queryFrom({ customAnswers, guests, date, ...prefill } = {}, utm = {}) {
  const known = { ...prefill, ...customAnswers, ...utm, guests: guests?.join(), date: date?.toLocaleDateString?.('sv') ?? date };
  return Object.entries(known)
    .filter(([, value]) => value != null)
    .map(([name, value]) => `${name.replace(/[A-Z]/g, '_$&').toLowerCase()}=${encodeURIComponent(value)}`);
}

export function SlotPicker({ origin, page, prefill, utm, onMessage, ...props }) {
  const address = `${checkedOrigin(origin)}/${page.replace(/^(https?:\/\/[^/]+)?\/*/, '')}`;
  const query = queryFrom(prefill, utm).join('&');
  return createElement(WebView, {
    ...props,
    source: { uri: query ? `${address}${address.includes('?') ? '&' : '?'}${query}` : address },
    injectedJavaScriptBeforeContentLoaded: bridge,
    onMessage(event) {
      onMessage?.(event);
      let told;
      try {
        told = JSON.parse(event.nativeEvent.data);
      } catch {
        // Not a message of ours.
      }
      if (names.includes(told?.slotwire)) props[`on${told.slotwire}`]?.({ type: `slotwire:${told.slotwire.toLowerCase()}`, detail: told.detail });
    },
  });
}
