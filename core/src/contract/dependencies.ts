import type { PluginDefinition } from './plugin.js';

type Dependent = Pick<PluginDefinition, 'requires' | 'optional'>;

/** The plugins without which this one is out of service. */
export const requiredBy = ({ requires }: Dependent): string[] => Object.keys(requires ?? {});

/** The plugins that this one uses if they are present. */
export const optionalFor = ({ optional }: Dependent): string[] => Object.keys(optional ?? {});

/** The required and optional plugins, whose exports, events, points and permissions this one may use. */
export const usedBy = (definition: Dependent): string[] => [...requiredBy(definition), ...optionalFor(definition)];

export const uses = (definition: Dependent, id: string): boolean =>
  definition.requires?.[id] !== undefined || definition.optional?.[id] !== undefined;
