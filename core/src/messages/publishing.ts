import type { z } from 'zod';
import type { Events, Jobs } from '../contract/services.js';
import { currentFrame, type Frame } from '../frame.js';
import type { Composition } from '../plugins/composition.js';
import type { CheckedPlugin } from '../plugins/loaded.js';

/** Writes messages with the unit of work that causes them: they exist if and only if it commits. */
export class Publishing {
  constructor(
    private readonly composition: Composition,
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
          await this.#put(frame, subscriber, 'event', full, payload, 0);
        }
      },
    };
  }

  jobsOf(plugin: CheckedPlugin): Jobs {
    return {
      enqueue: async (name, payload, options = {}) => {
        const job = plugin.definition.jobs?.[name];
        if (job === undefined) throw new Error(`${plugin.id} declares no job "${name}"; add it to jobs in its manifest.`);
        checkPayload(job.payload, payload, `the job ${plugin.id}.${name}`);
        await this.#put(currentFrame(plugin.id), plugin.id, 'job', name, payload, options.delaySeconds ?? 0);
      },
    };
  }

  async #put(frame: Frame, plugin: string, kind: string, name: string, payload: unknown, delaySeconds: number): Promise<void> {
    await frame.unit.kernel(
      `insert into kernel.messages (plugin, kind, name, payload, schools, due_at)
       values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
      [plugin, kind, name, JSON.stringify(payload), JSON.stringify(frame.principal.schools), delaySeconds],
    );
    frame.unit.afterCommit(this.kick);
  }
}

/** What is stored is the payload as given: the schema's output need not be JSON, and the handler's side parses it again. */
function checkPayload(schema: z.ZodType, payload: unknown, what: string): void {
  const parsed = schema.safeParse(JSON.parse(JSON.stringify(payload ?? null)));
  if (parsed.success) return;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`);
  throw new Error(`the payload of ${what} does not fit its schema: ${issues.join('; ')}`);
}
