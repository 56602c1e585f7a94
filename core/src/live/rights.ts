import { watchSession } from '../access/live-sessions.js';
import { type Permissions, tenantsOf } from '../access/roles.js';
import type { LiveTopic } from '../contract/live.js';
import { anonymous, type Principal } from '../contract/principal.js';
import { Problem } from '../contract/problem.js';
import type { Logger } from '../contract/services.js';
import { isOutage } from '../database/outages/outage.js';
import { describeError, remedyOf } from '../foundation/log.js';
import { findUnstorable } from '../foundation/storable.js';
import { TimedOut, TimeLimit } from '../foundation/time-limit.js';
import type { Composition } from '../plugins/composition.js';
import { countsOf, type Gate } from '../plugins/gate.js';
import { OutOfService } from '../plugins/plugin-state.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { type AskedTopic, LONGEST_KEY, topicKey } from './topic-key.js';
import { Turns } from './turns.js';

/** Time limit of a topic's `allow`. */
const ALLOW_MS = 5_000;
/** Maximum number of simultaneous calls of a plugin's `allow` in a process, so that a hanging one does not use up the connections. */
const AT_ONCE = 4;

/** A topic with its params, as declared by its plugin. */
export interface Topic {
  key: string;
  plugin: string;
  name: string;
  params: unknown;
}

/**
 * Why a topic is not sent.
 *
 * - `unknown`: no plugin in service declares it
 * - `invalid`: its params do not match the schema
 * - `forbidden`: the person may not follow it
 * - `failed`: its plugin is out of service, or `allow` threw or took too long; try again later
 */
export type Refusal = 'unknown' | 'invalid' | 'forbidden' | 'failed';

export type Verdict = 'allowed' | 'session-ended' | Refusal;

export interface RightsParts {
  composition: Composition;
  gate: Gate;
  runner: WorkRunner;
  permissions: Permissions;
  log: Logger;
}

/** Decides who may follow a topic. */
export class TopicRights {
  readonly #turns = new Turns(AT_ONCE);

  constructor(private readonly parts: RightsParts) {}

  resolve({ plugin, name, params }: AskedTopic): Topic | Refusal {
    const declared = this.#declared(plugin, name);
    if (declared === undefined) return 'unknown';
    if (findUnstorable('query', params).length > 0) return 'invalid';
    const parsed = (declared.params as LiveTopic['params']).safeParse(params);
    if (!parsed.success) return 'invalid';
    const key = topicKey(plugin, name, parsed.data);
    return key.length > LONGEST_KEY ? 'invalid' : { key, plugin, name, params: parsed.data };
  }

  /**
   * @param session by the hash of its id; looked up again, with the person's current roles
   * @param isGone whether the caller no longer waits for the verdict
   * @throws the database's error during an outage: then the verdict is unknown
   */
  async judge(topic: Topic, session: { hash: Buffer; personId: string }, isGone: () => boolean): Promise<Verdict> {
    const { plugin, name } = topic;
    const part = `topic ${name}`;
    const caller = () => session.personId;
    const leave = await this.#turns.take(plugin);
    try {
      if (isGone()) return 'failed';
      return await this.parts.gate.pass({ plugin, part, from: caller, caller, counts: countsOf }, () =>
        this.#ask(topic, session),
      );
    } catch (error) {
      if (isOutage(error)) throw error;
      if (error instanceof OutOfService) return 'failed';
      if (error instanceof Problem && !(error instanceof TimedOut)) return 'forbidden';
      this.parts.log.warn(
        { plugin, part, remedy: remedyOf(error), err: describeError(error) },
        'a live topic was refused because its allow failed',
      );
      return 'failed';
    } finally {
      leave();
    }
  }

  async #ask({ plugin, name, params }: Topic, { hash }: { hash: Buffer }): Promise<Verdict> {
    const declared = this.#declared(plugin, name);
    if (declared === undefined) return 'unknown';
    const { runner } = this.parts;
    const limit = new TimeLimit();
    const place = `live ${plugin}.${name}`;
    limit.start(ALLOW_MS);
    try {
      return await runner.run(
        { about: { plugin }, place, lane: place, readOnly: true, principal: anonymous, limit },
        async (outer) => {
          const session = await watchSession(outer.unit, { hash });
          if (session === null) return 'session-ended';
          const principal = this.#principalOf(session, declared.permission);
          if (principal === null) return 'forbidden';
          const allowed: unknown = await runner.as(outer, principal, async (frame) =>
            declared.allow({ params, principal: frame.principal, services: runner.cradleOf(plugin, frame) }),
          );
          return allowed === true ? 'allowed' : 'forbidden';
        },
      );
    } finally {
      limit.end();
    }
  }

  #principalOf({ personId, roles }: { personId: string; roles: Principal['roles'] }, permission: string): Principal | null {
    if (permission === 'signed-in') return { kind: 'person', id: personId, roles, tenants: tenantsOf(roles) };
    return this.parts.permissions.narrow(personId, roles, permission);
  }

  #declared(plugin: string, name: string): LiveTopic | undefined {
    const { composition } = this.parts;
    const topics = composition.active.find(({ id }) => id === plugin)?.definition.live;
    return topics !== undefined && Object.hasOwn(topics, name) ? topics[name] : undefined;
  }
}
