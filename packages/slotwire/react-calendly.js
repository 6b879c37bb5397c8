'use client';
// Components with the names and props of react-calendly, implemented with slotwire: a site changes only its import.
import { createElement, useEffect, useRef, useState } from 'react';
import { load } from './load.js';

export { configure } from './load.js';

/**
 * Makes one of the calls of `widget.js?calendly`, and makes it again when its arguments change.
 * @param props of the component; those that Calendly's calls take are passed on
 * @param begin name of the call, which is made while `isWanted`
 * @param end name of the call that undoes it, if there is one
 * @param own arguments that the component adds
 * @param failed called if widget.js cannot be loaded
 */
function useCalendly({ origin, url, prefill, utm, pageSettings, text, color, textColor }, begin, end, own, failed, isWanted = true) {
  const call = { url, prefill, utm, pageSettings, text, color, textColor };
  useEffect(() => {
    if (!isWanted) return;
    let made;
    let isOver;
    load(origin, '?calendly').then(
      () => {
        if (isOver) return;
        made = Calendly;
        made[begin]({ ...call, ...own?.() });
      },
      () => isOver || failed?.(),
    );
    return () => {
      isOver = true;
      made?.[end]?.();
    };
  }, [origin, isWanted, JSON.stringify(call)]);
}

export function InlineWidget({ styles = { minWidth: 320, height: 630 }, className = 'calendly-inline-widget', ...props }) {
  const place = useRef();
  const [tag, setTag] = useState('noscript');
  // A new call for the same element ends the one before, and so does removing the element.
  useCalendly(props, 'initInlineWidget', '', () => ({ parentElement: place.current }), () => setTag('p'));
  const link = createElement('a', { href: props.url }, props.url);
  return createElement('div', { ref: place, style: styles, className, 'data-auto-load': 'false' }, createElement(tag, null, link));
}

function usePopup(props, isOpen, onModalClose) {
  const close = useRef();
  useEffect(() => {
    close.current = onModalClose;
  });
  const onClose = () => close.current();
  const failed = () => {
    // If widget.js cannot be loaded, the click opens the booking page.
    open(props.url, '_blank', 'noopener');
    onClose();
  };
  useCalendly(props, 'initPopupWidget', 'closePopupWidget', () => ({ onClose }), failed, isOpen);
}

export const PopupModal = (props) => usePopup(props, props.open, props.onModalClose);

export function PopupButton({ text, styles, className, ...props }) {
  const [isOpen, setOpen] = useState(false);
  usePopup(props, isOpen, () => setOpen(false));
  return createElement('button', { type: 'button', style: styles, className, onClick: () => setOpen(true) }, text);
}

export const PopupWidget = (props) => useCalendly(props, 'initBadgeWidget', 'destroyBadgeWidget');

export function useCalendlyEventListener(handlers) {
  useEffect(() => {
    const onMessage = (event) => {
      // calendly.event_scheduled becomes onEventScheduled, and so on; one name is different.
      const name = String(event.data?.event).replace('calendly.', 'on_').replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      handlers?.[name.replace('Height', 'HeightResize')]?.(event);
    };
    addEventListener('message', onMessage);
    return () => removeEventListener('message', onMessage);
  }, [handlers]);
}
