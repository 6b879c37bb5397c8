// The repository's documents for readers, and the anchors of their headings.
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const textOf = (path) => readFileSync(join(root, path), 'utf8');

/** @returns {string[]} paths from the root */
export const documents = () => [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  'packages/slotwire/README.md', 'tests/bench/README.md',
];

/** The text without code blocks and inline code, which contain neither links nor headings. */
export const withoutCode = (text) => text.replace(/^( *)```[^]*?^\1```$/gm, '').replace(/``[^`]*``|`[^`\n]*`/g, (code) => code.replace(/[[\]()#]/g, ' '));

/** Fenced blocks of one language. @returns {string[]} */
export const blocksOf = (text, language) => [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^\\1\`\`\`$`, 'gm'))].map(([, , block]) => block);

/** The anchors of a document's headings, as code hosts make them: lower case, spaces as hyphens, only letters, digits, - and _. */
export function anchorsOf(text) {
  const seen = new Map();
  const headings = text.replace(/^( *)```[^]*?^\1```$/gm, '').matchAll(/^#+ +(.+)$/gm);
  return new Set([...headings].map(([, heading]) => {
    const name = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '').trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times ? `${name}-${times}` : name;
  }));
}

/** Rows of the table below a heading, each as its cells, without the header and the rule. */
export function tableBelow(text, heading) {
  const from = text.indexOf(`\n${heading}\n`);
  if (from < 0) throw new Error(`there is no heading "${heading}"`);
  const rows = [];
  for (const line of text.slice(from + heading.length + 2).split('\n')) {
    if (/^#/.test(line)) break;
    if (line.startsWith('|')) rows.push(line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim()));
    else if (rows.length) break;
  }
  return rows.slice(2);
}

export const codesIn = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
