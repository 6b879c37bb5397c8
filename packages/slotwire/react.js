'use client';
// <SlotPicker> for React: the element's attributes on the server and in the browser, its events as props.
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
  // Listeners come with the ref, before any effect: an element whose script is there already tells of itself at once.
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
