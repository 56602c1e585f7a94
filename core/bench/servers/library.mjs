// A portal with many activities, and searches of it one after another.
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import { quantile } from '../support.mjs';

const size = Number(process.argv[2]);
const rounds = 60;
const withoutPages = ({ ui: _ui, ...server }) => server;
const curriculum = ['primary-school', 'connectors'].map((name) =>
  fileURLToPath(new URL(`../../../plugins/demo/data/curriculum/${name}.ttl`, import.meta.url)),
);

const portal = await createTestPlatform({ plugins: [directory, library].map(withoutPages), settings: { logLevel: 'error' } });
const school = randomUUID();
await portal.work('directory', ({ knex }) => knex('schools').insert({ id: school, name: 'School', instellingsnummer: '100000' }));
await portal.work('library', (services) => services.curriculum.importFrom(curriculum));
const concepts = await portal.work('library', ({ knex }) => knex('newest_concepts').orderBy('uri').pluck('uri'));
const part = 5_000;
for (let from = 1; from <= size; from += part) {
  await portal.work('library', async ({ knex }) => {
    await knex.raw(
      `insert into activities (id, source, source_id, kind, title, description, language, provider, minutes, age_from, age_to, difficulty,
         teacher_only, available, keywords, content, content_hash, search)
       select gen_random_uuid(), 'bench', n::text, (array['text', 'link', 'lti'])[1 + n % 3], 'Oefening ' || n || ' ' || word, '', (array['nl', 'nl', 'nl', 'en', 'fr'])[1 + n % 5],
         'Aanbieder ' || n % 40, 5 + n % 60, 6 + n % 8, 8 + n % 8, 1 + n % 5, n % 10 = 0, true, array[word], '{"kind":"text","markdown":"Tekst."}', '',
         setweight(to_tsvector('dutch', 'oefening ' || word) || to_tsvector('simple', 'oefening ' || word), 'A')
       from (select n, (array['breuken', 'tafels', 'klimaat', 'lezen', 'spelling', 'meten', 'muziek', 'programmeren', 'kaart', 'energie'])[1 + n % 10]
         || case when n % 7 = 0 then ' extra' else '' end as word from generate_series(?::int, ?::int) as n) as made`,
      [from, Math.min(size, from + part - 1)],
    );
  });
}
await portal.work('library', ({ knex }) =>
  knex.raw(
    `insert into activity_concepts (activity_id, concept_uri)
     select a.id, uri from activities a cross join lateral (
       select distinct (?::text[])[1 + (abs(hashtext(a.source_id || ':' || k)) % ?::int)] as uri from generate_series(1, 4) as k) as chosen
     where a.source = 'bench'`,
    [concepts, concepts.length],
  ),
);
await portal.work('library', ({ knex }) =>
  knex.raw(
    `insert into shared_texts (activity_id, language, draft, age_from, age_to, search)
     select id, language, false, age_from, age_to, search from activities where source = 'bench'`,
  ),
);
const { pool } = await portal.platform.home();
await pool.query('analyze');

const person = randomUUID();
await portal.grant(person, [{ tenant: school, role: 'teacher' }]);
const teacher = await portal.signIn(person);
const pick = (list, n) => list[n % list.length];
/** What is asked beside the searches, to compare with: a request of the same person that does next to nothing. */
const nothing = 'the session, no search';
const kinds = {
  [nothing]: () => null,
  'three facets': (n) => [
    ['kind', pick(['text', 'link', 'lti'], n)],
    ['age', pick(['6-7', '8-9', '10-11'], n)],
    ['concept', pick(concepts, n * 7)],
  ],
  'a word and three facets': (n) => [
    ['q', pick(['breuken', 'klimaat', 'lezen', 'energie'], n)],
    ['language', 'nl'],
    ['duration', pick(['11-20', '21-50'], n)],
    ['audience', 'pupil'],
  ],
  'one word': (n) => [['q', pick(['breuken', 'tafels', 'muziek', 'kaart', 'programeren'], n)]],
  'nothing chosen': () => [],
  'three facets, not counted': (n) => [...kinds['three facets'](n), ['facets', 'false']],
};
const rows = {};
for (const [name, query] of Object.entries(kinds)) {
  const times = [];
  let before = process.cpuUsage();
  for (let n = 0; n < rounds + 5; n += 1) {
    if (n === 5) before = process.cpuUsage();
    const asked = query(n);
    const begun = performance.now();
    const { status } = await teacher.get(
      asked === null ? '/api/kernel/session' : `/api/library/activities?${new URLSearchParams(asked)}`,
    );
    if (status !== 200) throw new Error(`${name}: ${status}`);
    if (n >= 5) times.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  rows[name] = {
    p50: Number(quantile(times, 0.5).toFixed(1)),
    p95: Number(quantile(times, 0.95).toFixed(1)),
    'CPU of the process': Number(((user + system) / 1_000 / rounds).toFixed(1)),
  };
}
await portal.stop();
process.send(rows, () => process.exit(0));
