import { readFile } from 'node:fs/promises';
import { FAILURE_CODES } from '@rowferry/roster';
import { expect, test } from 'vitest';
import { serveApi } from '../../test/serve-api.ts';
import { PROBLEMS } from './catalogue.ts';

type Row = { code: string; status: number; title: string };

const catalogue: Row[] = Object.entries(PROBLEMS).map(([code, { status, title }]) => ({ code, status, title }));

/** The rows of a table of docs/errors.md: the cells of each line that begins with a code. */
async function documentedRows(heading: string): Promise<string[][]> {
  const text = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `(\w+)` \|(.*)\|$/gm)].map(([, code = '', cells = '']) => [
    code,
    ...cells.split('|').map((cell) => cell.trim()),
  ]);
}

test('docs/errors.md lists every problem with its status and title', async () => {
  const rows = await documentedRows('Problems');

  expect(rows.map(([code, status, title]) => ({ code, status: Number(status), title }))).toEqual(catalogue);
});

test('docs/errors.md says what to do about every problem', async () => {
  const rows = await documentedRows('Problems');

  expect(rows.filter(([, , , remedy = '']) => remedy.length < 10)).toEqual([]);
});

test('docs/errors.md lists every reason for which a file fails', async () => {
  const rows = await documentedRows('Failed uploads');

  expect(rows.map(([code]) => code)).toEqual([...FAILURE_CODES]);
});

/** Of no route: they are answered before a request reaches one, or where there is none. */
const OF_NO_ROUTE = ['not_found', 'method_not_allowed', 'expectation_failed', 'headers_too_large'];

test('the OpenAPI document has every problem of a route, under its status, and no other', async () => {
  const { url } = await serveApi();
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    components: { responses: Record<string, unknown> };
  };

  const documented = Object.entries(document.components.responses).flatMap(([, response]) => problemsIn(response));

  const unique = [...new Set(documented.map(({ code, status }) => `${status} ${code}`))];
  const expected = catalogue
    .filter(({ code }) => !OF_NO_ROUTE.includes(code))
    .map(({ code, status }) => `${status} ${code}`);
  expect(unique.toSorted()).toEqual(expected.toSorted());
});

function problemsIn(response: unknown): { code: string; status: number }[] {
  const { content } = response as {
    content: {
      'application/problem+json': {
        schema: { allOf: [{ $ref: string }, { properties: { code: { enum: string[] }; status: { const: number } } }] };
      };
    };
  };
  const [{ $ref }, { properties }] = content['application/problem+json'].schema.allOf;
  const { code, status } = properties;
  expect($ref).toBe('#/components/schemas/Problem');
  return code.enum.map((each) => ({ code: each, status: status.const }));
}
