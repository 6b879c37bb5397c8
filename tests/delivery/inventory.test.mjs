// What a delivery says of itself: files that are as SHA256SUMS has them, an SPDX document and a provenance statement that are whole.
//   SLOTWIRE_DIST   the folder that `make dist` wrote (build/dist); without one there is nothing to look at, and this fails
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const dist = resolve(root, process.env.SLOTWIRE_DIST ?? 'build/dist');
const text = (name) => readFileSync(join(dist, name), 'utf8');
const json = (ending) => JSON.parse(text(readdirSync(dist).find((name) => name.endsWith(ending))));
const sha256 = (name) => createHash('sha256').update(readFileSync(join(dist, name))).digest('hex');
const version = /^project\(slotwire VERSION ([\d.]+) /m.exec(readFileSync(join(root, 'CMakeLists.txt'), 'utf8'))[1];

test('dist: SHA256SUMS names every file, each as it is', () => {
  const sums = new Map(text('SHA256SUMS').trim().split('\n').map((line) => line.split('  ').reverse()));
  assert.deepEqual([...sums.keys()].sort(), readdirSync(dist).filter((name) => name !== 'SHA256SUMS').sort());
  for (const [name, sum] of sums) assert.equal(sha256(name), sum, name);
  for (const name of [`slotwire_${version}_amd64.deb`, `slotwire-${version}-linux-amd64.tar.gz`, `slotwire-${version}.tgz`]) assert.ok(sums.has(name), name);
});

// The members that SPDX 2.3 requires (its chapters 6, 7 and 11), as its own schema has them.
test('dist: the SPDX document has what SPDX 2.3 asks for, and every package hangs on ours', () => {
  const spdx = json('.spdx.json');
  assert.equal(spdx.spdxVersion, 'SPDX-2.3');
  assert.equal(spdx.dataLicense, 'CC0-1.0');
  assert.equal(spdx.SPDXID, 'SPDXRef-DOCUMENT');
  assert.match(spdx.documentNamespace, /^[a-z]+:[^#]+$/);
  assert.match(spdx.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(spdx.creationInfo.creators.every((creator) => /^(Person|Organization|Tool): ./.test(creator)));
  const ids = spdx.packages.map((one) => one.SPDXID);
  assert.equal(new Set(ids).size, ids.length, 'no id twice');
  for (const one of spdx.packages) {
    assert.match(one.SPDXID, /^SPDXRef-[A-Za-z0-9.-]+$/);
    assert.ok(one.name && one.versionInfo && one.downloadLocation, JSON.stringify(one));
    for (const { algorithm, checksumValue } of one.checksums ?? []) {
      assert.equal(algorithm, 'SHA256');
      assert.match(checksumValue, /^[0-9a-f]{64}$/);
    }
    for (const { referenceLocator } of one.externalRefs ?? []) assert.match(referenceLocator, /^pkg:deb\/debian\/[^@]+@[^@\s]+$/);
  }
  const known = new Set(['SPDXRef-DOCUMENT', ...ids]);
  for (const { spdxElementId, relatedSpdxElement } of spdx.relationships) assert.ok(known.has(spdxElementId) && known.has(relatedSpdxElement));
  const linked = new Set(spdx.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [spdxElementId, relatedSpdxElement]));
  for (const id of ids) assert.ok(linked.has(id), id);
  assert.deepEqual(spdx.relationships.filter((one) => one.relationshipType === 'DESCRIBES').map((one) => one.relatedSpdxElement), ['SPDXRef-slotwire']);
  // What the package depends on by its own word is in the inventory, but for what it only runs with.
  for (const name of ['libssl3', 'libpq5', 'libsqlite3-0', 'libspdlog1.10', 'imgui', 'cpp-httplib']) assert.ok(ids.includes(`SPDXRef-${name}`), name);
});

test('dist: the provenance names every other file by its digest, the commit, and inputs that can be looked up', () => {
  const statement = json('.provenance.json');
  assert.equal(statement._type, 'https://in-toto.io/Statement/v1');
  assert.equal(statement.predicateType, 'https://slsa.dev/provenance/v1');
  const files = readdirSync(dist).filter((name) => name !== 'SHA256SUMS' && !name.endsWith('.provenance.json')).sort();
  assert.deepEqual(statement.subject.map(({ name }) => name), files);
  for (const { name, digest } of statement.subject) assert.equal(digest.sha256, sha256(name), name);
  const { buildDefinition, runDetails } = statement.predicate;
  assert.ok(buildDefinition.buildType && buildDefinition.externalParameters && runDetails.builder.id);
  const source = buildDefinition.resolvedDependencies.find(({ name }) => name === 'source');
  assert.match(source.digest.gitCommit, /^[0-9a-f]{12,64}/);
  for (const one of buildDefinition.resolvedDependencies) assert.ok(one.uri || one.digest, JSON.stringify(one));
  assert.doesNotMatch(JSON.stringify(statement), /\/\/[^/"]*@/, 'nobody signs in with it');
});
