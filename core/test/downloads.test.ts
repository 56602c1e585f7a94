import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { csvStream, routeFor, zipStream } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { none, plugin, sql } from './support/fixtures.js';

const route = routeFor<any>();
const ROWS = 300_000;
/** Compressing is slow: an archive of fewer rows shows as much. */
const ARCHIVED = 20_000;

/** The rows up to the last one in pages, each read by a unit of work of its own. */
async function* pagesOf(work: any, last = ROWS): AsyncGenerator<[number, string]> {
  for (let after = 0; ; ) {
    const rows: { n: number; text: string }[] = await work(({ knex }: any) =>
      knex('rows').select('n', 'text').where('n', '>', after).andWhere('n', '<=', last).orderBy('n').limit(5_000),
    );
    if (rows.length === 0) return;
    for (const { n, text } of rows) yield [n, text];
    after = rows[rows.length - 1]?.n as number;
  }
}

const stock = plugin('stock', {
  tables: { rows: none },
  migrations: [sql('0001', 'create table rows (n int primary key, text text not null)')],
  routes: [
    route({
      method: 'GET',
      path: '/table',
      summary: 'Table',
      permission: 'public',
      responses: { 200: { description: 'rows', contentType: 'text/csv' } },
      handler: ({ work }) => csvStream(pagesOf(work)),
    }),
    route({
      method: 'GET',
      path: '/archive',
      summary: 'Archive',
      permission: 'public',
      responses: { 200: { description: 'rows', contentType: 'application/zip' } },
      handler: ({ work }) =>
        zipStream(
          (async function* () {
            for (const name of ['one.csv', 'two.csv']) yield { name, content: csvStream(pagesOf(work, ARCHIVED)) };
          })(),
        ),
    }),
  ],
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [stock] });
  await portal.work('stock', ({ knex }) =>
    knex.raw(`insert into rows select n, 'rij ' || md5(n::text) || repeat('x', 100) from generate_series(1, ${ROWS}) n`),
  );
});
afterAll(() => portal?.stop());

/** Reads an answer to its end and keeps the last part only; the greatest growth of the heap meanwhile, in MB. */
async function drained(path: string, keep: boolean): Promise<{ bytes: number; grown: number; body: Buffer }> {
  global.gc?.();
  const before = process.memoryUsage();
  const held = ({ heapUsed, external }: NodeJS.MemoryUsage) => heapUsed + external;
  let [bytes, most] = [0, 0];
  const parts: Buffer[] = [];
  const [response] = (await once(get(`${portal.url}${path}`), 'response')) as [IncomingMessage];
  for await (const part of response) {
    bytes += part.length;
    if (keep) parts.push(part);
    most = Math.max(most, held(process.memoryUsage()));
  }
  return { bytes, grown: (most - held(before)) / 1_048_576, body: Buffer.concat(parts) };
}

test('a table of 300,000 rows, read in pages, is sent completely', async () => {
  const { bytes, grown } = await drained('/api/stock/table', false);
  expect(bytes).toBeGreaterThan(40_000_000);
  // Held at once it would take well over 100 MB.
  expect(grown).toBeLessThan(95);
});

test('an archive of tables is sent completely', async () => {
  const { body } = await drained('/api/stock/archive', true);
  const files = unzipSync(body);
  expect(Object.keys(files)).toEqual(['one.csv', 'two.csv']);
  const rows = parse(Buffer.from(files['two.csv'] as Uint8Array), { bom: true, delimiter: ';' }) as string[][];
  expect([rows.length, rows[0]?.[0], rows.at(-1)?.[0]]).toEqual([ARCHIVED, '1', String(ARCHIVED)]);
});

test('any cell is read back unchanged by an independent reader, apart from what would be a formula', async () => {
  const cells = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 2, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 20 }), async (rows) => {
      const parts: Uint8Array[] = [];
      for await (const part of csvStream(rows)) parts.push(part);
      const back = parse(Buffer.concat(parts), { bom: true, delimiter: ';', relax_column_count: true, recordDelimiter: '\r\n' });
      const plain = (text: string) => text.toWellFormed().replace(/^'/, '');
      expect(back.map((row: string[]) => row.map(plain))).toEqual(rows.map((row) => row.map(plain)));
    }),
    { numRuns: 200 },
  );
});
