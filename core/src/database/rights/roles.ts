import type pg from 'pg';
import { quote, type RoleNames } from '../names.js';

/** The roles could not be created; `sql` lists what an administrator must run first. */
export class MissingRightsError extends Error {
  constructor(
    readonly user: string,
    readonly sql: string[],
  ) {
    super(
      `The database user "${user}" may not create the roles and schemas that separate plugins.\n` +
        'Ask an administrator of the database to run this once, then start again:\n\n' +
        sql.map((line) => `  ${line};`).join('\n'),
    );
    this.name = 'MissingRightsError';
  }
}

/**
 * Creates the two roles of each plugin and lets the connecting user act as them. Roles belong to the whole cluster, so each is created
 * outside the migration's transaction; another portal may create the same role at the same time.
 *
 * @throws MissingRightsError with the SQL to run
 */
export async function ensureRoles(client: pg.ClientBase, pluginIds: readonly string[], names: RoleNames): Promise<void> {
  const wanted = pluginIds.flatMap((id) => [names.runtime(id), names.owner(id)]);
  const { rows } = await client.query<{
    user: string;
    superuser: boolean;
    createrole: boolean;
    schemas: boolean;
    database: string;
    existing: string[];
    usable: string[];
  }>(
    `select current_user as user, r.rolsuper as superuser, r.rolcreaterole as createrole,
       has_database_privilege(current_database(), 'CREATE') as schemas, current_database()::text as database,
       coalesce((select array_agg(rolname::text) from pg_roles where rolname = any($1)), '{}') as existing,
       coalesce((select array_agg(rolname::text) from pg_roles where rolname = any($1) and pg_has_role(current_user, oid,
         case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)), '{}') as usable
     from pg_roles r where r.rolname = current_user`,
    [wanted],
  );
  const state = rows[0];
  if (state === undefined) throw new Error('the database did not report its current user');
  const missing = wanted.filter((role) => !state.existing.includes(role));
  const foreign = state.superuser ? [] : wanted.filter((role) => !state.usable.includes(role));
  const create = (role: string) => `create role ${quote(role)} nologin noinherit`;
  const grant = (role: string) => `grant ${quote(role)} to ${quote(state.user)}`;
  const roles = [...missing.map(create), ...foreign.map(grant)];
  const schemas = state.schemas ? [] : [`grant create on database ${quote(state.database)} to ${quote(state.user)}`];
  const mayMakeRoles = state.superuser || state.createrole || roles.length === 0;
  if (!mayMakeRoles || schemas.length > 0) throw new MissingRightsError(state.user, [...(mayMakeRoles ? [] : roles), ...schemas]);
  for (const statement of roles) {
    try {
      await tolerant(client, statement);
    } catch (error) {
      // A role created by another user can be granted only by that user.
      if ((error as { code?: string }).code === '42501') throw new MissingRightsError(state.user, roles);
      throw error;
    }
  }
}

/** Ignores the error if another portal created the same role at the same moment. */
async function tolerant(client: pg.ClientBase, sql: string): Promise<void> {
  const exists = ['42710', '23505'];
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      if (code !== undefined && exists.includes(code)) return;
      if (attempt === 5 || !/tuple concurrently/.test(message)) throw error;
    }
  }
}
