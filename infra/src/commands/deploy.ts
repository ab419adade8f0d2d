import { CERTIFICATES } from '../bundle/certificates.ts';
import { DeploymentError, type Options, readSettings, regionOfCertificate, type Settings } from '../settings.ts';
import { bucketNameOf, isStageName, STAGES, stackName } from '../stages.ts';

/** What a deployment needs of the machine and of the account. */
export type Tools = {
  /** Undefined when none is set. */
  region: string | undefined;
  hasDocker(): Promise<boolean>;
  /** The account of the credentials. @throws DeploymentError when there are none that work. */
  account(): Promise<string>;
  /** Of what CDK has in the region: bucket, repository, roles. Undefined when it has nothing. @throws DeploymentError */
  bootstrapVersion(): Promise<number | undefined>;
  /** Runs the CDK's command. @returns its exit code. */
  cdk(args: readonly string[]): Promise<number>;
  /** Removes every object of the bucket, and every version of it. */
  emptyBucket(bucket: string): Promise<void>;
};

/** Of the bucket, repository and roles that the template needs; a test compares it with the template's own rule. */
export const BOOTSTRAP_VERSION = 6;

/** Bundles, prepares the account if need be, deploys, migrates. @throws DeploymentError before anything is created. */
export async function deploy(options: Options, tools: Tools): Promise<number> {
  const settings = readSettings(options);
  // From what costs nothing to ask to what needs the network.
  const region = regionFor(settings, tools);
  await assertDocker(tools);
  const account = await tools.account();
  await prepare(tools, `aws://${account}/${region}`);
  return tools.cdk(['deploy', '--require-approval', 'never', ...contextOf(options)]);
}

/** What others deployed with an older CDK is theirs to update: it has their roles. */
async function prepare({ bootstrapVersion, cdk }: Tools, place: string): Promise<void> {
  const version = await bootstrapVersion();
  if (version === undefined) {
    if ((await cdk(['bootstrap', place])) !== 0)
      throw new DeploymentError(
        `${place} is not prepared for CDK, and these credentials may not do it; let an administrator run: npx cdk bootstrap ${place}`,
      );
  } else if (version < BOOTSTRAP_VERSION)
    throw new DeploymentError(
      `${place} was prepared by an older CDK (version ${version}, and ${BOOTSTRAP_VERSION} is needed); run: npx cdk bootstrap ${place}`,
    );
}

/** Removes a stage that is not to keep its data. @throws DeploymentError for one that is, and before anything is removed. */
export async function destroy(options: Options, tools: Tools): Promise<number> {
  refuseRetained(options.stage);
  const settings = readSettings({ ...options, certificate: undefined });
  const region = regionFor(settings, tools);
  const account = await tools.account();
  if ((await tools.bootstrapVersion()) === undefined)
    throw new DeploymentError(
      `region ${region} of account ${account} is not prepared for CDK, so nothing can be deployed there; check AWS_REGION`,
    );
  await tools.emptyBucket(bucketNameOf(settings.name, account, region));
  return tools.cdk(['destroy', '--force', ...contextOf(options)]);
}

/** Makes the template, without an account, and says where it is: CDK itself would print all of it. */
export async function synth(options: Options, { cdk }: Pick<Tools, 'cdk'>): Promise<number> {
  const { name } = readSettings(options);
  const code = await cdk(['synth', '--quiet', ...contextOf(options)]);
  if (code === 0) process.stdout.write(`the template is in dist/cdk/${stackName(name)}.template.json\n`);
  return code;
}

function refuseRetained(stage: string | undefined): void {
  if (isStageName(stage) && STAGES[stage].retain)
    throw new DeploymentError(
      `the stage ${stage} keeps its data; docs/aws.md says under "Tear down" how to remove it by hand`,
    );
}

/** @throws DeploymentError when no region is set, or one that the stage cannot be in. */
function regionFor(settings: Settings, { region }: Tools): string {
  if (region === undefined)
    throw new DeploymentError('AWS_REGION is not set; name the region to deploy to, such as eu-central-1');
  if (!CERTIFICATES.has(region))
    throw new DeploymentError(
      `AWS_REGION is ${region}, of whose databases there are no certificates here; name a region such as eu-central-1`,
    );
  const ofCertificate = regionOfCertificate(settings) ?? region;
  if (ofCertificate !== region)
    throw new DeploymentError(
      `the certificate is of ${ofCertificate}, but AWS_REGION is ${region}; request one in ${region}, or deploy to ${ofCertificate}`,
    );
  return region;
}

async function assertDocker({ hasDocker }: Tools): Promise<void> {
  if (!(await hasDocker()))
    throw new DeploymentError(
      'the image of the API is built by Docker, which does not answer; start it, or name another builder in CDK_DOCKER, such as finch or podman',
    );
}

function contextOf(options: Options): string[] {
  return Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : ['--context', `${name}=${value}`],
  );
}
