// The proxy's page of an event type in a WebView, and what it tells as props.
import { createElement } from 'react';
import { WebView } from 'react-native-webview';
import { checkedOrigin } from './origin.js';

// Of a WebView's own props only `onError` is called alike: it gets both.
const names = ['Ready', 'EventTypeSelected', 'DateSelected', 'SlotSelected', 'Booked', 'Stale', 'Error', 'Resize'];

// Runs in the page before its own scripts: hands what the picker tells to the app.
const bridge = `${JSON.stringify(names)}.forEach(function (name) {
  addEventListener('slotwire:' + name.toLowerCase(), function (event) {
    window.ReactNativeWebView.postMessage(JSON.stringify({ slotwire: name, detail: event.detail }));
  });
}); true;`;

/** Calendly's names of what is known of the visitor, as its links have them. */
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
        // Not one of ours.
      }
      if (names.includes(told?.slotwire)) props[`on${told.slotwire}`]?.({ type: `slotwire:${told.slotwire.toLowerCase()}`, detail: told.detail });
    },
  });
}
