import type { PluginCost } from '../contract/operations.js';
import type { BootReport } from './boot-report.js';

interface Counted {
  requests: number;
  requestMs: number;
  slowStatements: number;
  bundleBytes: number | null;
}

/** What each plugin costs this process since its start. */
export class PluginCosts {
  readonly #counted = new Map<string, Counted>();

  constructor(private readonly report: BootReport) {}

  request(plugin: string, ms: number): void {
    const counted = this.#of(plugin);
    counted.requests++;
    counted.requestMs += ms;
  }

  slowStatement(plugin: string): void {
    this.#of(plugin).slowStatements++;
  }

  /** @param bytes of the code of its pages, before compression */
  bundle(plugin: string, bytes: number): void {
    this.#of(plugin).bundleBytes = bytes;
  }

  of(plugin: string): PluginCost {
    const { requests, requestMs, slowStatements, bundleBytes } = this.#of(plugin);
    return {
      bootMs: this.report.msOf(plugin),
      requests,
      requestMs: requests === 0 ? null : requestMs / requests,
      slowStatements,
      bundleBytes,
    };
  }

  #of(plugin: string): Counted {
    const found = this.#counted.get(plugin) ?? { requests: 0, requestMs: 0, slowStatements: 0, bundleBytes: null };
    this.#counted.set(plugin, found);
    return found;
  }
}
