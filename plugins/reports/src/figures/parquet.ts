import { parquetWriteBuffer } from 'hyparquet-writer';
import { columns, type FigureRow } from './rows.js';

/** Media type of Parquet, as IANA registered it. */
export const parquetType = 'application/vnd.apache.parquet';

/** Figures as Parquet, with the columns of the CSV: `value` is a nullable double, everything else text. */
export function figuresParquet(rows: readonly FigureRow[]): Buffer {
  const columnData = columns.map((name, at) => ({
    name,
    data: rows.map((row) => row[at] ?? null),
    type: name === 'value' ? ('DOUBLE' as const) : ('STRING' as const),
    nullable: name === 'value',
  }));
  return Buffer.from(parquetWriteBuffer({ columnData }));
}
