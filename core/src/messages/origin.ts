import type { Migration } from '../contract/table.js';
import type { Unit } from '../database/unit.js';
import type { Frame } from '../frame.js';
import { nameless } from '../plugins/caller.js';

/** Whose request a message goes back to, without telling who that is: it counts when handlers fail. */
export const messageCallerMigration: Migration = {
  name: '0009_message_caller',
  up: 'alter table kernel.messages add column caller text',
  down: 'alter table kernel.messages drop column caller',
};

const origins = new WeakMap<Unit, string>();

/** What is put in this unit of work goes back to the same caller as the message that it handles. */
export function continueFor(unit: Unit, caller: string | null): void {
  if (caller !== null) origins.set(unit, caller);
}

/** Null where nobody asked: the clock, a command, `start`. */
export function originOf({ unit, http }: Frame): string | null {
  return http === null ? (origins.get(unit) ?? null) : nameless(http.caller());
}
