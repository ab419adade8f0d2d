import { globSync, readFileSync } from 'node:fs';

export type DocumentCommand = {
  document: string;
  command: string;
};

const DOCUMENTS = ['*.md', 'docs/*.md'];
/** Fences in which every line is a command. */
const SHELL = /^(sh|bash|shell|console)$/;
/** In other blocks, which also show files and answers, a line is a command when it begins with one of these. */
const PROGRAMS =
  /^(npm|npx|node|node_modules\/\.bin\/\S+|rowferry|curl|psql|pg_dump|bash|sh|git|aws|docker|podman|kubectl|systemctl|journalctl|sudo|export|kill|cat|cp|mkdir|rm)(\s|$)/;
/** `NAME=value ` before a command. */
const ASSIGNMENTS = /^(?:[A-Z_]+=\S* +)+/;

/** Every command in a block of code in the documents, in their order, without its comment. */
export function documentCommands(): DocumentCommand[] {
  return globSync(DOCUMENTS)
    .toSorted()
    .flatMap((document) =>
      codeLines(readFileSync(document, 'utf8'))
        .filter(({ text, isShell }) => isShell || PROGRAMS.test(text.replace(ASSIGNMENTS, '')))
        .map(({ text }) => ({ document, command: text })),
    );
}

type CodeLine = { text: string; isShell: boolean };

function codeLines(markdown: string): CodeLine[] {
  const lines: CodeLine[] = [];
  let fence: string | undefined;
  let isAfterBlank = true;
  // A line that ends in a backslash goes on in the next one.
  for (const line of markdown.replaceAll(/ *\\\n\s*/g, ' ').split('\n')) {
    const [, language] = /^ *```(\w*)/.exec(line) ?? [];
    if (language !== undefined) fence = fence === undefined ? language : undefined;
    else if (fence !== undefined) lines.push({ text: line, isShell: SHELL.test(fence) });
    // An indented block follows a blank line or another line of it; elsewhere indentation goes on with a list.
    else if (/^ {4}\S/.test(line) && isAfterBlank) lines.push({ text: line, isShell: false });
    isAfterBlank = line.trim() === '' || (isAfterBlank && line.startsWith('    '));
  }
  return lines
    .map(({ text, isShell }) => ({ text: withoutComment(text.trim()), isShell }))
    .filter(({ text }) => text !== '');
}

function withoutComment(text: string): string {
  return text.replace(/(^|\s+)# .*$/, '').trim();
}
