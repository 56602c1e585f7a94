import type { z } from 'zod';
import { currentFrame } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import type { Live } from '../contract/services.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { findUnstorable } from '../foundation/storable.js';
import { LONGEST_KEY, topicKey } from './topic-key.js';

/** The channel on which processes notify each other of new messages. */
export const CHANNEL = 'ilearn_live';

/** Maximum payload, in bytes of JSON. */
const MOST_BYTES = 4_096;

/** Stores live messages in the unit of work that publishes them: they exist if and only if it commits. */
export class LivePublishing {
  /** @param wake notifies this process of a commit; other processes are notified by the database */
  constructor(private readonly wake: () => void) {}

  of(plugin: CheckedPlugin): Live {
    return {
      publish: (name, params, payload) => {
        const topic = plugin.definition.live?.[name];
        const what = `the live topic ${plugin.id}.${name}`;
        if (topic === undefined) {
          return Promise.reject(new Error(`${plugin.id} declares no live topic "${name}"; add it to live in its manifest.`));
        }
        try {
          const key = topicKey(plugin.id, name, parsed(topic.params, params, `the params of ${what}`));
          if (key.length > LONGEST_KEY) throw new Error(`the params of ${what} are too long: ${LONGEST_KEY} characters at most`);
          parsed(topic.payload, payload, `the payload of ${what}`);
          const json = JSON.stringify(payload ?? null);
          const bytes = Buffer.byteLength(json);
          if (bytes > MOST_BYTES) {
            throw new Error(
              `the payload of ${what} has ${bytes} bytes: ${MOST_BYTES} at most; send ids, and let the page fetch the rest`,
            );
          }
          const { unit } = currentFrame(plugin.id);
          if (unit.readOnly)
            throw new Error(`${plugin.id} publishes on ${what} in a read-only unit of work, which may not change anything`);
          unit.afterCommit(this.wake);
          return batchIn(unit).add({ plugin: plugin.id, topic: key, payload: json });
        } catch (error) {
          return Promise.reject(error);
        }
      },
    };
  }
}

/** The schema's output for a value that went through JSON, as its receivers see it. */
function parsed(schema: z.ZodType, value: unknown, what: string): unknown {
  const sent = JSON.parse(JSON.stringify(value ?? null));
  const result = schema.safeParse(sent);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'value'}: ${message}`);
    throw new Error(`${what} do not fit the schema: ${issues.join('; ')}`);
  }
  const [fault] = findUnstorable('body', sent);
  if (fault !== undefined) throw new Error(`${what} at ${fault.pointer} ${fault.message}`);
  return result.data;
}

interface Row {
  plugin: string;
  topic: string;
  payload: string;
}

/** Collects the messages that a unit of work publishes within one turn of the event loop, and stores them with one statement. */
class Batch {
  #rows: Row[] = [];
  #stored: Promise<unknown> | null = null;

  constructor(private readonly unit: Unit) {}

  async add(row: Row): Promise<void> {
    this.#rows.push(row);
    this.#stored ??= Promise.resolve().then(() => this.#store());
    await this.#stored;
  }

  #store(): Promise<unknown> {
    const rows = this.#rows;
    this.#rows = [];
    this.#stored = null;
    // PostgreSQL sends the notification with the commit, and only once, however often the unit requests it.
    return this.unit.kernel(
      `with stored as (
         insert into kernel.live_messages (plugin, topic, payload)
         select plugin, topic, payload::jsonb from unnest($1::text[], $2::text[], $3::text[]) with ordinality as m (plugin, topic, payload, place)
         order by place)
       select pg_notify('${CHANNEL}', '')`,
      [rows.map(({ plugin }) => plugin), rows.map(({ topic }) => topic), rows.map(({ payload }) => payload)],
    );
  }
}

const batches = new WeakMap<Unit, Batch>();

function batchIn(unit: Unit): Batch {
  const batch = batches.get(unit) ?? new Batch(unit);
  batches.set(unit, batch);
  return batch;
}
