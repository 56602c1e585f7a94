import type { PluginDefinition } from '../../contract/plugin.js';
import { Problem } from '../../contract/problem.js';
import type { Route } from '../../contract/route.js';
import type { Job } from '../../contract/work.js';
import { withTimeout } from '../../foundation/timeout.js';
import { manifestShape } from '../../plugins/manifest-shape.js';
import type { Findings } from './finding.js';
import { LoopWatch } from './loop-watch.js';

interface Overrun {
  plugin: string;
  place: string;
}

/** The functions of a route or a job. */
interface Parts<Input> {
  handler(input: Input): unknown;
  outside?: { call(input: Input): unknown };
}

/** Stops waiting for plugin code that does not end, so that the check continues, and records where that was. */
export class TimeLimits {
  readonly #overruns: Overrun[] = [];

  readonly #watch: LoopWatch;

  constructor(readonly seconds: number) {
    this.#watch = new LoopWatch(seconds);
  }

  /** Returns the plugin with its migrations, routes, jobs, event handlers and live topics under the limit. The kernel limits `start`. */
  over(definition: PluginDefinition): PluginDefinition {
    // Invalid manifests are reported by the portal's own check.
    if (!manifestShape.safeParse(definition).success) return definition;
    const { id, migrations = [], routes = [], jobs = {}, on = {}, live = {}, start } = definition;
    return {
      ...definition,
      migrations: migrations.map(({ name, up, down }) => ({
        name,
        up: typeof up === 'string' ? up : this.#limited(id, `migration ${name}`, up),
        down: typeof down === 'string' ? down : this.#limited(id, `migration ${name} (down)`, down),
      })),
      // The check's limit is shorter than the portal's, which would not name the place.
      routes: routes.map((route) => ({
        ...this.#bothParts<never, Route>(id, nameOf(route), route),
        timeoutMs: Math.min(600_000, (this.seconds + 30) * 1_000),
      })),
      jobs: mapped(jobs, (job, name) => this.#bothParts<never, Job>(id, `job ${name}`, job)),
      on: mapped(on, (handler, event) => this.#limited(id, `handler of ${event}`, handler)),
      live: mapped(live, (topic, name) => ({ ...topic, allow: this.#limited(id, `topic ${name}`, topic.allow) })),
      ...(start === undefined ? {} : { start: (input) => this.#watch.during(`${id}: start()`, async () => start(input)) }),
    };
  }

  stop(): Promise<void> {
    return this.#watch.stop();
  }

  ranOver(plugin: string, place: string): boolean {
    return this.#overruns.some((each) => each.plugin === plugin && each.place === place);
  }

  tell(plugin: string, findings: Findings): void {
    for (const { place } of this.#overruns.filter((each) => each.plugin === plugin)) {
      findings.failed(
        'time',
        `${plugin}: ${place} did not end within ${this.seconds} s.`,
        'Find out what it waits for: a promise that never settles, or a call without a time limit.',
      );
    }
    findings.passedUnlessFailed('time', `nothing took longer than ${this.seconds} s`);
  }

  /** Limits the handler and the outside call of a route or job. */
  #bothParts<Input, T extends Parts<Input>>(id: string, place: string, whole: T & Parts<Input>): T {
    const { handler, outside } = whole;
    const limits = { handler: this.#limited(id, place, handler) };
    if (outside === undefined) return { ...whole, ...limits };
    return {
      ...whole,
      ...limits,
      outside: { ...outside, seconds: this.seconds + 30, call: this.#limited(id, place, outside.call) },
    };
  }

  #limited<A extends unknown[]>(plugin: string, place: string, run: (...given: A) => unknown): (...given: A) => Promise<never> {
    // A problem, so that the circuit breaker does not take the plugin out of service.
    const late = () => new Problem({ type: 'out-of-time', status: 504, title: `Did not end within ${this.seconds} s` });
    return async (...given) => {
      // Do not wait for further calls in the same place.
      if (this.ranOver(plugin, place)) throw late();
      const limited = () =>
        withTimeout(this.seconds, (async () => run(...given) as never)(), () => {
          this.#overruns.push({ plugin, place });
          return late();
        });
      return this.#watch.during(`${plugin}: ${place}`, limited);
    };
  }
}

/** The name of a route in findings. */
export const nameOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`;

const mapped = <T>(record: Record<string, T>, fn: (value: T, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fn(value, name)]));
