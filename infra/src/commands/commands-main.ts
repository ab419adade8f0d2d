/** `npm run synth`, `npm run deploy`, `npm run destroy`. */
import { Command } from 'commander';
import { DeploymentError, type Options } from '../settings.ts';
import { STAGE_NAMES } from '../stages.ts';
import { deploy, destroy, synth, type Tools } from './deploy.ts';
import { realTools } from './tools.ts';

const program = new Command('npm run').showHelpAfterError().addHelpText('after', '\ndocs/aws.md has every step.');

addCommand('synth', 'make the template of a stage in dist/cdk; needs neither an account nor the network', synth, 'dev');
addCommand('deploy', 'bundle, deploy and migrate a stage', deploy);
addCommand('destroy', 'remove a stage that keeps nothing', destroy);

await program.parseAsync();

function addCommand(
  name: string,
  description: string,
  run: (options: Options, tools: Tools) => Promise<number>,
  defaultStage?: string,
): void {
  program
    .command(name)
    .description(description)
    .option('--certificate <arn>', 'certificate of ACM for the API, in the same region; prod needs one')
    .option('--from <range>', 'addresses that may reach the API, such as 203.0.113.7/32')
    .option('--email <address>', 'where alarms go')
    .option('--stage <stage>', STAGE_NAMES.join(' or '), defaultStage)
    .action(async (options: Options) => {
      try {
        process.exitCode = await run(options, realTools());
      } catch (error) {
        if (!(error instanceof DeploymentError)) throw error;
        process.stderr.write(`${name}: ${error.message}\n`);
        process.exitCode = 1;
      }
    });
}
