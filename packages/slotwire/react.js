'use client';
// <SlotPicker> for React: renders the element's attributes on the server and in the browser, and passes its events to props.
import { createElement, forwardRef, useEffect, useImperativeHandle, useRef } from 'react';
import { attributesFrom, eventFrom, tellFailure } from './attributes.js';
import { load } from './load.js';

export { configure, load } from './load.js';

export const SlotPicker = forwardRef(function SlotPicker({ origin, children, ...props }, outer) {
  const own = useRef(null);
  const ended = useRef(null);
  useImperativeHandle(outer, () => own.current, []);
  useEffect(() => {
    load(origin).catch(tellFailure(own.current));
  }, [origin]);
  // Listeners are added by the ref, before any effect: if widget.js is already loaded, the element sends events at once.
  const ref = (element) => {
    ended.current?.abort();
    own.current = element;
    if (!element) return;
    ended.current = new AbortController();
    for (const name in props) {
      if (/^on[A-Z]/.test(name) && props[name]) element.addEventListener(eventFrom(name), props[name], { signal: ended.current.signal });
    }
  };
  return createElement('slot-picker', { ...attributesFrom(props), ref }, children);
});
