// What is there before anything has arrived: the widget's final size and its outline, and the way out when it cannot run.

// web/view/layout.h has the same numbers: the height depends on the width alone, so nothing moves when the content comes.
const wideFrom = 640;
const wideHeight = 540;
const narrowHeight = 740;

export const heightFor = (width, option) => parseFloat(option) || (width >= wideFrom ? wideHeight : narrowHeight);

const styles = `
:host { display: block; position: relative; box-sizing: border-box; contain: layout; border-radius: 12px; overflow: clip; --line: rgb(120 130 150/.16); }
:host([hidden]) { display: none; }
.skeleton { position: absolute; inset: 0; overflow: hidden; padding: 24px; box-sizing: border-box; border-radius: inherit;
  border: 1px solid var(--line); display: grid; align-content: start; gap: 6px; grid-template-columns: repeat(7, 1fr); }
.skeleton i { background: var(--line); border-radius: 8px; height: 38px; }
.skeleton i.wide { grid-column: 1 / 5; height: 22px; margin-bottom: 18px; }
.skeleton.beside { padding-right: 42%; }
.away { position: absolute; inset: 0; display: grid; place-content: center; gap: 12px; padding: 24px; text-align: center; }
.away a { color: inherit; padding: 12px; }
`;

let sheet;
export function baseSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}

export function skeleton(width) {
  const box = document.createElement('div');
  box.className = width >= wideFrom ? 'skeleton beside' : 'skeleton';
  box.setAttribute('aria-hidden', 'true');
  for (let i = 0; i < 43; i++) box.append(document.createElement('i'));
  box.firstElementChild.className = 'wide';
  return box;
}

/** A sentence and a link, for a browser that cannot run the widget. */
export function wayOut(text, linkText, url) {
  const box = document.createElement('div');
  box.className = 'away';
  const sentence = document.createElement('p');
  sentence.textContent = text;
  box.append(sentence);
  if (/^https?:/.test(url ?? '')) {
    const link = document.createElement('a');
    link.href = url;
    link.target = '_blank';
    link.rel = 'noopener';
    link.textContent = linkText;
    box.append(link);
  }
  // Whatever the site put inside the element for visitors without scripts is welcome here too.
  box.append(document.createElement('slot'));
  return box;
}
