import { isStageName, STAGE_NAMES, STAGES, type Stage, type StageName } from './stages.ts';

/** What cannot be deployed as it is asked for: its message is one sentence that says what to do. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** What is asked for on the command line. */
export type Options = {
  stage?: string | undefined;
  /** ARN of a certificate of ACM, in the region of the stack. */
  certificate?: string | undefined;
  /** Addresses that may reach a stage without a certificate, such as `203.0.113.7/32`. */
  from?: string | undefined;
  /** Where alarms are sent. */
  email?: string | undefined;
};

export type Settings = Stage & {
  name: StageName;
  certificate: string | undefined;
  from: string | undefined;
  email: string | undefined;
};

const CERTIFICATE = /^arn:aws[\w-]*:acm:([a-z]{2}-[a-z]+-\d):\d{12}:certificate\/[\w-]+$/;
const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;

/** @throws DeploymentError when the stage is unknown, or lacks what it needs. */
export function readSettings({ stage: name, certificate, from, email }: Options): Settings {
  if (!isStageName(name))
    throw new DeploymentError(
      name === undefined
        ? `name a stage: --stage ${STAGE_NAMES.join(' or --stage ')}`
        : `there is no stage ${name}; name one of ${STAGE_NAMES.join(' and ')}, or add it to infra/src/stages.ts`,
    );
  const stage: Stage = STAGES[name];
  if (certificate !== undefined && !CERTIFICATE.test(certificate))
    throw new DeploymentError(
      `--certificate must be the ARN of a certificate of ACM, such as arn:aws:acm:eu-central-1:123456789012:certificate/…`,
    );
  if (stage.certificateRequired && certificate === undefined)
    throw new DeploymentError(
      `the stage ${name} needs a certificate, since API keys must not travel in the clear; request one in ACM for your domain and name it: --certificate <arn>`,
    );
  if (from !== undefined && !CIDR.test(from))
    throw new DeploymentError('--from must be a range of IPv4 addresses, such as 203.0.113.7/32');
  return { ...stage, name, certificate, from, email };
}

/** The region of the certificate that was named. */
export function regionOfCertificate({ certificate }: Settings): string | undefined {
  return CERTIFICATE.exec(certificate ?? '')?.[1];
}
