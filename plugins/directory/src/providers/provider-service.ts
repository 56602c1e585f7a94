import { conflict, forbidden, notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { ProviderPerson, ProviderSummary, Providers } from '../exports.js';
import { isUuid } from '../ids.js';
import { managesProvider } from '../people/visibility.js';
import { mostProviders } from '../shapes.js';
import type { ProviderKind } from '../tenants.js';
import type { ProviderPeople } from './provider-people.js';

export interface ProviderInput {
  name: string;
  /** A general e-mail address; null for none. */
  email: string | null;
}

const columns = ['id', 'kind', 'name'];

/** `directory.providers`. Row-level security limits each caller to their own providers. */
export class ProviderService implements Providers {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #tenants: Dependencies['tenants'];
  readonly #events: Dependencies['events'];
  readonly #people: ProviderPeople;

  constructor({ knex, principal, tenants, events, providerPeople }: Dependencies & { providerPeople: ProviderPeople }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#tenants = tenants;
    this.#events = events;
    this.#people = providerPeople;
  }

  async get(id: string): Promise<ProviderSummary | null> {
    return isUuid(id) ? ((await this.#knex('providers').where({ id }).first(columns)) ?? null) : null;
  }

  async getMany(ids: readonly string[]): Promise<ProviderSummary[]> {
    const wanted = ids.filter(isUuid);
    if (wanted.length === 0) return [];
    return this.#knex('providers').whereRaw('id = any(?::uuid[])', [wanted]).select(columns);
  }

  /** By name. `after`: name and id of the last provider of the page before. */
  async list({
    limit = 100,
    after = null,
  }: {
    limit?: number;
    after?: readonly unknown[] | null;
  } = {}): Promise<ProviderSummary[]> {
    const found = this.#knex('providers').select(columns).orderBy(['name', 'id']).limit(limit);
    if (after !== null) found.whereRaw('(name, id) > (?::text, ?::uuid)', [...after] as string[]);
    return found;
  }

  async mayManage(id: string): Promise<boolean> {
    return isUuid(id) && managesProvider(this.#principal, id) && (await this.get(id)) !== null;
  }

  /** Providers for which the person works, by name, with the number of people of each. One statement. */
  async sizesOf(personId: string | null, limit: number): Promise<(ProviderSummary & { people: number })[]> {
    if (!isUuid(personId ?? '')) return [];
    return this.#knex('providers')
      .whereIn('id', this.#knex('provider_members').where({ person_id: personId }).select('provider_id'))
      .orderBy(['name', 'id'])
      .limit(limit)
      .select(columns)
      .select(this.#knex.raw('(select count(*)::int from provider_members m where m.provider_id = providers.id) as people'));
  }

  async peopleOf(id: string): Promise<ProviderPerson[]> {
    return isUuid(id) ? this.#people.list(id) : [];
  }

  async ofPerson(personId: string): Promise<ProviderSummary[]> {
    if (!isUuid(personId)) return [];
    const memberships = this.#knex('provider_members').where({ person_id: personId }).select('provider_id');
    return this.#knex('providers').whereIn('id', memberships).select(columns).orderBy(['name', 'id']).limit(mostProviders);
  }

  async contactOf(id: string): Promise<string | null> {
    return (await this.#knex('providers').where({ id }).first('email'))?.email ?? null;
  }

  async create({ kind, name, email }: ProviderInput & { kind: ProviderKind }): Promise<string> {
    if (this.#principal.tenants !== '*') throw forbidden('Only the portal and its administrators add providers.');
    const [row] = await this.#knex('providers').insert({ kind, name, email }).returning('id');
    await this.#tenants.register([{ id: row.id, kind }]);
    await this.#publish('added', row.id);
    return row.id;
  }

  async update(id: string, { name, email }: ProviderInput): Promise<void> {
    const changed = await this.#knex('providers').where({ id }).update({ name, email, updated_at: this.#knex.fn.now() });
    if (changed === 0) throw notFound();
    await this.#publish('changed', id);
  }

  /**
   * Removes a provider with its people.
   *
   * @param people how many people the caller saw that this concerns
   * @throws Problem 409 `directory/provider-changed` if it concerns another number of people by now
   */
  async remove(id: string, people: number): Promise<void> {
    const provider = await this.#knex('providers').where({ id }).forUpdate().first('id');
    if (provider === undefined) throw notFound();
    const members = await this.#people.lockAll(id);
    if (members.length !== people) {
      throw conflict('directory/provider-changed', `By now ${members.length} people work for this provider. Look at it again.`);
    }
    await this.#people.removeMany(id, members);
    await this.#tenants.remove([id]);
    await this.#knex('providers').where({ id }).delete();
    await this.#publish('removed', id);
  }

  async #publish(change: 'added' | 'changed' | 'removed', id: string): Promise<void> {
    const changes = new ChangesToPublish();
    changes.provider(change, id);
    await changes.publish(this.#events);
  }
}
