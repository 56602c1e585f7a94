import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvOfRows } from '../src/base/csv.js';

/** Reads a file back as RFC 4180 says, with semicolons. */
function read(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/gy;
  const body = text.replace(/^\uFEFF/, '');
  while (cell.lastIndex < body.length) {
    const found = cell.exec(body);
    if (found === null) throw new Error('no CSV');
    rows.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? (found[2] as string));
    if (found[3] !== ';') rows.push([]);
  }
  return rows.slice(0, -1);
}

const signs = [...'=+-@＝＋－＠﹦﹢﹣﹫⁼⁺₌₊−'];
const ahead = [
  '',
  ' ',
  '\u00a0',
  '\u3000',
  '\t',
  '\r',
  '\n',
  '\r\n',
  '\u200b',
  '\ufeff',
  '\u202e',
  '\u2003',
  '\v',
  '\u0085',
  ' \n ',
];

describe('attack 16: a table for a spreadsheet', () => {
  it.each(signs.flatMap((sign) => ahead.map((before) => `${before}${sign}1+1`)))('contains %j as text', (text) => {
    expect(read(csvOfRows([[text, 'x']]))).toEqual([[`'${text}`, 'x']]);
  });

  it('returns every text, complete and in place, and starts no formula', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom(...signs, ...ahead, '"', ';', 'a', "'", '1')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        const back = read(csvOfRows(rows));
        expect(back.map((row) => row.length)).toEqual(rows.map((row) => row.length));
        for (const [index, row] of rows.entries()) {
          for (const [place, wanted] of row.entries()) {
            const got = back[index]?.[place] as string;
            expect([wanted, `'${wanted}`]).toContain(got);
            expect(got.normalize('NFKC').replace(/^[\s\p{C}\p{Z}]+/u, '')).not.toMatch(/^[=+\-@−]/);
          }
        }
      }),
    );
  });

  it('leaves names, numbers and words unchanged', () => {
    expect(csvOfRows([['Noor-Ann', "D'Hondt", 12.5, -3, 'a=b', '“x”']])).toBe("\uFEFFNoor-Ann;D'Hondt;12,5;-3;a=b;“x”\r\n");
  });
});
