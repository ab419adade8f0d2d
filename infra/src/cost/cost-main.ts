/** `npm run cost`: what a stage costs a month on paper. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { STAGE_NAMES, type StageName } from '../stages.ts';
import { costsOf, type Limit } from './cost.ts';
import { PRICES_OF } from './prices.ts';

new Command('npm run cost --')
  .description('Says what a stage costs a month on AWS when so many rows come each day, and what gives out first.')
  .requiredOption('--rows-per-day <number>', 'such as 1000000 or 1e8', readRows)
  .addOption(new Option('--stage <stage>', 'sizes').choices(STAGE_NAMES).default('prod'))
  .showHelpAfterError()
  .action(({ rowsPerDay, stage }: { rowsPerDay: number; stage: StageName }) => {
    process.stdout.write(report(rowsPerDay, stage));
  })
  .parse();

function readRows(text: string): number {
  const rows = Number(text);
  if (Number.isFinite(rows) && rows >= 0 && rows <= 1e12 && text.trim() !== '') return rows;
  throw new InvalidArgumentError('It must be a number of rows from 0 to 1e12, such as 1e8.');
}

function report(rowsPerDay: number, stage: StageName): string {
  const { parts, total, instance, databaseGb, messagesPerDay, reached, next } = costsOf(rowsPerDay, stage);
  const whole = (value: number) => Math.round(value).toLocaleString('en-US');
  const limit = ({ rowsPerDay, what, lift }: Limit) =>
    `  from ${whole(rowsPerDay / 1e6)} million rows a day: ${what}\n    lifted by: ${lift}`;
  const lines = [...Object.entries(parts), ['in all', total] as const].map(
    ([part, dollars]) =>
      `  ${part.padEnd(26)} ${`$${dollars < 10 ? dollars.toFixed(2) : whole(dollars)}`.padStart(10)}`,
  );
  return `${whole(rowsPerDay)} rows a day, stage ${stage}: dollars a month, by prices of ${PRICES_OF.month} in ${PRICES_OF.region}

${lines.join('\n')}

Messages a day: ${whole(messagesPerDay)}. Database: ${instance?.name ?? 'several'}, ${whole(databaseGb)} GB after 90 days.
What gives out, the first first:
${reached.length === 0 ? '  nothing' : reached.map(limit).join('\n')}
What gives out next:
${next === undefined ? '  what several databases share, which nobody has measured' : limit(next)}

The prices are AWS's public ones as somebody remembered them. Check them before you rely on them.
`;
}
