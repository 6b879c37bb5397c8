#!/usr/bin/env node
// Writes the inventory and the provenance of a delivery:  node scripts/inventory.mjs DIST_FOLDER [ARCH SYSTEM]
//   slotwire-VERSION.spdx.json         SPDX 2.3: our files, the pinned sources with their hashes, Debian's libraries with their
//   versions
//   slotwire-VERSION.provenance.json   an in-toto statement with SLSA's provenance (v1): the files' digests, commit, inputs,
//   tools
// ARCH and SYSTEM: an architecture that was built for in another Debian, and the root folder of that.
// Neither contains the time or the machine, so that the same commit and packages give the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = resolve(process.argv[2] ?? join(root, 'build/dist'));
const [, , , arch = 'amd64', system = '/'] = process.argv;
const { preset, triplet, cxx } = {
  amd64: { preset: 'packaged', triplet: 'x86_64-linux-gnu', cxx: 'c++' },
  arm64: { preset: 'packaged-arm64', triplet: 'aarch64-linux-gnu', cxx: 'aarch64-linux-gnu-g++' },
}[arch];
const output = (program, ...args) => execFileSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
const outputOr = (otherwise, ...command) => {
  try {
    return output(...command);
  } catch {
    return otherwise;
  }
};
const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
const lines = (text) => text.split('\n').filter(Boolean);
// Of its own name, so that the files of several architectures may lie in one folder.
const suffix = arch === 'amd64' ? '' : `-linux-${arch}`;
const version = /^project\(slotwire VERSION ([\d.]+) /m.exec(readFileSync(join(root, 'CMakeLists.txt'), 'utf8'))[1];
const commit = process.env.SLOTWIRE_COMMIT || outputOr('', 'git', 'rev-parse', 'HEAD');
const isChanged = !process.env.SLOTWIRE_COMMIT && outputOr('', 'git', 'status', '--porcelain') !== '';
// Without credentials that a user may have put into the address.
const remote = outputOr('', 'git', 'remote', 'get-url', 'origin').replace(/^(\w+:\/\/)[^/@]*@/, '$1');
const createdAt = new Date(Number(process.env.SOURCE_DATE_EPOCH ?? output('git', 'log', '-1', '--format=%ct')) * 1000);

const inSystem = (program, ...args) => (system === '/' ? output(program, ...args) : output('chroot', system, program, ...args));
const database = (folder) => `--admindir=${join(folder, 'var/lib/dpkg')}`;
// A tool that only this machine has made the web files.
const debianVersion = (name) => [[system, `${name}:${arch}`], [system, name], ['/', name]]
  .map(([folder, its]) => outputOr('', 'dpkg-query', database(folder), '-W', '-f', '${Version}', its)).find(Boolean) ?? '';
const debianPurl = (name, its) => `pkg:deb/debian/${name}@${encodeURIComponent(its)}`;

/** The libraries that a program or library loads, each with its path and the package of Debian that has it. */
function loadedBy(program) {
  const needed = lines(output('readelf', '-d', program)).map((line) => /\(NEEDED\) .*\[(.+)\]$/.exec(line)?.[1]).filter(Boolean);
  return needed.map((library) => {
    const path = [`usr/lib/${triplet}`, `lib/${triplet}`, 'lib', 'lib64'].map((folder) => join(system, folder, library)).find((file) => existsSync(file));
    if (!path) throw new Error(`${library} is in no folder of libraries`);
    // Debian's lists contain a file with or without /usr, depending on how the package was built.
    const file = join('/', relative(realpathSync(system), realpathSync(path)));
    const ownerOf = (name) => outputOr('', 'dpkg-query', database(system), '-S', name);
    const owner = ownerOf(file) || ownerOf(file.replace(/^\/usr/, ''));
    if (!owner) throw new Error(`${file} is in no package`);
    return { owner: owner.split(':')[0], library, path };
  });
}

const pinned = lines(readFileSync(join(root, 'cmake/sources.txt'), 'utf8')).filter((line) => !line.startsWith('#')).map((line) => {
  const [name, its, hash] = line.split(/ +/);
  return { name, version: its, hash, purl: `pkg:deb/debian/${name}@${encodeURIComponent(its)}?arch=source` };
});
// Compiled into our programs, not loaded by them: headers, and an archive.
const compiledIn = ['libsqlitecpp-dev', 'nlohmann-json3-dev', 'libcli11-dev', 'libcpp-jwt-dev', 'libhowardhinnant-date-dev'];
const programs = ['bin/slotwire', 'bin/calendly-sim'].map((name) => join(root, 'build', preset, name));
const ownCopies = /^lib(spdlog|fmt|prometheus-cpp|civetweb|date-tz|hiredis)/;
// Libraries loaded by the programs, and by the libraries beside them, by Debian package.
const loaded = new Map();
for (const files = [...programs]; files.length > 0;) {
  for (const { owner, library, path } of loadedBy(files.pop())) {
    if (ownCopies.test(library) && !loaded.has(library)) files.push(path);
    loaded.set(library, owner);
  }
}
const isCopied = (owner) => [...loaded].some(([library, its]) => its === owner && ownCopies.test(library));

// ---- SPDX ----
const idOf = (name) => `SPDXRef-${name.replace(/[^A-Za-z0-9.-]/g, '-')}`;
const spdxPackage = (name, its, more = {}) => ({
  SPDXID: idOf(name),
  name,
  versionInfo: its,
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
  ...more,
});
const purl = (locator) => ({ externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: locator }] });
const ofDebian = (name) => spdxPackage(name, debianVersion(name), { supplier: 'Organization: Debian', ...purl(debianPurl(name, debianVersion(name))) });
const ours = spdxPackage('slotwire', version, {
  supplier: 'Organization: slotwire founders',
  licenseConcluded: 'MIT',
  licenseDeclared: 'MIT',
  primaryPackagePurpose: 'APPLICATION',
  ...(remote && { downloadLocation: `git+${remote}@${commit}` }),
});
const packages = [ours];
const relationships = [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: ours.SPDXID }];
const relate = (type, other) => {
  packages.push(other);
  const [from, to] = type.endsWith('_OF') ? [other, ours] : [ours, other];
  relationships.push({ spdxElementId: from.SPDXID, relationshipType: type, relatedSpdxElement: to.SPDXID });
};
for (const source of pinned) {
  relate(source.name === 'catch2' ? 'TEST_DEPENDENCY_OF' : 'STATIC_LINK', spdxPackage(source.name, source.version, {
    supplier: 'Organization: Debian',
    checksums: [{ algorithm: 'SHA256', checksumValue: source.hash }],
    ...purl(source.purl),
  }));
}
for (const name of compiledIn) relate('STATIC_LINK', ofDebian(name));
// The widget contains Emscripten's C and C++ libraries.
relate('STATIC_LINK', ofDebian('emscripten'));
for (const owner of [...new Set(loaded.values())].sort()) relate(isCopied(owner) ? 'CONTAINS' : 'DYNAMIC_LINK', ofDebian(owner));
const spdx = {
  spdxVersion: 'SPDX-2.3',
  dataLicense: 'CC0-1.0',
  SPDXID: 'SPDXRef-DOCUMENT',
  name: `slotwire-${version}`,
  documentNamespace: `urn:slotwire:spdx:${version}:${commit || 'unknown'}${isChanged ? '+changes' : ''}`,
  creationInfo: { created: createdAt.toISOString().replace(/\.\d+Z$/, 'Z'), creators: ['Organization: slotwire founders', 'Tool: scripts/inventory.mjs'] },
  packages,
  relationships,
};
const write = (name, value) => writeFileSync(join(dist, name), `${JSON.stringify(value, null, 1)}\n`);
write(`slotwire-${version}${suffix}.spdx.json`, spdx);

