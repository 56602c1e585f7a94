import { KERNEL_PATH, type Limits, limitSettings } from '../homes/session-settings.js';
import type { Lead } from './pipeline.js';

export const begin: Lead = { name: 'ilearn_begin', text: 'begin', values: [] };
export const beginReadOnly: Lead = { name: 'ilearn_begin_read_only', text: 'begin read only', values: [] };

/** Sets time limits that differ from those of the connection. */
export function setLimits(limits: Limits): Lead {
  const settings = Object.entries(limitSettings(limits));
  const calls = settings.map(([name], index) => `pg_catalog.set_config('${name}', $${index + 1}, true)`);
  return { name: 'ilearn_limits', text: `select ${calls.join(', ')}`, values: settings.map(([, value]) => value) };
}

/**
 * Commits asynchronously if nothing has been written so far: an audit entry alone reaches the disk within a second, and the reader need not
 * wait for it.
 */
export const commitAsynchronously: Lead = {
  name: 'ilearn_unhurried',
  text: `select pg_catalog.set_config('synchronous_commit', 'off', true) where pg_catalog.pg_current_xact_id_if_assigned() is null`,
  values: [],
};

/** The same for a separate transaction, with the kernel's search path. */
export const commitAsynchronouslyAsKernel: Lead = {
  name: 'ilearn_unhurried_by_itself',
  text: `select pg_catalog.set_config('synchronous_commit', 'off', true), pg_catalog.set_config('search_path', '${KERNEL_PATH}', true)`,
  values: [],
};
