import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { EVENT_TYPE_NAMES, TERMINAL_EVENT_TYPES } from '@rowferry/messages';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { eventsDocument } from './events-document.ts';

const { resolve } = createRequire(import.meta.url);

/** Of AsyncAPI itself, as its own tools use it. The schema of JSON Schema, which it contains, ajv has already. */
async function schemaOfAsyncApi(): Promise<object> {
  const schema = JSON.parse(await readFile(resolve('@asyncapi/specs/schemas/3.0.0.json'), 'utf8'));
  delete schema.definitions['http://json-schema.org/draft-07/schema'];
  return schema;
}

test('the document of the events is an AsyncAPI 3 document', async () => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const validate = ajv.compile(await schemaOfAsyncApi());

  validate(eventsDocument());
  expect(validate.errors).toBeNull();

  validate({ ...eventsDocument(), operations: { publishEvents: { action: 'shout' } } });
  expect(validate.errors).not.toBeNull();
});

test('it has every type, and the example of docs/events.md fits its schema', async () => {
  const { components, channels } = eventsDocument();
  expect(Object.keys(components.messages)).toEqual(EVENT_TYPE_NAMES);
  expect(Object.keys(channels.events.messages)).toEqual(EVENT_TYPE_NAMES);
  const text = await readFile(new URL('../../../../../docs/events.md', import.meta.url), 'utf8');
  const example: { type: string } = JSON.parse(/^ {4}\{\n[\s\S]*?^ {4}\}$/m.exec(text)?.[0] ?? '');

  const ajv = new Ajv({ strict: false, validateFormats: false });
  const fits = Object.entries(components.messages)
    .filter(([, { payload }]) => ajv.validate(payload.schema, example))
    .map(([type]) => type);

  expect(fits).toEqual([example.type]);
  for (const type of EVENT_TYPE_NAMES) expect(text).toContain(`\`${type}\``);
  for (const type of TERMINAL_EVENT_TYPES) expect(EVENT_TYPE_NAMES).toContain(type);
});
