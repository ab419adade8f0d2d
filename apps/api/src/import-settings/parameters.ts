import {
  CONSTANT_MAX,
  ENCODING_LABEL_MAX,
  HEADER_CELL_MAX,
  HEADER_LINE_MAX,
  JOINED_MAX,
  PROFILE_NAME_MAX,
} from '@rowferry/messages';
import { COLUMNS, KEY_COLUMN } from '@rowferry/roster';
import { z } from 'zod';
import { documentedAs } from '../http/parameters.ts';

/** Characters of settings as JSON; all that the bounds of single settings allow is less. */
const JSON_MAX = 16_384;

const text = (maxLength: number) => ({ type: 'string', maxLength });

/**
 * A setting in a query or a form. All that is wrong with settings is said in one place, so here any text goes; in the OpenAPI
 * document it is what it should be.
 */
function setting(description: string, jsonSchema: object) {
  return z
    .union([z.string(), z.array(z.string())], { error: 'must be text' })
    .optional()
    .meta(documentedAs(jsonSchema))
    .describe(description);
}

const columnParameters = Object.fromEntries(
  COLUMNS.map((column) => [
    `columns.${column}`,
    setting(
      `The header cell that ${column} is read from, or, a whole number, its position from 1; given several times: these, joined.`,
      { type: 'array', items: text(HEADER_CELL_MAX), maxItems: JOINED_MAX },
    ),
  ]),
);

const constantParameters = Object.fromEntries(
  COLUMNS.filter((column) => column !== KEY_COLUMN).map((column) => [
    `constants.${column}`,
    setting(`The ${column} of all rows.`, text(CONSTANT_MAX)),
  ]),
);

/** How import settings are given in a query or a form: `?profile=payroll`, `-F constants.company_name=Acme`. */
export const settingsParameters = {
  profile: setting('The name of a stored import profile. It goes with no other settings.', {
    ...text(PROFILE_NAME_MAX),
    minLength: 1,
  }),
  settings: setting('All import settings at once, as JSON. It goes with no other settings.', text(JSON_MAX)),
  encoding: setting('The encoding of the file, by a label of the WHATWG Encoding Standard.', text(ENCODING_LABEL_MAX)),
  delimiter: setting('What stands between fields.', { type: 'string', enum: ['comma', 'semicolon', 'tab', 'pipe'] }),
  headerLine: setting('The line of the header, from 1; 0: the file has none.', {
    type: 'integer',
    format: 'int32',
    minimum: 0,
    maximum: HEADER_LINE_MAX,
  }),
  ...columnParameters,
  ...constantParameters,
};

/** Names of settings that may be given several times. */
export function isRepeatable(name: string): boolean {
  return name in columnParameters;
}

export const SETTINGS_NAMES: ReadonlySet<string> = new Set(Object.keys(settingsParameters));
