import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { type DeliveryState, type DeliveryView, mostDeliveries, mostReplayed, mostTries } from './endpoint.js';
import type { Endpoints } from './endpoints.js';
import { waitAfter } from './schedule.js';
import type { Outcome, Ready } from './send.js';
import { scopeOfType, tryOutType } from './types.js';

/** Something that happened in a school, with ids only. */
export interface Happening {
  type: string;
  school: string;
  data: Record<string, unknown>;
  /** The person whom the ids concern; null: nobody in particular. */
  person: string | null;
}

interface Row {
  id: string;
  endpoint_id: string;
  school_id: string | null;
  type: string;
  data: object;
  happened_at: Date;
  state: DeliveryState;
  round: number;
  tries: number;
  next_at: Date | null;
}

/** A message that is due, with what decides whether it is sent. */
interface Due extends Row {
  url: string;
  endpoint_state: string;
  /** Whether the portal lets the app in. */
  approved: boolean;
  /** What the school granted; null: nothing. */
  scopes: string[] | null;
}

/** Why a message is not sent. */
export type Unsent = 'dropped' | 'held';

const mayReplay: DeliveryState[] = ['waiting', 'delivered', 'failed', 'held'];

/**
 * Messages to endpoints: stored in the unit of work that handles the event, and sent by a job for each try. At least once, in no order. A message
 * whose school switched the app off meanwhile is not sent.
 */
export class Deliveries {
  readonly #knex: Knex;
  readonly #jobs: Dependencies['jobs'];
  readonly #clock: Dependencies['clock'];
  readonly #endpoints: Endpoints;

  constructor({ knex, jobs, clock, endpoints }: Dependencies & { endpoints: Endpoints }) {
    this.#knex = knex;
    this.#jobs = jobs;
    this.#clock = clock;
    this.#endpoints = endpoints;
  }

