// Text by the browser: whole labels drawn with the page's own font into shelves of one alpha atlas.

/** Texels on a side; kAtlasSide in web/platform/abi.h. */
export const atlasSide = 2048;

const gap = 1;

/**
 * @param {string} family CSS font-family
 * @param {boolean} rightToLeft the base direction of labels that mix scripts
 * @param {(x: number, y: number, width: number, height: number, alpha: Uint8Array) => void} upload
 */
export function createTextAtlas(family, rightToLeft, upload) {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  let ratio = 1;
  /** @type {{top: number, height: number, used: number}[]} */
  let shelves = [];

  function clear() {
    // The first texels stay solid: plain rectangles are drawn with them.
    shelves = [{ top: 0, height: 4, used: 4 }];
    upload(0, 0, 2, 2, new Uint8Array([255, 255, 255, 255]));
  }

  function place(width, height) {
    let shelf = shelves.find((s) => s.height >= height && s.height <= height * 1.3 && s.used + width <= atlasSide);
    if (!shelf) {
      const last = shelves[shelves.length - 1];
      const top = last.top + last.height + gap;
      if (top + height > atlasSide) return null;
      shelf = { top, height, used: 0 };
      shelves.push(shelf);
    }
    const x = shelf.used;
    shelf.used += width + gap;
    return { x, y: shelf.top };
  }

  const setFont = (devicePx, weight) => {
    pen.font = `${weight} ${devicePx}px ${family}`;
    pen.direction = rightToLeft ? 'rtl' : 'ltr';
    pen.textAlign = 'left';
  };

  return {
    clear,
    setRatio(value) {
      ratio = value;
    },
    measure(text, sizePx, weight) {
      setFont(sizePx * ratio, weight);
      return pen.measureText(text).width / ratio;
    },
    raster(text, sizePx, weight) {
      const size = sizePx * ratio;
      setFont(size, weight);
      const box = pen.measureText(text);
      const left = Math.ceil(Math.max(0, box.actualBoundingBoxLeft)) + 1;
      const above = Math.ceil(Math.max(0, box.actualBoundingBoxAscent)) + 1;
      const width = Math.min(atlasSide, left + Math.ceil(Math.max(0, box.actualBoundingBoxRight)) + 1);
      const height = Math.min(atlasSide / 4, above + Math.ceil(Math.max(0, box.actualBoundingBoxDescent)) + 1);
      const spot = place(width, height);
      if (!spot) {
        clear();
        return null;
      }
      if (canvas.width < width || canvas.height < height) {
        canvas.width = Math.max(canvas.width, width);
        canvas.height = Math.max(canvas.height, height);
        setFont(size, weight);
      } else {
        pen.clearRect(0, 0, width, height);
      }
      pen.fillText(text, left, above);
      const { data } = pen.getImageData(0, 0, width, height);
      const alpha = new Uint8Array(width * height);
      for (let i = 0; i < alpha.length; i++) alpha[i] = data[i * 4 + 3];
      upload(spot.x, spot.y, width, height, alpha);
      // The font's own ascent and descent, centred in a line as tall as the size, as CSS does with line-height: 1.
      const baseline = Math.round((size + box.fontBoundingBoxAscent - box.fontBoundingBoxDescent) / 2);
      return [spot.x, spot.y, width, height, -left / ratio, (baseline - above) / ratio, box.width / ratio];
    },
  };
}
