import { type PortalSlot, portal } from './portal.js';
import { can } from './session.js';

/** An element of a plugin for a slot. */
export interface Filling extends PortalSlot {
  plugin: string;
}

/** The plugins' elements for a slot that the person may see, in order. */
export function fillingsOf(name: string): Filling[] {
  return portal()
    .plugins.flatMap((plugin) => plugin.slots.map((slot) => ({ ...slot, plugin: plugin.id })))
    .filter((filling) => filling.slot === name && can(filling.permission))
    .sort((a, b) => (a.order ?? 100) - (b.order ?? 100));
}
