import { Histogram } from 'prom-client';

/** Prometheus metrics of handlers of jobs and events. */
export class HandlerMetrics {
  readonly #tries = new Histogram({
    name: 'ilearn_handler_seconds',
    help: 'Time of each try of a job or event handler, by its result: done or failed',
    labelNames: ['plugin', 'handler', 'result'],
    buckets: [0.01, 0.05, 0.25, 1, 5, 30, 120, 600],
    registers: [],
  });

  /** Register these with the registry of the served metrics. */
  get all(): [Histogram<'plugin' | 'handler' | 'result'>] {
    return [this.#tries];
  }

  /** @param handler such as `job tidy` or `event lti.score-received` */
  tried(
    { plugin, kind, name }: { plugin: string; kind: string; name: string },
    result: 'done' | 'failed',
    seconds: number,
  ): void {
    this.#tries.observe({ plugin, handler: `${kind} ${name}`, result }, seconds);
  }
}
