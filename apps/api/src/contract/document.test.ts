import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import { oas } from '@stoplight/spectral-rulesets';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { Conformance } from '../../test/conformance.ts';
import { serveApi } from '../../test/serve-api.ts';
import type { OpenApiDocument } from './document.ts';

const SEVERITY_ERROR = 0;

/** What Spectral holds for an error in the document. */
async function errorsIn(document: object): Promise<string[]> {
  const spectral = new spectralCore.Spectral();
  // The two rule sets are made for this very call; their own declarations only fall short of its type.
  const rules = {
    extends: [
      [oas, 'recommended'],
      [owasp, 'recommended'],
    ],
  } as unknown as RulesetDefinition;
  spectral.setRuleset(rules);
  const findings = await spectral.run(JSON.stringify(document));
  return findings
    .filter(({ severity }) => severity === SEVERITY_ERROR)
    .map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`);
}

async function fetchDocument(): Promise<OpenApiDocument> {
  const { url } = await serveApi();
  const response = await fetch(`${url}/openapi.json`);
  return (await response.json()) as OpenApiDocument;
}

test('the document passes Spectral’s recommended rules and the OWASP rules without an error', async () => {
  expect(await errorsIn(await fetchDocument())).toEqual([]);
});

test('the document has names that generators can use, one Problem, and no bound that is JavaScript’s', async () => {
  const document = await fetchDocument();
  const { schemas = {}, responses = {} } = document.components ?? {};

  expect(Object.keys({ ...schemas, ...responses }).filter((name) => !/^[A-Z][A-Za-z0-9]*$/.test(name))).toEqual([]);
  expect(Object.keys(responses)).toContain('BadRequest');
  expect(Object.keys(schemas)).toContain('Problem');
  expect(JSON.stringify(document)).not.toContain(String(Number.MAX_SAFE_INTEGER));
});

type Media = { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> };

/** Every body that the document shows as an answer, with where it stands. */
function examplesIn(document: OpenApiDocument): { where: string; media: Media }[] {
  const { operations } = new Conformance(document);
  const placed = operations.flatMap(({ pointer, operation }) =>
    Object.entries(operation.responses).map(
      ([status, response]) => [`${pointer}/responses/${status}`, response] as const,
    ),
  );
  const shared = Object.entries(document.components?.responses ?? {}).map(
    ([name, response]) => [`/components/responses/${name}`, response] as const,
  );
  return [...placed, ...shared].flatMap(([where, response]) => {
    // Rowferry's own document: a response is a reference, or has its content in it.
    const { content = {} } = response as { content?: Record<string, Media> };
    return Object.entries(content).map(([type, media]) => ({
      where: `${where}/content/${type.replaceAll('/', '~1')}`,
      media,
    }));
  });
}

test('every answer has an example that its schema allows, and every problem one of its own', async () => {
  const document = await fetchDocument();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document });
  const found = examplesIn(document);
  expect(found.length).toBeGreaterThan(40);

  for (const { where, media } of found) {
    const shown = media.example === undefined ? Object.values(media.examples ?? {}) : [{ value: media.example }];
    expect(shown, where).not.toEqual([]);
    const ref = `openapi#${where}/schema`.replaceAll('{', '%7B').replaceAll('}', '%7D');
    const validate = ajv.compile({ $ref: ref });
    for (const { value } of shown)
      expect({ where, value, errors: validate(value) ? null : ajv.errorsText(validate.errors) }).toEqual({
        where,
        value,
        errors: null,
      });
    for (const [code, { value }] of Object.entries(media.examples ?? {})) expect(value).toMatchObject({ code });
  }
});

test('an example that its schema does not allow would be found', async () => {
  const document = await fetchDocument();
  const [health] = examplesIn(document).filter(({ where }) => where.includes('healthz'));
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validate(health?.media.schema ?? {}, { status: 'dead' })).toBe(false);
});

test('the linter finds what is wrong with a document', async () => {
  const document = await fetchDocument();
  const unbounded = structuredClone(document);
  Object.assign(unbounded.components?.schemas?.Upload ?? {}, { properties: { id: { type: 'string' } } });

  const errors = await errorsIn(unbounded);

  expect(errors.join('\n')).toContain('owasp:api4:2023-string-limit');
});
