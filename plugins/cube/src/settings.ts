import { z } from 'zod';

export const levels = ['unknown', 'nursery-primary', 'secondary', 'special', 'other'] as const;
export const regions = [
  'unknown',
  'antwerpen',
  'limburg',
  'oost-vlaanderen',
  'vlaams-brabant',
  'west-vlaanderen',
  'brussel',
] as const;

/** Where a school is counted. The figures of a school year keep what was set when its first figures were published. */
export const settings = {
  tenant: z.object({ level: z.enum(levels).default('unknown'), region: z.enum(regions).default('unknown') }),
};
