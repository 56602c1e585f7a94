// A portal with much data, whose results are counted, published and released while people ask it other things.
import { createTestPlatform } from '@ilearn/core/testing';
import { addDays, periodOf } from '@ilearn/plugin-cube';
import { idOf, loadServer } from './plugin-servers.mjs';
import { CLASSES, makePortal, PUPILS_OF_CLASS } from './portal-data.mjs';

const schools = Number(process.argv[2]);
/** People who ask in turn, of schools all over the data. */
const PEOPLE = 30;
const TOOLS = 20;
const regions = ['antwerpen', 'brussel', 'limburg', 'oost-vlaanderen', 'vlaams-brabant', 'west-vlaanderen'];

const names = ['directory', 'library', 'lti', 'myway', 'cube', 'reports', 'data-space'];
// Whole, since its settings need the messages of its pages.
const { default: privacy } = await import('@ilearn/plugin-privacy');
const plugins = [privacy, ...(await Promise.all(names.map(loadServer)))];
const platform = await createTestPlatform({ plugins, settings: { databaseConnections: 10, logLevel: 'warn' } });
const { pool } = await platform.platform.home();

const made = await makePortal(platform, schools);
const today = await platform.work('cube', ({ calendar }) => calendar.today());

/** What people did since the first of last month, as the events would have left it: a mark for each result, and one launch in four. */
async function mark() {
  await pool.query(
    `insert into cube.marks (school_id, person_id, measure, items, day, amount)
     select r.school_id, r.pupil_id, m.measure, array['tool-' || (hashtext(r.step_id::text) & 1023) % ${TOOLS}],
       (date_trunc('month', $1::date) - interval '1 month')::date + ((hashtext(r.pupil_id::text || r.step_id::text) & 1048575) % 28), 1
     from myway.results r cross join lateral (
       values ('active', true), ('steps-done', true), ('launches', (hashtext(r.step_id::text || r.pupil_id::text) & 3) = 0)
     ) as m(measure, counts)
     where m.counts`,
    [today],
  );
  await pool.query('analyze cube.marks');
  // The same for releases, which count by month.
  await pool.query(
    `insert into data_space.activity (month, school_id, person_id, measure, item, amount)
     select date_trunc('month', day)::date, school_id, person_id, measure, case measure when 'launches' then items[1] else '' end, count(*)
     from cube.marks where measure in ('launches', 'steps-done') group by 1, 2, 3, 4, 5`,
  );
  await pool.query('analyze data_space.activity');
  const { rows } = await pool.query('select count(*)::int as count from cube.marks');
  return rows[0].count;
}
await pool.query(
  `insert into cube.places (school_year, school_id, school_name, level, region)
   select (date_trunc('year', $1::date - interval '8 months') + interval '8 months')::date, id, name,
     case when hashtext(id::text) & 3 = 0 then 'secondary' else 'nursery-primary' end, ($2::text[])[1 + (hashtext(id::text) & 1023) % ${regions.length}]
   from directory.schools`,
  [today, regions],
);

const asked = { others: [], figures: [] };
for (let n = 0; n < PEOPLE; n++) {
  const s = 1 + Math.floor((n * schools) / PEOPLE);
  const c = 1 + (n % CLASSES);
  const tenant = idOf('school', s);
  const teacher = idOf('teacher', s, c);
  await platform.grant(teacher, [{ tenant, role: 'teacher' }]);
  const cookie = `ilearn=${(await platform.signIn(teacher)).cookie('ilearn')}`;
  asked.others.push(
    { cookie, path: `/api/myway/assignments/${idOf('assignment', s, c, 1 + (n % 4))}/progress` },
    { cookie, path: '/api/myway/assignments' },
    { cookie, path: '/api/library/activities' },
  );
  const grain = ['week', 'month'][n % 2];
  const by = ['all', 'region', 'level'][n % 3];
  asked.figures.push(
    { cookie: '', path: `/api/reports/figures?measure=pupils,launches,steps-done&grain=${grain}&by=${by}` },
    { cookie: '', path: '/api/data-space/open' },
  );
}

const answers = {
  mark,
  /** Begins to count all marks, and then to publish what is over. */
  begin: () => platform.work('cube', ({ jobs }) => jobs.enqueue('count', {})),
  publish: () => platform.work('cube', ({ jobs }) => jobs.enqueue('prepare', {}, { uniqueKey: 'next' })),
  /** Begins to release what pupils did last month: open figures, and answers with noise by province and by tool. */
  release: () =>
    platform.work('data-space', async ({ releases, calendar }) => {
      const day = await calendar.today();
      const { startsOn, endsOn } = periodOf('month', addDays(`${day.slice(0, 7)}-01`, -1));
      const question = { grain: 'month', startsOn, groups: 5, most: 20, epsilon: 500_000_000 };
      const definitions = [
        {
          tier: 'open',
          measures: ['pupils', 'launches'],
          by: 'region',
          grain: 'month',
          detail: 'whole',
          from: startsOn,
          to: endsOn,
        },
        {
          tier: 'research',
          questions: [
            { ...question, measure: 'launches', by: 'region', delta: 0 },
            { ...question, measure: 'launches', by: 'tool', delta: 100 },
          ],
        },
      ];
      for (const defined of definitions) {
        const dataSet = await releases.addDataSet({ tier: defined.tier, title: 'Bench', description: 'Bench' });
        const release = await releases.draft(dataSet, defined);
        await releases.approve(release);
        await releases.publish(release);
      }
    }),
  released: async () => {
    const { rows } = await pool.query(`select count(*)::int as count from data_space.releases where state = 'published'`);
    return rows[0].count;
  },
  waiting: () => platform.platform.pendingMessages(),
  published: async () =>
    (
      await pool.query(
        `select (select count(*)::int from cube.publications) as periods, (select count(*)::int from cube.figures) as figures,
           (select count(*)::int from cube.marks) as marks`,
      )
    ).rows[0],
  memory: () => Math.round(process.memoryUsage.rss() / 1024 ** 2),
};

process.on('message', async ({ ask }) => process.send(await answers[ask]()));
process.once('disconnect', () => process.exit(0));
process.send({ url: platform.url, asked, made, pupils: schools * CLASSES * PUPILS_OF_CLASS });
