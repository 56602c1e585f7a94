// A portal with the directory, library, LTI platform and learning paths and much data in it, of which the answers are measured.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { countStatements, createTestPlatform } from '@ilearn/core/testing';
import { idOf, loadServer } from './plugin-servers.mjs';
import { CLASSES, makePortal, PUPILS_OF_CLASS } from './portal-data.mjs';

const schools = Number(process.argv[2]);
/** People who ask in turn, of schools all over the data. */
const PEOPLE = 60;

const plugins = await Promise.all(['directory', 'library', 'lti', 'myway'].map(loadServer));
const platform = await createTestPlatform({ plugins, settings: { databaseConnections: 10, logLevel: 'warn' } });

await platform.work('lti', ({ registrations }) =>
  registrations.add({
    key: 'bench',
    name: 'Bench',
    clientId: 'bench',
    deploymentId: '1',
    loginUrl: 'https://tool.example/login',
    redirectUris: ['https://tool.example/launch'],
    jwksUrl: 'https://tool.example/jwks',
    release: { name: false, email: false },
    loginMethod: 'GET',
  }),
);
const began = performance.now();
const made = await makePortal(platform, schools);
const seconds = (performance.now() - began) / 1_000;

/** Bytes on disk, indexes included. */
const { rows: sizes } = await (await platform.platform.home()).pool.query(`
  select pg_total_relation_size('myway.results')::float8 as results, pg_total_relation_size('myway.attempts')::float8 as attempts,
    (pg_total_relation_size('directory.people') + pg_total_relation_size('directory.memberships')
      + pg_total_relation_size('directory.enrolments'))::float8 as people,
    pg_database_size(current_database())::float8 as whole`);

const asked = { board: [], followUp: [], stuck: [], myPaths: [], today: [], library: [], launches: [] };
for (let n = 0; n < PEOPLE; n++) {
  const s = 1 + Math.floor((n * schools) / PEOPLE);
  const c = 1 + (n % CLASSES);
  const tenant = idOf('school', s);
  const [teacher, pupil] = [idOf('teacher', s, c), idOf('pupil', s, c, 1 + (n % PUPILS_OF_CLASS))];
  const cookies = [];
  for (const [person, role] of [
    [teacher, 'teacher'],
    [pupil, 'pupil'],
  ]) {
    await platform.grant(person, [{ tenant, role }]);
    cookies.push(`ilearn=${(await platform.signIn(person)).cookie('ilearn')}`);
  }
  const [teacherCookie, pupilCookie] = cookies;
  const [assignment, step] = [idOf('assignment', s, c, 1 + (n % 4)), idOf('step', s, c, 1 + (n % 4), 1 + (n % 4))];
  const words = ['tafels', 'breuken lezen', 'klokkijken', 'muziek', 'water 3e leerjaar', 'verkeer dieren'];
  const as = (cookie, path) => ({ cookie, path });
  asked.board.push(as(teacherCookie, `/api/myway/assignments/${assignment}/progress`));
  asked.followUp.push(as(teacherCookie, '/api/myway/assignments'));
  asked.stuck.push(as(teacherCookie, '/api/myway/start/stuck'));
  asked.myPaths.push(as(pupilCookie, '/api/myway/my-paths'));
  asked.today.push(as(pupilCookie, '/api/myway/start/next'));
  asked.library.push(as(teacherCookie, `/api/library/activities?q=${encodeURIComponent(words[n % words.length])}&language=nl`));
  asked.launches.push(as(pupilCookie, `/api/myway/my-paths/${assignment}/steps/${step}/open`));
}

/** Signatures that one core makes in a second, with a key as the platform's. */
function signatures() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const until = performance.now() + 2_000;
  let count = 0;
  for (; performance.now() < until; count++) createSign('RSA-SHA256').update(`token ${count}`).sign(privateKey);
  return count / 2;
}

/** Statements of one request of each kind say whether a page asks once a row. */
let counting = null;
const answers = {
  signatures,
  cpu: () => process.cpuUsage(),
  count: () => {
    counting = countStatements();
    return 0;
  },
  counted: () => {
    counting.stop();
    const ofRequests = [...counting.sent].filter(([place]) => /^[A-Z]+ \//.test(place));
    return ofRequests.reduce((sum, [, texts]) => sum + texts.length, 0);
  },
};

process.on('message', ({ ask }) => process.send(answers[ask]()));
process.once('disconnect', () => process.exit(0));
process.send({ url: platform.url, asked, made: { ...made, sizes: sizes[0] }, seconds });
