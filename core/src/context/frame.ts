import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwilixContainer } from 'awilix';
import type { Principal } from '../contract/principal.js';
import type { Session } from '../contract/privileged.js';
import type { Logger } from '../contract/services.js';
import { freezePrincipal } from '../foundation/freeze.js';
import type { Unit, Viewer } from './unit.js';

/** The HTTP part of a unit of work that answers a request. */
export interface HttpExchange {
  /** SHA-256 of the client's session id, if it names a live session. */
  sessionHash: Buffer | null;
  session: Session | null;
  /** For clients without a session: the person that the handler signed in, or the tool as which the request acts. */
  recognised: Principal | null;
  /** Who caused the request: the id of a person or tool, otherwise the client's network. */
  caller(): string;
  /** A header of the request, by lower-case name. */
  header(name: string): string | undefined;
  /** The family of the client's device, if known. */
  device(): string | null;
  /** Sets the session cookie for `seconds` seconds, or removes it. */
  setSessionCookie(id: string | null, seconds?: number): void;
}

/** The context of running code: its unit of work, its principal, and the plugins' scopes. */
export class Frame {
  readonly scopes = new Map<string, AwilixContainer>();
  /** A frozen copy, so that no code can change it. */
  readonly principal: Principal;
  /**
   * Who asked for this work: the first person, tool or service on whose behalf it runs. Code running on their behalf must not exceed their
   * rights, whatever principal it acts as. Null for the portal itself (jobs, commands) and for clients who are not signed in.
   */
  readonly asker: Principal | null;
  #log: Logger | null = null;

  constructor(
    readonly unit: Unit,
    principal: Principal,
    readonly http: HttpExchange | null,
    private readonly makeLog: () => Logger,
    asker: Principal | null = null,
    /** Works on requests of people about their data: reaches rows of people who objected or are restricted. */
    private readonly officer = false,
  ) {
    this.principal = freezePrincipal(principal);
    const { kind } = this.principal;
    this.asker = asker ?? (kind === 'system' || kind === 'anonymous' ? null : this.principal);
  }

  /** For whom its statements run. */
  get viewer(): Viewer {
    if (this.officer) return 'privacy';
    const { kind, id } = this.principal;
    if (kind === 'service') return 'machine';
    return kind === 'person' ? (id ?? '') : '';
  }

  /** Created with the first line, because most work logs nothing. */
  get log(): Logger {
    this.#log ??= this.makeLog();
    return this.#log;
  }

  /** The same unit of work under another principal, with separate services. */
  as(principal: Principal): Frame {
    return new Frame(this.unit, principal, this.http, () => this.log, this.asker, this.officer);
  }
}

const frames = new AsyncLocalStorage<Frame>();

export const runInFrame = <T>(frame: Frame, fn: () => T): T => frames.run(frame, fn);

/** @throws Error when no unit of work is open */
export function currentFrame(pluginId: string): Frame {
  const frame = frames.getStore();
  if (frame === undefined) {
    throw new Error(
      `${pluginId}: no unit of work is open here. Requests, jobs, event handlers and commands have one; ` +
        'in start() and in callbacks that outlive them, wrap the code in work().',
    );
  }
  return frame;
}

export const hasOpenUnit = (): boolean => openFrame() !== null;

/** null if no unit of work is open. */
export function openFrame(): Frame | null {
  const frame = frames.getStore();
  return frame === undefined || frame.unit.ended ? null : frame;
}
