/** What cannot be released as it is: its message says why. */
export class ReleaseError extends Error {
  override readonly name = 'ReleaseError';
}

export type Manifest = {
  name: string;
  version: string;
  dependencies?: Record<string, string> | undefined;
  devDependencies?: Record<string, string> | undefined;
};

/**
 * Workspaces are released together: each has the root's version, and asks for the others in it.
 *
 * @throws ReleaseError that names each one that differs.
 */
export function assertOneVersion(root: Manifest, workspaces: readonly Manifest[]): void {
  const names = new Set(workspaces.map(({ name }) => name));
  const differing = [root, ...workspaces].flatMap(({ name, version, dependencies, devDependencies }) => [
    ...(version === root.version ? [] : [`${name} is ${version}`]),
    ...Object.entries({ ...dependencies, ...devDependencies })
      .filter(([dependency, wanted]) => names.has(dependency) && wanted !== root.version)
      .map(([dependency, wanted]) => `${name} asks for ${dependency} ${wanted}`),
  ]);
  if (differing.length > 0) throw new ReleaseError(`package.json has ${root.version}, but ${differing.join(', ')}`);
}

/**
 * The section of a version in a changelog of https://keepachangelog.com/en/1.1.0/, without its heading.
 *
 * @throws ReleaseError when there is none, or it has no date or no entry.
 */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => headingOf(text).split(' ')[0] === version);
  if (section === undefined) throw new ReleaseError(`CHANGELOG.md has no section "## ${version} - <date>"`);
  const heading = headingOf(section);
  const date = heading.slice(version.length + ' - '.length);
  if (heading !== `${version} - ${date}` || !isDate(date))
    throw new ReleaseError(`the section of ${version} in CHANGELOG.md must begin with "## ${version} - YYYY-MM-DD"`);
  const notes = section.slice(heading.length).trim();
  if (!/^- /m.test(notes)) throw new ReleaseError(`the section of ${version} in CHANGELOG.md has no entry`);
  return notes;
}

function headingOf(section: string): string {
  return section.split('\n', 1)[0]?.trim() ?? '';
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toJSON()?.startsWith(text) === true;
}
