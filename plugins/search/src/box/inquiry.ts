import { ApiProblem, api } from '@ilearn/ui';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { search } from '../client.js';
import { type Answer, type Result, readAnswer } from './answer.js';

/** Results of one source that are shown. */
const shown = 6;
/** Milliseconds after which a source that has not answered is given up. The server gives it up after five seconds. */
const patience = 6_000;

/** Shortest text that is searched for, in characters. */
export const shortest = 2;

type Source = Awaited<ReturnType<typeof listSources>>[number];

/** A source and what it answered. */
export interface Section {
  source: Source;
  /** `late`: it did not answer in time. */
  state: 'waiting' | 'ready' | 'failed' | 'late';
  /** While waiting, those of the text before. */
  results: Result[];
  more: boolean;
}

const listSources = async () => (await search.get('/sources')).sources;

/** Asks every source for a text, each in a request of its own, and renders its host again whenever one has answered. */
export class Inquiry implements ReactiveController {
  /** What the sources answered; empty before the first text. */
  sections: Section[] = [];
  /** Why the sources are not known. */
  problem: unknown;
  /** The text that the sources were last asked for. */
  asked = '';

  readonly #host: ReactiveControllerHost & { can(permission: string): boolean };
  #sources: Source[] | undefined;
  #current = new AbortController();

  constructor(host: ReactiveControllerHost & { can(permission: string): boolean }) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.forget();
  }

  get isWaiting(): boolean {
    return this.sections.some(({ state }) => state === 'waiting') || (this.asked !== '' && !this.#sources && !this.problem);
  }

  /** Stops all requests and forgets text and answers. */
  forget(): void {
    this.#current.abort();
    this.asked = '';
    this.sections = [];
    this.problem = undefined;
    // Plugins come and go, so the next opening asks for them again.
    this.#sources = undefined;
    this.#host.requestUpdate();
  }

  /** Asks all sources for a text; with one that is too short, only forgets the answers. */
  async ask(text: string): Promise<void> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    this.asked = text.length < shortest ? '' : text;
    if (this.asked === '') this.sections = [];
    this.#host.requestUpdate();
    if (this.asked === '') return;
    try {
      this.#sources ??= (await listSources()).filter(({ permission }) => this.#host.can(permission));
      this.problem = undefined;
    } catch (error) {
      this.problem = error;
    }
    if (current.signal.aborted) return;
    const before = new Map(this.sections.map((section) => [section.source.source, section.results]));
    this.sections = (this.#sources ?? []).map((source) => ({
      source,
      state: 'waiting',
      results: before.get(source.source) ?? [],
      more: false,
    }));
    this.#host.requestUpdate();
    for (const section of this.sections) void this.#askOne(section, text, current.signal);
  }

  /** Asks the sources that failed again. */
  retry(): void {
    if (this.#sources === undefined) void this.ask(this.asked);
    for (const section of this.sections.filter(({ state }) => state === 'failed' || state === 'late')) {
      section.state = 'waiting';
      void this.#askOne(section, this.asked, this.#current.signal);
    }
    this.#host.requestUpdate();
  }

  async #askOne(section: Section, text: string, cancelled: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(patience);
    const signal = AbortSignal.any([cancelled, late]);
    let state: Section['state'];
    let answer: Answer = { results: [], more: false, refused: 0 };
    try {
      answer = readAnswer(await api.get(section.source.address, { query: { q: text, limit: shown }, signal }), shown);
      if (answer.refused > 0) {
        console.error(`search: ${answer.refused} results of ${section.source.source} lead to no page that this person may open`);
      }
      state = answer.refused > 0 && answer.results.length === 0 ? 'failed' : 'ready';
    } catch (error) {
      // 503: the kernel stopped the route at its time limit.
      state = late.aborted || (error instanceof ApiProblem && error.status === 503) ? 'late' : 'failed';
    }
    if (cancelled.aborted) return;
    Object.assign(section, { state, results: answer.results, more: answer.more });
    this.#host.requestUpdate();
  }
}
