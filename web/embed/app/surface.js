// What one widget is drawn on: a canvas with its size, pixel ratio and WebGL context. Without WebGL the twin's elements are shown
// instead.
import { createRenderer } from './renderer.js';
import { atlasSide } from './text_atlas.js';

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {object} widget
 * @param {(shown: boolean) => void} widget.showTwin true: the twin's elements are now the visible interface; false: the canvas is
 * @param {(width: number, height: number, ratio: number, ratioBefore: number) => void} widget.resized in CSS pixels before zoom
 * @param {() => void} widget.textLost the atlas's contents are lost
 */
export function createSurface({ root, zoom, shownTwin }, ended, { showTwin, resized, textLost }) {
  const on = (target, type, listener) => target.addEventListener(type, listener, { signal: ended });
  const canvas = document.createElement('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  root.append(canvas);
  const hostSize = () => {
    const { width, height } = root.host.getBoundingClientRect();
    return [width, height].map((px) => Math.round(px * (devicePixelRatio || 1)));
  };
  // Sized before it has a context, which would be resized twice otherwise.
  [canvas.width, canvas.height] = hostSize();
  let renderer = createRenderer(canvas, atlasSide);
  let ratio = 0;
  let lost = false;
  // The browser cannot force colours on a canvas, so visitors with forced colours get the elements.
  const forced = matchMedia('(forced-colors: active)');

  function resize(deviceWidth, deviceHeight) {
    const before = ratio;
    ratio = (devicePixelRatio || 1) * zoom;
    if (canvas.width !== deviceWidth) canvas.width = deviceWidth;
    if (canvas.height !== deviceHeight) canvas.height = deviceHeight;
    resized(deviceWidth / ratio, deviceHeight / ratio, ratio, before);
  }

  const measure = () => resize(...hostSize());

  const observer = new ResizeObserver(([{ target, contentRect, devicePixelContentBoxSize: exact }]) => {
    const scale = devicePixelRatio || 1;
    if (target !== canvas || !contentRect.width) return;
    const width = contentRect.width * scale;
    const height = contentRect.height * scale;
    // An emulated pixel ratio (developer tools, tests) changes devicePixelRatio but not the exact box.
    const isExact = exact && Math.abs(exact[0].inlineSize - width) < 2;
    resize(Math.round(isExact ? exact[0].inlineSize : width), Math.round(isExact ? exact[0].blockSize : height));
  });

  function watchRatio() {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener(
      'change',
      () => {
        measure();
        watchRatio();
      },
      { once: true, signal: ended },
    );
  }

  async function choose() {
    const isTwin = () => !renderer || lost || forced.matches;
    if (isTwin()) {
      // Without its style sheet the twin is plain but complete.
      const made = await shownTwin().catch(() => undefined);
      if (ended.aborted) return;
      if (made && !root.adoptedStyleSheets.includes(made.shownSheet())) root.adoptedStyleSheets = [...root.adoptedStyleSheets, made.shownSheet()];
    }
    showTwin(isTwin());
    canvas.hidden = isTwin();
  }

  on(canvas, 'webglcontextlost', (event) => {
    event.preventDefault();
    if (ended.aborted) return;
    lost = true;
    choose();
  });
  on(canvas, 'webglcontextrestored', () => {
    renderer = renderer ?? createRenderer(canvas, atlasSide);
    renderer?.setUp();
    lost = false;
    choose();
    textLost();
  });
  on(forced, 'change', () => {
    choose();
    textLost();
  });

  return {
    canvas,
    /** Uploads texels to the atlas; does nothing without WebGL. */
    upload: (x, y, texels) => renderer?.upload(x, y, texels),
    holdColours: () => renderer?.holdColours(),
    /** True if there is WebGL and the canvas has a size. */
    canDraw: () => Boolean(renderer) && ratio > 0,
    draw: (drawing) => renderer.draw(drawing, ratio),
    measure,
    /** Whether the canvas matches the current pixel ratio. Not every change of the ratio causes an event. */
    isSharp: () => ratio === devicePixelRatio * zoom,
    /** Shows the canvas or the elements, as needed. */
    choose,
    /** From now on follows changes of the host's size and the pixel ratio. */
    follow() {
      try {
        observer.observe(canvas, { box: 'device-pixel-content-box' });
      } catch {
        // Safari has no device-pixel box: rounded sizes may be off by a pixel.
        observer.observe(canvas);
      }
      watchRatio();
    },
    destroy() {
      observer.disconnect();
      renderer?.destroy();
      canvas.remove();
    },
  };
}
