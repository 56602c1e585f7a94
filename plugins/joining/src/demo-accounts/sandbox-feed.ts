import type { RosterFeed } from '@ilearn/plugin-directory';

export const sandboxName = 'Oefenschool';

/** Pupils who do not exist. */
const pupils = [
  ...[
    ['Amber', 'Aerts'],
    ['Bilal', 'Bouazza'],
    ['Casper', 'Claes'],
    ['Dina', 'Demir'],
    ['Elias', 'Engels'],
    ['Fien', 'Fransen'],
  ],
  ...[
    ['Gust', 'Geerts'],
    ['Hanne', 'Hermans'],
    ['Ilyas', 'Idrissi'],
    ['Juna', 'Jacobs'],
    ['Kobe', 'Kaya'],
    ['Lotte', 'Lambrechts'],
  ],
] as [string, string][];

/** The sandbox as a feed: one class of the school year of a day (`2026-11-28`), with its pupils. They have no accounts. */
export function sandboxFeed(day: string): RosterFeed {
  const year = Number(day.slice(0, 4)) - (day.slice(5) < '09-01' ? 1 : 0);
  const session = `year-${year}`;
  const klas = `class-${year}`;
  const ids = pupils.map(([givenName]) => `pupil-${givenName.toLowerCase()}`);
  const none = { ids: [], unknown: false };
  return {
    school: 'sandbox',
    rows: {
      academicSessions: [
        {
          ...{ sourcedId: session, title: `Schooljaar ${year}-${year + 1}`, type: 'schoolYear', schoolYear: String(year + 1) },
          ...{ startDate: `${year}-09-01`, endDate: `${year + 1}-08-31` },
        },
      ],
      orgs: [],
      users: pupils.map(([givenName, familyName], at) => ({
        ...{ sourcedId: ids[at] as string, enabledUser: 'true', username: ids[at] as string },
        ...{ givenName, familyName, primaryOrgSourcedId: 'sandbox' },
      })),
      roles: ids.map((id) => ({
        ...{ sourcedId: `role-${id}`, userSourcedId: id, roleType: 'primary', role: 'student', orgSourcedId: 'sandbox' },
      })),
      classes: [
        {
          ...{ sourcedId: klas, title: 'Oefenklas', grades: '3', classType: 'homeroom' },
          ...{ schoolSourcedId: 'sandbox', termSourcedIds: session },
        },
      ],
      enrollments: ids.map((id) => ({
        ...{
          sourcedId: `place-${year}-${id}`,
          classSourcedId: klas,
          schoolSourcedId: 'sandbox',
          userSourcedId: id,
          role: 'student',
        },
      })),
    },
    unreadable: { users: none, classes: none, enrollments: none },
  };
}
