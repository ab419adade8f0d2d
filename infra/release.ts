/**
 * `npm run --silent release`: checks that what is to be released fits together, and prints its notes. Every package has the version of
 * package.json, and CHANGELOG.md a section of it with a date. It changes nothing; CONTRIBUTING.md has the steps.
 */
import { globSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { assertOneVersion, type Manifest, ReleaseError, releaseNotes } from './release-notes.ts';

const USAGE = `Usage: npm run --silent release

Checks that every package has the version of package.json and that CHANGELOG.md has a dated section of it, and prints
that section: the notes of the release.
`;

function main(): void {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const root = readManifest('package.json');
  assertOneVersion(root, globSync('{packages/*,apps/*,infra}/package.json').map(readManifest));
  process.stdout.write(`${releaseNotes(readFileSync('CHANGELOG.md', 'utf8'), root.version)}\n`);
}

function readManifest(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8'));
}

try {
  main();
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}
