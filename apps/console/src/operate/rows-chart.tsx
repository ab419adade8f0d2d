import { Group, Table, Text } from '@mantine/core';
import { OUTCOMES, type Outcome } from '../api/types.ts';
import { OUTCOME_COLOR } from '../app/theme.ts';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { formatMoment, formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { barsOf, rowsOf, type Step } from './chart-bars.ts';

/** In the units of the drawing, which is stretched over the page. */
const WIDTH = 600;
const HEIGHT = 120;

/** The rows of the last hour by minute and outcome. */
export function RowsChart({ steps }: { steps: readonly Step[] }) {
  const { operate: texts } = useTexts();
  const { bars, maxPerMinute } = barsOf(steps);
  if (bars.length === 0) return <Text>{texts.noRows}</Text>;
  const counts = sumOf(steps);
  const all = formatNumber(steps.reduce((sum, step) => sum + rowsOf(step), 0));
  return (
    <>
      <Text size="sm" c="dimmed">
        {texts.perMinute(formatNumber(Math.ceil(maxPerMinute)))}
      </Text>
      <svg
        className="rows-chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={texts.lastHourSum(all)}
      >
        {bars.map(({ x, width, step, parts }) =>
          parts.map(({ outcome, y, height }) => (
            <rect
              key={`${step.to}${outcome}`}
              x={x * WIDTH}
              width={Math.max(1, width * WIDTH - 1)}
              y={y * HEIGHT}
              height={Math.max(0.5, height * HEIGHT)}
              fill={`var(--mantine-color-${OUTCOME_COLOR[outcome].replace('.', '-')})`}
            />
          )),
        )}
      </svg>
      <Group justify="space-between" mb="md">
        {[60, 30].map((minutes) => (
          <Text size="xs" c="dimmed" key={minutes}>
            {texts.ago(minutes)}
          </Text>
        ))}
        <Text size="xs" c="dimmed">
          {texts.now}
        </Text>
      </Group>
      <OutcomeBar counts={counts} total={null} label={texts.lastHour} />
      <details className="chart-table">
        <summary>{texts.asTable}</summary>
        <StepTable steps={bars.map(({ step }) => step)} />
      </details>
    </>
  );
}

function StepTable({ steps }: { steps: readonly Step[] }) {
  const texts = useTexts();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{texts.operate.until}</Table.Th>
            {OUTCOMES.map((outcome) => (
              <Table.Th key={outcome} className="number">
                {texts.outcomes[outcome]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.toReversed().map(({ to, rows }) => (
            <Table.Tr key={to}>
              <Table.Td>{formatMoment(to)}</Table.Td>
              {OUTCOMES.map((outcome) => (
                <Table.Td key={outcome} className="number">
                  {formatNumber(rows[outcome])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function sumOf(steps: readonly Step[]): Record<Outcome, number> {
  const sums = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };
  for (const { rows } of steps) for (const outcome of OUTCOMES) sums[outcome] += rows[outcome];
  return sums;
}
