import type { Cradle } from '../cradle.js';
import { keptUntil } from '../waiting-list/entries.js';
import type { ContactFunction } from '../waiting-list/rows.js';
import type { EntryState } from '../waiting-list/states.js';

const DAY_MS = 86_400_000;

interface DemoEntry {
  groupName: string | null;
  schools: { number: string; name: string }[];
  givenName: string;
  familyName: string;
  function: ContactFunction;
  remark: string;
  daysAgo: number;
  state: EntryState;
  reason?: string;
}

/** Everything in them is invented; the addresses are of a name that exists nowhere (RFC 2606). */
const demoEntries: readonly DemoEntry[] = [
  {
    ...{ groupName: null, schools: [{ number: '990101', name: 'Basisschool De Zonnebloem' }], daysAgo: 34, state: 'waiting' },
    ...{ givenName: 'Hilde', familyName: 'Verstraete', function: 'principal' },
    remark: 'Wij werken met Smartschool. Kunnen we in januari beginnen?',
  },
  {
    ...{ groupName: 'Scholengroep Schelde', daysAgo: 27, state: 'waiting', givenName: 'Koen', familyName: 'Dewulf' },
    schools: [
      { number: '990201', name: 'Freinetschool De Vlieger' },
      { number: '990202', name: 'Atheneum Scheldeoever' },
      { number: '990203', name: 'Basisschool ’t Veer' },
    ],
    ...{ function: 'group', remark: 'Graag de drie scholen tegelijk.' },
  },
  {
    ...{ groupName: null, schools: [{ number: '990301', name: 'Technisch Instituut Noord' }], daysAgo: 19, state: 'waiting' },
    ...{ givenName: 'Samira', familyName: 'Benali', function: 'ict-coordinator', remark: '' },
  },
  {
    ...{ groupName: null, schools: [{ number: '990101', name: 'BS De Zonnebloem' }], daysAgo: 12, state: 'waiting' },
    ...{ givenName: 'Tom', familyName: 'Lenaerts', function: 'ict-coordinator' },
    remark: 'Onze directeur vroeg misschien al een plaats.',
  },
  {
    ...{ groupName: null, schools: [{ number: '990401', name: 'Lyceum Ter Dijk' }], daysAgo: 40, state: 'offered' },
    ...{ givenName: 'Anke', familyName: 'Willaert', function: 'principal', remark: '' },
  },
  {
    ...{ groupName: null, schools: [{ number: '990501', name: 'Muziekacademie Klaroen' }], daysAgo: 51, state: 'declined' },
    ...{ givenName: 'Joris', familyName: 'Maes', function: 'other', remark: '' },
    reason: 'i-Learn is er nu voor lager en secundair onderwijs. We houden je op de hoogte.',
  },
];

export async function fillWaitingList({ knex, clock }: Cradle): Promise<void> {
  const now = clock.now();
  for (const { schools, groupName, givenName, familyName, daysAgo, state, reason, ...entry } of demoEntries) {
    const at = new Date(now.getTime() - daysAgo * DAY_MS);
    const [row] = await knex('entries')
      .insert({
        ...{ ...entry, state, kind: groupName === null ? 'school' : 'group', group_name: groupName, language: 'nl' },
        ...{ given_name: givenName, family_name: familyName, reason: reason ?? null },
        email: `${givenName}.${familyName}@school.example`.toLowerCase(),
        offer_until: state === 'offered' ? new Date(now.getTime() + 10 * DAY_MS) : null,
        ...{ requested_at: at, changed_at: at, kept_until: keptUntil(state, now) },
      })
      .returning('id');
    await knex('entry_schools').insert(schools.map((school) => ({ entry_id: row.id, ...school })));
  }
}
