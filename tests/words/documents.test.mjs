// Checks README and docs/ against the repository: links, commands, settings and error codes must exist.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { anchorsOf, blocksOf, codesIn, documents, root, tableBelow, textOf, withoutCode } from './documents.mjs';

const program = resolve(root, process.env.SLOTWIRE_BIN_DIR ?? 'build/bin', 'slotwire');
const slotwire = (...words) => execFileSync(program, words, { encoding: 'utf8' });

test('words: the README has fewer than 150 lines and one picture', () => {
  const text = textOf('README.md');
  assert.ok(text.split('\n').length < 150, `it has ${text.split('\n').length}`);
  assert.equal(text.match(/<img /g)?.length, 1);
});

test('words: what is to be installed has the version and the names that make dist gives it', () => {
  const { version } = JSON.parse(textOf('package.json'));
  const made = textOf('scripts/dist.sh');
  const named = documents().flatMap((path) => [...textOf(path).matchAll(/\bslotwire[_-]\d[\w.]*(?:[_-][\w-]+)*\.(?:deb|tar\.gz|tar|tgz)\b/g)].map(([name]) => name));
  assert.ok(named.length >= 4, named.join(' '));
  for (const name of named) {
    const pattern = name.replace(version, 'VERSION').replace('amd64', 'ARCH');
    assert.ok(pattern.includes('VERSION'), `${name} is not ${version}`);
    assert.ok(made.includes(pattern) || made.includes(pattern.replace('ARCH', 'amd64')), `make dist makes no ${name}`);
  }
});

test('words: every page of docs/ is on the README\'s map', () => {
  const text = textOf('README.md');
  for (const path of documents().filter((each) => each.startsWith('docs/') && each !== 'docs/picker-comparison.md'))
    assert.ok(text.includes(`](${path})`), `${path} is not`);
});

test('words: every link and anchor in the documents leads somewhere', () => {
  const lost = [];
  let followed = 0;
  for (const path of documents()) {
    const text = textOf(path);
    const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g), ...text.matchAll(/(?:src|srcset)="([^"]+)"/g)].map(([, target]) => target);
    for (const target of targets.filter((each) => !/^(https?|mailto):/.test(each) && !blocksOf(text, '\\w+').some((block) => block.includes(`"${each}"`)))) {
      ++followed;
      const [file, anchor] = target.split('#');
      const found = file ? relative(root, join(root, dirname(path), file)) : path;
      if (!existsSync(join(root, found))) lost.push(`${path}: ${target}`);
      else if (anchor !== undefined && !(found.endsWith('.md') && anchorsOf(textOf(found)).has(anchor))) lost.push(`${path}: no heading for ${target}`);
    }
  }
  assert.deepEqual(lost, []);
  assert.ok(followed > 50, `only ${followed} links were found`);
});

test('words: every make target that the documents name is in the Makefile', () => {
  const targets = new Set([...textOf('Makefile').matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name));
  const named = [];
  for (const path of documents()) {
    const text = textOf(path);
    const code = [...[...text.matchAll(/^( *)```sh\n([^]*?)^\1```$/gm)].map((found) => found[2]), ...codesIn(text)];
    // `make -C folder` and similar are not our targets.
    for (const piece of code) for (const [, name] of piece.matchAll(/(?:^|[\n;&(] *)make ([a-z][a-z0-9-]*)/g)) named.push([path, name]);
  }
  assert.ok(named.length > 5);
  assert.deepEqual(named.filter(([, name]) => !targets.has(name)), []);
});

test('words: every slotwire command and flag in a block of the documents is one of the program', () => {
  const known = new Map();  // "jwt list" -> its help
  const helpOf = (...words) => {
    const key = words.join(' ');
    if (!known.has(key)) known.set(key, slotwire(...words, '--help'));
    return known.get(key);
  };
  const commandsIn = (help) => [...(/^Subcommands:\n((?: +.*\n)+)/m.exec(help)?.[1] ?? '').matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
  const flagsIn = (help) => [...help.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag);
  const wrong = [];
  let seen = 0;
  for (const path of documents()) {
    for (const block of blocksOf(textOf(path), 'sh')) {
      for (const line of block.replace(/\\\n */g, ' ').replace(/sudo -u slotwire /g, '').split(/\n|&&/)) {
        const found = /(?:^|[\s(|])(?:\S*\/)?slotwire ((?:[a-z-]+ ?)[^#|;<>]*)/.exec(line);
        if (!found || /\b(docker|podman|apt|systemctl|journalctl|npm|useradd|cp|dpkg|pg_dump|psql|runuser|tar)\b/.test(line.slice(0, found.index + 1))) continue;
        ++seen;
        const words = found[1].trim().split(/\s+/);
        const path_ = [];
        while (words.length && commandsIn(helpOf(...path_)).includes(words[0])) path_.push(words.shift());
        if (!path_.length) wrong.push(`${path}: no command in "${line.trim()}"`);
        if (commandsIn(helpOf(...path_)).length) wrong.push(`${path}: "${path_.join(' ')}" wants a command more`);
        const flags = new Set([...flagsIn(helpOf()), ...flagsIn(helpOf(...path_))]);
        for (const word of words.filter((each) => each.startsWith('--'))) if (!flags.has(word)) wrong.push(`${path}: ${path_.join(' ')} has no ${word}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(seen > 10, `only ${seen} commands were found`);
});

test('words: the settings that are documented are those of the program, with its defaults', () => {
  const help = slotwire('--help');
  // --port TEXT   port to listen on (3000; 0: any free one) [PORT]      and for secrets      JWT_SECRET: signs admin tokens; ...
  const told = new Map();
  for (const [, words, name] of help.matchAll(/^ +--[a-z-]+ TEXT\s+([^[]*)\[([A-Z_]+)\]$/gm)) told.set(name, words.trim());
  for (const [, name, words] of help.matchAll(/^ {2}([A-Z][A-Z_]+): (.*)$/gm)) told.set(name, words.trim());
  const documented = new Map();
  for (const [names, defaults] of tableBelow(textOf('docs/operating.md'), '## Settings')) {
    const [each, standard] = [codesIn(names), codesIn(defaults)];
    each.forEach((name, i) => documented.set(name, standard.length ? standard[standard.length === each.length ? i : 0] : defaults.split(':')[0]));
  }
  assert.deepEqual([...documented.keys()].sort(), [...told.keys()].sort());
  for (const [name, words] of told) {
    const standard = /\(([^()]*)\)$/.exec(words)?.[1] ?? 'none';
    assert.equal(documented.get(name), standard.replace(/[:;] .*$/, ''), `${name}: ${words}`);
  }
});

test('words: a setting that the program does not know is in no document', () => {
  const known = new Set([...slotwire('--help').matchAll(/\b[A-Z][A-Z_]+\b/g)].map(([name]) => name));
  const unknown = [];
  for (const path of documents())
    for (const [name] of textOf(path).matchAll(/\b(?:CALENDLY|JWT|LOG|METRICS)_[A-Z][A-Z_]*\b/g)) if (!known.has(name.replace(/_FILE$/, ''))) unknown.push(`${path}: ${name}`);
  assert.deepEqual(unknown, []);
});
