import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { COLUMNS } from '../api/settings.ts';
import type { FailedRow } from '../api/types.ts';
import { formatNumber } from '../texts/formats.ts';
import { useTexts } from '../texts/texts.tsx';
import { valuesOf } from './corrected-csv.ts';
import { RowTable } from './row-table.tsx';

/** Rows that another row with the same address won over, each with that row. */
export function SupersededRows({ uploadId }: { uploadId: string }) {
  const texts = useTexts();
  return (
    <RowTable
      uploadId={uploadId}
      outcome="superseded"
      label={texts.rows.superseded}
      none={texts.rows.none}
      widths={`72px repeat(${COLUMNS.length}, minmax(0, 1fr)) minmax(0, 1.4fr)`}
      minWidth={900}
      rowHeight={44}
      header={[texts.send.line, ...COLUMNS.map((column) => texts.columns[column] ?? column), texts.rows.wonBy]}
      cells={(row) => (
        <>
          <Text role="cell" size="sm" className="number">
            {formatNumber(row.line)}
          </Text>
          {COLUMNS.map((column) => (
            <Text role="cell" key={column} size="sm" truncate>
              {valuesOf(row.raw)?.[column]}
            </Text>
          ))}
          <Text role="cell" size="sm" truncate>
            <Winner row={row} />
          </Text>
        </>
      )}
    />
  );
}

function Winner({ row: { uploadId, supersededBy } }: { row: FailedRow }) {
  const { rows: texts } = useTexts();
  if (supersededBy === null) return texts.deleted;
  const line = texts.lineOf(formatNumber(supersededBy.line));
  if (supersededBy.uploadId === uploadId) return `${line} ${texts.thisFile}`;
  if (supersededBy.fileName === null) return `${line} ${texts.unknownFile}`;
  return (
    <>
      {line}{' '}
      <Anchor component={Link} underline="always" to={`/uploads/${supersededBy.uploadId}`} size="sm">
        {supersededBy.fileName}
      </Anchor>
    </>
  );
}
