import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import type { ImportOptions, ImportReport } from '../dist/oneroster/importer.js';
import { type TestRoster, zip } from './roster.js';

export interface Snapshot {
  schools: string[];
  people: Record<string, { id: string; name: string; kind: string; schools: string[]; email: string | null; active: boolean }>;
  /** Members of each class, by sourcedId, as `ali pupil`. */
  classes: Record<string, string[]>;
}

interface PersonRow {
  sourced_id: string;
  id: string;
  given_name: string;
  family_name: string;
  kind: string;
  school_ids: string[];
  email: string | null;
  active: boolean;
}

/** Tables in an order in which they can be emptied. */
const tables = ['enrolments', 'classes', 'roles', 'memberships', 'people', 'school_years', 'sites', 'schools', 'school_groups'];

/** A portal with the directory, and other plugins if any, and what tests of the import do with it. */
export async function createDirectory(others: PluginDefinition[] = []) {
  const platform = await createTestPlatform({ plugins: [directory, ...others] });
  const schoolNames = async (knex: (table: string) => { select(...columns: string[]): Promise<Record<string, string>[]> }) =>
    new Map((await knex('schools').select('id', 'sourced_id')).map((row) => [row['id'], row['sourced_id']]));

  return {
    platform,

    run: (roster: TestRoster | Buffer, options: ImportOptions = {}): Promise<ImportReport> =>
      platform.work('directory', ({ importer }) => importer.run(Buffer.isBuffer(roster) ? roster : zip(roster), options)),

    /** What the directory says now: people by sourcedId, and the members of each class. */
    snapshot: (): Promise<Snapshot> =>
      platform.work('directory', async ({ knex }) => {
        const nameOf = await schoolNames(knex);
        const people: PersonRow[] = await knex('people')
          .join('memberships', 'memberships.person_id', 'people.id')
          .select('people.*', 'memberships.sourced_id');
        const members = await knex('class_members')
          .join('classes', 'classes.id', 'class_members.class_id')
          .join('memberships', {
            'memberships.person_id': 'class_members.person_id',
            'memberships.school_id': 'class_members.school_id',
          })
          .select('classes.sourced_id as class', 'memberships.sourced_id as user', 'role');
        const classes: Snapshot['classes'] = {};
        for (const { class: of, user, role } of members) classes[of] = [...(classes[of] ?? []), `${user} ${role}`].sort();
        return {
          schools: await knex('schools').orderBy('instellingsnummer').pluck('name'),
          people: Object.fromEntries(
            people.map(({ sourced_id, id, given_name, family_name, kind, school_ids, email, active }) => [
              sourced_id,
              {
                id,
                name: `${given_name} ${family_name}`,
                kind,
                schools: school_ids.map((one) => nameOf.get(one) ?? '?').sort(),
                email,
                active,
              },
            ]),
          ),
          classes,
        };
      }),

    /** Roles that somebody holds in the portal, as `teacher a`; `*` is the whole portal. */
    rolesOf: (personId = ''): Promise<string[]> =>
      platform.work('directory', async ({ access, knex }) => {
        const nameOf = await schoolNames(knex);
        const grants: { tenant: string | null; role: string }[] = await access.rolesOf(personId);
        return grants.map(({ tenant: school, role }) => `${role} ${school === null ? '*' : nameOf.get(school)}`).sort();
      }),

    empty: (): Promise<void> =>
      platform.work('directory', async ({ knex, access }) => {
        const people: string[] = await knex('people').pluck('id');
        await access.setRolesOfMany(people.map((personId) => ({ personId, roles: [] })));
        for (const table of tables) await knex(table).delete();
      }),
  };
}

export type TestDirectory = Awaited<ReturnType<typeof createDirectory>>;

/** Counts other than of what stayed as it was, by table: `+added ~changed -removed`. */
export const changes = ({ tables: counted }: ImportReport): Record<string, string> =>
  Object.fromEntries(
    Object.entries(counted)
      .filter(([, { added, changed, removed }]) => added + changed + removed > 0)
      .map(([table, { added, changed, removed }]) => [table, `+${added} ~${changed} -${removed}`]),
  );
