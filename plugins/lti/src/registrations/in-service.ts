import type { Dependencies } from '../dependencies.js';

/** Whether a registration can be used: it is an administrator's (`source` is null), or the plugin that makes it is in service. */
export const isInService = (
  contributions: Dependencies['contributions'],
  { source, key }: { source: string | null; key: string },
): boolean =>
  source === null || contributions.of('registrations').some(({ plugin, value }) => plugin === source && value.key === key);
