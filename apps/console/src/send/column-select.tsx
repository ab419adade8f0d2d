import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { Column, ImportSettings } from '../api/settings.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/texts.tsx';
import { columnOf, type FileColumn, sourceOf } from './column-sources.ts';

const CONSTANT = 'constant';
const JOINED = 'joined';

type Props = {
  column: Column;
  /** The header cell that it was found under. */
  found: string | null;
  suggested: (FileColumn & { source: string | number }) | undefined;
  fileColumns: readonly FileColumn[];
  stated: ImportSettings;
  onStated: (settings: ImportSettings) => void;
};

/** What one of our columns is read from: a column of the file, or one value for all rows. */
export function ColumnSelect({ column, found, suggested, fileColumns, stated, onStated }: Props) {
  const texts = useTexts();
  const name = texts.columns[column] ?? column;
  const constant = stated.constants?.[column];
  const source = stated.columns?.[column];
  const chosen = source === undefined || typeof source === 'object' ? undefined : columnOf(source, fileColumns);
  const shown = chosen ?? fileColumns.find(({ cell }) => cell !== null && cell === found);
  const change = (value: string) => onStated(withSource(stated, column, sourceFor(value, source, fileColumns)));
  return (
    <div>
      <NativeSelect
        label={name}
        description={constant === undefined && source === undefined && found === null ? null : valuesOf(shown)}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        value={optionOf(constant, source, chosen)}
        onChange={(event) => change(event.currentTarget.value)}
        data={[
          { value: '', label: found === null ? texts.send.notFound : texts.send.automatic(found) },
          ...(typeof source === 'object' ? [{ value: JOINED, label: source.join(' + ') }] : []),
          ...fileColumns.map((fileColumn) => ({
            value: String(fileColumn.position),
            label: labelOf(fileColumn, fileColumns, texts),
          })),
          { value: CONSTANT, label: texts.send.constant },
        ]}
      />
      {suggested !== undefined && source === undefined && constant === undefined ? (
        <Button mt={4} size="compact-sm" variant="subtle" onClick={() => change(String(suggested.position))}>
          {texts.send.suggested(labelOf(suggested, fileColumns, texts))}
        </Button>
      ) : null}
      {constant === undefined ? null : (
        <TextInput
          mt={4}
          aria-label={texts.send.constantValue(name)}
          placeholder={texts.send.constantValue(name)}
          value={constant}
          onChange={(event) => onStated(withSource(stated, column, { constant: event.currentTarget.value }))}
        />
      )}
    </div>
  );
}

type Source = NonNullable<ImportSettings['columns']>[Column];

function optionOf(constant: string | undefined, source: Source, chosen: FileColumn | undefined): string {
  if (constant !== undefined) return CONSTANT;
  if (typeof source === 'object') return JOINED;
  return chosen === undefined ? '' : String(chosen.position);
}

function sourceFor(value: string, source: Source, columns: readonly FileColumn[]): Stated {
  if (value === CONSTANT) return { constant: '' };
  if (value === JOINED) return { source };
  const column = columns.find(({ position }) => String(position) === value);
  return column === undefined ? {} : { source: sourceOf(column, columns) };
}

/** As the file calls it; where it has no name, or one of several of the same, with its place. */
function labelOf(column: FileColumn, columns: readonly FileColumn[], { send: texts }: Texts): string {
  const { position, cell, values } = column;
  if (cell === null || cell === '') return texts.columnAt(position, values[0] ?? '');
  return sourceOf(column, columns) === position ? texts.columnAt(position, cell) : cell;
}

function valuesOf(column: FileColumn | undefined): string | null {
  return column === undefined || column.values.length === 0 ? null : `${column.values.join(' · ')} …`;
}

type Stated = { source?: Source; constant?: string };

/** Settings that state this of the column, and of nothing else of it. Those that state nothing are none. */
function withSource(settings: ImportSettings, column: Column, { source, constant }: Stated): ImportSettings {
  const { columns = {}, constants = {}, ...others } = settings;
  const { [column]: _source, ...otherColumns } = columns;
  const { [column]: _constant, ...otherConstants } = constants;
  const newColumns = source === undefined ? otherColumns : { ...otherColumns, [column]: source };
  const newConstants = constant === undefined ? otherConstants : { ...otherConstants, [column]: constant };
  return {
    ...others,
    ...(Object.keys(newColumns).length > 0 ? { columns: newColumns } : {}),
    ...(Object.keys(newConstants).length > 0 ? { constants: newConstants } : {}),
  };
}
