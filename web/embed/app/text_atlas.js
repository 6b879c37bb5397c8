// Renders text with the browser: whole labels in the page's own font, packed in rows (shelves) of one atlas. It stores the
// coverage of each texel; from the first emoji on it stores colours too.

/** Width and height in texels; equals kAtlasSide in web/platform/abi.h. */
export const atlasSide = 2048;

const gap = 1;
const emoji = /\p{Extended_Pictographic}|\p{RI}|\u20e3/u;

/**
 * @param {string} family CSS font-family
 * @param {boolean} rightToLeft the base direction of labels that mix scripts
 * @param {(x: number, y: number, texels: ImageData) => void} upload
 * @param {() => void} holdColours clears the atlas, which stores colours from then on
 */
export function createTextAtlas(family, rightToLeft, upload, holdColours) {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  let ratio = 1;
  /** @type {{top: number, height: number, used: number}[]} */
  let shelves = [];
  let hasColours = false;

  function clear() {
    // The first texels stay solid: plain rectangles are drawn with them.
    shelves = [{ top: 0, height: 4, used: 4 }];
    upload(0, 0, new ImageData(new Uint8ClampedArray(16).fill(255), 2, 2));
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
      const isColoured = emoji.test(text);
      if (isColoured && !hasColours) {
        hasColours = true;
        holdColours();
        clear();
        return null;
      }
      const spot = place(width, isColoured ? 2 * height : height);
      if (!spot) {
        clear();
        return null;
      }
      if (canvas.width < width || canvas.height < height) {
        canvas.width = Math.max(canvas.width, width);
        canvas.height = Math.max(canvas.height, height);
        setFont(size, weight);
      }
      const drawn = (ink) => {
        pen.clearRect(0, 0, width, height);
        pen.fillStyle = ink;
        pen.fillText(text, left, above);
        return pen.getImageData(0, 0, width, height);
      };
      const ink = drawn('#fff');
      if (isColoured) {
        // A pixel that looks the same in black and in white ink has a colour of its own. Coloured pixels are stored below the
        // label, apart from those that take the text's colour.
        const own = drawn('#000');
        for (let i = 0; i < own.data.length; i += 4) (ink.data[i] - own.data[i] < 128 ? ink : own).data[i + 3] = 0;
        upload(spot.x, spot.y + height, own);
      }
      upload(spot.x, spot.y, ink);
      // The font's ascent and descent are centred in a line as tall as the font size, as CSS does with line-height: 1.
      const baseline = Math.round((size + box.fontBoundingBoxAscent - box.fontBoundingBoxDescent) / 2);
      return [spot.x, spot.y, width, height, -left / ratio, (baseline - above) / ratio, box.width / ratio, isColoured ? height : 0];
    },
  };
}
