// A portal's worth of data, made in the database by a few statements for ten schools at a time. The ids follow from numbers, so that whoever
// measures knows them. A school has 300 pupils in 15 classes of 20, each class with a teacher and five paths of eight steps. Of 33 results
// a pupil, a third are attempts with a score.

/** Schools that one statement fills. */
const AT_ONCE = 10;

export const CLASSES = 15;
export const PUPILS_OF_CLASS = 20;
const PATHS_OF_CLASS = 5;
const STEPS_OF_PATH = 8;
/** Of the 40 steps that a pupil has, how many they began. */
const RESULTS_OF_PUPIL = 33;
export const ACTIVITIES = Number(process.env.BENCH_ACTIVITIES ?? 5_000);

/** A UUID from numbers, as `idOf` of portal.mjs makes it: an MD5 with the version 4 and the variant 8. */
const sqlId = (kind, ...parts) =>
  `overlay(overlay(md5(concat_ws(' ', '${kind}', ${parts.join(', ')})) placing '4' from 13) placing '8' from 17)::uuid`;

const words = [
  'tafels',
  'breuken',
  'lezen',
  'spelling',
  'kaart',
  'water',
  'ruimte',
  'muziek',
  'klokkijken',
  'meten',
  'dieren',
  'verkeer',
];

/**
 * @param platform a portal of `createTestPlatform`
 * @param schools how many
 * @returns numbers of what was made
 */
export async function makePortal(platform, schools) {
  await makeLibrary(platform);
  for (let from = 1; from <= schools; from += AT_ONCE) {
    const to = Math.min(schools, from + AT_ONCE - 1);
    await makeDirectory(platform, from, to);
    await makePaths(platform, from, to);
    if (from % 50 === 1) process.stderr.write(`portal: made ${to} of ${schools} schools\n`);
  }
  const [{ results, attempts }] = await platform.work('myway', async ({ knex }) => {
    const { rows } = await knex.raw(
      'select (select count(*)::int from results) as results, (select count(*)::int from attempts) as attempts',
    );
    return rows;
  });
  for (const [plugin, tables] of [
    ['directory', ['schools', 'people', 'memberships', 'classes', 'enrolments', 'school_years']],
    ['myway', ['paths', 'steps', 'assignments', 'results', 'attempts']],
    ['library', ['activities', 'activity_concepts', 'concepts']],
  ])
    await analyse(platform, plugin, tables);
  return { schools, pupils: schools * CLASSES * PUPILS_OF_CLASS, results, attempts };
}

/** Fresh statistics, which autovacuum would gather within minutes. Plugins may not do it, so the portal's own connection does. */
async function analyse(platform, schema, tables) {
  const { pool } = await platform.platform.home();
  for (const table of tables) await pool.query(`analyze ${schema}.${table}`);
}

async function makeLibrary(platform) {
  const topics = words.map(
    (word) =>
      `<urn:bench:${word}> a skos:Concept ; skos:inScheme <urn:bench> ; skos:prefLabel "${word}"@nl ; skos:topConceptOf <urn:bench> .`,
  );
  const { mkdtemp, writeFile, rm } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const { join } = await import('node:path');
  const folder = await mkdtemp(join(tmpdir(), 'ilearn-bench-'));
  try {
    const file = join(folder, 'topics.ttl');
    await writeFile(
      file,
      `@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n<urn:bench> a skos:ConceptScheme ; skos:prefLabel "Onderwerpen"@nl .\n${topics.join('\n')}\n`,
    );
    await platform.work('library', ({ curriculum }) => curriculum.importFrom([file]));
  } finally {
    await rm(folder, { recursive: true });
  }
  const upTo = 500;
  for (let from = 0; from < ACTIVITIES; from += upTo) {
    const records = Array.from({ length: Math.min(upTo, ACTIVITIES - from) }, (_, index) => activity(from + index));
    await platform.work('library', ({ activities }) => activities.upsert(records));
  }
}

function activity(number) {
  const [one, two] = [words[number % words.length], words[(number * 7 + 3) % words.length]];
  return {
    source: 'bench',
    sourceId: String(number),
    school: null,
    title: `Oefen ${one} ${number}`,
    description: `Een oefening over ${one} en ${two}, voor in de klas of thuis.`,
    language: number % 9 === 0 ? 'fr' : 'nl',
    provider: `Aanbieder ${number % 40}`,
    minutes: 5 + (number % 6) * 5,
    ageFrom: 6 + (number % 8),
    ageTo: 8 + (number % 8),
    difficulty: 1 + (number % 5),
    teacherOnly: false,
    available: true,
    conceptUris: [`urn:bench:${one}`, `urn:bench:${two}`],
    keywords: [one],
    content: {
      kind: 'lti',
      lti: { registration: 'bench', targetLinkUri: `https://tool.example/${number}`, custom: {}, scoreMaximum: 10 },
    },
  };
}

const range = (name, from, to) => `generate_series(${from}, ${to}) as ${name}`;

