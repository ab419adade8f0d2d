import { type ImportSettings, importSettingsSchema } from '@rowferry/messages';
import { COLUMNS } from '@rowferry/roster';
import leven from 'leven';
import { shownName, toParameterErrors } from '../http/parameters.ts';
import { ApiProblem, type ParameterError } from '../problems/api-problem.ts';
import { isRepeatable, SETTINGS_NAMES } from './parameters.ts';

/** How a request wants its file to be read: by a stored profile, by settings of its own, or (`{}`) by what is detected. */
export type RequestedSettings = { profile: string } | ImportSettings;

/** What a query or a form has, by name. */
export type Given = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The import settings of a request, of which some may be in the query and some in the form.
 *
 * @throws ApiProblem `invalid_settings`, naming every one that is not valid.
 */
export function requestedSettings(query: Given, fields: Given): RequestedSettings {
  const { values, errors } = collect(query, fields);
  for (const name of ['profile', 'settings']) {
    if (values.has(name) && values.size > 1) errors.push({ parameter: name, message: 'goes with no other settings' });
  }
  if (errors.length > 0) throw invalidSettings(errors);
  const [profile] = values.get('profile') ?? [];
  if (profile !== undefined) return { profile };
  const [json] = values.get('settings') ?? [];
  return json === undefined ? check(assemble(values)) : check(parseJson(json), 'settings');
}

type Collected = { values: Map<string, string[]>; errors: ParameterError[] };

function collect(query: Given, fields: Given): Collected {
  const values = new Map<string, string[]>();
  const errors: ParameterError[] = [];
  for (const name of SETTINGS_NAMES) {
    const [inQuery, inForm] = [valuesOf(query[name]), valuesOf(fields[name])];
    // Browsers send the fields of a form that were left empty.
    const given = [...inQuery, ...inForm.filter((value) => value !== '')];
    if (given.length === 0) continue;
    if (given.length > 1 && !isRepeatable(name)) errors.push({ parameter: name, message: 'is given more than once' });
    else if (inQuery.length > 0 && inForm.length > 0)
      errors.push({ parameter: name, message: 'is given in the query and in the form' });
    values.set(name, given);
  }
  for (const name of Object.keys(fields).filter(isMisspelled))
    errors.push({ parameter: shownName(name), message: 'is no setting' });
  return { values, errors };
}

/** Characters that a misspelled name differs in at most. */
const DISTANCE_MAX = 2;
const NAMES = [...SETTINGS_NAMES];
const LONGEST_NAME = Math.max(...NAMES.map((name) => name.length));

/** Other fields of a form do no harm, but one that was meant to be a setting would be left out. */
function isMisspelled(name: string): boolean {
  if (SETTINGS_NAMES.has(name)) return false;
  if (/^(columns?|constants?)\b/i.test(name)) return true;
  if (name.length > LONGEST_NAME + DISTANCE_MAX) return false;
  return NAMES.some((known) => leven(name.toLowerCase(), known.toLowerCase()) <= DISTANCE_MAX);
}

function valuesOf(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat();
}

/** The settings as they would stand in JSON. */
function assemble(values: ReadonlyMap<string, string[]>): object {
  const single = (name: string) => values.get(name)?.[0];
  const columns = COLUMNS.flatMap((column) => {
    const sources = values.get(`columns.${column}`)?.map(numberIfWhole);
    return sources === undefined ? [] : [[column, sources.length === 1 ? sources[0] : sources]];
  });
  const constants = COLUMNS.flatMap((column) => {
    const value = single(`constants.${column}`);
    return value === undefined ? [] : [[column, value]];
  });
  const headerLine = single('headerLine');
  return {
    ...(columns.length === 0 ? {} : { columns: Object.fromEntries(columns) }),
    ...(constants.length === 0 ? {} : { constants: Object.fromEntries(constants) }),
    encoding: single('encoding'),
    delimiter: single('delimiter'),
    headerLine: headerLine === undefined ? undefined : numberIfWhole(headerLine),
  };
}

/** A header cell that is a whole number can be stated in JSON. */
function numberIfWhole(text: string): string | number {
  return /^\d{1,10}$/.test(text) ? Number(text) : text;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw invalidSettings([{ parameter: 'settings', message: 'must be JSON' }]);
  }
}

function check(settings: unknown, ...path: string[]): ImportSettings {
  const result = importSettingsSchema.safeParse(settings);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
  throw invalidSettings(issues.flatMap((issue) => toParameterErrors(issue)));
}

function invalidSettings(errors: readonly ParameterError[]): ApiProblem {
  const detail = errors
    .slice(0, ERRORS_SHOWN)
    .map(({ parameter, message }) => `${parameter} ${message}`)
    .join('; ');
  return new ApiProblem('invalid_settings', `${detail}.`, { errors });
}

/** Errors that a text says; the answer names more. */
const ERRORS_SHOWN = 10;
