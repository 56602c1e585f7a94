import { type PortalContent, type PortalDescription, RowDigest, type Totals } from './content.js';

export interface ContentSummary {
  about: PortalDescription;
  totals: Totals;
  /** Rows by table, as `schema.table`. */
  rows: Map<string, number>;
  /** Files that were damaged or missing when the content was read. */
  faulty: string[];
}

/** Reads content to its end, and compares what it holds with what it says. @throws Error if they differ */
export async function checkContent(content: PortalContent): Promise<ContentSummary> {
  let about: PortalDescription | null = null;
  let totals: Totals | null = null;
  let digest = new RowDigest();
  let table = '';
  let file = '';
  const rows = new Map<string, number>();
  const faulty: string[] = [];
  for await (const record of content) {
    if (record.kind === 'portal') about = record.about;
    else if (record.kind === 'table') {
      table = `${record.schema}.${record.table}`;
      digest = new RowDigest();
    } else if (record.kind === 'rows') for (const row of record.rows) digest.add(row);
    else if (record.kind === 'table-end') {
      if (record.rows !== digest.rows || record.digest !== digest.text()) throw new Error(`${table} is not complete`);
      rows.set(table, record.rows);
    } else if (record.kind === 'file') file = `${record.file.plugin}/${record.file.kind}/${record.file.id}`;
    else if (record.kind === 'file-end' && record.fault !== null) faulty.push(`${file}: ${record.fault}`);
    else if (record.kind === 'end') totals = record.totals;
  }
  if (about === null || totals === null) throw new Error('the content is not complete');
  return { about, totals, rows, faulty };
}
