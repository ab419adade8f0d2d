/** What the CDK's own command runs (cdk.json): makes the template of a stage. `npm run synth` and others call that command. */
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { acknowledge } from './acknowledgements.ts';
import { createStack } from './app.ts';
import { bundleAll } from './bundle/bundle.ts';
import { readSettings } from './settings.ts';

const BUNDLES = fileURLToPath(new URL('../../dist/lambda', import.meta.url));

const app = new App();
const option = (name: string): string | undefined => app.node.tryGetContext(name);
const settings = readSettings({
  stage: option('stage'),
  certificate: option('certificate'),
  from: option('from'),
  email: option('email'),
});
acknowledge(createStack(app, settings, await bundleAll(BUNDLES)), settings);
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
