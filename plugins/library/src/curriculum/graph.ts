import { Yielder } from '@ilearn/core';
import type { Quad, Store, Term } from 'n3';

/** The statements of several documents, indexed by subject and predicate. */
export class Graph {
  readonly #store: Store;
  readonly #lists: Record<string, Term[]>;

  private constructor(store: Store) {
    this.#store = store;
    this.#lists = this.#store.extractLists({ remove: true, ignoreErrors: true }) as Record<string, Term[]>;
  }

  static async of(quads: readonly Quad[]): Promise<Graph> {
    const { Store } = await import('n3');
    const store = new Store();
    const yielder = new Yielder();
    for (const quad of quads) {
      if (yielder.due()) await yielder.yield();
      store.addQuad(quad);
    }
    return new Graph(store);
  }

  /** Objects of a subject's statements. A blank node must be passed as its term. */
  objects(subject: string | Term, predicate: string): Term[] {
    return this.#store.getObjects(subject, predicate, null);
  }

  /** The objects that are URIs, without blank nodes and literals. */
  uris(subject: string | Term, predicate: string): string[] {
    return this.objects(subject, predicate).flatMap((term) => (term.termType === 'NamedNode' ? [term.value] : []));
  }

  literals(subject: string, predicate: string): string[] {
    return this.objects(subject, predicate).flatMap((term) => (term.termType === 'Literal' ? [term.value] : []));
  }

  /** Subjects of statements with this predicate and object; only URIs. */
  subjects(predicate: string, object: string): string[] {
    return this.#store
      .getSubjects(predicate, object, null)
      .flatMap((term) => (term.termType === 'NamedNode' ? [term.value] : []));
  }

  /** Every subject that is a URI. */
  allSubjects(): string[] {
    return this.#store.getSubjects(null, null, null).flatMap((term) => (term.termType === 'NamedNode' ? [term.value] : []));
  }

  /** URIs in an RDF list, in order. */
  list(subject: string, predicate: string): string[] {
    return this.objects(subject, predicate).flatMap((head) =>
      (this.#lists[head.value] ?? []).flatMap((term) => (term.termType === 'NamedNode' ? [term.value] : [])),
    );
  }

  /** Each predicate with the number of its statements. */
  predicates(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const quad of this.#store) counts.set(quad.predicate.value, (counts.get(quad.predicate.value) ?? 0) + 1);
    return counts;
  }
}
