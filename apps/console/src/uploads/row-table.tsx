import { Box, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { client, dataOf } from '../api/client.ts';
import type { FailedRow } from '../api/types.ts';
import { LongList } from '../long-list/long-list.tsx';
import { PAGE_ROWS, usePages } from '../long-list/use-pages.ts';
import { ListState } from '../parts/list-state.tsx';

const HEADER_HEIGHT = 40;

type Props = {
  uploadId: string;
  outcome: FailedRow['outcome'];
  label: string;
  none: string;
  /** Widths of the columns, as `grid-template-columns` takes them, and of all of them at least. */
  widths: string;
  minWidth: number;
  rowHeight: number;
  header: readonly string[];
  /** One element for each column. */
  cells: (row: FailedRow, index: number) => ReactNode;
};

/** The rows of an upload with one outcome, however many: only those in sight are in the page. */
export function RowTable({ uploadId, outcome, label, none, widths, minWidth, rowHeight, header, cells }: Props) {
  const list = usePages<FailedRow>(['failed-rows', uploadId, outcome], (page, signal) => {
    const params = { path: { id: uploadId }, query: { outcome, page, limit: PAGE_ROWS } };
    return dataOf(client.GET('/v1/uploads/{id}/failed-rows', { params, signal }));
  });
  const columns = { gridTemplateColumns: widths };
  const rows = list.count * rowHeight + HEADER_HEIGHT + 20;
  return (
    <ListState list={list} none={none}>
      <Box className="row-table" style={{ '--rows-height': `${rows}px` }}>
        <LongList
          label={label}
          count={list.count}
          rowHeight={rowHeight}
          onRange={list.onRange}
          table={{
            headerHeight: HEADER_HEIGHT,
            minWidth,
            header: (
              // biome-ignore lint/a11y/useSemanticElements: as the rows below it
              // biome-ignore lint/a11y/useFocusableInteractive: as the rows below it
              <div role="row" className="row-table-row" style={columns}>
                {header.map((text, column) => (
                  // The first column is that of the lines.
                  <Text
                    key={text}
                    role="columnheader"
                    size="sm"
                    fw={600}
                    className={column === 0 ? 'number' : undefined}
                  >
                    {text}
                  </Text>
                ))}
              </div>
            ),
          }}
          row={(index) => {
            const row = list.rowAt(index);
            return (
              <div role="presentation" className="row-table-row" style={columns}>
                {row === undefined ? <Box role="cell" /> : cells(row, index)}
              </div>
            );
          }}
        />
      </Box>
    </ListState>
  );
}
