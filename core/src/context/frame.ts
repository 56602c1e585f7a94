import { AsyncLocalStorage } from 'node:async_hooks';
import type { AwilixContainer } from 'awilix';
import type { Principal } from '../contract/principal.js';
import type { Logger } from '../contract/services.js';
import { freezePrincipal } from '../foundation/freeze.js';
import type { Unit } from './unit.js';

/** The HTTP side of a unit of work that answers a request. */
export interface HttpExchange {
  /** SHA-256 of the session id that the client sent, when it names a live session. */
  sessionHash: Buffer | null;
  session: { personId: string; displayName: string; language: string | null; expiresAt: Date } | null;
  /** Whom the handler recognised in a client without a session: the person that it signed in, the tool that it acts as. */
  recognised: Principal | null;
  /** Whose request it is: the person's or tool's, else the network's. */
  caller(): string;
  /** The family of the client's device, where it tells. */
  device(): string | null;
  /** Gives the client a session id for so many seconds, or takes it away. */
  setSessionCookie(id: string | null, seconds?: number): void;
}

/** What surrounds running code: the unit of work, who acts, and the plugins' scopes made for it. */
export class Frame {
  readonly scopes = new Map<string, AwilixContainer>();
  /** Whoever made it cannot change it any more, nor can those who get to see it. */
  readonly principal: Principal;
  /**
   * Who asked for this work: the first person, tool or service for whom it ran. What they may not do, nothing that runs for them may,
   * whoever it acts as. Null: the portal itself (jobs, commands), or somebody who is not signed in.
   */
  readonly asker: Principal | null;
  #log: Logger | null = null;

  constructor(
    readonly unit: Unit,
    principal: Principal,
    readonly http: HttpExchange | null,
    private readonly makeLog: () => Logger,
    asker: Principal | null = null,
  ) {
    this.principal = freezePrincipal(principal);
    const { kind } = this.principal;
    this.asker = asker ?? (kind === 'system' || kind === 'anonymous' ? null : this.principal);
  }

  /** Made when the first line is written: most work writes none. */
  get log(): Logger {
    this.#log ??= this.makeLog();
    return this.#log;
  }

  /** The same unit of work under another principal, with services of its own. */
  as(principal: Principal): Frame {
    return new Frame(this.unit, principal, this.http, () => this.log, this.asker);
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

/** null where no unit of work is open. */
export function openFrame(): Frame | null {
  const frame = frames.getStore();
  return frame === undefined || frame.unit.ended ? null : frame;
}
