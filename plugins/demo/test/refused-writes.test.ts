import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import operations from '@ilearn/plugin-operations';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ids } from '../../../core/dist/authoring/check/samples.js';
import { allPlugins, demoPeople, providerGrants } from './support/portal.js';
import { placesAbout, rowsAbout } from './support/rows-about.js';
import { RowsOfTenant } from './support/rows-of-tenant.js';
import { findWrites, paramsOf, sendTo, type Write } from './support/write-requests.js';

const plugins: PluginDefinition[] = [...allPlugins, operations];
const roles = ['pupil', 'teacher', 'ict-coordinator', 'principal', 'portal-administrator'] as const;
/** Each route is called with the ids of so many rows of each table. */
const ROWS_PER_TABLE = process.env['ILEARN_LONG_TESTS'] === '1' ? 2 : 1;
const withToken = { why: 'A tool calls it with a bearer token, which is checked before anything is read.' };
const withInvitation = { why: 'The single-use token of an invitation is the credential; wrong ones are throttled.' };
const withJoiningLink = { why: 'The secret of a link by e-mail is the credential, and cannot be guessed.' };
const half = { why: 'The sealed cookie of a right password is the credential; wrong codes are throttled.' };
const withPartnerToken = {
  why: 'A partner of the data space calls it with its bearer token, which is checked before anything is read.',
};
const oidc = { why: 'A tool sends the browser here; it must name a launch that was started for the person who is signed in.' };
/** Public routes that change something, with the reason. A new one fails the test until it is listed here. */
const publicWrites: Record<string, { why: string; status?: number; stores?: boolean }> = {
  'DELETE /api/kernel/session': { why: 'Signing out without a session changes nothing.', status: 204 },
  'POST /api/login/session': { why: 'Signing in: user name and password are the credentials.' },
  'POST /api/demo/session': { why: 'Only in a demonstration, and only as people whom it made.', status: 200 },
  'POST /api/login/step/code': half,
  'POST /api/login/step/app': half,
  'POST /api/login/step/app/first-code': half,
  'POST /api/login/step/passkey/options': half,
  'POST /api/login/step/passkey': half,
  'POST /api/login/passkey/options': { why: 'A browser asks for a challenge, which is not stored.', status: 200 },
  'POST /api/login/passkey': { why: 'Signing in: the passkey is the credential.' },
  'POST /api/login/badge': { why: 'Signing in: badge and pictures are the credentials; wrong ones are throttled.' },
  'POST /api/login/invitation': withInvitation,
  'POST /api/login/invitation/accept': withInvitation,
  'POST /api/api/token': { why: 'An app asks for a token; its signature or secret is the credential.' },
  'POST /api/api/revoke': { why: 'An app revokes its token; its signature or secret is the credential.' },
  'POST /api/data-space/studies/:id/deliveries': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/catalog/request': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/negotiations/request': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/negotiations/:pid/request': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/negotiations/:pid/agreement/verification': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/negotiations/:pid/termination': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/negotiations/:pid/events': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/transfers/request': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/transfers/:pid/start': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/transfers/:pid/suspension': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/transfers/:pid/completion': withPartnerToken,
  'POST /api/data-space/dsp/2025-1/transfers/:pid/termination': withPartnerToken,
  'POST /api/lti/choices/:id/return': { why: 'A tool sends what was chosen, signed with its key.' },
  'POST /api/lti/register': { why: 'A tool registers itself, with a one-time token.' },
  'GET /api/lti/auth': oidc,
  'POST /api/lti/auth': oidc,
  'GET /api/lti/launches/:id/return': {
    why: 'A tool sends the browser back; for an unknown launch, to the home page.',
    status: 302,
  },
  'POST /api/lti/token': { why: 'A tool proves who it is with a signed assertion.' },
  'POST /api/lti/contexts/:contextId/lineitems': withToken,
  'PUT /api/lti/contexts/:contextId/lineitems/:lineItemId': withToken,
  'DELETE /api/lti/contexts/:contextId/lineitems/:lineItemId': withToken,
  'POST /api/lti/contexts/:contextId/lineitems/:lineItemId/scores': withToken,
  'POST /api/lti/contexts/:contextId/lineitems/:lineItemId/statements': withToken,
  'PUT /api/privacy/consent-links/:token': { why: 'A parent has the secret link that the school made.' },
  'POST /api/helpdesk/form': { why: 'Whoever cannot sign in asks here; throttled by address and in all.', stores: true },
  'POST /api/joining/requests': {
    why: 'Whoever has no account asks for a place; throttled by network, mailbox and in all.',
    stores: true,
  },
  'POST /api/joining/requests/confirm': withJoiningLink,
  'POST /api/joining/requests/look': withJoiningLink,
  'POST /api/joining/requests/withdraw': withJoiningLink,
  'POST /api/joining/requests/invite-again': withJoiningLink,
  'POST /api/joining/requests/offer': withJoiningLink,
  'POST /api/joining/requests/accept': withJoiningLink,
  'POST /api/joining/demo-account': { why: 'Whoever has no account asks for one to try; throttled as above.', stores: true },
  'POST /api/joining/demo-account/open': withJoiningLink,
  'POST /api/helpdesk/reader/:slug/votes': { why: 'Anybody may say whether an article helped; only the number is kept.' },
  'POST /api/notifications/unsubscribe': { why: 'A mail program proves with a signed token that it has the e-mail (RFC 8058).' },
};

