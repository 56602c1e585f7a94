import { Gauge, Histogram } from 'prom-client';

/**
 * Prometheus metrics of outgoing calls. Hosts are labelled as in the manifest or the operator's configuration; those found in data are
 * labelled `named`.
 */
export class ClientMetrics {
  readonly #calls = new Histogram({
    name: 'ilearn_http_client_seconds',
    help: 'Time of calls to other services, by the class of the status or the reason of the failure',
    labelNames: ['plugin', 'host', 'result'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [],
  });
  readonly #breakers: Gauge<'plugin'>;

  /** @param open number of hosts with an open breaker, by plugin */
  constructor(open: () => Iterable<[plugin: string, hosts: number]>) {
    this.#breakers = new Gauge({
      name: 'ilearn_http_client_breakers_open',
      help: 'Hosts that are not called for a while after failures',
      labelNames: ['plugin'],
      registers: [],
      collect() {
        this.reset();
        for (const [plugin, hosts] of open()) this.set({ plugin }, hosts);
      },
    });
  }

  /** Register these with the registry of the served metrics. */
  get all(): [Histogram<'plugin' | 'host' | 'result'>, Gauge<'plugin'>] {
    return [this.#calls, this.#breakers];
  }

  call(plugin: string, host: string, result: string, seconds: number): void {
    this.#calls.observe({ plugin, host, result }, seconds);
  }
}
