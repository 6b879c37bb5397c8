// What one widget is drawn on: a canvas with its size, its pixel ratio and its WebGL; without those, the elements are shown instead.
import { createRenderer } from './renderer.js';
import { atlasSide } from './text_atlas.js';

/**
 * @param {import('./app.js').Seed} seed
 * @param {AbortSignal} ended
 * @param {object} widget
 * @param {(shown: boolean) => void} widget.showTwin the elements are the interface now, or no longer
 * @param {(width: number, height: number, ratio: number, ratioBefore: number) => void} widget.resized in CSS pixels before zoom
 * @param {() => void} widget.textLost the atlas holds nothing any more
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
  // Before it has a context, which would be made anew for each side.
  [canvas.width, canvas.height] = hostSize();
  let renderer = createRenderer(canvas, atlasSide);
  let ratio = 0;
  let lost = false;
  // A canvas keeps its own colours, so those who force theirs get the elements.
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
    // Emulated ratios (developer tools, tests) reach devicePixelRatio but not the exact box.
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
      // Without its style it is plain, and still all there.
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
    /** Puts texels in the atlas; nowhere without WebGL. */
    upload: (x, y, texels) => renderer?.upload(x, y, texels),
    holdColours: () => renderer?.holdColours(),
    /** There is WebGL, and a size. */
    canDraw: () => Boolean(renderer) && ratio > 0,
    draw: (drawing) => renderer.draw(drawing, ratio),
    measure,
    /** Not every change of the ratio is told by an event. */
    isSharp: () => ratio === devicePixelRatio * zoom,
    /** Shows canvas or elements, whichever it must be. */
    choose,
    /** From now on follows the size and the ratio of the page. */
    follow() {
      try {
        observer.observe(canvas, { box: 'device-pixel-content-box' });
      } catch {
        // Safari has no such box: rounded sizes may be a pixel off.
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
