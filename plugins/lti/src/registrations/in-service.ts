import type { Dependencies } from '../dependencies.js';

/** Whether a registration can be used: an administrator made it (`source` is null), or the plugin that contributes it is in service. */
export const isInService = (
  contributions: Dependencies['contributions'],
  { source, key }: { source: string | null; key: string },
): boolean =>
  source === null || contributions.of('registrations').some(({ plugin, value }) => plugin === source && value.key === key);
