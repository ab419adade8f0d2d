import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { expect, test } from 'vitest';
import { de } from '../apps/console/src/texts/de.ts';
import { en } from '../apps/console/src/texts/en.ts';

const SRC = join(import.meta.dirname, '../apps/console/src');
/** A name, which is the same in every language. */
const NAMES = ['Rowferry'];
/** Attributes that people read or hear. */
const SPOKEN = /^(aria-label|aria-description|aria-valuetext|title|label|placeholder|alt|description)$/;

/** The names of all texts, with what each takes. */
function namesOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const path = `${prefix}${name}`;
    if (typeof text === 'function') return [`${path}(${text.length})`];
    return typeof text === 'object' && text !== null ? namesOf(text, `${path}.`) : [path];
  });
}

test('English and German have the same texts, which take the same', () => {
  expect(namesOf(de).toSorted()).toEqual(namesOf(en).toSorted());
});

/** Words that stand in a component itself, with their file. */
function wordsIn(file: string): string[] {
  const found: string[] = [];
  const { program } = parseSync(file, readFileSync(join(SRC, file), 'utf8'));
  const note = (text: string) => {
    const words = text.trim();
    if (/\p{L}{2}/u.test(words) && !NAMES.includes(words)) found.push(`${file}: ${words}`);
  };
  new Visitor({
    JSXText: ({ value }) => note(value),
    JSXAttribute({ name, value }) {
      if (name.type !== 'JSXIdentifier' || !SPOKEN.test(name.name) || value?.type !== 'Literal') return;
      if (typeof value.value === 'string') note(value.value);
    },
    JSXExpressionContainer({ expression }) {
      if (expression.type === 'Literal' && typeof expression.value === 'string') note(expression.value);
    },
  }).visit(program);
  return found;
}

test('no component has words of its own: all are in texts/', () => {
  const files = globSync('**/*.tsx', { cwd: SRC });

  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap(wordsIn)).toEqual([]);
});
