// Translates pointer, touch and wheel events on the canvas into the model's calls. The page scrolls and zooms as usual, except
// while a list inside the widget takes the movement.

const kinds = { mouse: 0, touch: 1, pen: 2 };
const moved = 0;
const pressed = 1;
const released = 2;
const cancelled = 3;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(phase: number, kind: number, x: number, y: number) => boolean} pointer returns true if a drag from here scrolls
 * something inside
 * @param {(x: number, y: number, dx: number, dy: number) => boolean} wheel returns true if something inside scrolled
 */
export function listenToPointer(canvas, pointer, wheel) {
  let held = false;
  /** @type {number | null} */
  let owner = null;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    // The page may be scaled by a CSS transform; the model uses the widget's own CSS pixels.
    return [
      ((event.clientX - box.left) * canvas.clientWidth) / (box.width || 1),
      ((event.clientY - box.top) * canvas.clientHeight) / (box.height || 1),
    ];
  };
  const tell = (phase, event) => {
    const [x, y] = at(event);
    held = pointer(phase, kinds[event.pointerType] ?? 0, x, y);
  };
  const end = (phase) => (event) => {
    if (owner !== null && event.pointerId !== owner) return;
    owner = null;
    tell(phase, event);
    if (phase === released && event.pointerType === 'touch') tell(cancelled, event);
    held = false;
  };
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {
    pointerdown(event) {
      if (!event.isPrimary || event.button !== 0) return;
      owner = event.pointerId;
      if (event.pointerType !== 'touch') canvas.setPointerCapture(owner);
      tell(pressed, event);
    },
    pointermove(event) {
      if (owner !== null ? event.pointerId === owner : event.isPrimary) tell(moved, event);
    },
    pointerup: end(released),
    pointercancel: end(cancelled),
    pointerleave(event) {
      if (owner === null) tell(cancelled, event);
    },
    touchmove(event) {
      if (held && event.touches.length === 1 && event.cancelable) event.preventDefault();
    },
    touchend(event) {
      // The tap has been handled already. The browser's click would land on whatever the tap has opened.
      if (event.cancelable) event.preventDefault();
    },
    wheel(event) {
      // With Ctrl pressed, the wheel is the browser's zoom.
      if (event.ctrlKey || event.defaultPrevented) return;
      const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? canvas.clientHeight : 1;
      const [x, y] = at(event);
      if (wheel(x, y, event.deltaX * unit, event.deltaY * unit)) event.preventDefault();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) canvas.addEventListener(name, listener, { passive: false });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) canvas.removeEventListener(name, listener);
  };
}
