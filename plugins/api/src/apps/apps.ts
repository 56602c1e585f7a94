import { conflict, notFound, Problem, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { AppBody, AppView } from './app.js';

interface Row {
  id: string;
  provider_id: string;
  name: string;
  description: string;
  website: string;
  scopes: string[];
  state: AppView['state'];
  pending: boolean;
  reason: string | null;
  approved_name: string | null;
  approved_description: string | null;
  approved_website: string | null;
  approved_scopes: string[];
  updated_at: Date;
}

/** An app as the portal approved it. */
export interface ApprovedApp {
  id: string;
  providerId: string;
  name: string;
  description: string;
  website: string;
  scopes: string[];
}

const approvedColumns = {
  id: 'id',
  providerId: 'provider_id',
  name: 'approved_name',
  description: 'approved_description',
  website: 'approved_website',
  scopes: 'approved_scopes',
};

/** Apps of partners. Row-level security limits partners to those of their providers. */
export class Apps {
  readonly #knex: Knex;
  readonly #directory: Dependencies['directory'];
  readonly #machines: Dependencies['machines'];
  readonly #actAs: Dependencies['actAs'];

  constructor({ knex, directory, machines, actAs }: Dependencies) {
    this.#knex = knex;
    this.#directory = directory;
    this.#machines = machines;
    this.#actAs = actAs;
  }

  /** By name. `after`: name and id of the last app of the page before. */
  async list(limit: number, after: readonly unknown[] | null): Promise<AppView[]> {
    const found = this.#knex<Row>('apps').orderBy(['name', 'id']).limit(limit);
    if (after !== null) found.whereRaw('(name, id) > (?::text, ?::uuid)', [...after] as string[]);
    return this.#views(await found);
  }

  /** Those that the portal has to look at, the longest waiting first. */
  async pending(limit: number): Promise<AppView[]> {
    const found = this.#knex<Row>('apps').where({ pending: true }).orderBy(['updated_at', 'id']).limit(limit);
    return this.#views(await found);
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<AppView> {
    const [view] = await this.#views(await this.#knex<Row>('apps').where({ id }).limit(1));
    if (view === undefined) throw notFound();
    return view;
  }

  /** @throws Problem 404 for a provider for which the caller does not act; 422 for a scope that the portal does not have */
  async add(providerId: string, body: AppBody): Promise<AppView> {
    if ((await this.#directory.providers.get(providerId)) === null) throw notFound('You do not act for this provider.');
    this.#checkScopes(body.scopes);
    const [row] = await this.#knex<Row>('apps')
      .insert({ ...body, provider_id: providerId })
      .returning('id');
    return this.get((row as Row).id);
  }

  /** Stores what the partner wrote. Schools see it, and the app gets more scopes, once the portal has approved it. */
  async change(id: string, body: AppBody): Promise<AppView> {
    await this.get(id);
    this.#checkScopes(body.scopes);
    await this.#knex('apps')
      .where({ id })
      .update({ ...body, pending: true, updated_at: this.#knex.fn.now() });
    return this.get(id);
  }

  async remove(id: string): Promise<void> {
    if ((await this.#knex('apps').where({ id }).delete()) === 0) throw notFound();
  }

  /**
   * Approves an app as the approver saw it. What schools granted beyond its scopes ends: they decide again if the app asks for it later.
   *
   * @throws Problem 409 if the partner changed it meanwhile
   */
  async approve(id: string, seen: AppBody): Promise<AppView> {
    const approved = await this.#knex('apps')
      .where({ id, name: seen.name, description: seen.description, website: seen.website })
      .whereRaw('scopes = ?::text[]', [seen.scopes] as unknown as string[])
      .update({
        state: 'approved',
        pending: false,
        reason: null,
        approved_name: this.#knex.ref('name'),
        approved_description: this.#knex.ref('description'),
        approved_website: this.#knex.ref('website'),
        approved_scopes: this.#knex.ref('scopes'),
        updated_at: this.#knex.fn.now(),
      });
    if (approved > 0) {
      await this.#endGrantsBeyond(id, seen.scopes);
      return this.get(id);
    }
    await this.get(id);
    throw conflict('api/app-changed', 'The partner changed the app since you opened it. Look at it again.');
  }

  /** Refuses what waits for approval. What was approved before stays as it is. */
  async refuse(id: string, reason: string): Promise<AppView> {
    const refused = await this.#knex('apps')
      .where({ id, pending: true })
      .update({
        pending: false,
        reason,
        state: this.#knex.raw(`case when state = 'submitted' then 'refused' else state end`),
        updated_at: this.#knex.fn.now(),
      });
    if (refused === 0) {
      await this.get(id);
      throw conflict('api/not-pending', 'Nothing of this app waits for approval.');
    }
    return this.get(id);
  }

  /** Ends all access of an app at once. Approving it again gives back what schools granted. */
  async suspend(id: string, reason: string): Promise<AppView> {
    const suspended = await this.#knex('apps')
      .where({ id })
      .update({ state: 'suspended', pending: false, reason, updated_at: this.#knex.fn.now() });
    if (suspended === 0) throw notFound();
    await this.#knex('access_tokens').where({ app_id: id }).delete();
    return this.get(id);
  }

  /** Approved apps for schools, whose people act for no provider. By name. */
  approved(limit: number): Promise<ApprovedApp[]> {
    return this.#approved((apps) => apps.where({ state: 'approved' }).limit(limit));
  }

  /** One approved app, which stays as it is until the unit of work ends. Undefined if it is unknown or not approved. */
  async lockApproved(id: string): Promise<ApprovedApp | undefined> {
    const [app] = await this.#approved((apps) => apps.where({ id, state: 'approved' }).forShare());
    return app;
  }

  /** These apps, as the portal approved them last, even if they are suspended now. */
  async named(ids: readonly string[]): Promise<ApprovedApp[]> {
    return ids.length === 0 ? [] : this.#approved((apps) => apps.whereRaw('id = any(?::uuid[])', [ids] as unknown as string[]));
  }

  #approved(which: (apps: Knex.QueryBuilder) => Knex.QueryBuilder): Promise<ApprovedApp[]> {
    return this.#actAs(systemPrincipal(), ({ knex }: { knex: Knex }) => {
      const found = which(knex('apps')).whereNotNull('approved_name').orderBy(['approved_name', 'id']);
      return found.select(approvedColumns) as Promise<ApprovedApp[]>;
    });
  }

  async #endGrantsBeyond(id: string, scopes: readonly string[]): Promise<void> {
    await this.#knex.raw('delete from grants where app_id = ? and not scopes && ?::text[]', [id, scopes] as unknown as string[]);
    await this.#knex.raw(
      `update grants set scopes = array(select scope from unnest(scopes) scope where scope = any(?::text[]) order by scope), updated_at = now()
        where app_id = ? and not scopes <@ ?::text[]`,
      [scopes, id, scopes] as unknown as string[],
    );
  }

  #checkScopes(scopes: readonly string[]): void {
    const known = new Set(this.#machines.scopes().map(({ name }) => name));
    const unknown = scopes.filter((scope) => !known.has(scope));
    if (unknown.length === 0) return;
    throw new Problem({
      type: 'api/unknown-scope',
      status: 422,
      title: 'Unknown scope',
      detail: `This portal has no scope ${unknown.join(', ')}. It has ${[...known].sort().join(', ')}.`,
    });
  }

  async #views(rows: readonly Row[]): Promise<AppView[]> {
    const ids = [...new Set(rows.map(({ provider_id }) => provider_id))];
    const names = new Map((await this.#directory.providers.getMany(ids)).map(({ id, name }) => [id, name]));
    return rows.map((row) => ({
      id: row.id,
      provider: { id: row.provider_id, name: names.get(row.provider_id) ?? '' },
      name: row.name,
      description: row.description,
      website: row.website,
      scopes: row.scopes,
      state: row.state,
      pending: row.pending,
      reason: row.reason,
      approved:
        row.approved_name === null
          ? null
          : {
              name: row.approved_name,
              description: row.approved_description ?? '',
              website: row.approved_website ?? '',
              scopes: row.approved_scopes,
            },
    }));
  }
}
