// The report: plain tables for people, the same figures as JSON.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outDir } from './paths.mjs';

const lines = [];
const results = {};
/** @type {{goal: string, measured: string, isMet: boolean}[]} */
const goals = [];

export function say(text = '') {
  lines.push(text);
  console.log(text);
}

/** @param {string[]} columns @param {(string | number)[][]} rows the first column is the name, the others are figures */
export function table(columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  for (const row of cells) {
    say(`  ${row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ')}`.trimEnd());
  }
  say();
}

export function record(part, figures) {
  results[part] = figures;
}

export function goal(text, measured, isMet) {
  goals.push({ goal: text, measured, isMet });
}

/** Goals at the end, and both files. */
export function finish(machine) {
  if (goals.length) {
    say('Goals');
    table(['', 'measured', ''], goals.map(({ goal: text, measured, isMet }) => [text, measured, isMet ? 'met' : 'missed']));
  }
  writeFileSync(join(outDir, 'report.txt'), `${lines.join('\n')}\n`);
  writeFileSync(join(outDir, 'results.json'), `${JSON.stringify({ machine, goals, ...results }, null, 2)}\n`);
}