  /** Stores a message for each endpoint that wants its type and whose app the school lets have it. As the system. */
  async add({ type, school, data, person }: Happening): Promise<void> {
    const scope = scopeOfType(type);
    const { rows } = await this.#knex.raw<{ rows: Row[] }>(
      `insert into deliveries (endpoint_id, provider_id, school_id, type, data, person_id, state)
       select endpoint.id, endpoint.provider_id, granted.school_id, ?, ?::jsonb, ?::uuid,
              case when endpoint.state = 'on' then 'waiting' else 'held' end
         from endpoints endpoint
         join apps app on app.id = endpoint.app_id and app.state = 'approved'
         join grants granted on granted.app_id = app.id
        where granted.school_id = ?::uuid and ? = any(endpoint.types) and endpoint.state in ('on', 'stopped')
          and (?::text is null or ? = any(granted.scopes))
       returning id, round, state`,
      [type, JSON.stringify({ school, ...data }), person, school, type, scope, scope] as string[],
    );
    await this.#enqueue(rows.filter(({ state }) => state === 'waiting'));
  }

  /** Tells one app that a school switches it on or off, or changes what it may do. As the system. */
  async grantChanged(appId: string, school: string): Promise<void> {
    const type = 'api.grant-changed';
    const { rows } = await this.#knex.raw<{ rows: Row[] }>(
      `insert into deliveries (endpoint_id, provider_id, school_id, type, data, state)
       select id, provider_id, ?::uuid, ?, ?::jsonb, case when state = 'on' then 'waiting' else 'held' end
         from endpoints where app_id = ? and state in ('on', 'stopped') and ? = any(types)
       returning id, round, state`,
      [school, type, JSON.stringify({ school }), appId, type],
    );
    await this.#enqueue(rows.filter(({ state }) => state === 'waiting'));
  }

  /** Sends a message about nothing to an endpoint. @throws Problem 404 */
  async tryOut(appId: string, endpointId: string): Promise<string> {
    const endpoint = await this.#knex('endpoints').where({ id: endpointId, app_id: appId }).first('provider_id');
    if (endpoint === undefined) throw notFound();
    const row = { endpoint_id: endpointId, provider_id: endpoint.provider_id, type: tryOutType, data: '{}', state: 'waiting' };
    const [added] = await this.#knex('deliveries').insert(row).returning(['id', 'round']);
    await this.#enqueue([added]);
    return added.id;
  }

  /**
   * What to send now. Null if the message was delivered, replayed or removed meanwhile; `held` if its endpoint is not on; `dropped` if the portal
   * stopped the app, or the school does not let it have the message any more.
   */
  async ready(id: string, round: number): Promise<Ready | Unsent | null> {
    const row: Due | undefined = await this.#knex('deliveries as delivery')
      .join('endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
      .join('apps as app', 'app.id', 'endpoint.app_id')
      .leftJoin('grants as granted', (on) => on.on('granted.app_id', 'app.id').andOn('granted.school_id', 'delivery.school_id'))
      .where({ 'delivery.id': id, 'delivery.round': round, 'delivery.state': 'waiting' })
      .first(
        'delivery.*',
        'endpoint.url',
        { endpoint_state: 'endpoint.state' },
        this.#knex.raw('app.state = ? as approved', ['approved']),
        'granted.scopes',
      );
    if (row === undefined) return null;
    const { endpoint_id, endpoint_state, school_id, type, data, happened_at, url, approved } = row;
    const scope = scopeOfType(type);
    const granted = scope === null || row.scopes?.includes(scope) === true;
    if (school_id !== null && !(approved && granted)) return 'dropped';
    if (endpoint_state !== 'on') return 'held';
    return {
      id,
      url,
      body: JSON.stringify({ type, timestamp: happened_at.toISOString(), data }),
      secrets: await this.#endpoints.secretsOf(endpoint_id),
      at: this.#clock.now(),
    };
  }

  /** Records a try, and plans the next one if it failed. */
  async record(id: string, round: number, outcome: Outcome | Unsent): Promise<void> {
    const row: (Row & { provider_id: string }) | undefined = await this.#knex('deliveries')
      .where({ id, round, state: 'waiting' })
      .forUpdate()
      .first();
    if (row === undefined) return;
    const set = (changes: object) =>
      this.#knex('deliveries')
        .where({ id })
        .update({ next_at: null, ...changes, updated_at: this.#knex.fn.now() });
    if (typeof outcome === 'string') {
      await set({ state: outcome });
      return;
    }
    const { status, failure, ms, retryAfter } = outcome;
    await this.#knex('delivery_tries').insert({ delivery_id: id, provider_id: row.provider_id, status, failure, ms });
    const tries = row.tries + 1;
    if (failure === null) {
      await set({ state: 'delivered', tries });
      return;
    }
    // 410 says that nobody listens there any more (Standard Webhooks, "Disabling").
    const wait = status === 410 ? null : waitAfter(tries, retryAfter, Math.random());
    if (wait === null) {
      await set({ state: 'failed', tries });
      await this.#stop(row.endpoint_id, status === 410 ? 'gone' : 'failing');
      return;
    }
    await set({ tries, next_at: this.#knex.raw('now() + make_interval(secs => ?)', [wait]) });
    await this.#jobs.enqueue('deliver', { delivery: id, round }, { delaySeconds: wait });
  }

  /** Messages of an app, the latest first. `after`: time and id of the last one of the page before. */
  async list(
    appId: string,
    { endpoint, state, limit }: { endpoint?: string | undefined; state?: DeliveryState | undefined; limit: number },
    after: readonly unknown[] | null,
  ): Promise<(DeliveryView & { position: string })[]> {
    const found = this.#knex('deliveries as delivery')
      .join('endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
      .joinRaw(
        `left join lateral (select status, failure from delivery_tries tried
                             where tried.delivery_id = delivery.id order by tried_at desc limit 1) as last on true`,
      )
      .where('endpoint.app_id', appId)
      .orderBy([
        { column: 'delivery.happened_at', order: 'desc' },
        { column: 'delivery.id', order: 'desc' },
      ])
      .limit(Math.min(limit, mostDeliveries + 1))
      .select(
        {
          id: 'delivery.id',
          endpoint: 'delivery.endpoint_id',
          type: 'delivery.type',
          school: 'delivery.school_id',
          happenedAt: 'delivery.happened_at',
          state: 'delivery.state',
          tries: 'delivery.tries',
          nextAt: 'delivery.next_at',
          lastStatus: 'last.status',
          lastFailure: 'last.failure',
        },
        // Microseconds, which a JavaScript date would lose.
        this.#knex.raw('delivery.happened_at::text as position'),
      );
    if (endpoint !== undefined) found.where('endpoint.id', endpoint);
    if (state !== undefined) found.where('delivery.state', state);
    if (after !== null) {
      found.whereRaw('(delivery.happened_at, delivery.id) < (?::timestamptz, ?::uuid)', [...after] as string[]);
    }
    return found as unknown as Promise<(DeliveryView & { position: string })[]>;
  }

  /** The tries of a message, the latest first. @throws Problem 404 */
  async tries(appId: string, id: string): Promise<{ at: Date; status: number | null; failure: string | null; ms: number }[]> {
    await this.#mine(appId, id);
    const tries = this.#knex('delivery_tries').where({ delivery_id: id }).orderBy('tried_at', 'desc').limit(mostTries);
    return tries.select({ at: 'tried_at', status: 'status', failure: 'failure', ms: 'ms' }) as never;
  }

  /** Sends a message once more, at once, with all its tries. @throws Problem 404 */
  async replay(appId: string, id: string): Promise<void> {
    await this.#mine(appId, id);
    await this.#again((deliveries) => deliveries.where({ id }));
  }

  /**
   * Sends the messages of a range of time once more, the oldest first, at most 1,000.
   *
   * @returns how many, and from when on there may be more
   */
  async replayRange(
    appId: string,
    endpointId: string,
    { from, to, states }: { from: Date; to: Date; states: readonly DeliveryState[] },
  ): Promise<{ replayed: number; more: boolean }> {
    const endpoint = await this.#knex('endpoints').where({ id: endpointId, app_id: appId }).first('id');
    if (endpoint === undefined) throw notFound();
    const wanted = mayReplay.filter((state) => states.includes(state));
    const ids: string[] = await this.#knex('deliveries')
      .where({ endpoint_id: endpointId })
      .whereIn('state', wanted)
      .where('happened_at', '>=', from)
      .where('happened_at', '<', to)
      .orderBy(['happened_at', 'id'])
      .limit(mostReplayed + 1)
      .pluck('id');
    const batch = ids.slice(0, mostReplayed);
    await this.#again((deliveries) => deliveries.whereRaw('id = any(?::uuid[])', [batch] as unknown as string[]));
    return { replayed: batch.length, more: ids.length > mostReplayed };
  }

  async #again(which: (deliveries: Knex.QueryBuilder) => Knex.QueryBuilder): Promise<void> {
    const rows: Row[] = await which(this.#knex('deliveries'))
      .whereIn('state', mayReplay)
      .update({ state: 'waiting', tries: 0, next_at: null, round: this.#knex.raw('round + 1'), updated_at: this.#knex.fn.now() })
      .returning(['id', 'round']);
    await this.#enqueue(rows);
  }

  async #mine(appId: string, id: string): Promise<void> {
    const row = await this.#knex('deliveries as delivery')
      .join('endpoints as endpoint', 'endpoint.id', 'delivery.endpoint_id')
      .where({ 'delivery.id': id, 'endpoint.app_id': appId })
      .first('delivery.id');
    if (row === undefined) throw notFound();
  }

  async #stop(endpointId: string, because: 'gone' | 'failing'): Promise<void> {
    await this.#knex('endpoints')
      .where({ id: endpointId, state: 'on' })
      .update({ state: 'stopped', stopped_because: because, updated_at: this.#knex.fn.now() });
  }

  async #enqueue(rows: readonly Pick<Row, 'id' | 'round'>[]): Promise<void> {
    await Promise.all(rows.map(({ id, round }) => this.#jobs.enqueue('deliver', { delivery: id, round })));
  }
}
