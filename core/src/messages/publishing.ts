import type { z } from 'zod';
import { currentFrame } from '../context/frame.js';
import { currentSpan } from '../context/span.js';
import type { Unit } from '../context/unit.js';
import type { KernelEvent } from '../contract/kernel-events.js';
import type { TenantScope } from '../contract/principal.js';
import type { Problem } from '../contract/problem.js';
import type { EnqueueOptions, Events, Jobs } from '../contract/services.js';
import { InputProblem } from '../foundation/input-problem.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { findUnstorable, isStorable } from '../foundation/storable.js';
import type { Composition } from '../plugins/composition.js';
import { jobControl } from './job-control.js';
import { messageCallerOf } from './message-caller.js';
import { gatheredIn, type NewMessage, putUnderKey } from './new-messages.js';
import type { RunningMessages } from './running-messages.js';

/** Stores messages in the unit of work that publishes them: they exist if and only if it commits. */
export class Publishing {
  constructor(
    private readonly composition: Composition,
    private readonly running: RunningMessages,
    /** Notifies the relay of new messages. */
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
        const { unit } = frame;
        const about = { tenants: frame.principal.tenants, caller: messageCallerOf(frame) };
        await Promise.all(
          this.composition
            .subscribersOf(full)
            .map((subscriber) => this.#put(unit, { plugin: subscriber, kind: 'event', name: full, payload, ...about })),
        );
      },
    };
  }

  /** Publishes a change of settings to the plugin that owns them; changes of the kernel's settings go to every subscriber. */
  settingsChanged(payload: { plugin: string; tenant: string | null; fields: string[] }): Promise<void> {
    const tenants = payload.tenant === null ? ('*' as const) : [payload.tenant];
    const concerned = (id: string) => payload.plugin === 'kernel' || payload.plugin === id;
    return this.#publishOfKernel('kernel.settings-changed', payload, tenants, concerned);
  }

  exportReady(payload: { person: string; askedBy: string }, tenants: TenantScope): Promise<void> {
    return this.#publishOfKernel('kernel.export-ready', payload, tenants);
  }

  async #publishOfKernel(
    name: KernelEvent,
    payload: object,
    tenants: TenantScope,
    concerned: (plugin: string) => boolean = () => true,
  ): Promise<void> {
    const frame = currentFrame('kernel');
    const about = { tenants, caller: messageCallerOf(frame) };
    const heard = this.composition.subscribersOf(name).filter(concerned);
    await Promise.all(heard.map((plugin) => this.#put(frame.unit, { plugin, kind: 'event', name, payload, ...about })));
  }

  jobsOf(plugin: CheckedPlugin): Jobs {
    return {
      ...jobControl(plugin.id, this.running),
      enqueue: async (name, payload, options) => {
        const job = plugin.definition.jobs?.[name];
        if (job === undefined) throw new Error(`${plugin.id} declares no job "${name}"; add it to jobs in its manifest.`);
        checkPayload(job.payload, payload, `the job ${plugin.id}.${name}`);
        const frame = currentFrame(plugin.id);
        const { tenants } = frame.principal;
        return this.#put(
          frame.unit,
          { plugin: plugin.id, kind: 'job', name, payload, tenants, caller: messageCallerOf(frame) },
          options,
        );
      },
    };
  }

  async #put(unit: Unit, message: NewMessage, { delaySeconds = 0, uniqueKey }: EnqueueOptions = {}): Promise<string> {
    if (!Number.isFinite(delaySeconds)) throw new Error(`delaySeconds is ${delaySeconds}, which is not a valid delay`);
    if (uniqueKey !== undefined && !isStorable(uniqueKey)) {
      throw unstorable(`The uniqueKey of the job ${message.plugin}.${message.name} contains a character that cannot be stored.`);
    }
    const row = { ...message, delaySeconds };
    unit.afterCommit(this.kick);
    const id = await (uniqueKey === undefined ? gatheredIn(unit).add(row) : putUnderKey(unit, row, uniqueKey));
    currentSpan()?.published.push(id);
    return id;
  }
}

/** The payload is stored as given: the schema's output may not be JSON, and delivery parses the payload again. */
function checkPayload(schema: z.ZodType, payload: unknown, what: string): void {
  const json = JSON.stringify(payload ?? null);
  const parsed = schema.safeParse(JSON.parse(json));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'payload'}: ${message}`);
    throw new Error(`the payload of ${what} does not fit its schema: ${issues.join('; ')}`);
  }
  // Checked here so that the error points to this call: one statement may store the messages of several calls.
  const [fault] = findUnstorable('body', JSON.parse(json));
  if (fault !== undefined)
    throw unstorable(`The payload of ${what} ${fault.pointer === '' ? '' : `at ${fault.pointer} `}${fault.message}.`);
}

/** Unstorable characters in a payload come from user input. */
const unstorable = (detail: string): Problem =>
  new InputProblem({ type: 'invalid-value', status: 400, title: 'Invalid value', detail }, new Error(detail));
