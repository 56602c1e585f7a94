import type { Period } from '@ilearn/core';
import type { Cradle } from './cradle.js';

/** Fills in the school holidays that the settings page proposes, as an operator would; for later years there are none. */
export async function proposeHolidays({ allSettings }: Cradle): Promise<void> {
  const kernel = (await allSettings.sections(null, 'nl')).find(({ plugin }) => plugin === 'kernel');
  const field = kernel?.fields.find(({ name }) => name === 'holidays');
  if (kernel === undefined || field === undefined || (field.value as Period[]).length > 0) return;
  const holidays = field.proposals.flatMap(({ periods }) => periods);
  if (holidays.length === 0) return;
  await allSettings.change({ plugin: 'kernel', tenant: null, version: kernel.version, values: { holidays }, reset: [] });
}
