import { randomUUID } from 'node:crypto';
import type { Unit } from '../context/unit.js';
import type { TenantScope } from '../contract/principal.js';
import type { Message } from './message.js';

export interface NewMessage {
  plugin: string;
  kind: Message['kind'];
  name: string;
  payload: unknown;
  tenants: TenantScope;
  /** Hash of the caller whose request caused it; null if no request did. */
  caller: string | null;
}

type Row = NewMessage & { delaySeconds: number };

/** Collects the messages that a unit of work publishes within one turn of the event loop, and stores them with one statement. */
class MessageBatch {
  #rows: (Row & { id: string })[] = [];
  #stored: Promise<unknown> | null = null;

  constructor(private readonly unit: Unit) {}

  /** Resolves when the row is stored. Anything that waits for it, including the commit, runs in later microtasks. */
  async add(row: Row): Promise<string> {
    const id = randomUUID();
    this.#rows.push({ id, ...row });
    this.#stored ??= Promise.resolve().then(() => this.#store());
    await this.#stored;
    return id;
  }

  #store(): Promise<unknown> {
    const rows = this.#rows;
    this.#rows = [];
    this.#stored = null;
    const column = (fn: (row: Row & { id: string }) => unknown) => rows.map(fn);
    return this.unit.kernel(
      `insert into kernel.messages (id, plugin, kind, name, payload, tenants, caller, due_at)
       select id, plugin, kind, name, payload, tenants, caller, now() + make_interval(secs => delay)
       from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::jsonb[], $7::float8[], $8::text[]) with ordinality
         as m (id, plugin, kind, name, payload, tenants, delay, caller, place)
       order by place`,
      [
        column(({ id }) => id),
        column(({ plugin }) => plugin),
        column(({ kind }) => kind),
        column(({ name }) => name),
        column(({ payload }) => JSON.stringify(payload ?? null)),
        column(({ tenants }) => JSON.stringify(tenants)),
        column(({ delaySeconds }) => delaySeconds),
        column(({ caller }) => caller),
      ],
    );
  }
}

const gathered = new WeakMap<Unit, MessageBatch>();

export function gatheredIn(unit: Unit): MessageBatch {
  const found = gathered.get(unit) ?? new MessageBatch(unit);
  gathered.set(unit, found);
  return found;
}

/**
 * At most one message waits under a key. This update locks the message until the unit of work ends, so its handler sees what the unit
 * stored.
 */
export async function putUnderKey(unit: Unit, row: Row, uniqueKey: string): Promise<string> {
  const { plugin, kind, name, payload, tenants, caller, delaySeconds } = row;
  const { rows } = await unit.kernel<{ id: string }>(
    `insert into kernel.messages (plugin, kind, name, payload, tenants, due_at, unique_key, caller)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7, $8)
     on conflict (plugin, name, unique_key) where unique_key is not null do update set unique_key = excluded.unique_key
     returning id`,
    [plugin, kind, name, JSON.stringify(payload ?? null), JSON.stringify(tenants), delaySeconds, uniqueKey, caller],
  );
  return (rows[0] as { id: string }).id;
}
