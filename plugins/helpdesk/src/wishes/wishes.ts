import { conflict, forbidden, notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { trigramsOf } from '../text/trigrams.js';
import { partsQuery, vectorOf } from '../tickets/search-vector.js';
import type { Addressee, WishState } from './states.js';

export interface Wish {
  id: string;
  title: string;
  text: string;
  toolKey: string | null;
  state: WishState;
  addressee: Addressee | null;
  providerId: string | null;
  providerName: string;
  createdAt: Date;
  /** People who want it, and their schools. Who they are is told to nobody. */
  people: number;
  schools: number;
  votes: boolean;
  follows: boolean;
}

export interface WishAnswer {
  id: string;
  providerName: string;
  state: WishState;
  text: string;
  at: Date;
}

export interface WishFilter {
  q: string;
  states: readonly WishState[];
  /** Only those that the caller votes for or follows. */
  mine: boolean;
  /** Only those handed to the caller's providers. */
  handed: boolean;
}

/** Two titles are alike from this share of their trigrams that both have (Jaccard index). */
const alike = 0.35;
const mostTwins = 5;
export const mostAnswers = 100;
const toldAtOnce = 1_000;
const portalRoles = ['helpdesk-agent', 'portal-administrator'];

const vector = `setweight((${vectorOf('title')}), 'A') || setweight((${vectorOf('text')}), 'D')`;

/**
 * The ledger of wishes. Row-level security shows each caller the voices of their own school only, so they are counted as the portal; nothing
 * of a voice but its number leaves this service.
 */
export class Wishes {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #actAs: Dependencies['actAs'];
  readonly #notifications: Dependencies['notifications'];

  constructor({ knex, principal, actAs, notifications }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#actAs = actAs;
    this.#notifications = notifications;
  }

  /** Those that most people want first. `after`: number of people and id of the last one of the page before. */
  list(filter: WishFilter, limit: number, after: readonly unknown[] | null): Promise<Wish[]> {
    const { id: person } = this.#principal;
    return this.#asPortal(async (knex) => {
      const query = this.#query(knex)
        .whereNull('w.merged_into')
        .whereIn('w.state', [...filter.states])
        .orderByRaw('v.people desc, w.id')
        .limit(limit);
      const words = partsQuery(filter.q);
      if (words !== null) query.whereRaw(`w.search @@ (${words.sql})`, words.bindings);
      if (filter.mine) query.whereRaw('(coalesce(m.votes, false) or coalesce(m.follows, false) or w.author_id = ?)', [person]);
      if (filter.handed) query.whereRaw('w.provider_id = any(?::uuid[])', [this.#providers()]);
      if (after !== null) query.whereRaw('(-v.people, w.id) > (-(?::int), ?::uuid)', [...after] as string[]);
      return query;
    });
  }

  /** A wish; of one that was merged, the one that it was merged into. */
  async get(id: string): Promise<{ wish: Wish; answers: WishAnswer[]; mayAnswer: boolean }> {
    const [wish] = await this.#asPortal((knex) =>
      this.#query(knex).whereRaw('w.id = coalesce((select merged_into from wishes where id = ?), ?)', [id, id]).limit(1),
    );
    if (wish === undefined) throw notFound();
    const answers: WishAnswer[] = await this.#knex('wish_answers')
      .where({ wish_id: wish.id })
      .orderBy(['created_at', 'id'])
      .limit(mostAnswers)
      .select('id', 'provider_name as providerName', 'state', 'text', 'created_at as at');
    return { wish, answers, mayAnswer: this.#mayAnswer(wish.providerId) };
  }

  /** Wishes whose titles are like this one, the most alike first. */
  twins(title: string): Promise<Pick<Wish, 'id' | 'title' | 'state'>[]> {
    const trigrams = trigramsOf(title);
    if (trigrams.length === 0) return Promise.resolve([]);
    const both = '(select count(*) from unnest(w.trigrams) as g(one) where g.one = any(?::text[]))::float';
    return this.#knex('wishes as w')
      .whereNull('w.merged_into')
      .whereRaw('w.trigrams && ?::text[]', [trigrams])
      .whereRaw(`${both} >= ? * (cardinality(w.trigrams) + ?::int - ${both})`, [trigrams, alike, trigrams.length, trigrams])
      .orderByRaw(`${both} / (cardinality(w.trigrams) + ?::int - ${both}) desc, w.id`, [trigrams, trigrams.length, trigrams])
      .limit(mostTwins)
      .select('w.id', 'w.title', 'w.state');
  }

  /** Adds a wish, which its author wants and follows. */
  async add({ title, text, toolKey }: Pick<Wish, 'title' | 'text' | 'toolKey'>): Promise<string> {
    const [row] = await this.#knex('wishes')
      .insert({ title, text, tool_key: toolKey, author_id: this.#principal.id, trigrams: trigramsOf(title) })
      .returning('id');
    await this.#knex('wishes')
      .where({ id: row.id })
      .update({ search: this.#knex.raw(vector) });
    await this.setVoice(row.id, { votes: true, follows: true });
    return row.id;
  }

  /** Whether the caller wants a wish, and is told what comes of it. */
  async setVoice(id: string, { votes, follows }: { votes: boolean; follows: boolean }): Promise<void> {
    const wish = await this.#knex('wishes').where({ id }).first('id', 'merged_into');
    if (wish === undefined) throw notFound();
    const [school] = [...this.#tenants()].sort();
    if (school === undefined) throw forbidden('People of schools have a voice.');
    const row = { wish_id: wish.merged_into ?? wish.id, person_id: this.#principal.id, school_id: school, votes, follows };
    await this.#knex('wish_voices')
      .insert(row)
      .onConflict(['wish_id', 'person_id'])
      .merge({ votes, follows, updated_at: this.#knex.fn.now() });
  }

  /** To whom wishes can be handed, by name. */
  async providers(limit: number): Promise<{ id: string; name: string; kind: string }[]> {
    if (!this.#isPortal()) throw forbidden('Only helpers of the whole portal hand wishes over.');
    return this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.providers.list({ limit }));
  }

  /** Hands a wish to whoever can grant it. @throws 404 if there is no such provider */
  async handOver(id: string, addressee: Addressee, provider: string | null): Promise<void> {
    const found =
      provider === null
        ? null
        : await this.#actAs(systemPrincipal(), ({ directory }: Dependencies) => directory.providers.get(provider));
    if ((addressee === 'portal') !== (provider === null) || (provider !== null && found === null)) throw notFound();
    const changed = await this.#knex('wishes')
      .where({ id })
      .whereNull('merged_into')
      .update({
        addressee,
        provider_id: provider,
        provider_name: found?.name ?? '',
        state: this.#knex.raw(`case when state = 'new' then 'considered' else state end`),
        updated_at: this.#knex.fn.now(),
      });
    if (changed === 0) throw notFound();
  }

  /** What the portal's makers, or the provider to whom it was handed, answer; all who follow the wish are told. */
  async answer(id: string, state: WishState, text: string): Promise<void> {
    const wish = await this.#knex('wishes').where({ id }).whereNull('merged_into').forUpdate().first();
    if (wish === undefined) throw notFound();
    if (!this.#mayAnswer(wish.provider_id)) throw notFound();
    const ofProvider = !this.#isPortal();
    await this.#knex('wish_answers').insert({
      ...{ wish_id: id, state, text, author_id: this.#principal.id },
      provider_name: ofProvider ? wish.provider_name : '',
    });
    await this.#knex('wishes').where({ id }).update({ state, updated_at: this.#knex.fn.now() });
    await this.#tell(id, wish.title);
  }

  /** Joins a wish to another that says the same; each person's voice counts once. */
  async merge(id: string, into: string): Promise<void> {
    const rows = await this.#knex('wishes')
      .whereIn('id', [id, into])
      .whereNull('merged_into')
      .orderBy('id')
      .forUpdate()
      .select('id');
    if (rows.length < 2) throw conflict('helpdesk/wish-merged', 'Both wishes must be there, and neither merged.');
    await this.#asPortal(async (knex) => {
      await knex.raw(
        `insert into wish_voices (wish_id, person_id, school_id, votes, follows)
         select ?::uuid, person_id, school_id, votes, follows from wish_voices where wish_id = ?
         on conflict (wish_id, person_id) do update
           set votes = wish_voices.votes or excluded.votes, follows = wish_voices.follows or excluded.follows`,
        [into, id],
      );
      await knex('wish_voices').where({ wish_id: id }).delete();
      await knex('wishes').where({ merged_into: id }).update({ merged_into: into });
      await knex('wishes').where({ id }).update({ merged_into: into, updated_at: knex.fn.now() });
    });
  }

  async #tell(id: string, title: string): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
      const people: string[] = await this.#asPortal((knex) =>
        knex('wish_voices')
          .where({ wish_id: id, follows: true })
          .where('person_id', '>', after)
          .orderBy('person_id')
          .limit(toldAtOnce)
          .pluck('person_id'),
      );
      const last = people.at(-1);
      if (last === undefined) return;
      await this.#notifications?.notify.send({
        kind: 'helpdesk.wish-answered',
        to: people,
        place: `/wensen/${id}`,
        params: { title },
      });
      after = last;
    }
  }

  #query(knex: Knex): Knex.QueryBuilder {
    return knex('wishes as w')
      .joinRaw(
        `cross join lateral (
           select count(*)::int as people, count(distinct school_id)::int as schools
           from wish_voices where wish_id = w.id and votes) v
         left join wish_voices m on m.wish_id = w.id and m.person_id = ?`,
        [this.#principal.id ?? '00000000-0000-0000-0000-000000000000'],
      )
      .select('w.id', 'w.title', 'w.text', 'w.state', 'w.addressee', 'v.people', 'v.schools')
      .select({ toolKey: 'w.tool_key', providerId: 'w.provider_id', providerName: 'w.provider_name', createdAt: 'w.created_at' })
      .select(knex.raw('coalesce(m.votes, false) as votes, coalesce(m.follows, false) as follows'));
  }

  #mayAnswer(provider: string | null): boolean {
    return this.#isPortal() || (provider !== null && this.#providers().includes(provider));
  }

  #isPortal(): boolean {
    const { kind, roles } = this.#principal;
    return kind === 'system' || roles.some(({ tenant, role }) => tenant === null && portalRoles.includes(role));
  }

  /** Providers in which the caller answers wishes. */
  #providers(): string[] {
    return this.#principal.roles.flatMap(({ tenant, role }) =>
      tenant !== null && answeringRoles.includes(role) ? [tenant] : [],
    );
  }

  #tenants(): readonly string[] {
    const { tenants } = this.#principal;
    return tenants === '*' ? [] : tenants;
  }

  #asPortal<T>(fn: (knex: Knex) => PromiseLike<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => fn(knex));
  }
}

/** Roles of providers with `helpdesk:answer-wishes`. */
export const answeringRoles = ['tool-manager', 'planner', 'first-line-helper'];
