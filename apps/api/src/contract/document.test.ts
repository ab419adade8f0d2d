import spectralCore, { type RulesetDefinition } from '@stoplight/spectral-core';
import owasp from '@stoplight/spectral-owasp-ruleset';
import { oas } from '@stoplight/spectral-rulesets';
import { expect, test } from 'vitest';
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

test('the linter finds what is wrong with a document', async () => {
  const document = await fetchDocument();
  const unbounded = structuredClone(document);
  Object.assign(unbounded.components?.schemas?.Upload ?? {}, { properties: { id: { type: 'string' } } });

  const errors = await errorsIn(unbounded);

  expect(errors.join('\n')).toContain('owasp:api4:2023-string-limit');
});
