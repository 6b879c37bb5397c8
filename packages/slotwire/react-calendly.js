'use client';
// The names and props of react-calendly, shown by slotwire: of a site's code only the import changes.
import { createElement, useEffect, useRef, useState } from 'react';
import { load } from './load.js';

export { configure } from './load.js';

/**
 * Makes one of the calls of `widget.js?calendly` whenever it would be another one.
 * @param props of the component; what there is of them in Calendly's calls goes along
 * @param begin name of the call, made while `isWanted`
 * @param end name of the call that takes it back, if one does
 * @param own what the component adds to the call
 * @param failed is told when widget.js cannot be had
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
  // A new call in the same place ends the one before, and so does the end of the place.
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
    // A click must lead somewhere.
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
    const hear = (event) => {
      // calendly.event_scheduled is onEventScheduled, and so are all but one.
      const name = String(event.data?.event).replace('calendly.', 'on_').replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      handlers?.[name.replace('Height', 'HeightResize')]?.(event);
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, [handlers]);
}
