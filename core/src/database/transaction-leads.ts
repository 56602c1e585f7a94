import type { Lead } from './batch.js';

export const begin: Lead = { name: 'ilearn_begin', text: 'begin', values: [] };
export const beginReadOnly: Lead = { name: 'ilearn_begin_read_only', text: 'begin read only', values: [] };

/** Where nothing was written before, the reader need not wait until the disk has what is added: it is on its way there, in well under a second. */
export const unhurried: Lead = {
  name: 'ilearn_unhurried',
  text: `select set_config('synchronous_commit', 'off', true) where pg_current_xact_id_if_assigned() is null`,
  values: [],
};
