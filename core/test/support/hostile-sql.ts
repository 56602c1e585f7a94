/** A seeded source of chance, so that what was found can be found again (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface HostileStatement {
  text: string;
  /** It reaches for something that is not the plugin's: it must not run. Else it may, and must leave nothing behind. */
  reaches: boolean;
}

/** Calls that set, read or keep what is not the plugin's. */
const calls = [
  "set_config('search_path', 'mallory, pg_catalog', false)",
  "set_config('row_security', 'off', true)",
  "set_config('role', 'none', true)",
  "set_config('ilearn.all_tenants', 'on', true)",
  "current_setting('data_directory')",
  'setseed(0.5)',
  "query_to_xml('select 1', true, true, '')",
  "table_to_xml('kernel.secrets', true, true, '')",
  "schema_to_xml('kernel', true, true, '')",
  "database_to_xml(true, true, '')",
  "cursor_to_xml('c', 1, true, true, '')",
  "ts_stat('select 1')",
  "ts_rewrite('a'::tsquery, 'select 1')",
  "lo_from_bytea(0, 'x')",
  'lo_create(0)',
  'lo_creat(1)',
  'lo_get(777001)',
  "lo_put(777001, 0, 'x')",
  'lo_unlink(777001)',
  "lo_import('/etc/passwd')",
  "lo_export(777001, '/tmp/x')",
  'lo_open(777001, 393216)',
  'loread(0, 10)',
  'pg_advisory_lock(1)',
  'pg_advisory_xact_lock(1)',
  'pg_try_advisory_lock(1, 2)',
  'pg_advisory_lock_shared(7)',
  'pg_advisory_unlock_all()',
  'pg_sleep(0)',
  'pg_sleep_for(interval $$0$$)',
  "pg_notify('x', 'y')",
  "pg_read_file('/etc/passwd')",
  "pg_read_binary_file('/etc/passwd')",
  "pg_ls_dir('.')",
  "pg_stat_file('x')",
  'pg_reload_conf()',
  'pg_cancel_backend(1)',
  'pg_terminate_backend(pg_backend_pid())',
  'pg_export_snapshot()',
  "pg_logical_emit_message(false, 'x', 'y')",
  'pg_switch_wal()',
  'pg_stat_reset()',
  'pg_stat_clear_snapshot()',
  "pg_get_viewdef('pg_views'::regclass)",
  'pg_get_functiondef(1)',
  'pg_my_temp_schema()',
  'pg_current_xact_id()',
  'txid_current()',
  'pg_relation_size(1259)',
  'pg_table_is_visible(1259)',
  "has_table_privilege('kernel.sessions', 'select')",
  "to_regclass('kernel.sessions')",
  'lastval()',
  "currval('notes_id_seq')",
  "dblink('x', 'y')",
  'pg_prepared_statement()',
  'inet_client_addr()',
  'pg_backend_pid()',
  'pg_listening_channels()',
  'pg_show_all_settings()',
  'pg_stat_get_activity(null)',
  'pg_lock_status()',
  'victim.secret()',
  'kernel.secret()',
  'now_evil()',
] as const;

const relations = [
  'kernel.secrets',
  'kernel.sessions',
  'kernel.role_grants',
  'kernel.messages',
  'victim.notes',
  'victim.shown',
  'public.anything',
  'pg_settings',
  'pg_catalog.pg_settings',
  'pg_class',
  'pg_catalog.pg_authid',
  'pg_roles',
  'pg_user',
  'pg_largeobject',
  'pg_largeobject_metadata',
  'pg_prepared_statements',
  'pg_cursors',
  'pg_stat_activity',
  'pg_stat_all_tables',
  'pg_locks',
  'pg_proc',
  'pg_hba_file_rules',
  'pg_file_settings',
  'pg_temp.t',
  'pg_toast.pg_toast_1255',
  'information_schema.role_table_grants',
  'information_schema.sql_features',
  'postgres.kernel.secrets',
] as const;

