import type { z } from 'zod';
import type { EnqueueOptions, Events, Jobs } from '../contract/services.js';
import { currentFrame, type Frame } from '../frame.js';
import type { Composition } from '../plugins/composition.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import { jobControl } from './job-control.js';
import type { Message } from './message.js';
import type { Running } from './running.js';

/** Writes messages with the unit of work that causes them: they exist if and only if it commits. */
export class Publishing {
  constructor(
    private readonly composition: Composition,
    private readonly running: Running,
    /** There is something to relay. */
    private readonly kick: () => void,
  ) {}

  eventsOf(plugin: CheckedPlugin): Events {
    return {
      publish: async (name, payload) => {
        const schema = plugin.definition.events?.[name];
        if (schema === undefined) throw new Error(`${plugin.id} declares no event "${name}"; add it to events in its manifest.`);
        const full = `${plugin.id}.${name}`;
        checkPayload(schema, payload, `the event ${full}`);
        const frame = currentFrame(plugin.id);
        for (const subscriber of this.composition.subscribersOf(full)) {
          await this.#put(frame, subscriber, 'event', full, payload);
        }
      },
    };
  }

  jobsOf(plugin: CheckedPlugin): Jobs {
    return {
      ...jobControl(plugin.id, this.running),
      enqueue: async (name, payload, options) => {
        const job = plugin.definition.jobs?.[name];
        if (job === undefined) throw new Error(`${plugin.id} declares no job "${name}"; add it to jobs in its manifest.`);
        checkPayload(job.payload, payload, `the job ${plugin.id}.${name}`);
        return this.#put(currentFrame(plugin.id), plugin.id, 'job', name, payload, options);
      },
    };
  }

  async #put(
    frame: Frame,
    plugin: string,
    kind: Message['kind'],
    name: string,
    payload: unknown,
    { delaySeconds = 0, uniqueKey }: EnqueueOptions = {},
  ): Promise<string> {
    // The message that waits under the key is locked by this update: it begins after this unit of work, and sees what that stored.
    const { rows } = await frame.unit.kernel<{ id: string }>(
      `insert into kernel.messages (plugin, kind, name, payload, schools, due_at, unique_key)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7)
       on conflict (plugin, name, unique_key) where unique_key is not null do update set unique_key = excluded.unique_key
       returning id`,
      [plugin, kind, name, JSON.stringify(payload), JSON.stringify(frame.principal.schools), delaySeconds, uniqueKey ?? null],
    );
    frame.unit.afterCommit(this.kick);
    return (rows[0] as { id: string }).id;
  }
}

/** What is stored is the payload as given: the schema's output need not be JSON, and the handler's side parses it again. */
function checkPayload(schema: z.ZodType, payload: unknown, what: string): void {
  const parsed = schema.safeParse(JSON.parse(JSON.stringify(payload ?? null)));
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`);
  throw new Error(`the payload of ${what} does not fit its schema: ${issues.join('; ')}`);
}
