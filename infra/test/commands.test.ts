import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { BOOTSTRAP_VERSION, deploy, destroy, synth, type Tools } from '../src/commands/deploy.ts';
import { DeploymentError, type Options } from '../src/settings.ts';

const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';

/** A machine and an account where everything is as it should be; what the CDK's command was told is kept. */
function setupTools(wrong: Partial<Tools> = {}) {
  const ran: string[] = [];
  const emptied: string[] = [];
  const tools: Tools = {
    region: 'eu-central-1',
    hasDocker: async () => true,
    account: async () => '123456789012',
    bootstrapVersion: async () => 30,
    async cdk(args) {
      ran.push(args.join(' '));
      return 0;
    },
    emptyBucket: async (bucket) => void emptied.push(bucket),
    ...wrong,
  };
  return { tools, ran, emptied };
}

const PROD: Options = { stage: 'prod', certificate: CERTIFICATE };

test('a stage is deployed with its options, after the account is prepared, which happens once', async () => {
  const prepared = setupTools();
  expect(await deploy(PROD, prepared.tools)).toBe(0);
  const deployed = `deploy --require-approval never --context stage=prod --context certificate=${CERTIFICATE}`;
  expect(prepared.ran).toEqual([deployed]);

  const fresh = setupTools({ bootstrapVersion: async () => undefined });
  await deploy(PROD, fresh.tools);
  expect(fresh.ran).toEqual(['bootstrap aws://123456789012/eu-central-1', deployed]);
});

test('dev is removed with its files; the exit code is that of the command', async () => {
  const { tools, ran, emptied } = setupTools();
  expect(await destroy({ stage: 'dev' }, tools)).toBe(0);
  expect(emptied).toEqual(['rowferry-dev-files-123456789012-eu-central-1']);
  expect(ran).toEqual(['destroy --force --context stage=dev']);
  expect(await deploy({ stage: 'dev' }, setupTools({ cdk: async () => 3 }).tools)).toBe(3);
});

const noCredentials = async () => {
  throw new DeploymentError('there are no credentials for AWS; log in');
};

test.for<[string, Options, Partial<Tools>, RegExp]>([
  ['no stage', {}, {}, /^name a stage: --stage dev or --stage prod$/],
  ['an unknown stage', { stage: 'test' }, {}, /^there is no stage test; name one of dev and prod, or add it to infra/],
  ['a stage that an object has by itself', { stage: 'constructor' }, {}, /^there is no stage constructor/],
  ['prod without a certificate', { stage: 'prod' }, {}, /needs a certificate, .* --certificate <arn>$/],
  ['what is no certificate', { stage: 'prod', certificate: 'my.pem' }, {}, /^--certificate must be the ARN/],
  ['what is no range', { stage: 'dev', from: 'everywhere' }, {}, /^--from must be a range/],
  ['no region', PROD, { region: undefined }, /^AWS_REGION is not set; name the region/],
  [
    'a region that RDS has no certificates for',
    PROD,
    { region: 'eu-middle-1' },
    /^AWS_REGION is eu-middle-1, of whose databases/,
  ],
  [
    'a certificate of another region',
    PROD,
    { region: 'us-east-1' },
    /^the certificate is of eu-central-1, but AWS_REGION is us-east-1/,
  ],
  [
    'no Docker',
    PROD,
    { hasDocker: async () => false },
    /built by Docker, which does not answer; start it, or name another/,
  ],
  ['no credentials', PROD, { account: noCredentials }, /^there are no credentials/],
  [
    'a region prepared by an older CDK',
    PROD,
    { bootstrapVersion: async () => BOOTSTRAP_VERSION - 1 },
    /^aws:.* by an older CDK \(version 5, and 6 is needed\); run: npx cdk bootstrap aws:\/\/123456789012\/eu-central-1$/,
  ],
])('%s: one sentence says what to do, and nothing is created', async ([, options, wrong, sentence]) => {
  const { tools, ran } = setupTools(wrong);
  const error = await deploy(options, tools).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DeploymentError);
  expect(String(error instanceof Error && error.message)).toMatch(sentence);
  expect(String(error)).not.toContain('\n');
  expect(ran).toEqual([]);
});

test('an account that may not be prepared is left to an administrator; nothing is deployed', async () => {
  const ran: string[] = [];
  const { tools } = setupTools({
    bootstrapVersion: async () => undefined,
    async cdk([command = '']) {
      ran.push(command);
      return 1;
    },
  });
  await expect(deploy(PROD, tools)).rejects.toThrow(
    'aws://123456789012/eu-central-1 is not prepared for CDK, and these credentials may not do it; let an administrator run: npx cdk bootstrap aws://123456789012/eu-central-1',
  );
  expect(ran).toEqual(['bootstrap']);
  await expect(destroy({ stage: 'dev' }, tools)).rejects.toThrow(/check AWS_REGION/);
});

test('prod is not removed by a command, whatever else is said', async () => {
  const { tools, ran, emptied } = setupTools();
  await expect(destroy(PROD, tools)).rejects.toThrow(/^the stage prod keeps its data; docs\/aws.md/);
  expect([ran, emptied]).toEqual([[], []]);
});

test('a template is made without region, account and Docker', async () => {
  const { tools, ran } = setupTools({ region: undefined, account: noCredentials, hasDocker: async () => false });
  expect(await synth({ stage: 'dev' }, tools)).toBe(0);
  expect(ran).toEqual(['synth --quiet --context stage=dev']);
});

test('on this machine, without credentials, a deployment ends with one line', async () => {
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Any command that succeeds is taken for a Docker that answers.
    CDK_DOCKER: 'true',
  };
  const args = ['infra/src/commands/commands-main.ts', 'deploy', '--stage', 'dev'];
  const failed = await promisify(execFile)(process.execPath, args, { env }).catch((error: unknown) => Object(error));
  expect({ code: failed.code, stdout: failed.stdout, stderr: failed.stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'deploy: there are no credentials for AWS; log in (aws sso login), or set AWS_PROFILE\n',
  });
});