async function makeDirectory(platform, from, to) {
  const schools = range('s', from, to);
  const classes = range('c', 1, CLASSES);
  const pupils = range('p', 1, PUPILS_OF_CLASS);
  const person = (id, given, kind, places) => [
    `insert into people (id, school_ids, given_name, family_name, kind)
     select ${id}, array[${sqlId('school', 's')}], '${given}', 'Achternaam ' || right(md5(${id}::text), 6), '${kind}' from ${places}`,
    `insert into memberships (school_id, person_id) select ${sqlId('school', 's')}, ${id} from ${places}`,
    `insert into enrolments (school_id, class_id, person_id, role)
     select ${sqlId('school', 's')}, ${sqlId('class', 's', 'c')}, ${id}, '${kind === 'pupil' ? 'pupil' : 'teacher'}' from ${places}`,
  ];
  const statements = [
    `insert into schools (id, instellingsnummer, name) select ${sqlId('school', 's')}, lpad((200000 + s)::text, 6, '0'), 'School ' || s from ${schools}`,
    `insert into school_years (id, school_id, name, starts_on, ends_on)
     select ${sqlId('year', 's')}, ${sqlId('school', 's')}, '2000-2001', current_date - 100, current_date + 200 from ${schools}`,
    `insert into classes (id, school_id, kind, name, school_year, grade)
     select ${sqlId('class', 's', 'c')}, ${sqlId('school', 's')}, 'class', (1 + (c - 1) % 6) || chr(65 + (c - 1) / 6), '2000-2001', 1 + (c - 1) % 6
     from ${schools}, ${classes}`,
    ...person(sqlId('teacher', 's', 'c'), 'Noor', 'staff', `${schools}, ${classes}`),
    ...person(sqlId('pupil', 's', 'c', 'p'), 'Lou', 'pupil', `${schools}, ${classes}, ${pupils}`),
  ];
  await platform.work('directory', async ({ knex, tenants }) => {
    for (const statement of statements) await knex.raw(statement);
    const { rows } = await knex.raw(`select ${sqlId('school', 's')} as id from ${schools}`);
    await tenants.register(rows.map(({ id }) => ({ id, kind: 'school' })));
  });
}

async function makePaths(platform, from, to) {
  const ids = await platform.work('library', ({ knex }) =>
    knex('activities').where({ source: 'bench' }).orderByRaw('source_id::int').limit(1_000).pluck('id'),
  );
  const places = `${range('s', from, to)}, ${range('c', 1, CLASSES)}, ${range('p', 1, PATHS_OF_CLASS)}`;
  const school = sqlId('school', 's');
  const path = sqlId('path', 's', 'c', 'p');
  const assignment = sqlId('assignment', 's', 'c', 'p');
  const step = sqlId('step', 's', 'c', 'p', 'n');
  // A pupil's steps are numbered through their paths; the last ones are not begun.
  const done = `${places}, ${range('n', 1, STEPS_OF_PATH)}, ${range('pupil', 1, PUPILS_OF_CLASS)}
    where (p - 1) * ${STEPS_OF_PATH} + n <= ${RESULTS_OF_PUPIL}`;
  const ago = `now() - ((n * 37 + pupil * 11 + c) % 40) * interval '1 day'`;
  const score = `((n * 7 + pupil * 3 + c + s) % 11)::float8`;
  const pupil = sqlId('pupil', 's', 'c', 'pupil');
  const statements = [
    [
      `insert into paths (id, school_id, owner_id, title, updated_at)
       select ${path}, ${school}, ${sqlId('teacher', 's', 'c')}, 'Spoor ' || p || ' van klas ' || c, now() - p * interval '1 day' from ${places}`,
    ],
    [
      `insert into steps (id, path_id, school_id, position, activity_id, activity_title)
       select ${step}, ${path}, ${school}, n - 1, (?::uuid[])[1 + (s * 31 + c * 17 + p * 8 + n) % ?], 'Oefening ' || n
       from ${places}, ${range('n', 1, STEPS_OF_PATH)}`,
      [ids, ids.length],
    ],
    [
      `insert into assignments (id, school_id, path_id, class_id, whole_class, assigned_by, due_on, created_at)
       select ${assignment}, ${school}, ${path}, ${sqlId('class', 's', 'c')}, true, ${sqlId('teacher', 's', 'c')},
         current_date + p * 3 - 4, now() - p * interval '5 days' from ${places}`,
    ],
    [
      `insert into results (assignment_id, step_id, pupil_id, school_id, state, done_by, score_given, score_maximum, scored_at,
         started_at, done_at, last_active_at, tries, best)
       select ${assignment}, ${step}, ${pupil}, ${school}, case when n = ${STEPS_OF_PATH} then 'started' else 'done' end,
         case when n = ${STEPS_OF_PATH} then null else 'tool' end, case when n = ${STEPS_OF_PATH} then null else ${score} end,
         case when n = ${STEPS_OF_PATH} then null else 10 end, ${ago}, ${ago} - interval '1 hour',
         case when n = ${STEPS_OF_PATH} then null else ${ago} end, ${ago}, 1 + (n + pupil) % 3, ${score} / 10
       from ${done}`,
    ],
    [
      `insert into attempts (assignment_id, step_id, pupil_id, school_id, score_given, score_maximum, scored_at)
       select ${assignment}, ${step}, ${pupil}, ${school}, ${score}, 10, ${ago} from ${done} and n % 3 = 0`,
    ],
  ];
  await platform.work('myway', async ({ knex }) => {
    for (const [sql, bindings = []] of statements) await knex.raw(sql, bindings);
  });
}