/** Routes whose rows belong to no school, and which refuse what this test can send before they look for a row. */
const ofNoSchool = {
  'PUT /api/privacy/own/objections/:purpose': 'about oneself; to a purpose that the portal has not: 409',
  'POST /api/privacy/requests/:id/flag': 'the operator may see the request, which is of another kind: 409',
  'PUT /api/licences/tools/:key': 'of the portal; with a provider that it has not: 422',
  'PUT /api/licences/plans/:plan/grants/:number': 'an id is no instellingsnummer: 400; licences.test.ts asks with one',
  'POST /api/licences/plans/:plan/grants/:number/withdrawal': 'the same',
  'POST /api/data-space/data-sets/:id/releases': 'a definition that does not fit: 400',
  'POST /api/helpdesk/articles/:id/pictures': 'without a picture: 400',
  'POST /api/helpdesk/wishes/:id/merger': 'a wish merged with itself: 409',
};

/** Routes for browsers that show a refusal as a page. */
const refusedByPage = { 'GET /api/lti/launches/:id': 400, 'GET /api/lti/launches/:id/again': 400 };

/**
 * Tables that any request or the passing of time changes: audit log, trace of refused launches, sign-in throttle, last use of a session,
 * heartbeats, scheduled work, and what it works on: versions of the statement and of agreements, e-mails that are due, live messages that
 * nobody needs any more, launches that are counted.
 */
const changeAnyway =
  /^(kernel\.(audit_\w+|sessions|processes|clock|schedules|chores|messages|running_messages|live_\w+)|login\.throttles|helpdesk\.(tool_states|sent_mails)|lti\.trace_lines|notifications\.(mails|notifications)|privacy\.(statement|agreement)_versions)$/;

let portal: TestPlatform;
let first: string;
let second: string;
let people: Awaited<ReturnType<typeof demoPeople>>;
let ids: Ids;
let rows: RowsOfTenant;
let writes: Write[];

beforeAll(async () => {
  portal = await createTestPlatform({ plugins, config: { demo: { results: false } } });
  await portal.drain();
  people = await demoPeople(portal);
  ({ first, second } = people);
  rows = await RowsOfTenant.find(portal, first, ROWS_PER_TABLE, { known: await addRows() });
  const rowIds = rows.ids;
  let at = 0;
  ids = { tenant: first, next: () => rowIds[at++ % rowIds.length] as string };
  writes = await findWrites(plugins, await portal.signIn(randomUUID()));
});
afterAll(() => portal?.stop());

/** Adds rows of the kinds that the demonstration school lacks. */
async function addRows(): Promise<string[]> {
  const teacher = await portal.signIn(people.lien);
  const { client: coordinator } = await signInAs(['ict-coordinator'], first);
  const added = [
    await teacher.post('/api/directory/groups', { school: first, name: 'Lezers', pupils: [people.noor] }),
    await teacher.post('/api/library/activities', { school: first, kind: 'text', title: 'Breuken', markdown: 'Een half.' }),
    await coordinator.post('/api/login/temporary-accounts', {
      school: first,
      role: 'teacher',
      givenName: 'Inge',
      familyName: 'Mertens',
    }),
  ];
  expect(added.map(({ status, body }) => (status === 201 ? status : body))).toEqual([201, 201, 201]);
  await portal.drain();
  return added.map(({ body }) => (body.class?.id ?? body.id) as string);
}

