import { usesIamTokens } from '@rowferry/runtime';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html: a token is good for 15 minutes. */
const TOKEN_LIFE_SECONDS = 15 * 60;

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

type Signing = {
  region: string;
  /** Those of the SDK's own chain: a client's `config.credentials`. */
  credentials: ConstructorParameters<typeof SignatureV4>[0]['credentials'];
};

/**
 * What makes the passwords of connections to the environment's database: tokens of IAM, where the environment names the
 * database by DATABASE_HOST and no password. Undefined elsewhere.
 *
 * @param client any of the SDK: its credentials sign the tokens
 */
export function databasePassword(
  { DATABASE_URL: url, AWS_REGION: region }: { DATABASE_URL: string; AWS_REGION: string },
  { config: { credentials } }: { config: Pick<Signing, 'credentials'> },
): (() => Promise<string>) | undefined {
  return usesIamTokens() ? () => databaseToken(url, { region, credentials }) : undefined;
}

/**
 * A token with which the user of a URL may connect to its server: a presigned request without its scheme. Made on this
 * machine; no request is sent. The SDK's `@aws-sdk/rds-signer` makes the same, but brings every provider of credentials
 * along, which costs each start of a function.
 */
export async function databaseToken(url: string, { region, credentials }: Signing, now = new Date()): Promise<string> {
  const { hostname, port, username } = new URL(url);
  const signer = new SignatureV4({ service: 'rds-db', region, credentials, sha256: Sha256 });
  const { query = {} } = await signer.presign(
    {
      method: 'GET',
      protocol: 'https:',
      hostname,
      port: Number(port),
      path: '/',
      headers: { host: `${hostname}:${port}` },
      query: { Action: 'connect', DBUser: decodeURIComponent(username) },
    },
    { expiresIn: TOKEN_LIFE_SECONDS, signingDate: now },
  );
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${hostname}:${port}/?${parameters.join('&')}`;
}
