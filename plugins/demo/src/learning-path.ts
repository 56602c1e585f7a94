import type { ActivityRecord } from '@ilearn/plugin-library';
import type { Cradle } from './cradle.js';

/** Activities of the practice tool, in the order of the path. */
const exercises = ['plus-minus-100', 'complete-100', 'tables-2-5-10', 'tables', 'divisions'];

/** Makes a learning path for one class: a text of the school, then the exercises of the practice tool that the portal has. */
export async function composePath(
  { library, directory, myway, log }: Cradle,
  { school, teacher, className }: { school: string; teacher: string; className: string },
): Promise<void> {
  const { ids } = await library.activities.upsert([welcome(school)]);
  const found = await library.activities.idsBySource('tool:practice', exercises);
  const practice = found.filter((id) => id !== null);
  if (practice.length === 0) log.warn({}, 'the practice tool is not in this portal: the demonstration path has no exercises');

  const pathId = await myway.paths.create({
    school,
    ownerId: teacher,
    title: 'Rekenen tot 100 en de tafels',
    description: 'Eerst lezen wat je gaat doen, dan oefenen. Je mag stoppen en later verder gaan.',
    activityIds: [...ids, ...practice],
  });
  const classes = await directory.classes.ofPerson(teacher);
  const own = classes.find(({ name }) => name === className);
  if (own === undefined) throw new Error(`the demonstration files have no teacher for ${className}`);
  await myway.paths.assignToClass({ pathId, classId: own.id, byPersonId: teacher });
}

const welcome = (school: string): ActivityRecord => ({
  source: 'demo',
  sourceId: 'welcome',
  school,
  title: 'Zo werkt dit spoor',
  description: 'Wat je gaat doen, en hoe.',
  language: 'nl',
  provider: 'Basisschool De Wegwijzer',
  minutes: 3,
  ageFrom: 7,
  ageTo: 10,
  difficulty: 1,
  teacherOnly: false,
  available: true,
  conceptUris: [],
  keywords: ['rekenen'],
  content: { kind: 'text', markdown: welcomeText },
});

const welcomeText = `
Dag rekenaar!

Dit spoor heeft **stations**. Je begint bovenaan en reist naar beneden.

1. Kies het station dat openstaat.
2. Maak de oefeningen. Neem je tijd.
3. Klaar? Dan kleurt het station, en mag je naar het volgende.

> Een fout is niet erg. Daar leer je van. Probeer het gerust nog eens.

Lukt iets niet? Steek je hand op of vraag het aan je buur.
`.trim();
