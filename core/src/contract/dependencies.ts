import type { PluginDefinition } from './plugin.js';

type Dependent = Pick<PluginDefinition, 'requires' | 'optional'>;

/** The plugins without which it is out of service. */
export const requiredBy = ({ requires }: Dependent): string[] => Object.keys(requires ?? {});

/** The plugins that it uses where they are there. */
export const optionalFor = ({ optional }: Dependent): string[] => Object.keys(optional ?? {});

/** The plugins that it may use, required or not: whose exports, events, points and permissions it may name. */
export const usedBy = (definition: Dependent): string[] => [...requiredBy(definition), ...optionalFor(definition)];

export const uses = (definition: Dependent, id: string): boolean =>
  definition.requires?.[id] !== undefined || definition.optional?.[id] !== undefined;
