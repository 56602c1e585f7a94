import type { Cradle } from './cradle.js';
import type { Made } from './seed.js';

/** Groups that teachers made of pupils of their classes: which pupils, by their place in the list of the class. */
const groups: readonly {
  owner: string;
  school: keyof Made['schools'];
  className: string;
  name: string;
  places: readonly number[];
}[] = [
  { owner: 'lien.peeters', school: 'wegwijzer', className: '3A', name: 'Rekentijgers', places: [0, 3, 4, 9, 12] },
  { owner: 'lien.peeters', school: 'wegwijzer', className: '3A', name: 'Leesgroep', places: [1, 2, 6, 7, 10, 13] },
  { owner: 'bart.claes', school: 'terLinden', className: '1Aa', name: 'Uitdaging wiskunde', places: [2, 5, 8, 11] },
];

/** Makes the groups, each as the teacher who owns it. */
export async function makeGroups({ actAs }: Cradle, { schools, people }: Made): Promise<void> {
  for (const { owner, school, className, name, places } of groups) {
    const tenant = schools[school];
    const teacher = {
      kind: 'person' as const,
      id: people.get(owner) as string,
      roles: [{ tenant, role: 'teacher' }],
      tenants: [tenant],
    };
    await actAs(teacher, async ({ directory }: Cradle) => {
      const own = (await directory.classes.ofPerson(teacher.id, 'teacher')).find((each) => each.name === className);
      if (own === undefined) throw new Error(`the demonstration files have no class ${className} of ${owner}`);
      const pupils = await directory.classes.pupilsOf(own.id);
      await directory.groups.create(tenant, { name, pupils: places.flatMap((place) => pupils[place]?.id ?? []) });
    });
  }
}
