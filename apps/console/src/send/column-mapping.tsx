import { Button, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { COLUMNS, type Column, type ImportSettings } from '../api/settings.ts';
import type { DryRun } from '../api/types.ts';
import { useTexts } from '../texts/texts.tsx';

const CONSTANT = 'constant';
const CELL = 'cell:';

type Props = {
  run: DryRun;
  /** The file's own columns. */
  cells: readonly string[];
  settings: ImportSettings;
  onSettings: (settings: ImportSettings) => void;
};

/** For each column of ours the file's column, as found or as stated. */
export function ColumnMapping({ run, cells, settings, onSettings }: Props) {
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
            suggested={run.suggestions.find((suggestion) => suggestion.column === column)?.cell ?? null}
            cells={cells}
            stated={stated}
            onStated={setStated}
          />
        ))}
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

type SelectProps = {
  column: Column;
  found: string | null;
  /** A cell whose name or values look like the column's; not applied unless the person says so. */
  suggested: string | null;
  cells: readonly string[];
  stated: ImportSettings;
  onStated: (settings: ImportSettings) => void;
};

function ColumnSelect({ column, found, suggested, cells, stated, onStated }: SelectProps) {
  const texts = useTexts();
  const name = texts.columns[column] ?? column;
  const constant = stated.constants?.[column];
  const cell = stated.columns?.[column];
  const automatic = found === null ? texts.send.notFound : texts.send.automatic(found);
  const change = (value: string) => {
    const { [column]: _cell, ...columns } = stated.columns ?? {};
    const { [column]: _constant, ...constants } = stated.constants ?? {};
    if (value === CONSTANT) onStated(withoutEmpty({ ...stated, columns, constants: { ...constants, [column]: '' } }));
    else if (value.startsWith(CELL))
      onStated(withoutEmpty({ ...stated, columns: { ...columns, [column]: value.slice(CELL.length) }, constants }));
    else onStated(withoutEmpty({ ...stated, columns, constants }));
  };
  return (
    <div>
      <NativeSelect
        label={name}
        value={constant !== undefined ? CONSTANT : cell === undefined ? '' : `${CELL}${cell}`}
        onChange={(event) => change(event.currentTarget.value)}
        data={[
          { value: '', label: automatic },
          ...[...new Set(cells)].map((own) => ({ value: `${CELL}${own}`, label: own })),
          { value: CONSTANT, label: texts.send.constant },
        ]}
      />
      {suggested !== null && cell === undefined && constant === undefined ? (
        <Button mt={4} size="compact-sm" variant="subtle" onClick={() => change(`${CELL}${suggested}`)}>
          {texts.send.suggested(suggested)}
        </Button>
      ) : null}
      {constant === undefined ? null : (
        <TextInput
          mt={4}
          aria-label={texts.send.constantValue(name)}
          placeholder={texts.send.constantValue(name)}
          value={constant}
          onChange={(event) =>
            onStated({ ...stated, constants: { ...stated.constants, [column]: event.currentTarget.value } })
          }
        />
      )}
    </div>
  );
}

/** Settings that state nothing are none. */
function withoutEmpty({ columns = {}, constants = {}, ...others }: ImportSettings): ImportSettings {
  return {
    ...others,
    ...(Object.keys(columns).length > 0 ? { columns } : {}),
    ...(Object.keys(constants).length > 0 ? { constants } : {}),
  };
}
