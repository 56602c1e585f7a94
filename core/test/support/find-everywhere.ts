import type { TestPlatform } from '@ilearn/core/testing';

/** Tables whose rows hold a text anywhere: every column of every schema, in plain text or as bytes. */
export async function findEverywhere({ platform }: TestPlatform, texts: readonly string[]): Promise<string[]> {
  const { pool } = await platform.home();
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ text: string }>(
      `select distinct text from (select lower(t::text) as line from ${name} t offset 0) r, unnest($1::text[]) text
       where strpos(line, lower(text)) > 0 or strpos(line, encode(convert_to(text, 'utf8'), 'hex')) > 0 order by 1`,
      [texts],
    );
    for (const { text } of rows) found.push(`${name}: ${text}`);
  }
  return found;
}
