// Creates elements for the booking form one by one, so that no text is parsed as markup and strict Content-Security-Policies
// allow it.

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] true sets an attribute without a value; false, empty and missing values are left out
 * @param {...(Node | string)} children
 * @returns {any} the element
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value || value === 0) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

const shapes = {
  back: 'M10 3 5 8l5 5',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2m0 3v3l2 1.5',
  day: 'M3 4h10v9.5H3zm0 3h10M5.5 2.5V5m5-2.5V5',
  zone: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M2 8h12M8 2c-4 4-4 8 0 12 4-4 4-8 0-12',
  place: 'M8 14S3.5 9.5 3.5 6.5a4.5 4.5 0 0 1 9 0C12.5 9.5 8 14 8 14m0-9a1.7 1.7 0 1 0 0 3.4A1.7 1.7 0 0 0 8 5',
};

/** @param {keyof typeof shapes} name */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shapes[name]);
  picture.append(path);
  return picture;
}
