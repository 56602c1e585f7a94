import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { records } from '../dist/oneroster/csv.js';
import type { Fault } from '../dist/oneroster/faults.js';
import { quoted } from './roster.js';

async function read(bytes: Buffer | string) {
  const faults: Fault[] = [];
  const rows: { row: number; cells: string[] }[] = [];
  for await (const record of records(Buffer.from(bytes), 'x.csv', (found) => faults.push(found))) rows.push(record);
  return { rows, faults: faults.map(({ row, code }) => ({ row, code })) };
}

describe('a CSV file', () => {
  it('is read with row numbers as in a spreadsheet', async () => {
    expect(await read('a,b\r\n1,2\r\n\r\n"x\r\ny",3\r\n4,5')).toEqual({
      faults: [],
      rows: [
        { row: 1, cells: ['a', 'b'] },
        { row: 2, cells: ['1', '2'] },
        { row: 4, cells: ['x\r\ny', '3'] },
        { row: 6, cells: ['4', '5'] },
      ],
    });
  });

  it('may begin with a byte order mark', async () => {
    expect((await read('\ufeffa,b\n')).rows).toEqual([{ row: 1, cells: ['a', 'b'] }]);
  });

  it.each([
    ['Latin-1', Buffer.from('a,b\nRenée,1\n', 'latin1'), { row: 2, code: 'encoding' }],
    ['UTF-16', Buffer.from('a,b\n1,2\n', 'utf16le'), { row: 1, code: 'encoding' }],
    ['a quotation mark that never closes', Buffer.from('a,b\n1,2\n3,"4\n5,6\n'), { row: 3, code: 'quote-open' }],
    ['a quotation mark inside a cell', Buffer.from('a,b\n1,2"3\n'), { row: 2, code: 'quote-stray' }],
    ['text after a closing quotation mark', Buffer.from('a,b\n1,2\n"1"x,2\n'), { row: 3, code: 'quote-stray' }],
    ['a cell without end', Buffer.from(`a,b\n1,"${'x\n'.repeat(200_000)}`), { row: 2, code: 'quote-open' }],
  ])('with %s is refused at its row', async (_, bytes, fault) => {
    expect((await read(bytes)).faults).toEqual([fault]);
  });

  it('of a spreadsheet of Windows is read as Windows-1252 where that is told, and nothing else is guessed at', async () => {
    const told: string[] = [];
    const readOld = async (bytes: Buffer) => {
      const faults: Fault[] = [];
      const rows: string[][] = [];
      const all = records(
        bytes,
        'x.csv',
        (found) => faults.push(found),
        undefined,
        () => told.push('x.csv'),
      );
      for await (const { cells } of all) rows.push(cells);
      return { rows, faults: faults.map(({ row, code }) => ({ row, code })) };
    };
    const name = Buffer.from('naam\nRenée \x80 Coët\x92s\n', 'latin1');
    expect(await readOld(name)).toEqual({ rows: [['naam'], ['Renée € Coët’s']], faults: [] });
    expect(told).toEqual(['x.csv']);
    const refused = (row: number) => ({ rows: [], faults: [{ row, code: 'encoding' }] });
    // Partly UTF-8, such as two files that were joined; and bytes that no letter has.
    expect(await readOld(Buffer.concat([Buffer.from('naam\nRenée\n'), Buffer.from('Renée\n', 'latin1')]))).toEqual(refused(3));
    expect(await readOld(Buffer.from('naam\nRen\x81e\n', 'latin1'))).toEqual(refused(2));
    expect(told).toEqual(['x.csv']);
    expect((await readOld(Buffer.from('naam\nRenée\n'))).rows).toEqual([['naam'], ['Renée']]);
  });

  it('is read back as it was written, whatever the cells contain', async () => {
    const cell = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((text) => !text.includes('\0') && !text.startsWith('\ufeff'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (lines) => {
        const { rows, faults } = await read(lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join(''));
        expect(faults).toEqual([]);
        expect(rows.map(({ cells }) => cells)).toEqual(lines.filter((cells) => cells.some((text) => text !== '')));
      }),
    );
  });

  it('never crashes the reader, whatever its bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const { faults } = await read(Buffer.from(bytes));
        expect(faults.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
