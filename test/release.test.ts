import { expect, test } from 'vitest';
import { assertOneVersion, releaseNotes } from '../infra/release-notes.ts';

const CHANGELOG = `# Changelog

## Unreleased

### Added

- Later.

## 0.2.0 - 2026-12-01

### Added

- Something.

## 0.1.0 - 2026-11-28

- The first.
`;

test('the notes of a release are what its section says, and nothing of the others', () => {
  expect(releaseNotes(CHANGELOG, '0.2.0')).toBe('### Added\n\n- Something.');
  expect(releaseNotes(CHANGELOG, '0.1.0')).toBe('- The first.');
});

test.for([
  ['a version without a section', CHANGELOG, '0.3.0', 'CHANGELOG.md has no section "## 0.3.0 - <date>"'],
  ['a longer version that begins the same', CHANGELOG, '0.1', 'no section "## 0.1 - <date>"'],
  ['no date', '## 1.0.0\n\n- One.\n', '1.0.0', '"## 1.0.0 - YYYY-MM-DD"'],
  ['a day that is in no calendar', '## 1.0.0 - 2026-02-30\n\n- One.\n', '1.0.0', '"## 1.0.0 - YYYY-MM-DD"'],
  ['no entry', '## 1.0.0 - 2026-12-01\n\n### Added\n', '1.0.0', 'has no entry'],
] as const)('there is no release with %s', ([, changelog, version, message]) => {
  expect(() => releaseNotes(changelog, version)).toThrow(message);
});

test('every package must have the version of the root, and ask for the others in it', () => {
  const root = { name: 'root', version: '2.0.0', dependencies: { a: '2.0.0', elsewhere: '7.0.0' } };
  const a = { name: 'a', version: '2.0.0' };

  expect(() => assertOneVersion(root, [a])).not.toThrow();
  expect(() => assertOneVersion(root, [a, { name: 'b', version: '1.0.0', devDependencies: { a: '1.0.0' } }])).toThrow(
    'package.json has 2.0.0, but b is 1.0.0, b asks for a 1.0.0',
  );
});
