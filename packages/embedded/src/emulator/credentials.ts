import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { EmbeddedError, errorCode } from '../host/embedded-error.ts';

/** The one pair of keys that an emulator answers to. */
export type EmulatorCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** Name of the credentials file in the emulator's data directory. */
export const CREDENTIALS_FILE = 'aws-credentials';

/**
 * Reads the keys from `file`, or makes new ones and writes them there. The file is one that `aws` and the SDKs read
 * (AWS_SHARED_CREDENTIALS_FILE), and open to its owner only.
 *
 * @throws EmbeddedError when there is such a file without keys in it.
 */
export function loadCredentials(file: string): EmulatorCredentials {
  try {
    writeCredentials(file, randomCredentials());
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    // A copy or a restored backup may be open to others.
    chmodSync(file, 0o600);
  }
  const text = readFileSync(file, 'utf8');
  const accessKeyId = /^aws_access_key_id *= *(\S+)$/m.exec(text)?.[1];
  const secretAccessKey = /^aws_secret_access_key *= *(\S+)$/m.exec(text)?.[1];
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new EmbeddedError(`${file} holds no keys: remove it, and the next start makes new ones`);
  return { accessKeyId, secretAccessKey };
}

/** Of the lengths that AWS's own keys have. */
export function randomCredentials(): EmulatorCredentials {
  return {
    accessKeyId: `ROWFERRY${randomBytes(6).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
}

function writeCredentials(file: string, { accessKeyId, secretAccessKey }: EmulatorCredentials): void {
  const text = `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
}
