import { hash } from 'node:crypto';
import type { ExpectedHeader } from '@rowferry/roster';
import { z } from 'zod';
import { moment } from './bounds.ts';
import { type ImportSettings, importSettingsSchema } from './import-settings.ts';
import { isKeyOfApi, UPLOAD_PREFIX } from './upload-id.ts';

/** Below these keys the bucket has what uploads are read by. Neither is below `uploads/`, so neither is taken for a file. */
export const SETTINGS_PREFIX = 'import-settings/';
/** Of what was noted at the first attempt to read an upload. */
export const SETTINGS_NOTE_PREFIX = `${SETTINGS_PREFIX}uploads/`;
export const PROFILE_PREFIX = 'import-profiles/';
/** All that Rowferry itself keeps in the bucket. */
const OWN_PREFIXES = [UPLOAD_PREFIX, SETTINGS_PREFIX, PROFILE_PREFIX];

/** Whether objects below this prefix can be what Rowferry itself keeps in the bucket. */
export function reachesOwnObjects(prefix: string): boolean {
  return OWN_PREFIXES.some((own) => own.startsWith(prefix) || prefix.startsWith(own));
}

/** Bytes of a stored object at most: a header of the largest JSON body that the API takes, and room for what JSON escapes. */
export const STORED_SETTINGS_MAX_BYTES = 2 * 1024 * 1024;

/** All that is stated about how one file is to be read. A file with another header than the expected one is not read. */
export type ReadSettings = ImportSettings & { expectedHeader?: ExpectedHeader | undefined };

export type Profile = {
  settings: ImportSettings;
  /** Empty for files without a header. */
  header: readonly string[];
  updatedAt: string;
};

/** What is stored in the bucket is not what this version of Rowferry writes: somebody else wrote it, or another version. */
export class UnreadableSettingsError extends Error {
  override readonly name = 'UnreadableSettingsError';
}

/** Characters of the name of a profile. */
export const PROFILE_NAME_MAX = 64;
const PROFILE_NAME = /^[a-z0-9-]{1,64}$/;

export function isProfileName(name: string): boolean {
  return PROFILE_NAME.test(name);
}

/** The names of profiles are those of folders below `uploads/`. */
export const profileNameSchema = z
  .string({ error: 'must be text' })
  .max(PROFILE_NAME_MAX, { error: `must have ${PROFILE_NAME_MAX} characters at most`, abort: true })
  .regex(PROFILE_NAME, 'must be 1 to 64 lower-case letters, digits and hyphens');

export function keyOfProfile(name: string): string {
  return `${PROFILE_PREFIX}${name}.json`;
}

/** The name of the profile that is stored at this key; undefined of other objects that somebody put beside them. */
export function profileNameOfKey(key: string): string | undefined {
  const name = key.slice(PROFILE_PREFIX.length, -'.json'.length);
  return isProfileName(name) && key === keyOfProfile(name) ? name : undefined;
}

/**
 * The profile that an object is to be read by if there is one of that name: the first folder of its key. Undefined where the
 * API made the key, which says itself what the file is to be read by.
 */
export function profileNamedBy(key: string): string | undefined {
  const [folder = '', ...rest] = key.slice(UPLOAD_PREFIX.length).split('/');
  return rest.length > 0 && isProfileName(folder) && !isKeyOfApi(key) ? folder : undefined;
}

const ID = /^[0-9a-f]{64}$/;

/** Where settings with this id are stored. @throws UnreadableSettingsError when it is no id of settings. */
export function keyOfSettings(id: string): string {
  if (!ID.test(id)) throw new UnreadableSettingsError('its metadata name settings by what is no SHA-256');
  return `${SETTINGS_PREFIX}${id}.json`;
}

/** Where the settings of one upload are noted that its object does not name. */
export function keyOfSettingsNote(uploadId: string): string {
  return `${SETTINGS_NOTE_PREFIX}${uploadId}.json`;
}

/** A `ReadSettings` as it is stored. Its id is the SHA-256 of the body, so that it can never be another. */
export function encodeSettings({ expectedHeader, ...settings }: ReadSettings): { id: string; body: string } {
  const body = JSON.stringify({ v: 1, settings, expectedHeader });
  return { id: hash('sha256', body), body };
}

const storedSettingsSchema = z.object({
  v: z.literal(1),
  settings: importSettingsSchema,
  expectedHeader: z.object({ profile: z.string(), cells: z.array(z.string()) }).optional(),
});

/** @throws UnreadableSettingsError */
export function decodeSettings(body: string): ReadSettings {
  const { settings, expectedHeader } = decode(storedSettingsSchema, body);
  return { ...settings, expectedHeader };
}

const storedProfileSchema = z.object({
  v: z.literal(1),
  settings: importSettingsSchema,
  header: z.array(z.string()),
  updatedAt: moment,
});

export function encodeProfile({ settings, header, updatedAt }: Profile): string {
  return JSON.stringify({ v: 1, settings, header, updatedAt });
}

/** @throws UnreadableSettingsError */
export function decodeProfile(body: string): Profile {
  const { settings, header, updatedAt } = decode(storedProfileSchema, body);
  return { settings, header, updatedAt };
}

/** What a file is read by that is read by this profile. */
export function settingsOfProfile(name: string, { settings, header }: Profile): ReadSettings {
  return { ...settings, expectedHeader: header.length === 0 ? undefined : { profile: name, cells: header } };
}

/** Characters of an error that a person reads. */
const ERROR_MAX = 500;

function decode<T>(schema: z.ZodType<T>, body: string): T {
  const result = schema.safeParse(parseJson(body));
  if (result.success) return result.data;
  const [{ path, message } = { path: [], message: '' }] = result.error.issues;
  throw new UnreadableSettingsError(`it is not of this version: ${path.join('.')} ${message}`.slice(0, ERROR_MAX));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableSettingsError('it is not JSON');
  }
}
