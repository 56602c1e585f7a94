import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics; labels name plugins and routes, never people, tenants or addresses. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<'plugin' | 'route' | 'status'>;
  readonly #slow: Counter<'plugin' | 'route'>;
  readonly #series = new Map<string, Histogram.Internal<'plugin' | 'route' | 'status'>>();

  constructor(readings: {
    /** Number of messages by state. */
    messages(): Promise<Record<string, number>>;
    engine(): Promise<{ name: string; reachable: boolean }>;
    /** Plugin → state. */
    plugins(): Record<string, string>;
    /** Plugins and parts that rest. */
    resting(): [plugin: string, part: string][];
    connections(): { total: number; idle: number; waiting: number };
    live(): { connections: number; sent: number };
  }) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Histogram({
      name: 'ilearn_http_request_seconds',
      help: 'Time to answer a request',
      labelNames: ['plugin', 'route', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    this.#slow = new Counter({
      name: 'ilearn_slow_requests_total',
      help: 'Requests that took a third of their time limit, or five seconds',
      labelNames: ['plugin', 'route'],
      registers,
    });
    new Gauge({
      name: 'ilearn_messages',
      help: 'Events and jobs that are not done: waiting, delayed, retrying, running, held because their plugin is out of service, or failed for good',
      labelNames: ['state'],
      registers,
      async collect() {
        // Left out if the database does not answer, because old figures would look current.
        this.reset();
        const counts = await readings.messages().catch(() => ({}));
        for (const [state, count] of Object.entries(counts)) this.set({ state }, count);
      },
    });
    new Gauge({
      name: 'ilearn_plugin_state',
      help: '1 for the state that a plugin is in: started, quarantined or disabled',
      labelNames: ['plugin', 'state'],
      registers,
      collect() {
        this.reset();
        for (const [plugin, state] of Object.entries(readings.plugins())) this.set({ plugin, state }, 1);
      },
    });
    new Gauge({
      name: 'ilearn_part_resting',
      help: '1 for a route or handler that is out of service after failures while its plugin is in service',
      labelNames: ['plugin', 'part'],
      registers,
      collect() {
        this.reset();
        for (const [plugin, part] of readings.resting()) this.set({ plugin, part }, 1);
      },
    });
    new Gauge({
      name: 'ilearn_queue_reachable',
      help: '1 while the engine that brings messages to workers can be reached',
      labelNames: ['engine'],
      registers,
      async collect() {
        const { name, reachable } = await readings.engine();
        this.set({ engine: name }, reachable ? 1 : 0);
      },
    });
    new Gauge({
      name: 'ilearn_live_connections',
      help: 'Open streams of live messages (GET /live)',
      registers,
      collect() {
        this.set(readings.live().connections);
      },
    });
    new Counter({
      name: 'ilearn_live_messages_total',
      help: 'Live messages, counted once for each stream to which they go',
      registers,
      collect() {
        this.reset();
        this.inc(readings.live().sent);
      },
    });
    new Gauge({
      name: 'ilearn_database_connections',
      help: 'Connections to the database',
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, count] of Object.entries(readings.connections())) this.set({ state }, count);
      },
    });
  }

  slow(plugin: string, route: string): void {
    this.#slow.inc({ plugin, route });
  }

  request(plugin: string, route: string, status: number, seconds: number): void {
    const key = `${status} ${plugin} ${route}`;
    let series = this.#series.get(key);
    if (series === undefined) {
      series = this.#requests.labels(plugin, route, String(status));
      this.#series.set(key, series);
    }
    series.observe(seconds);
  }
}
