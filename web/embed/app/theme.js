// Colours of the widget: light, dark or the site's own, corrected until text has enough contrast (WCAG AA).

/** @typedef {[number, number, number]} Colour red, green, blue, 0..255 */

const light = { background: [255, 255, 255], text: [23, 27, 34], primary: [34, 87, 214] };
const dark = { background: [21, 24, 30], text: [236, 239, 244], primary: [132, 169, 255] };

// In the order of enum Token in web/view/theme.h.
export const tokenNames = [
  'background', 'surface', 'border', 'text', 'text-muted', 'text-faint', 'primary', 'primary-hover', 'on-primary',
  'primary-soft', 'primary-strong', 'primary-soft-hover', 'hover', 'focus', 'skeleton', 'notice', 'warning', 'on-warning',
  'shadow',
];

const mix = (a, b, part) => /** @type {Colour} */ (a.map((value, i) => Math.round(value + (b[i] - value) * part)));

function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const black = /** @type {Colour} */ ([0, 0, 0]);
const white = /** @type {Colour} */ ([255, 255, 255]);
const readableOn = (colour) => (contrast(colour, white) >= contrast(colour, black) ? white : black);

/** `colour` moved towards black or white just far enough to reach the contrast `ratio` on `ground`. */
function corrected(colour, ground, ratio) {
  const end = readableOn(ground);
  let result = colour;
  for (let part = 0.05; contrast(result, ground) < ratio && part <= 1; part += 0.05) result = mix(colour, end, part);
  return result;
}

/**
 * Converts any CSS colour to numbers by asking the browser. As in Calendly's parameters, the # may be missing.
 * @param {ShadowRoot} place where `var(--brand)` and `currentColor` are resolved
 * @returns {Colour | null} null if the text is not a colour
 */
export function colourFrom(text, place) {
  if (!text) return null;
  const probe = document.createElement('i');
  // The background is used because an undefined variable leaves it transparent.
  probe.style.backgroundColor = /^([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text) ? `#${text}` : text;
  place.append(probe);
  const value = getComputedStyle(probe).backgroundColor;
  probe.remove();
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  pen.fillStyle = value;
  pen.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
  return a ? [r, g, b] : null;
}

/**
 * @param {Record<string, string>} options of the widget
 * @param {boolean} prefersDark
 * @param {ShadowRoot} place
 * @returns {Record<string, [number, number, number, number]>} a colour with alpha for each token
 */
export function themeFrom(options, prefersDark, place) {
  const isDark = options.theme === 'dark' || (options.theme !== 'light' && prefersDark);
  const base = isDark ? dark : light;
  const own = (name) => colourFrom(options[`${name}-color`], place) ?? /** @type {Colour} */ (base[name]);
  const background = own('background');
  const darkGround = readableOn(background) === white;
  const text = corrected(own('text'), background, 7);
  // A filled shape needs a contrast of 3:1 with its surroundings to be visible.
  const primary = corrected(own('primary'), background, 3);
  const onPrimary = corrected(readableOn(primary), primary, 4.5);
  const soft = mix(background, primary, darkGround ? 0.2 : 0.1);
  const softHover = mix(background, primary, darkGround ? 0.32 : 0.2);
  const warning = mix(background, darkGround ? [255, 190, 60] : [255, 176, 32], 0.2);
  const surface = darkGround ? mix(background, white, 0.05) : background;
  const colours = [
    background,
    surface,
    mix(background, text, 0.16),
    text,
    corrected(mix(text, background, 0.36), mix(background, text, 0.06), 4.5),
    mix(text, background, 0.58),
    primary,
    mix(primary, readableOn(background), 0.14),
    onPrimary,
    soft,
    corrected(primary, softHover, 4.5),
    softHover,
    mix(background, text, 0.06),
    corrected(primary, background, 3),
    mix(background, text, 0.09),
    mix(background, primary, darkGround ? 0.14 : 0.07),
    warning,
    corrected(text, warning, 7),
  ];
  const theme = Object.fromEntries(colours.map((colour, i) => [tokenNames[i], [...colour, 255]]));
  theme.shadow = [0, 0, 0, darkGround ? 150 : 50];
  return theme;
}

/** The tokens in the format of sw_theme: u32 0xRRGGBBAA, in order. */
export function bytesFromTheme(theme) {
  const words = tokenNames.map((name) => {
    const [r, g, b, a] = theme[name];
    return ((r << 24) | (g << 16) | (b << 8) | a) >>> 0;
  });
  return new Uint8Array(Uint32Array.from(words).buffer);
}

/**
 * The tokens as CSS custom properties. color-scheme lets the browser's own controls (radio buttons, scroll bars) match the
 * background.
 */
export const cssFromTheme = (theme) =>
  `color-scheme:${readableOn(theme.background) === white ? 'dark' : 'light'};` +
  tokenNames.map((name) => `--sw-${name}:rgb(${theme[name].slice(0, 3).join(' ')}/${theme[name][3] / 255})`).join(';');