const types = [
  'regclass',
  'regproc',
  'pg_catalog.regtype',
  'regrole',
  'regnamespace',
  'aclitem',
  'pg_class',
  'pg_authid',
  'regclass[]',
  'victim.mood',
] as const;
const fields = [
  'pg_sleep',
  'lo_unlink',
  'lo_creat',
  'pg_advisory_lock',
  'pg_advisory_xact_lock',
  'pg_read_file',
  'current_setting',
  'setseed',
  'pg_ls_dir',
  'to_regclass',
  'pg_terminate_backend',
  'lo_import',
] as const;

const commands = [
  'set search_path = mallory, pg_catalog',
  'set local role none',
  'set session authorization default',
  'set row_security = off',
  "set ilearn.all_tenants = 'on'",
  'set transaction read write',
  'set constraints all deferred',
  'reset all',
  'reset role',
  'begin',
  'commit',
  'commit and chain',
  'rollback',
  'abort',
  'end',
  'start transaction',
  "prepare transaction 'x'",
  "rollback prepared 'x'",
  'prepare p as select 1',
  'execute p',
  'deallocate all',
  'discard all',
  'declare c cursor with hold for select 1',
  'fetch all from c',
  'close all',
  'listen x',
  'unlisten *',
  "notify x, 'y'",
  "load 'x'",
  'vacuum',
  'analyze',
  'checkpoint',
  'cluster',
  'reindex database postgres',
  "copy notes to program 'id'",
  'copy notes from stdin',
  "copy (select 1) to '/tmp/x'",
  'do $$ begin perform 1; end $$',
  'call p()',
  'create temp table t (a int)',
  'create temporary table t as select 1',
  'create table t (a int)',
  'create unlogged table t (a int)',
  'create temp view v as select 1',
  'create view v as select 1',
  'create temp sequence s',
  'create function pg_temp.f() returns int language sql as $$ select 1 $$',
  'create or replace function now() returns timestamptz language sql as $$ select pg_catalog.now() $$',
  'create schema x',
  'create role x',
  'create extension dblink',
  'create rule r as on insert to notes do also select 1',
  'create trigger t before insert on notes execute function f()',
  'create event trigger e on ddl_command_end execute function f()',
  'create cast (text as int) with inout',
  'create operator @@@ (leftarg = int, function = abs)',
  'create publication p',
  'create policy p on notes using (true)',
  'alter table notes disable row level security',
  'alter table notes owner to postgres',
  'alter function twice(int) set role to none',
  'alter role current_user set search_path = mallory',
  'alter default privileges grant select on tables to public',
  "alter system set work_mem = '1MB'",
  'alter database postgres set search_path = mallory',
  'grant select on notes to public',
  'revoke all on notes from public',
  'reassign owned by current_user to postgres',
  'drop owned by current_user',
  'drop table notes',
  'drop schema mallory cascade',
  "comment on table notes is 'x'",
  "security label on table notes is 'x'",
  'import foreign schema x from server s into mallory',
  'refresh materialized view v',
  'select 1 into temp t',
  'select 1 into t',
  'explain analyze create temp table t as select 1',
  'explain analyze execute p',
  'explain analyze declare c cursor with hold for select 1',
  'explain (analyze) create materialized view v as select 1',
  'lock table kernel.sessions',
  'truncate kernel.sessions, notes',
  'select 1; reset role',
  'select 1; select 2',
] as const;

const honest = [
  'a',
  'a + 1',
  "'x' || b",
  'count(*)',
  'max(a)',
  'now()',
  'gen_random_uuid()',
  'length(b)',
  '(select 1)',
  'case when a > 1 then 2 end',
  'coalesce(a, 1)',
  "j ->> 'k'",
  'array[1, 2]',
  'mallory.twice(a)',
  'random()',
  "current_setting('ilearn.tenants', true)",
  'row(1, 2)',
  "to_tsvector('dutch', b)",
  'null::notes',
  "'{1}'::int[]",
  '1::text',
  'current_user',
] as const;

