import type pg from 'pg';
import type { FileDeclaration } from '../../contract/files.js';
import { fileTenantColumn, tableOfFiles } from '../../foundation/file-tables.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { eraseRuleOf } from '../../foundation/table-rules.js';
import { literal, quote, schemaOf } from '../names.js';

/**
 * Creates the tables of a plugin's kinds of file before its own migrations, which may refer to them. A column added to the declaration is
 * added to the table as nullable; a column removed from it is kept.
 *
 * @param client acts as the plugin's owner
 */
export async function makeFileTables(client: pg.ClientBase, { id, definition }: CheckedPlugin): Promise<void> {
  for (const [kind, declaration] of Object.entries(definition.files ?? {})) {
    await client.query(tableStatements(id, kind, declaration).join(';\n'));
  }
}

function tableStatements(id: string, kind: string, declaration: FileDeclaration): string[] {
  const table = tableOfFiles(declaration);
  const name = `${quote(schemaOf(id))}.${quote(kind)}`;
  const tenant = fileTenantColumn(declaration);
  const shared = typeof declaration.tenant === 'object';
  const people = Object.keys(declaration.people ?? {});
  const mustBe = (column: string) => (eraseRuleOf(table, column) === 'delete' ? ' not null' : '');
  return [
    `create table if not exists ${name} (
       id uuid primary key, name text not null, type text not null, bytes bigint not null, sha256 text not null,
       thumbnail int, sealed boolean not null,
       ${tenant === null ? '' : `${quote(tenant)} uuid${shared ? '' : ' not null'},`}
       ${people.map((column) => `${quote(column)} uuid${mustBe(column)},`).join(' ')}
       created_at timestamptz not null default now(), updated_at timestamptz not null default now())`,
    ...[...(tenant === null ? [] : [tenant]), ...people].flatMap((column) => [
      `alter table ${name} add column if not exists ${quote(column)} uuid`,
      `create index if not exists ${quote(`${kind}_${column}_file`.slice(0, 63))} on ${name} (${quote(column)})`,
    ]),
    `create index if not exists ${quote(`${kind}_updated_at_file`.slice(0, 63))} on ${name} (updated_at)`,
    `create or replace trigger ilearn_file after insert or delete on ${name} for each row
       execute function kernel.note_file(${literal(id)}, ${literal(tenant ?? '')})`,
  ];
}

/** Records a plugin's kinds of file, so that the files of a dropped table can still be found. Runs as the kernel. */
export async function noteFileKinds(client: pg.ClientBase, { id, definition }: CheckedPlugin): Promise<void> {
  const kinds = Object.keys(definition.files ?? {});
  if (kinds.length === 0) return;
  await client.query('insert into kernel.file_kinds (plugin, kind) select $1, unnest($2::text[]) on conflict do nothing', [
    id,
    kinds,
  ]);
}
