import { z } from 'zod';
import type { MachineCall, MachineClient } from '../contract/machines.js';
import type { PluginDefinition } from '../contract/plugin.js';
import { type Principal, systemPrincipal } from '../contract/principal.js';
import { Problem } from '../contract/problem.js';
import type { Logger } from '../contract/services.js';
import { isOutage } from '../database/outages/outage.js';
import { isTenantId } from '../database/unit/sql-identity.js';
import { describeIssue } from '../foundation/describe-issue.js';
import { freezePrincipal } from '../foundation/freeze.js';
import { describeError } from '../foundation/log.js';
import { TimeLimit } from '../foundation/time-limit.js';
import type { Composition } from '../plugins/composition.js';
import { countsOf, type Gate, type GateCall } from '../plugins/gate.js';
import type { WorkOptions, WorkRunner } from '../unit-of-work/work-runner.js';

/** Cost that a client may spend in a minute, if the plugin that identifies it does not say. */
const DEFAULT_BUDGET = 600;
const LIMIT_MS = 10_000;

const shape = z.object({
  client: z.guid('is not a UUID').transform((id) => id.toLowerCase()),
  scopes: z.array(z.string('is not text'), 'is not a list of scopes'),
  tenants: z.union([z.literal('*'), z.array(z.string().refine(isTenantId))], 'is neither a list of tenant ids nor *'),
  budget: z.int('is not a whole number').min(1, 'is less than 1').default(DEFAULT_BUDGET),
});

/** A machine that sent a valid token. */
export interface Machine {
  /** Has the client's id and its tenants, and no roles. */
  readonly principal: Principal;
  readonly scopes: ReadonlySet<string>;
  /** Cost of its calls in a minute, for each tenant. */
  readonly budget: number;
}

export interface MachineParts {
  composition: Composition;
  gate: Gate;
  runner: WorkRunner;
  log: Logger;
  /** Clients by token, apart from those that a plugin knows; for tests. */
  known?: ReadonlyMap<string, MachineClient> | undefined;
}

/** Finds the client of a bearer token by asking the plugin that has the privilege `machines`. */
export class MachineIdentifier {
  constructor(private readonly parts: MachineParts) {}

  /**
   * @param work options of the request's units of work
   * @param from the network of the caller
   * @returns null if nobody knows the token
   * @throws Problem 503 if the plugin is out of service or fails; an outage of the database
   */
  async identify(token: string, work: WorkOptions, from: string): Promise<Machine | null> {
    const known = this.parts.known?.get(token);
    if (known !== undefined) return machineOf(known);
    const { composition, gate, log } = this.parts;
    const { id = '', checked } =
      composition.entries.find(({ checked }) => checked?.definition.identifyMachine !== undefined) ?? {};
    const identify = checked?.definition.identifyMachine;
    if (identify === undefined) return null;
    const call: GateCall = {
      plugin: id,
      part: 'identifyMachine',
      from: () => from,
      caller: () => from,
      counts: countsOf,
    };
    try {
      return await gate.pass(call, async () => {
        const found = await this.#ask(id, identify, token, work);
        return found === null ? null : machineOf(found);
      });
    } catch (error) {
      if (error instanceof Problem || isOutage(error)) throw error;
      const remedy = `Fix identifyMachine of ${id}.`;
      log.error({ ...work.about, plugin: id, remedy, err: describeError(error) }, 'token not checked');
      throw new Problem({
        type: 'token-not-checked',
        status: 503,
        title: 'The token could not be checked',
        detail: 'Nothing was done. Try again in a moment.',
        headers: { 'retry-after': '5' },
      });
    }
  }

  /** Tells the plugin that has `identifyMachine` of an answered request. */
  called({ principal: { id, tenants } }: Machine, call: Pick<MachineCall, 'plugin' | 'route' | 'status'>, about: object): void {
    const { composition, runner, log } = this.parts;
    const owner = composition.active.find(({ definition }) => definition.machineCalled !== undefined);
    try {
      owner?.definition.machineCalled?.({ client: id as string, tenants, ...call }, { http: runner.httpOf(owner.id) });
    } catch (error) {
      log.warn({ ...about, plugin: owner?.id, err: describeError(error) }, 'machineCalled() of the plugin failed');
    }
  }

  async #ask(
    id: string,
    identify: NonNullable<PluginDefinition['identifyMachine']>,
    token: string,
    work: WorkOptions,
  ): Promise<MachineClient | null> {
    const { runner } = this.parts;
    const limit = new TimeLimit();
    limit.start(LIMIT_MS);
    try {
      const place = `identifyMachine of ${id}`;
      return await runner.run({ ...work, place, readOnly: true, principal: systemPrincipal(), limit }, (frame) =>
        identify({ token, services: runner.cradleOf(id, frame) }),
      );
    } finally {
      limit.end();
    }
  }
}

/** @throws Error if the plugin returned something that is not a client */
function machineOf(found: MachineClient): Machine {
  const parsed = shape.safeParse(found);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const place = issue?.path.map(String).join('.') ?? '';
    throw new Error(`identifyMachine returned no client: ${place} ${issue === undefined ? '' : describeIssue(issue, shape)}`);
  }
  const { client, scopes, tenants, budget } = parsed.data;
  const principal = freezePrincipal({
    kind: 'service',
    id: client,
    roles: [],
    tenants: tenants === '*' ? '*' : [...new Set(tenants)],
  });
  return Object.freeze({ principal, scopes: new Set(scopes), budget });
}
