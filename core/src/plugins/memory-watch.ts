import { type HeapProfiler, Session } from 'node:inspector';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { Fault } from '../foundation/diagnosis.js';
import type { KernelLogger } from '../foundation/log.js';
import { ownerOf } from './code-owner.js';

/** Shares of the heap limit used by live objects after a full garbage collection. */
const SAMPLE_FROM = 0.5;
/** From 80 % V8 ends a process whose collections free little (`IsIneffectiveMarkCompact`), so the memory that stays in use must be less. */
const TOO_MUCH = 0.7;
/** A plugin is quarantined only if it holds at least this share of the limit. */
const BLAME_FROM = 0.1;
const QUIET_MS = 60_000;
/**
 * Reading the samples makes V8 collect garbage, which is again a reason to look. Without a pause the collections would follow each other,
 * and V8 ends a process whose collections near the limit free nothing.
 */
const PAUSE_MS = 10_000;
/** Growth since the last look, as a share of the limit, that ends the pause. */
const GROWTH = 0.02;
const SAMPLE_BYTES = 128 * 1024;
const MB = 1_048_576;
/** The part of V8's limit reserved for young objects; the process ends when old objects fill the rest. */
const YOUNG_BYTES = 48 * MB;

export interface MemoryWatchParts {
  /** Plugin id → URL of its package's folder. */
  folders(): ReadonlyMap<string, string>;
  /** Called with the plugin that fills the heap. */
  quarantine(id: string, fault: Fault): Promise<void>;
  log: KernelLogger;
}

/**
 * Finds the plugin that fills the heap before the process runs out of memory. It costs nothing until live objects take half of the limit;
 * then V8 samples surviving allocations, with their call stacks.
 */
export class MemoryWatch {
  #observer: PerformanceObserver | null = null;
  #session: Session | null = null;
  #busy = false;
  #loggedAt = Number.NEGATIVE_INFINITY;
  #judged = { at: Number.NEGATIVE_INFINITY, used: 0 };

  constructor(private readonly parts: MemoryWatchParts) {}

  start(): void {
    this.#observer = new PerformanceObserver((list) => {
      const full = list.getEntries().some((entry) => {
        const { kind } = (entry as unknown as { detail?: { kind?: number } }).detail ?? {};
        return kind === constants.NODE_PERFORMANCE_GC_MAJOR;
      });
      if (full) this.#look();
    });
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#observer = null;
    this.#endSampling();
  }

  #look(): void {
    const { used_heap_size: used, heap_size_limit } = getHeapStatistics();
    const limit = heap_size_limit - YOUNG_BYTES;
    const share = used / limit;
    if (share < SAMPLE_FROM) this.#endSampling();
    else if (this.#session === null) this.#beginSampling();
    if (share < TOO_MUCH || this.#busy) return;
    const now = performance.now();
    if (now - this.#judged.at < PAUSE_MS && used < this.#judged.used + GROWTH * limit) return;
    this.#judged = { at: now, used };
    this.#busy = true;
    this.#judge(used, limit)
      .catch((error: Error) => this.parts.log.warn({ err: error.message }, 'memory'))
      .finally(() => {
        this.#busy = false;
      });
  }

  async #judge(used: number, limit: number): Promise<void> {
    const [suspect] = [...this.#held()].sort(([, a], [, b]) => b - a);
    const percent = Math.round((used / limit) * 100);
    if (suspect === undefined || suspect[1] < BLAME_FROM * limit) {
      if (performance.now() - this.#loggedAt < QUIET_MS) return;
      this.#loggedAt = performance.now();
      const remedy = 'Raise the limit (NODE_OPTIONS=--max-old-space-size=…), or restart the portal when few people use it.';
      this.parts.log.warn(
        { percent, limitMb: Math.round(limit / MB), remedy },
        'memory is low, and no single plugin uses most of it',
      );
      return;
    }
    const [id, bytes] = suspect;
    this.#endSampling();
    await this.parts.quarantine(id, {
      plugin: id,
      where: 'memory',
      message: `Its code holds ${Math.round(bytes / MB)} MB that it allocated recently; the heap is ${percent} % full (limit ${Math.round(limit / MB)} MB).`,
      remedy: 'Fix what it keeps (module variables, caches, listeners) and restart the portal: only that frees the memory.',
    });
  }

  /** Live bytes allocated since sampling began, by the plugin whose code is nearest in the call stack. */
  #held(): Map<string, number> {
    const held = new Map<string, number>();
    const folders = this.parts.folders();
    const visit = (node: HeapProfiler.SamplingHeapProfileNode, caller: string | null) => {
      const owner = ownerOf(node.callFrame.url, folders) ?? caller;
      if (owner !== null) held.set(owner, (held.get(owner) ?? 0) + node.selfSize);
      for (const child of node.children) visit(child, owner);
    };
    this.#session?.post('HeapProfiler.getSamplingProfile', (error, result) => {
      if (error === null) visit(result.profile.head, null);
    });
    return held;
  }

  #beginSampling(): void {
    this.#session = new Session();
    this.#session.connect();
    this.#session.post('HeapProfiler.startSampling', { samplingInterval: SAMPLE_BYTES });
  }

  #endSampling(): void {
    this.#session?.disconnect();
    this.#session = null;
  }
}
