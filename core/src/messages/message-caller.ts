import type { Frame } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import { hashCaller } from '../plugins/caller.js';

const origins = new WeakMap<Unit, string>();

/** Messages published in this unit of work are counted for the same caller as the message that it handles. */
export function setMessageCaller(unit: Unit, caller: string | null): void {
  if (caller !== null) origins.set(unit, caller);
}

/** Null if the work was not caused by a request: schedules, commands, `start`. */
export function messageCallerOf({ unit, http }: Frame): string | null {
  return http === null ? (origins.get(unit) ?? null) : hashCaller(http.caller());
}
