import { Paper, Table, Title } from '@mantine/core';
import type { Operations } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';

/** How many messages the queues have. */
export function Queues({ queues }: { queues: Operations['queues'] }) {
  const { operate: texts } = useTexts();
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} mb="sm">
        {texts.queues}
      </Title>
      <Table.ScrollContainer minWidth={300}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{texts.queue}</Table.Th>
              <Table.Th className="number">{texts.waiting}</Table.Th>
              <Table.Th className="number">{texts.inFlight}</Table.Th>
              <Table.Th className="number">{texts.delayed}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {queues.map(({ queue, messages }) => (
              <Table.Tr key={queue} data-queue={queue}>
                <Table.Td>{texts.queueNames[queue]}</Table.Td>
                {messages === null ? (
                  <Table.Td colSpan={3}>{texts.unknown}</Table.Td>
                ) : (
                  [messages.visible, messages.inFlight, messages.delayed].map((count, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same
                    <Table.Td key={index} className="number">
                      {formatNumber(count)}
                    </Table.Td>
                  ))
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
