import { createTestPlatform, type TestPlatformOptions } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import privacy from '@ilearn/plugin-privacy';
import { twoSchools, zip } from '../../directory/test/roster.js';

export const administrator = '33333333-3333-4333-8333-333333333333';
/** Principal of school B. */
export const other = '44444444-4444-4444-8444-444444444444';

/** The two schools of the directory's tests; `people` are ids by sourcedId. */
export async function createSchools(options: Partial<TestPlatformOptions> = {}) {
  const portal = await createTestPlatform({ plugins: [directory, privacy, ...(options.plugins ?? [])], ...without(options) });
  await portal.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  const rows: { sourced_id: string; person_id: string; school_id: string }[] = await portal.work('directory', ({ knex }) =>
    knex('memberships').select('sourced_id', 'person_id', 'school_id'),
  );
  const people: Record<string, string> = Object.fromEntries(rows.map(({ sourced_id, person_id }) => [sourced_id, person_id]));
  const schoolOf = (who: string) => rows.find(({ sourced_id }) => sourced_id === who)?.school_id as string;
  await portal.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
  await portal.grant(other, [{ tenant: schoolOf('dina'), role: 'principal' }]);
  const ids: Record<string, string> = { ...people, administrator, other };
  const signIn = (who: string) => portal.signIn(ids[who] as string, who);
  return { portal, people, schoolOf, signIn };
}

const without = ({ plugins: _, ...rest }: Partial<TestPlatformOptions>) => rest;
