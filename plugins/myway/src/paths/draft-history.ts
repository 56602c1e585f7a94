import type { Draft } from './draft.js';

/** What undo restores; the version is that of the server and never goes back. */
type Content = Omit<Draft, 'version'>;

/** Number of changes that can be undone. */
const mostChanges = 100;

/** Changes of the same field within this time are undone together, in milliseconds. */
const together = 1_000;

/** Undo and redo of changes to a draft. */
export class DraftHistory {
  #past: Content[] = [];
  #future: Content[] = [];
  #last: { what: string; at: number } | undefined;
  /** Ids that the server gave to steps, by key: a step that is put back keeps its results. */
  readonly #ids = new Map<string, string>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Call before each change. `what` names the field that changes, such as `title` or `note of step-3`. */
  changing(before: Draft, what: string): void {
    const at = this.now();
    const continues = this.#last?.what === what && at - this.#last.at < together;
    this.#last = { what, at };
    this.#future = [];
    if (!continues) this.#past = [...this.#past.slice(1 - mostChanges), contentOf(before)];
  }

  /** The draft before the last change; undefined if there is none. */
  undo(current: Draft): Draft | undefined {
    return this.#move(current, this.#past, this.#future);
  }

  /** The draft before the last undo; undefined if there is none, or something was changed since. */
  redo(current: Draft): Draft | undefined {
    return this.#move(current, this.#future, this.#past);
  }

  /** Forgets all changes, when another version of the path is loaded. */
  clear(): void {
    this.#past = [];
    this.#future = [];
    this.#last = undefined;
  }

  #move(current: Draft, from: Content[], to: Content[]): Draft | undefined {
    const content = from.pop();
    if (content === undefined) return undefined;
    to.push(contentOf(current));
    this.#last = undefined;
    this.note(current);
    const steps = content.steps.map((step) => ({ ...step, id: step.id ?? this.#ids.get(step.key) }));
    return { ...content, steps, version: current.version };
  }

  /** Remembers the ids of the draft's steps. Call after each answer of the server. */
  note(draft: Draft): void {
    for (const { key, id } of draft.steps) if (id !== undefined) this.#ids.set(key, id);
  }
}

const contentOf = ({ version: _, ...content }: Draft): Content => content;

/** Names the field that changes between two drafts, so that typing is undone as a whole; a change of the list of steps has no name. */
export function changedField(before: Draft, change: Partial<Draft>): string {
  if (change.steps === undefined) return change.blocks === undefined ? Object.keys(change).join() : `blocks ${Math.random()}`;
  if (change.blocks !== undefined) return `steps ${Math.random()}`;
  const [step, ...others] = change.steps.filter((each, index) => each !== before.steps[index]);
  const old = before.steps.find(({ key }) => key === step?.key);
  if (step === undefined || old === undefined || others.length > 0 || change.steps.length !== before.steps.length) {
    return `steps ${Math.random()}`;
  }
  const fields = (['title', 'note', 'required', 'content', 'after'] as const).filter((field) => step[field] !== old[field]);
  return `${fields.join()} of ${step.key}`;
}