/** Texts that reach for something, in every place and spelling that the grammar of PostgreSQL has for it; and honest ones between them. */
export class HostileSql {
  #reaches = false;
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = chance(seed);
  }

  next(): HostileStatement {
    this.#reaches = false;
    const text = this.#dress(this.#statement());
    return { text, reaches: this.#reaches };
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #maybe(share: number): boolean {
    return this.#random() < share;
  }

  #statement(): string {
    if (this.#maybe(0.15)) {
      this.#reaches = true;
      return this.#pick(commands);
    }
    const make = this.#pick([
      () => this.#query(2),
      () => this.#query(3),
      () => `insert into ${this.#target()} (a, b) values (${this.#value(2)}, 'x')${this.#tail()}`,
      () => `insert into ${this.#target()} (a) select x.n from (${this.#query(1)}) x (n)${this.#tail()}`,
      () =>
        `insert into ${this.#target()} (a) values (1) on conflict (a) do update set a = ${this.#value(1)} where ${this.#value(1)} is not null`,
      () => `update ${this.#target()} set a = (${this.#value(2)})::text::int where ${this.#value(1)} is not null${this.#tail()}`,
      () => `update ${this.#target()} t set b = 'x' from ${this.#source(1)} where t.a = 1`,
      () => `delete from ${this.#target()} where ${this.#value(2)} is null${this.#tail()}`,
      () => `delete from ${this.#target()} t using ${this.#source(1)} where t.a = 1`,
      () =>
        `merge into ${this.#target()} t using (${this.#query(1)}) s on true when matched and ${this.#value(1)} is null then do nothing when not matched then insert (a) values (1)`,
      () => `explain ${this.#pick(['', 'analyze ', '(costs off) ', '(analyze, buffers) '])}${this.#query(1)}`,
      () => `lock table ${this.#target()} in share mode`,
    ]);
    return make();
  }

  #query(depth: number): string {
    const make = this.#pick([
      () => `select ${this.#value(depth)}`,
      () => `select ${this.#value(depth)} from ${this.#source(depth)}`,
      () => `select a from notes where ${this.#value(depth)} is not null`,
      () => `select a from notes order by ${this.#value(depth)}`,
      () => `select count(*) from notes group by ${this.#value(depth)}`,
      () => `select max(a) from notes having ${this.#value(depth)} is null`,
      () => `select max(a) filter (where ${this.#value(depth)} is null) from notes`,
      () => `select sum(a) over (partition by ${this.#value(depth)} order by a) from notes`,
      () => `select array_agg(a order by ${this.#value(depth)}) from notes`,
      () => `select a from notes limit (select 1 where ${this.#value(depth)} is null)`,
      () => `values (${this.#value(depth)}), (null)`,
      () => `table ${this.#relation()}`,
      () => `with x as (${this.#inner(depth)}) select * from x`,
      () =>
        `with recursive x (n) as (select 1 union all select n + 1 from x where n < 3 and ${this.#value(depth)} is null) select n from x`,
      () => `with x as (${this.#pick(['delete from', 'select * from'])} ${this.#target()}${this.#pick(['', ''])}) select 1`,
      () => `select 1 union all ${this.#inner(depth)}`,
      () => `select * from notes n, lateral (${this.#inner(depth)}) l`,
      () => `select 1 from notes tablesample system (${this.#maybe(0.5) ? '10' : this.#value(0)})`,
      () => `select json_object('a': ${this.#value(depth)})`,
      () => `select jsonb_path_query(j, '$.a') from ${this.#source(depth)}`,
      () =>
        `select * from json_table('[1]'::jsonb, '$[*]' columns (a int path '$', b text default (${this.#value(0)}) on error)) t`,
      () => `select (${this.#inner(depth)}) is distinct from null`,
      () => `select exists (${this.#inner(depth)})`,
      () => `select a from notes where a in (${this.#inner(depth)})`,
      () => `select a from notes for update of notes skip locked`,
    ]);
    return make();
  }

  #inner(depth: number): string {
    return depth <= 0 ? 'select 1' : this.#query(depth - 1);
  }

  #value(depth: number): string {
    if (this.#maybe(0.25)) return this.#reaching();
    if (depth <= 0 || this.#maybe(0.3)) return this.#pick(honest);
    const make = this.#pick([
      () => `(${this.#inner(depth - 1)})`,
      () => `coalesce(${this.#value(depth - 1)}, null)`,
      () => `case when ${this.#value(depth - 1)} is null then 1 else 2 end`,
      () => `array[${this.#value(depth - 1)}]`,
      () => `row(${this.#value(depth - 1)}, 1)`,
      () => `greatest(${this.#value(depth - 1)}, null)`,
      () => `nullif(${this.#value(depth - 1)}, null)`,
      () => `format('%s', ${this.#value(depth - 1)})`,
      () => `concat(${this.#value(depth - 1)})`,
      () => `cast(${this.#value(depth - 1)} as text)`,
      () => `(${this.#value(depth - 1)})::text collate "C"`,
      () => `(array[${this.#value(depth - 1)}])[1]`,
      () => `to_jsonb(${this.#value(depth - 1)})`,
      () => `not ${this.#value(depth - 1)} is null`,
      () => `pg_typeof(${this.#value(depth - 1)})::text`,
    ]);
    return make();
  }

  /** Something that is not the plugin's, as a value. */
  #reaching(): string {
    this.#reaches = true;
    const make = this.#pick([
      () => this.#call(),
      () => this.#call(),
      () => this.#call(),
      () => `(select count(*) from ${this.#spell(this.#pick(relations))})`,
      () => `'kernel.secrets'::${this.#pick(types)}`,
      () => `cast('1' as ${this.#pick(types)})`,
      () => `(1).${this.#spellName(this.#pick(fields))}`,
      () => `('x'::text).${this.#spellName(this.#pick(fields))}`,
      () => `(select x.${this.#spellName(this.#pick(fields))} from generate_series(1, 1) x)`,
      () => `(select (x).${this.#spellName(this.#pick(fields))} from (select 1::bigint) x)`,
      () => `1 operator(victim.+) 2`,
      () => `xmlelement(name a, ${this.#pick(['1', 'b'])})`,
    ]);
    return make();
  }

  #call(): string {
    const call = this.#pick(calls);
    const [, name = '', rest = ''] = /^([^(]*)(.*)$/s.exec(call) ?? [];
    const within = rest.replace(/'kernel\./, "'kernel.");
    return `${this.#spell(this.#maybe(0.3) && !name.includes('.') ? `pg_catalog.${name}` : name)}${this.#maybe(0.1) ? ' ' : ''}${within}`;
  }

  #source(depth: number): string {
    if (this.#maybe(0.3)) return `${this.#relation()} s`;
    const make = this.#pick([
      () => `notes n join lateral (${this.#inner(depth)}) s on true`,
      () => `(${this.#inner(depth)}) s`,
      () => `generate_series(1, 3) s`,
      () => `unnest(array[1, 2]) with ordinality s`,
      () => 'rows from (generate_series(1, 2), generate_series(1, 3)) s',
      () => {
        this.#reaches = true;
        return `${this.#call()} s`;
      },
      () => {
        this.#reaches = true;
        return `rows from (generate_series(1, 2), ${this.#call()}) s`;
      },
    ]);
    return make();
  }

  #target(): string {
    return this.#maybe(0.25) ? this.#foreign() : 'notes';
  }

  #relation(): string {
    return this.#maybe(0.4) ? this.#foreign() : 'notes';
  }

  #foreign(): string {
    this.#reaches = true;
    return this.#spell(this.#pick(relations));
  }

  #tail(): string {
    return this.#maybe(0.3) ? ` returning ${this.#value(1)}` : '';
  }

  #spell(name: string): string {
    return name
      .split('.')
      .map((part) => this.#spellName(part))
      .join(this.#pick(['.', '.', '.', ' . ', '/* */./**/']));
  }

  /** The ways to write one identifier. */
  #spellName(name: string): string {
    const way = this.#random();
    if (way < 0.6) return name;
    if (way < 0.7) return name.toUpperCase();
    if (way < 0.85) return `"${name}"`;
    const coded = [...name].map((letter, index) =>
      index % 2 === 0 ? letter : `\\${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return `U&"${coded.join('')}"`;
  }

  /** Comments, blanks and capitals around a statement. */
  #dress(text: string): string {
    const before = this.#pick(['', '', '', ' ', '-- x\n', '-- x\r', '/* x */', '/* /* */ */ ', ';', '\t\f']);
    const after = this.#pick(['', '', '', ';', ' -- x', ' /* x */', '; -- x\n']);
    return `${before}${text}${after}`;
  }
}
