import fc, { type Arbitrary } from 'fast-check';

/** As much of JSON Schema as Rowferry's document uses for what it takes. */
type Schema = {
  type?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  $ref?: string;
};

/** Strings and arrays as long as their bounds allow would only make each request slow. */
const LENGTH_MAX = 40;
const ITEMS_MAX = 5;

/** Values that a schema of the document allows. @throws when it uses what is not known here. */
export function arbitraryOf(schema: Schema, components: Record<string, unknown>): Arbitrary<unknown> {
  if (schema.$ref !== undefined)
    return arbitraryOf(components[schema.$ref.split('/').at(-1) ?? ''] as Schema, components);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((each) => arbitraryOf(each, components)));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 0, Number.MAX_SAFE_INTEGER) });
    case 'string':
      return schema.format === 'uuid' ? fc.uuid() : textOf(schema);
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, components), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? ITEMS_MAX, ITEMS_MAX),
      });
    case 'object':
      return objectOf(schema, components);
    default:
      throw new Error(`no values are known for the schema ${JSON.stringify(schema)}`);
  }
}

function textOf({ minLength = 0, maxLength = LENGTH_MAX }: Schema): Arbitrary<string> {
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, LENGTH_MAX) });
}

function objectOf({ properties = {}, required = [] }: Schema, components: Record<string, unknown>): Arbitrary<object> {
  const members = Object.entries(properties).map(([name, member]) => [name, arbitraryOf(member, components)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: required });
}