// ---- provenance ----
const setup = readFileSync(join(root, 'scripts/setup.sh'), 'utf8');
const wanted = /^packages="([^"]*)"/m.exec(setup)[1].replace(/\\\n/g, ' ').split(/\s+/).filter(Boolean);
const tools = [...wanted, 'debhelper', 'dpkg-dev', 'binutils', inSystem(cxx, '-dumpversion').replace(/^(\d+).*/, arch === 'amd64' ? 'g++-$1' : `g++-$1-${triplet}`), 'libc6-dev'];
const inputs = [...new Set([...tools, ...packages.map((one) => one.name)])].filter(debianVersion).sort();
const provenanceName = `slotwire-${version}${suffix}.provenance.json`;
const provenance = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: readdirSync(dist).sort().filter((name) => name !== provenanceName && name !== 'SHA256SUMS').map((name) => ({ name, digest: { sha256: sha256(join(dist, name)) } })),
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: {
      buildType: 'urn:slotwire:make-dist:1',
      externalParameters: { command: arch === 'amd64' ? 'make dist' : `make dist-${arch}` },
      internalParameters: { sourceDateEpoch: createdAt.getTime() / 1000, hasUncommittedChanges: isChanged },
      resolvedDependencies: [
        { name: 'source', ...(remote && { uri: `git+${remote}` }), ...(commit && { digest: { gitCommit: commit } }) },
        ...pinned.map((source) => ({ name: source.name, uri: source.purl, digest: { sha256: source.hash } })),
        { name: 'package-lock.json', digest: { sha256: sha256(join(root, 'package-lock.json')) } },
        ...inputs.map((name) => ({ name, uri: debianPurl(name, debianVersion(name)) })),
      ],
    },
    runDetails: {
      builder: {
        id: 'urn:slotwire:scripts/dist.sh',
        version: {
          debian: readFileSync(join(system, 'etc/debian_version'), 'utf8').trim(),
          'c++': lines(inSystem(cxx, '--version'))[0],
          'em++': lines(output('em++', '--version'))[0],
          cmake: lines(inSystem('cmake', '--version'))[0],
          node: output('node', '--version'),
          npm: output('npm', '--version'),
        },
      },
      metadata: {},
    },
  },
};
write(provenanceName, provenance);
console.log(`${packages.length} packages in the inventory, ${inputs.length} inputs`);
