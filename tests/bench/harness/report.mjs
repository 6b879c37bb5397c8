// The report. A part says its tables here, as Markdown that reads well in a terminal too; BENCHMARKS.md is made of what all parts said, a
// section for each, with the figures of the last run of that part and the date and commit they are of.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outDir, root } from './paths.mjs';

const file = join(root, 'BENCHMARKS.md');

/** @typedef {{goal: string, measured: string, isMet: boolean}} Goal */
/** @typedef {{lines: string[], goals: Goal[], figures: unknown, error?: string}} Told what a part said */
/** @type {Told} */
const told = { lines: [], goals: [], figures: null };
const began = performance.now();

/** A paragraph, or a line of one; an empty line ends it. */
export function say(text = '') {
  told.lines.push(text);
  console.log(text);
}

/** How far a part is: for who waits, not for the report. */
export const progress = (text) => console.error(`    ${((performance.now() - began) / 1000).toFixed(0).padStart(3)} s  ${text}`);

/** @param {string[]} columns @param {(string | number)[][]} rows the first column is the name, the others are figures or text */
export function table(columns, rows) {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = columns.map((_, i) => Math.max(3, ...cells.map((row) => row[i].length)));
  // Figures stand to the right, names and sentences to the left.
  const isText = columns.map((_, i) => i === 0 || cells.slice(1).some((row) => /[a-z]{3}.* .*[a-z]{3}/.test(row[i])));
  const line = (row) => `| ${row.map((cell, i) => (isText[i] ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (isText[i] ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  if (told.lines.length && told.lines.at(-1)) say();
  for (const text of [line(cells[0]), rule, ...cells.slice(1).map(line)]) say(text);
  say();
}

export function record(figures) {
  told.figures = figures;
}

export function goal(text, measured, isMet) {
  told.goals.push({ goal: text, measured, isMet });
}

const toldFile = (name) => join(outDir, `${name}.json`);

/** At a part's end, in its own process. @param {Error} [error] why it could not go on */
export function handOver(name, error) {
  if (told.goals.length) table(['goal', 'measured', ''], told.goals.map(({ goal: text, measured, isMet }) => [text, measured, isMet ? 'met' : 'missed']));
  writeFileSync(toldFile(name), JSON.stringify({ ...told, error: error?.message }));
}

/** What a part handed over. @returns {Told} */
export const toldBy = (name) => JSON.parse(readFileSync(toldFile(name), 'utf8'));

/**
 * @typedef {object} Outcome what is known of one run of a part, and stands in its section where only this module looks
 * @property {'measured' | 'failed' | 'left out'} how
 * @property {string} [why] it failed or was left out
 * @property {string} when
 * @property {string} commit
 * @property {string} machine
 * @property {number} tookS
 * @property {Goal[]} goals
 */

const keptPattern = /^<!-- (\{.*\}) -->$/m;

function resultOf({ how, why, goals }) {
  if (how !== 'measured') return `**${how}**: ${why.split('\n', 1)[0]}`;
  return goals.length ? `${goals.filter(({ isMet }) => isMet).length} of ${goals.length} goals met` : 'measured; no goals are set';
}

/** The section of a part: what it is, when and on what it was measured, how to repeat it, and what it said. */
function sectionOf(name, { about, command }, outcome, lines) {
  // Two hyphens would end the comment.
  const kept = `<!-- ${JSON.stringify(outcome).replaceAll('--', '-\\u002d')} -->`;
  const head = [`## ${name}`, kept, '', `${about} Again: \`${command}\``, '',
    `${outcome.when.slice(0, 16).replace('T', ' ')} UTC, commit ${outcome.commit}, ${outcome.tookS} s: ${resultOf(outcome)}.`, '', outcome.machine, ''];
  const why = outcome.how === 'failed' && outcome.why.includes('\n') ? ['```', outcome.why, '```', ''] : [];
  return [...head, ...why, ...lines].join('\n').replace(/\n{3,}/g, '\n\n').trim();
}

function keptSections() {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return new Map(); // there is none yet
  }
  return new Map(text.split(/^(?=## )/m).filter((section) => keptPattern.test(section)).map((section) => [/^## (.*)/.exec(section)[1], section.trim()]));
}

const outcomeIn = (section) => JSON.parse(keptPattern.exec(section)[1]);

/**
 * Writes the section of one part anew and leaves all others as they are.
 * @param {Record<string, {about: string, command: string}>} parts all there are, in order
 * @param {string} name
 * @param {Outcome} outcome
 * @param {string[]} lines what it said
 * @param {string} intro what stands above the sections
 */
export function writeSection(parts, name, outcome, lines, intro) {
  const sections = keptSections();
  sections.set(name, sectionOf(name, parts[name], outcome, lines));
  const known = Object.keys(parts).filter((one) => sections.has(one));
  const outcomes = Object.fromEntries(known.map((one) => [one, outcomeIn(sections.get(one))]));
  const overview = ['| part | measured | commit | took | result |', '|---|---|---|--:|---|',
    ...Object.keys(parts).map((one) => {
      const of = outcomes[one];
      const result = of ? resultOf(of).replaceAll('|', '\\|') : `**not measured**: \`${parts[one].command}\` does it`;
      return of ? `| [${one}](#${one}) | ${of.when.slice(0, 16).replace('T', ' ')} | ${of.commit} | ${of.tookS} s | ${result} |` : `| ${one} | - | - | - | ${result} |`;
    })];
  const goals = known.flatMap((one) => outcomes[one].goals.map((each) => `| ${each.goal.replaceAll('|', '\\|')} | ${each.measured} | ${each.isMet ? 'met' : '**missed**'} |`));
  const goalTable = goals.length ? ['', '| goal | measured | |', '|---|---|---|', ...goals] : [];
  const text = [intro.trim(), '', ...overview, ...goalTable, '', ...known.flatMap((one) => [sections.get(one), ''])].join('\n');
  writeFileSync(file, text);
}
