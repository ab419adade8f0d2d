import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { deploy } from '../src/commands/deploy.ts';
import { realTools } from '../src/commands/tools.ts';
import { DeploymentError } from '../src/settings.ts';

/** Status and body of an answer. */
type Answer = [number, string];

const CALLER: Answer = [
  200,
  `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
     <Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
   </GetCallerIdentityResult></GetCallerIdentityResponse>`,
];

function refusal(code: string, message: string): Answer {
  return [
    400,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ];
}

function toolkit(outputs: string): Answer {
  return [
    200,
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
       <StackName>CDKToolkit</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs>
     </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ];
}

function version(value: number): Answer {
  return toolkit(
    `<member><OutputKey>BucketName</OutputKey><OutputValue>cdk-hnb659fds-assets</OutputValue></member>
     <member><OutputKey>BootstrapVersion</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
}

const NO_STACK = refusal('ValidationError', 'Stack with id CDKToolkit does not exist');

/** This machine, with an AWS that answers so; what is asked of the CDK's command is kept, and not done. */
async function setupTools({
  sts = CALLER,
  cloudFormation = version(30),
  docker = 'true',
  region = 'eu-central-1',
} = {}) {
  const server = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const [status, text] = body.includes('GetCallerIdentity') ? sts : cloudFormation;
      response.writeHead(status, { 'Content-Type': 'text/xml' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', region);
  vi.stubEnv('AWS_DEFAULT_REGION', '');
  vi.stubEnv('CDK_DOCKER', docker);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
    server.closeAllConnections();
  });
  const ran: string[] = [];
  const tools = realTools();
  tools.cdk = async (args) => {
    ran.push(args.join(' '));
    return 0;
  };
  return { tools, ran };
}

const DEPLOYED = 'deploy --require-approval never --context stage=dev';

test('a region that is prepared is deployed to; one that is not is prepared first, also one that CDK left half prepared', async () => {
  const prepared = await setupTools({ cloudFormation: version(6) });
  expect(await deploy({ stage: 'dev' }, prepared.tools)).toBe(0);
  expect(prepared.ran).toEqual([DEPLOYED]);

  for (const cloudFormation of [NO_STACK, toolkit('')]) {
    const fresh = await setupTools({ cloudFormation });
    await deploy({ stage: 'dev' }, fresh.tools);
    expect(fresh.ran).toEqual(['bootstrap aws://123456789012/eu-central-1', DEPLOYED]);
  }
});

test.for<[string, Parameters<typeof setupTools>[0], RegExp]>([
  ['no Docker', { docker: 'false' }, /^the image of the API is built by Docker, which does not answer/],
  ['a Docker that is not installed', { docker: '/nowhere/docker' }, /^the image of the API is built by Docker/],
  ['no region', { region: '' }, /^AWS_REGION is not set/],
  ['a region that there is not', { region: 'eu-middle-1' }, /^AWS_REGION is eu-middle-1, of whose databases/],
  [
    'credentials that have expired',
    { sts: refusal('ExpiredToken', 'The security token included in the request is expired') },
    /^AWS does not take the credentials \(The security token .* is expired\); log in again, or check AWS_PROFILE/,
  ],
  [
    'a region that the account has not enabled',
    { sts: refusal('InvalidClientTokenId', 'The security token included in the request is invalid') },
    /^AWS does not take the credentials .* check AWS_PROFILE and AWS_REGION$/,
  ],
  [
    'somebody who may not see stacks',
    { cloudFormation: refusal('AccessDenied', 'User ada is not authorized to perform: cloudformation:DescribeStacks') },
    /^CloudFormation does not say whether eu-central-1 is prepared for CDK \(User ada is not authorized .*\); log in as/,
  ],
  [
    'a region prepared by an older CDK',
    { cloudFormation: version(5) },
    /^aws:\/\/123456789012\/eu-central-1 was prepared by an older CDK \(version 5, and 6 is needed\); run: npx cdk/,
  ],
])('%s: one sentence says what to do, and nothing is created', async ([, given, sentence]) => {
  const { tools, ran } = await setupTools(given);
  const error = await deploy({ stage: 'dev' }, tools).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DeploymentError);
  expect(String(error instanceof Error && error.message)).toMatch(sentence);
  expect(String(error)).not.toContain('\n');
  expect(ran).toEqual([]);
});
