import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { COLUMNS, type ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';
import { ColumnSelect } from './column-select.tsx';
import { sourceOf } from './column-sources.ts';
import { FormatSettings } from './format-settings.tsx';

type Props = {
  run: DryRun;
  settings: ImportSettings;
  onSettings: (settings: ImportSettings) => void;
};

/** For each column of ours the file's column, as found or as stated; and how the file is divided into cells. */
export function ColumnMapping({ run, settings, onSettings }: Props) {
  const { send: texts } = useTexts();
  const [stated, setStated] = useState(settings);
  const isChanged = JSON.stringify(stated) !== JSON.stringify(settings);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="sm">
        {COLUMNS.map((column) => (
          <ColumnSelect
            key={column}
            column={column}
            found={run.columns?.[column] ?? null}
            suggested={suggestedFor(column, run)}
            fileColumns={run.fileColumns}
            stated={stated}
            onStated={setStated}
          />
        ))}
        <FormatSettings run={run} stated={stated} onStated={setStated} />
      </SimpleGrid>
      {run.ignoredColumns.length > 0 ? (
        <Text size="sm" c="dimmed">
          {texts.ignored(run.ignoredColumns.join(', '))}
        </Text>
      ) : null}
      {isChanged ? (
        <Group>
          <Button variant="light" onClick={() => onSettings(stated)}>
            {texts.checkAgain}
          </Button>
        </Group>
      ) : null}
    </Stack>
  );
}

/** What looks like the column; it is not applied unless the person says so. */
function suggestedFor(column: string, { suggestions, fileColumns }: DryRun) {
  const suggestion = suggestions.find((each) => each.column === column);
  const fileColumn = fileColumns.find(({ position }) => position === suggestion?.position);
  return fileColumn === undefined ? undefined : { ...fileColumn, source: sourceOf(fileColumn, fileColumns) };
}
