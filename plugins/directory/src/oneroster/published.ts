import { Yielder } from '@ilearn/core';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Changes } from './changes.js';
import type { State, StoredEnrolment, StoredMembership } from './state.js';

/**
 * Collects the changes of an import, to publish to other plugins.
 *
 * @param state the directory before the import
 * @param changes what the import wrote
 */
export async function changesToPublish(state: State, changes: Changes): Promise<ChangesToPublish> {
  const published = new ChangesToPublish();
  const yielder = new Yielder();
  await addPeople(state, changes, published, yielder);
  const classes = await byKey(state.classes, ({ id }) => id, yielder);
  for (const { id, school_id, active } of changes.classes) {
    const was = classes.get(id)?.active ?? false;
    if (was || active) published.class(was && active ? 'changed' : active ? 'added' : 'removed', school_id, id);
  }
  await addEnrolments(state, changes, published, yielder);
  return published;
}

/**
 * People are added to or removed from a school if their membership changes; those who stay may have changed name, e-mail address or roles.
 */
async function addPeople(state: State, changes: Changes, published: ChangesToPublish, yielder: Yielder): Promise<void> {
  const keyOf = ({ school_id, person_id }: StoredMembership) => `${school_id} ${person_id}`;
  const before = await byKey(state.memberships, keyOf, yielder);
  const after = await byKey(changes.memberships, keyOf, yielder);
  for (const [key, { school_id, person_id, active }] of after) {
    if (yielder.due()) await yielder.yield();
    const was = before.get(key)?.active ?? false;
    if (was !== active) published.person(active ? 'added' : 'removed', school_id, person_id);
  }

  const people = await byKey(state.people, ({ id }) => id, yielder);
  const described = new Set(
    changes.people.flatMap((person) => {
      const was = people.get(person.id);
      const same = (['given_name', 'family_name', 'email', 'kind'] as const).every((column) => was?.[column] === person[column]);
      return same ? [] : [person.id];
    }),
  );
  const rolesIn = (grants: Changes['grants'][number]['before'], school: string) =>
    JSON.stringify(grants.filter((grant) => grant.tenant === school));
  const granted = new Map(changes.grants.map((grant) => [grant.personId, grant]));
  for (const [key, { school_id, person_id, active }] of before) {
    if (yielder.due()) await yielder.yield();
    if (!active || after.get(key)?.active === false) continue;
    const roles = granted.get(person_id);
    if (described.has(person_id) || (roles && rolesIn(roles.before, school_id) !== rolesIn(roles.after, school_id)))
      published.person('changed', school_id, person_id);
  }
}

async function addEnrolments(state: State, changes: Changes, published: ChangesToPublish, yielder: Yielder): Promise<void> {
  const before = await byKey(state.enrolments, ({ id }) => id, yielder);
  const told = ({ class_id, person_id, role }: StoredEnrolment) => ({ classId: class_id, personId: person_id, role });
  for (const row of changes.enrolments) {
    if (yielder.due()) await yielder.yield();
    const was = before.get(row.id);
    const same = was?.class_id === row.class_id && was.person_id === row.person_id && was.role === row.role;
    if (was?.active && row.active && same) published.enrolment('changed', row.school_id, told(row));
    else {
      if (was?.active) published.enrolment('removed', row.school_id, told(was));
      if (row.active) published.enrolment('added', row.school_id, told(row));
    }
  }
}

async function byKey<T>(rows: readonly T[], keyOf: (row: T) => string, yielder: Yielder): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for (const row of rows) {
    if (yielder.due()) await yielder.yield();
    found.set(keyOf(row), row);
  }
  return found;
}