/** What stands for the parameters in the path of a route. */
function placesFor(write: Write): string[][] {
  const parameters = paramsOf(write).length;
  const { ids, pairs } = rows.forRoute(write.path.split('/')[2] ?? '', write.path, parameters);
  return parameters > 1 ? pairs : ids.map((id) => [id]);
}

const send = (client: TestClient, write: Write, values?: readonly string[]) => sendTo(client, write, ids, values);

/** Number of rows and checksum of every table of the plugins and the kernel. */
async function stored(): Promise<Record<string, string>> {
  const { pool } = await portal.platform.home();
  const { rows: tables } = await pool.query(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema = any($1)`,
    [[...plugins.map(({ id }) => id), 'kernel']],
  );
  const { rows } = await pool.query(
    tables
      .filter(({ name }) => !changeAnyway.test(name))
      .map(({ name }) => {
        const quoted = name.replace('.', '"."');
        return `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum
                from "${quoted}" t`;
      })
      .join(' union all '),
  );
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

async function statuses(client: TestClient, chosen: readonly Write[]) {
  const answers: { name: string; status: number }[] = [];
  for (const write of chosen) answers.push({ name: write.name, status: (await send(client, write)).status });
  return answers;
}

/** Calls each route for every row of the first school that was found; returns the statuses of the responses. */
async function askForRows(client: TestClient, chosen: readonly Write[]) {
  const answers: { name: string; seen: Set<number> }[] = [];
  for (const write of chosen) {
    const seen = new Set<number>();
    for (const place of placesFor(write)) seen.add((await send(client, write, place)).status);
    answers.push({ name: write.name, seen });
  }
  return answers;
}

/** Signs in as a new person with these roles in one school; also returns their permissions. */
async function signInAs(held: readonly string[], school: string | null) {
  const person = randomUUID();
  await portal.grant(
    person,
    held.map((role) => ({ tenant: school, role })),
  );
  const client = await portal.signIn(person);
  const { permissions }: { permissions: string[] } = (await client.get('/api/kernel/session')).body.session;
  return { client, permissions };
}

const guarded = () => writes.filter(({ permission }) => permission !== 'public' && permission !== 'signed-in');
/** A portal administrator's role is not for a particular school. */
const schoolOf = (role: string, school: string) => (role === 'portal-administrator' ? null : school);

describe('every route that changes something', { timeout: 120_000 }, () => {
  test('is found in every plugin, and the public ones are listed with a reason', () => {
    expect(writes.length).toBeGreaterThan(40);
    expect(new Set(guarded().map(({ path }) => path.split('/')[2])).size).toBeGreaterThan(6);
    expect(
      writes
        .filter(({ permission }) => permission === 'public')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(publicWrites).sort());
  });

  test('answers 401 without a session, or with an invented one, and stores nothing', async () => {
    const closed = writes.filter(({ permission }) => permission !== 'public');
    const before = await stored();
    for (const client of [portal.client(), portal.client().setCookie('ilearn', 'A'.repeat(43))]) {
      expect((await statuses(client, closed)).filter(({ status }) => status !== 401)).toEqual([]);
    }
    expect(await stored()).toEqual(before);
  });

  test('is refused without credentials even if it is public, and stores nothing', async () => {
    const before = await stored();
    const open = writes.filter(({ name, permission }) => permission === 'public' && publicWrites[name]?.stores !== true);
    const wrong = (await statuses(portal.client(), open)).filter(({ name, status }) => {
      const expected = publicWrites[name]?.status;
      return expected === undefined ? status < 400 || status >= 500 : status !== expected;
    });
    expect(wrong).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test.each([
    null,
    ...roles,
  ])('answers 403 to a person with the role %s who lacks its permission, and stores nothing', async (role) => {
    const { client, permissions } = await signInAs(role === null ? [] : [role], role === null ? null : schoolOf(role, first));
    const beyond = guarded().filter(({ permission }) => !permissions.includes(permission));
    expect(beyond.length).toBeGreaterThan(5);
    const before = await stored();
    expect((await statuses(client, beyond)).filter(({ status }) => status !== 403)).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test.each([
    ['pupil', ['pupil']],
    ['teacher, ICT coordinator and principal', ['teacher', 'ict-coordinator', 'principal']],
    ['portal administrator', ['portal-administrator']],
  ])('is refused to a %s of the second school for rows of the first, and stores nothing', async (_, held) => {
    const { client, permissions } = await signInAs(held, second);
    const allowed = writes.filter(
      (write) => [...permissions, 'signed-in'].includes(write.permission) && paramsOf(write).length > 0,
    );
    const before = await stored();
    const answers = await askForRows(client, allowed);
    const wrong = answers.filter(({ seen }) => [...seen].some((status) => status < 400 || status >= 500));
    // If the schema refused every body, the route was not tested.
    const never = answers.filter(
      ({ name, seen }) => !seen.has(403) && !seen.has(404) && !(name in refusedByPage || name in ofNoSchool),
    );
    expect(wrong).toEqual([]);
    expect(never).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test('is refused to somebody of a training provider and a tool provider for rows of the first school', async () => {
    const person = randomUUID();
    await portal.grant(person, providerGrants);
    const client = await portal.signIn(person);
    const { permissions }: { permissions: string[] } = (await client.get('/api/kernel/session')).body.session;
    const asked = writes.filter(
      (write) => [...permissions, 'signed-in'].includes(write.permission) && paramsOf(write).length > 0,
    );
    const before = await stored();
    const answers = await askForRows(client, asked);
    expect(answers.filter(({ seen }) => [...seen].some((status) => status < 400 || status >= 500))).toEqual([]);
    expect(await stored()).toEqual(before);
  });

  test('works for a teacher of the first school, which shows that the test is valid', async () => {
    const before = await stored();
    const client = await portal.signIn(people.lien);
    const held: string[] = (await client.get('/api/kernel/session')).body.session.permissions;
    const own = writes.filter((write) => held.includes(write.permission) && paramsOf(write).length > 0);
    // Delete last, because deleted rows cannot be changed.
    const ordered = [...own.filter(({ method }) => method !== 'DELETE'), ...own.filter(({ method }) => method === 'DELETE')];
    const done = (await askForRows(client, ordered)).filter(({ seen }) => [...seen].some((status) => status < 300));
    expect(done.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'DELETE /api/directory/groups/:id',
        'DELETE /api/library/activities/:id',
        'DELETE /api/myway/paths/:id',
        'PATCH /api/myway/assignments/:id',
      ]),
    );
    expect(await stored()).not.toEqual(before);
  });

  test('changes no row about a restricted pupil, whoever asks', async () => {
    const held = await rowsAbout(portal, people.noor);
    expect(new Set(held.map(({ table }) => table.split('.')[0])).size).toBeGreaterThan(2);
    await portal.work('privacy', ({ privacy: service }) => service.restrict(people.noor, 'accuracy'));
    const before = ids;
    try {
      const named = [people.noor, ...new Set(held.flatMap(({ uuids }) => uuids))].filter((id) => id !== first);
      let at = 0;
      ids = { tenant: first, next: () => named[at++ % named.length] as string };
      const seen = new Map<number, number>();
      const broken = new Set<string>();
      // Sessions are no data of a plugin, and officers end a restriction.
      const all = writes.filter(({ path }) => !/^\/api\/(kernel|privacy)\//.test(path));
      const sent = new Set<string>();
      const provider = randomUUID();
      await portal.grant(provider, providerGrants);
      for (const client of [
        (await signInAs(['teacher', 'ict-coordinator', 'principal'], first)).client,
        await portal.signIn(people.lien),
        await portal.signIn(people.noor),
        (await signInAs(['portal-administrator'], null)).client,
        await portal.signIn(provider),
        portal.client(),
      ]) {
        const { session } = (await client.get('/api/kernel/session')).body;
        const permissions: string[] = session === null ? [] : [...session.permissions, 'signed-in'];
        for (const write of all.filter(({ permission }) => [...permissions, 'public'].includes(permission))) {
          // What everybody may ask is asked once.
          if (write.permission === 'public' && sent.has(write.name)) continue;
          sent.add(write.name);
          for (const place of placesAbout(write, held, people.noor)) {
            const { status } = await send(client, write, place);
            seen.set(status, (seen.get(status) ?? 0) + 1);
            if (status >= 500) broken.add(`${write.name} ${status}`);
          }
        }
      }
      expect(all.filter(({ name }) => !sent.has(name)).map(({ name }) => name)).toEqual([]);
      await portal.drain();
      // New rows about the pupil would be work on their data, too.
      expect((await rowsAbout(portal, people.noor)).map(({ text }) => text)).toEqual(held.map(({ text }) => text));
      expect([...broken]).toEqual([]);
      expect(seen.get(423)).toBeGreaterThan(2);
    } finally {
      ids = before;
      await portal.work('privacy', ({ privacy: service }) => service.endRestriction(people.noor));
    }
  });
});
