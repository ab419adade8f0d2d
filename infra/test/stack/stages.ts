import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { createStack } from '../../src/app.ts';
import { type Bundles, bundlesIn } from '../../src/bundle/bundle.ts';
import { type Options, readSettings, type Settings } from '../../src/settings.ts';

export const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d';

// biome-ignore lint/suspicious/noExplicitAny: a template is JSON whose shape is CloudFormation's
export type Properties = Record<string, any>;
export type Resource = { Type: string; Properties: Properties; DependsOn?: string | string[]; DeletionPolicy?: string };

type Template = { Resources: Record<string, Resource>; Rules: Properties };

export type Finding = { id: string; path: string };

export type TestedStage = {
  settings: Settings;
  resources: Record<string, Resource>;
  /** What CloudFormation checks before it begins. */
  rules: Properties;
  /** Those of a type, by their ids. */
  ofType(type: string): Record<string, Resource>;
  /** The only one of a type, or of those whose id begins so. */
  only(type: string, prefix?: string): Properties;
  findings: Finding[];
  /** The bundle that a function is made of. */
  bundleOf(properties: Properties): string;
};

/** Makes a stage's template, without the bundles: what they are is tested elsewhere. */
function buildStage(options: Options): TestedStage {
  const directory = mkdtempSync(join(tmpdir(), 'rowferry-stack-'));
  try {
    const settings = readSettings(options);
    const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
    const outdir = join(directory, 'out');
    const app = new App({ context, outdir });
    const stack = createStack(app, settings, emptyBundles(directory));
    const report = new AwsSolutionsChecks().validateScope(app);
    const findings = report.violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        id: ruleName,
        path: constructPath.slice(stack.node.path.length + 1),
      })),
    );
    const { Resources: resources, Rules: rules }: Template = app.synth().getStackArtifact(stack.artifactId).template;
    const bundles = new Map(
      globSync(join(outdir, 'asset.*/Dockerfile')).map((file) => [
        basename(dirname(file)).replace('asset.', ''),
        readFileSync(file, 'utf8').replace(/^.* as ([\w-]+)\n$/, '$1'),
      ]),
    );
    const ofType = (type: string) =>
      Object.fromEntries(Object.entries(resources).filter(([, { Type }]) => Type === type));
    return {
      settings,
      resources,
      rules,
      findings,
      ofType,
      bundleOf: ({ Code }) => bundles.get(Code.S3Key.replace('.zip', '')) ?? '',
      only(type, prefix = '') {
        const [found, ...others] = Object.entries(ofType(type)).filter(([id]) => id.startsWith(prefix));
        if (found === undefined || others.length > 0) throw new Error(`${1 + others.length} of ${type} ${prefix}`);
        return found[1].Properties;
      },
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function emptyBundles(directory: string): Bundles {
  const bundles = bundlesIn(directory);
  for (const [name, bundle] of Object.entries(bundles)) {
    mkdirSync(bundle);
    writeFileSync(join(bundle, 'Dockerfile'), `FROM scratch as ${name}\n`);
  }
  return bundles;
}

export const prod = buildStage({ stage: 'prod', certificate: CERTIFICATE, email: 'ops@example.com' });
export const dev = buildStage({ stage: 'dev', from: '203.0.113.7/32' });
export const STAGES: [string, TestedStage][] = [
  ['prod', prod],
  ['dev', dev],
];

/** Functions that are not ours: the provider that calls the trigger's handler. */
export const PROVIDER = /^AWSCDKTriggerCustomResourceProvider/;

export function functionsOf({ ofType }: TestedStage): [string, Properties][] {
  return Object.entries(ofType('AWS::Lambda::Function'))
    .filter(([id]) => !PROVIDER.test(id))
    .map(([id, { Properties }]) => [id, Properties]);
}

/** What the code calls a resource: its id without the hash that CDK appends. */
export function nameOf(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}
