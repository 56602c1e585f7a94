import type { Agent } from 'undici';
import type { Http } from '../contract/http.js';
import type { Logger } from '../contract/services.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import { ClientMetrics } from './client-metrics.js';
import { openAgent, type Resolve } from './exchange.js';
import { rulesOf } from './hosts.js';
import { HttpService } from './http-service.js';
import type { OutgoingPolicy } from './policy.js';

/** Hosts that the operator named, by plugin id. */
export type OperatorHosts = Readonly<Record<string, { readonly hosts: readonly string[] }>>;

export interface OutgoingParts {
  policy: OutgoingPolicy;
  operatorHosts: OperatorHosts;
  log: Logger;
  /** For tests: resolves names. */
  resolve?: Resolve | undefined;
  /** For tests: certificates to trust in addition to Node's own, in PEM. */
  ca?: string | undefined;
}

interface Entry {
  service: HttpService;
  /** By whether the operator named the host. Separate agents, so that a connection to a private address is never used for another call. */
  agents: Map<boolean, Promise<Agent>>;
}

/** Outgoing calls of all plugins. Each plugin has its own connections and circuit breakers. */
export class OutgoingHttp {
  readonly metrics: ClientMetrics;
  readonly #entries = new Map<string, Entry>();
  #closed = false;

  constructor(private readonly parts: OutgoingParts) {
    this.metrics = new ClientMetrics(() =>
      [...this.#entries].map(([id, { service }]): [string, number] => [id, HttpService.openBreakers(service)]),
    );
  }

  /** The service of a plugin, for its current manifest; undefined if that does not declare `http`. */
  of({ id, definition: { http } }: CheckedPlugin): Http | undefined {
    const before = this.#entries.get(id);
    this.#entries.delete(id);
    if (before !== undefined) void end(before);
    if (http === undefined) return undefined;
    const { policy, operatorHosts, log, resolve, ca } = this.parts;
    const agents: Entry['agents'] = new Map();
    const agentFor = (trusted: boolean): Promise<Agent> => {
      if (this.#closed) return Promise.reject(new Error('the portal has stopped'));
      const agent = agents.get(trusted) ?? openAgent({ policy, trusted, resolve, ca });
      agents.set(trusted, agent);
      return agent;
    };
    const service = new HttpService({
      plugin: id,
      rules: rulesOf(http, operatorHosts[id]?.hosts ?? []),
      named: http.named !== undefined,
      policy,
      agentFor,
      log,
      metrics: this.metrics,
      agentName: `i-Learn/${KERNEL_VERSION}`,
    });
    this.#entries.set(id, { service, agents });
    return service;
  }

  /** Closes all connections. Running calls fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#entries.values()].map(end));
  }
}

const end = async ({ agents }: Entry): Promise<void> => {
  await Promise.all([...agents.values()].map(async (agent) => (await agent).destroy()));
};
