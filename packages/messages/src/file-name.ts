/** Characters of a file name: what common file systems allow. */
export const FILE_NAME_MAX = 255;

/** Where a name says nothing but where the file was. */
const UNNAMED = 'upload.csv';

/**
 * A file name as it can be shown, stored and sent in a header: without directories, control characters and marks of writing
 * direction, which could make it look like another; never cut within a character.
 */
export function presentableFileName(fileName: string): string {
  const name = fileName
    .toWellFormed()
    .replace(/^.*[/\\]/s, '')
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '_')
    .slice(0, FILE_NAME_MAX)
    .replace(/[\ud800-\udbff]$/, '');
  return /^\.*$/.test(name) ? UNNAMED : name;
}
