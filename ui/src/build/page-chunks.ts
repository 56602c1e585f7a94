import { basename } from 'node:path';
import type { ElementGraph } from './element-graph.js';

/**
 * What a file of its own costs whoever loads it, as a number of characters of source that take as long on a slow line: about 4 kB once
 * compressed, for the request and for its entry in the document.
 */
const REQUEST = 24_000;

interface Chunk {
  modules: string[];
  size: number;
  /** The parts of the plugin that load it. */
  parts: Set<string>;
}

const countWithout = (from: ReadonlySet<string>, other: ReadonlySet<string>): number =>
  [...from].filter((part) => !other.has(part)).length;

/** What all parts together gain by one request less each, against the code that they get and do not need. */
function gainOf(a: Chunk, b: Chunk): number {
  const both = a.parts.size - countWithout(a.parts, b.parts);
  return REQUEST * both - a.size * countWithout(b.parts, a.parts) - b.size * countWithout(a.parts, b.parts);
}

/**
 * Divides the modules of a plugin's pages: what the same parts need is together, and small chunks join others where that costs less than
 * a request. Chunks never import one another in a circle, so that classes are defined before those that extend them.
 */
export class PageChunks {
  readonly #chunks: Chunk[] = [];
  readonly #graph: ElementGraph;
  readonly #nameOf = new Map<string, string>();

  /** @param parts the modules that `src/ui.ts` imports */
  constructor(graph: ElementGraph, parts: readonly string[]) {
    this.#graph = graph;
    const definitions = graph.definitions();
    const common = graph.commonTo(parts);
    const loaders = new Map([...common].map((id) => [id, new Set(parts)]));
    for (const part of parts) {
      for (const id of graph.reachedFrom(part, definitions)) loaders.set(id, new Set([...(loaders.get(id) ?? []), part]));
    }
    const bySignature = new Map<string, Chunk>();
    for (const [id, loading] of loaders) {
      const signature = [...loading].sort().join('\n');
      const chunk = bySignature.get(signature) ?? { modules: [], size: 0, parts: loading };
      chunk.modules.push(id);
      chunk.size += graph.module(id).code.length;
      bySignature.set(signature, chunk);
    }
    this.#chunks.push(...bySignature.values());
    while (this.#joinTwo());
    this.#giveNames();
  }

  /** Name of the chunk of a module; null if no part needs it. */
  nameFor(id: string): string | null {
    return this.#nameOf.get(id) ?? null;
  }

  #joinTwo(): boolean {
    const pairs = this.#chunks
      .flatMap((a, at) => this.#chunks.slice(at + 1).map((b) => ({ a, b, gain: gainOf(a, b) })))
      .filter(({ gain }) => gain > 0)
      .sort((one, other) => other.gain - one.gain);
    const found = pairs.find(({ a, b }) => !this.#leadsRound(a, b) && !this.#leadsRound(b, a));
    if (found === undefined) return false;
    const { a, b } = found;
    a.modules.push(...b.modules);
    a.size += b.size;
    for (const part of b.parts) a.parts.add(part);
    this.#chunks.splice(this.#chunks.indexOf(b), 1);
    return true;
  }

  #importedBy(chunk: Chunk): Chunk[] {
    const imported = new Set(chunk.modules.flatMap((id) => this.#graph.module(id).imports));
    return this.#chunks.filter((other) => other !== chunk && other.modules.some((id) => imported.has(id)));
  }

  /** Whether `from` imports `to` by way of a third chunk, which would be in a circle with them if they were one. */
  #leadsRound(from: Chunk, to: Chunk): boolean {
    const seen = new Set(this.#importedBy(from).filter((chunk) => chunk !== to));
    for (const chunk of seen) for (const next of this.#importedBy(chunk)) seen.add(next);
    return seen.has(to);
  }

  /** After the longest module of each chunk. */
  #giveNames(): void {
    const taken = new Set(['index']);
    for (const { modules } of this.#chunks) {
      const length = (id: string) => this.#graph.module(id).code.length;
      const [longest = ''] = [...modules].sort((a, b) => length(b) - length(a) || a.localeCompare(b));
      const base =
        basename(longest)
          .replace(/\.\w+$/, '')
          .replace(/[^\w-]/g, '') || 'part';
      let name = base;
      for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
      taken.add(name);
      for (const id of modules) this.#nameOf.set(id, name);
    }
  }
}
