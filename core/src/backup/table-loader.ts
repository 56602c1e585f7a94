import type pg from 'pg';
import { pluginOf, quote, type RoleNames } from '../database/names.js';
import { type Column, type PortalRecord, RowDigest, readRows, storedColumns } from './content.js';

type Table = Extract<PortalRecord, { kind: 'table' }>;
type Sequences = Extract<PortalRecord, { kind: 'sequences' }>['values'];

/** Fills tables of the caller's transaction. */
export class TableLoader {
  constructor(
    private readonly client: pg.ClientBase,
    private readonly names: RoleNames,
  ) {}

  /**
   * Loads one table, then reads it back and compares.
   *
   * @param take gives the table's rows, and the record that ends it
   * @param skip drops them
   */
  async load({ schema, table, columns }: Table, take: () => Promise<PortalRecord>, skip: boolean): Promise<void> {
    if (!skip) {
      await this.#actAs(schema);
      await this.#compareColumns(schema, table, columns);
    }
    const list = columns.map(({ name }) => quote(name)).join(', ');
    const values = columns.map(({ type }, index) => `(r ->> ${index})::${type}`).join(', ');
    const insert = `insert into ${quote(schema)}.${quote(table)} (${list}) overriding system value
      select ${values} from jsonb_array_elements($1::jsonb) r`;
    for (;;) {
      const record = await take();
      if (record.kind === 'rows') {
        if (!skip && columns.length > 0) await this.client.query(insert, [`[${record.rows.join(',')}]`]);
      } else if (record.kind === 'table-end') {
        if (!skip) await this.#compareRows(schema, table, columns, record);
        break;
      } else throw new Error(`a record of the kind ${record.kind} is out of place`);
    }
    if (!skip) await this.client.query('set local role none');
  }

  /** Without a last value the sequence begins anew, since a migration may have used it. */
  async setSequences(values: Sequences): Promise<void> {
    for (const { schema, sequence, last, start } of values) {
      await this.#actAs(schema);
      const name = `${quote(schema)}.${quote(sequence)}`;
      await this.client.query('select setval($1::regclass, $2::bigint, $3)', [name, last ?? start, last !== null]);
      await this.client.query('set local role none');
    }
  }

  async #actAs(schema: string): Promise<void> {
    if (schema !== 'kernel') await this.client.query(`set local role ${quote(this.names.owner(pluginOf(schema)))}`);
  }

  async #compareColumns(schema: string, table: string, wanted: readonly Column[]): Promise<void> {
    const found = await storedColumns(this.client, schema, table);
    const text = (columns: readonly Column[]) => columns.map(({ name, type }) => `${name} ${type}`).sort();
    const [here, there] = [text(found), text(wanted)];
    // A kind of file may have got columns since, which are empty for older rows.
    const missing = there.filter((column) => !here.includes(column));
    if (missing.length === 0) return;
    throw new Error(
      `the table ${schema}.${table} has no column ${missing.join(', ')} after its migrations: the installed plugin has the same migrations, ` +
        'but they make other tables than those of the content',
    );
  }

  async #compareRows(
    schema: string,
    table: string,
    columns: readonly Column[],
    wanted: { rows: number; digest: string },
  ): Promise<void> {
    const digest = new RowDigest();
    for await (const rows of readRows(this.client, schema, table, columns)) for (const row of rows) digest.add(row);
    if (digest.rows === wanted.rows && digest.text() === wanted.digest) return;
    throw new Error(`${schema}.${table} differs when read back: ${digest.rows} rows instead of ${wanted.rows}, or other values`);
  }
}
