import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { myway } from '../client.js';
import type { ClassProgress } from './model.js';

/** The progress of one class, loaded once for all elements that show a part of it. */
class Shared {
  value: ClassProgress | undefined;
  problem: unknown;
  readonly hosts = new Set<ReactiveControllerHost>();
  #loading: Promise<void> | undefined;
  #again = false;

  constructor(private readonly classId: string) {}

  /** A call while one is under way loads once more afterwards, because what changed may not be in the answer that is coming. */
  load(): Promise<void> {
    if (this.#loading !== undefined) {
      this.#again = true;
      return this.#loading;
    }
    this.#loading = this.#fetch().finally(() => {
      this.#loading = undefined;
      if (!this.#again) return;
      this.#again = false;
      void this.load();
    });
    return this.#loading;
  }

  async #fetch(): Promise<void> {
    try {
      this.value = await myway.get('/classes/:id/progress', { params: { id: this.classId } });
      this.problem = undefined;
    } catch (problem) {
      this.problem = problem;
    }
    for (const host of this.hosts) host.requestUpdate();
  }
}

const shared = new Map<string, Shared>();

/** Loads a class's progress again for every element that shows it. */
export const reloadClass = (classId: string): Promise<void> => shared.get(classId)?.load() ?? Promise.resolve();

/** Gives an element the progress of a class, and renders the element again when it changes. */
export class ClassProgressController implements ReactiveController {
  #classId: string | undefined;
  #connected = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly classId: () => string | undefined,
  ) {
    host.addController(this);
  }

  get value(): ClassProgress | undefined {
    return this.#shared?.value;
  }

  /** What failed when it was last loaded; a value that was loaded earlier is kept. */
  get problem(): unknown {
    return this.#shared?.problem;
  }

  reload(): Promise<void> {
    return this.#shared?.load() ?? Promise.resolve();
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow(this.classId());
  }

  hostUpdate(): void {
    if (this.#connected) this.#follow(this.classId());
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#follow(undefined);
  }

  get #shared(): Shared | undefined {
    return this.#classId === undefined ? undefined : shared.get(this.#classId);
  }

  #follow(classId: string | undefined): void {
    if (classId === this.#classId) return;
    const before = this.#shared;
    before?.hosts.delete(this.host);
    if (before?.hosts.size === 0) shared.delete(this.#classId as string);
    this.#classId = classId;
    if (classId === undefined) return;
    const now = shared.get(classId) ?? new Shared(classId);
    now.hosts.add(this.host);
    if (shared.has(classId)) return;
    shared.set(classId, now);
    void now.load();
  }
}
