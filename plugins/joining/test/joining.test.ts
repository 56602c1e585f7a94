import { definePlugin } from '@ilearn/core';
import { countStatements, createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { pupil, school, schoolClass } from '@ilearn/plugin-directory/testing';
import joining from '@ilearn/plugin-joining';
import login from '@ilearn/plugin-login';
import notifications from '@ilearn/plugin-notifications';
import privacy from '@ilearn/plugin-privacy';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { twoSchools, zip } from '../../directory/test/roster.js';
import { cert, partsOf, startMailServer } from '../../notifications/test/mail-server.js';
import { sandboxFeed } from '../dist/demo-accounts/sandbox-feed.js';
import { entryTransitions, leftStates } from '../dist/waiting-list/states.js';

const password = 'vier woorden zonder zin';
const operator = definePlugin({ id: 'operator', version: '1.0.0', privileges: ['allSettings'] });

let portal: TestPlatform;
let server: Awaited<ReturnType<typeof startMailServer>>;
let visitor: TestClient;
let administrator: TestClient;

beforeAll(async () => {
  server = await startMailServer();
  portal = await createTestPlatform({
    plugins: [directory, login, notifications, privacy, joining, operator],
    config: { notifications: { answerSeconds: 2, mailsPerHour: 50, ca: cert } },
  });
  await portal.work('operator', async ({ allSettings }) => {
    const { version } = (await allSettings.sections(null)).find(({ plugin }: { plugin: string }) => plugin === 'notifications');
    const values = { host: '127.0.0.1', port: server.port, user: 'portal', password: 'a secret', from: 'spoor@portal.example' };
    await allSettings.change({ plugin: 'notifications', tenant: null, version, values, reset: [] });
  });
  visitor = portal.client();
  const admin = '33333333-3333-4333-8333-333333333333';
  await portal.grant(admin, [{ tenant: null, role: 'portal-administrator' }]);
  administrator = await portal.signIn(admin);
});
afterAll(async () => {
  await portal?.stop();
  await server?.stop();
});
// All requests of this file come from one address.
beforeEach(() => raw(({ knex }) => knex('quotas').delete()));

const raw = <T>(fn: (services: any) => Promise<T>): Promise<T> => portal.work('joining', fn);
const post = (path: string, body: unknown, who = visitor) => who.post(`/api/joining${path}`, body);
const stateOf = async (token: string) => (await post('/requests/look', { token })).body.state;

let last = 100_000;
const newNumber = () => String(++last + 500_000);
const newAddress = () => `contact${++last}@school.example`;
const request = (change: Record<string, unknown> = {}) => ({
  ...{ kind: 'school', schools: [{ number: newNumber(), name: 'De Zonnebloem' }], givenName: 'Hilde', familyName: 'Verstraete' },
  ...{ email: newAddress(), function: 'principal', remark: '', language: 'nl', ...change },
});
type Request = ReturnType<typeof request>;

/** The secret behind `#` in the newest e-mail to an address, once there are that many. */
async function secretOf(email: string, path: string, count = 1): Promise<string> {
  await expect.poll(() => server.to(email).length, { timeout: 20_000 }).toBe(count);
  const { text } = partsOf(server.to(email).at(-1)?.raw as string);
  return new RegExp(`${path}#([\\w.-]+)`).exec(text)?.[1] as string;
}

/** A request on the list. Returns the token with which its contact follows it. */
async function waiting(body: Request = request()): Promise<{ token: string; id: string; body: Request }> {
  const before = server.to(body.email).length;
  expect((await post('/requests', body)).status).toBe(202);
  const secret = await secretOf(body.email, '/wachtlijst/bevestigen', before + 1);
  const confirmed = await post('/requests/confirm', { token: secret });
  expect(confirmed.status).toBe(200);
  const { token } = confirmed.body;
  // The link is in a letter too, so that it is not lost with the tab.
  expect(await secretOf(body.email, '/wachtlijst/volgen', before + 2)).toBe(token);
  return { token, id: token.split('.')[0], body };
}
const offer = (id: string, days = 14, group?: string) => post(`/entries/${id}/offer`, { days, group }, administrator);
/** Offers a place. Returns the secret of the link in its letter. */
async function offered({ id, body }: { id: string; body: { email: string } }, days = 14): Promise<string> {
  const before = server.to(body.email).length;
  expect((await offer(id, days)).status).toBe(204);
  return secretOf(body.email, '/wachtlijst/aanvaarden', before + 1);
}
const coordinatorOf = (of: { id: string }) =>
  portal.work('directory', ({ people }) =>
    people.create({ givenName: 'Ida', familyName: 'Claes', kind: 'staff', roles: [{ tenant: of.id, role: 'ict-coordinator' }] }),
  );
const own = { givenName: 'Hilde', familyName: 'Verstraete', roles: ['principal', 'ict-coordinator'] };
const list = async (state = 'waiting') => (await administrator.get(`/api/joining/entries?state=${state}`)).body;
const numberIn = ({ body: { schools } }: { body: Request }) => (schools[0] as { number: string }).number;
const schoolWith = (number: string) => portal.work('directory', ({ schools }) => schools.byInstellingsnummer(number));

test('a school group asks for a place, is offered one, joins with all its schools, and takes its steps when they suit', async () => {
  const schools = [
    { number: newNumber(), name: 'De Vlieger' },
    { number: newNumber(), name: 'Atheneum Scheldeoever' },
  ];
  const body = request({ kind: 'group', groupName: 'Scholengroep Schelde', schools, remark: 'Graag samen.', language: 'fr' });
  expect((await post('/requests', body)).status).toBe(202);
  const secret = await secretOf(body.email, '/wachtlijst/bevestigen');
  // Nobody has shown that the address is theirs, so administrators do not see it.
  expect((await list()).entries).toEqual([]);
  const confirmed = await post('/requests/confirm', { token: secret });
  const { token } = confirmed.body;
  expect((await post('/requests/confirm', { token: secret })).status).toBe(410);
  expect((await post('/requests/look', { token })).body).toMatchObject({
    ...{ state: 'waiting', name: 'Scholengroep Schelde', position: 1, schools: [schools[1], schools[0]], offerUntil: null },
  });
  const [entry] = (await list()).entries;
  expect(entry).toMatchObject({
    remark: 'Graag samen.',
    schools: [
      { known: false, others: 0 },
      { known: false, others: 0 },
    ],
  });

  expect((await administrator.get(`/api/joining/entries/${entry.id}/groups`)).body).toEqual({ groups: [] });
  expect((await offer(entry.id, 14, 'new')).status).toBe(204);
  const secretOfOffer = await secretOf(body.email, '/wachtlijst/aanvaarden', 3);
  expect(partsOf(server.to(body.email)[2]?.raw as string).text).toContain('Bonne nouvelle');
  expect((await post('/requests/offer', { token: secretOfOffer })).body).toMatchObject({ state: 'offered', follow: token });
  // Nothing of the schools exists before the offer is accepted.
  for (const { number } of schools) expect(await schoolWith(number)).toBeNull();

  const colleague = { givenName: 'Koen', familyName: 'Dewulf', email: newAddress() };
  const accepted = await Promise.all([
    post('/requests/accept', { token: secretOfOffer, own, colleagues: [colleague] }),
    post('/requests/accept', { token: secretOfOffer, own, colleagues: [colleague] }),
  ]);
  // Of two at once, one makes the schools; the other finds the link used, or the database busy.
  const [first, second] = accepted.map(({ status }) => status).sort();
  expect(first).toBe(204);
  expect([410, 503]).toContain(second);
  expect(await stateOf(token)).toBe('joining');
  const made = await Promise.all(schools.map(({ number }) => schoolWith(number)));
  expect(made).toMatchObject(schools.map(({ name }) => ({ name })));
  const ids = made.map(({ id }) => id);
  const groups = await portal.work('directory', ({ schools: service }) => service.groupBySchool(ids));
  expect(new Set([...groups.values()].map(({ name }: any) => name))).toEqual(new Set(['Scholengroep Schelde']));

  // The account is made by the link to the address that was confirmed.
  const invited = await secretOf(body.email, '/uitnodiging', 4);
  expect((await visitor.post('/api/login/invitation', { token: invited })).body).toMatchObject({
    givenName: 'Hilde',
    invitedBy: null,
  });
  const hilde = portal.client();
  const account = { token: invited, username: 'hilde.verstraete', password };
  expect((await hilde.post('/api/login/invitation/accept', account)).status).toBe(200);
  await secretOf(colleague.email, '/uitnodiging');
  const { permissions } = (await hilde.get('/api/kernel/session')).body.session;
  expect(permissions).toEqual(expect.arrayContaining(['joining:steps', 'school:release', 'roster:import']));
  expect(permissions).not.toContain('joining:desk');
  expect((await hilde.get('/api/joining/entries')).status).toBe(403);

  const steps = async () => (await hilde.get('/api/joining/steps')).body.schools;
  expect((await steps()).map(({ name }: any) => name).sort()).toEqual(['Atheneum Scheldeoever', 'De Vlieger']);
  const set = (step: string, who: TestClient, state: string, of = ids) =>
    who.put(`/api/joining/steps/${step}`, { schools: of, state });
  expect((await set('agreement', hilde, 'later')).status).toBe(204);
  expect((await set('roster', hilde, 'done', [ids[0] as string])).status).toBe(204);
  const found = (await steps()).find(({ school: id }: any) => id === ids[0]);
  expect(found).toMatchObject({ steps: { agreement: 'later', roster: 'done', releases: 'open' }, finished: false });

  // The steps of another school are nobody else's, and a list with one of them changes nothing.
  const other = await waiting();
  expect((await post('/requests/accept', { token: await offered(other), own })).status).toBe(204);
  const foreign = (await schoolWith(numberIn(other))).id;
  expect((await set('releases', hilde, 'done', [ids[0] as string, foreign])).status).toBe(404);
  // Nobody says by hand that the agreement is accepted.
  expect((await set('agreement', hilde, 'done')).status).toBe(422);
  expect((await hilde.post('/api/joining/steps/finish', { schools: [foreign] })).status).toBe(404);
  expect((await steps()).map((each: any) => each.steps.agreement)).toEqual(['later', 'later']);

  // Before the processing agreement is accepted, no data of people are taken, and the steps do not end.
  const takeFeed = (of: string) =>
    portal.work('directory', ({ oneroster }) =>
      oneroster.takeFeed(of, sandboxFeed('2026-11-28'), { dryRun: true, roles: ['pupil'], allowed: [] }),
    );
  for (const id of ids) {
    await expect(takeFeed(id)).rejects.toMatchObject({ status: 409, type: 'directory/agreement-awaited' });
    const early = await hilde.post('/api/joining/steps/finish', { schools: [id] });
    expect([early.status, early.body.type]).toEqual([409, '/problems/joining/agreement']);
  }
  await portal.work('privacy', ({ agreements }) => agreements.note());
  const { version } = (await hilde.get('/api/privacy/agreements')).body;
  const agree = (id: string) => hilde.post(`/api/privacy/agreements/${id}/acceptance`, { version: version.number });
  expect((await agree(ids[0])).status).toBe(201);
  expect((await takeFeed(ids[0])).changes).toBeDefined();
  await expect(takeFeed(ids[1])).rejects.toMatchObject({ status: 409 });
  expect((await agree(ids[1])).status).toBe(201);

  expect((await hilde.post('/api/joining/steps/finish', { schools: [ids[0]] })).status).toBe(204);
  expect(await stateOf(token)).toBe('joining');
  expect((await hilde.post('/api/joining/steps/finish', { schools: [ids[1]] })).status).toBe(204);
  expect(await stateOf(token)).toBe('joined');
  expect((await list('joined')).entries).toMatchObject([{ id: entry.id }]);
  // The links that made it are of no use any more.
  expect((await post('/requests/accept', { token: secretOfOffer, own })).status).toBe(410);
  expect((await post('/requests/withdraw', { token })).status).toBe(409);
  // Who has an account already gets no further invitation, whoever presses the button.
  expect((await post('/requests/invite-again', { token })).status).toBe(204);
});

test('a faulty request names what is wrong and stores nothing', async () => {
  const before = await raw(({ knex }) => knex('entries').count('* as count').first());
  const two = [
    { number: '123456', name: 'A' },
    { number: '123456', name: 'B' },
  ];
  for (const [change, pointer] of [
    [{ schools: [{ number: '12345', name: 'A' }] }, '/schools/0/number'],
    [{ schools: [{ number: '12345a', name: 'A' }] }, '/schools/0/number'],
    [{ schools: [{ number: '000000', name: 'A' }] }, '/schools/0/number'],
    [{ schools: [{ number: '123456', name: 'A\nBcc: x@y.example' }] }, '/schools/0/name'],
    [{ schools: two, kind: 'group', groupName: 'G' }, '/schools/1/number'],
    [{ schools: two }, '/schools'],
    [{ groupName: 'G' }, '/groupName'],
    [{ email: 'a@b.example, c@d.example' }, '/email'],
    [
      { schools: Array.from({ length: 61 }, () => ({ number: newNumber(), name: 'A' })), kind: 'group', groupName: 'G' },
      '/schools',
    ],
  ] as const) {
    const { status, body } = await post('/requests', request(change));
    expect([status, body.errors?.some((each: any) => each.pointer === pointer)], pointer).toEqual([400, true]);
  }
  expect(await raw(({ knex }) => knex('entries').count('* as count').first())).toEqual(before);
});

test('nobody learns by the form which schools and addresses are there, and an address gets three letters a day', async () => {
  const known = await school(portal);
  const first = await waiting();
  const answers = [];
  for (const body of [
    request({ schools: [{ number: known.instellingsnummer, name: 'De Wissel' }] }),
    request({ schools: first.body.schools }),
    request({ email: first.body.email }),
    request(),
  ]) {
    const { status, body: text } = await post('/requests', body);
    answers.push({ status, text });
  }
  expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
  await raw(({ knex }) => knex('quotas').delete());

  const email = newAddress();
  for (let at = 0; at < 4; at++)
    expect((await post('/requests', request({ email: at % 2 === 0 ? email : email.toUpperCase() }))).status).toBe(202);
  await portal.drain();
  expect(server.taken.filter(({ to }) => to.some((each) => each.toLowerCase() === email))).toHaveLength(3);
  expect(await raw(({ knex }) => knex('entries').whereRaw('lower(email) = ?', [email]).pluck('id'))).toHaveLength(3);
  // The sixth within an hour from one network.
  expect((await post('/requests', request())).status).toBe(202);
  const refused = await post('/requests', request());
  expect([refused.status, refused.body.type]).toEqual([429, '/problems/joining/too-many']);
  const keys = await raw(({ knex }) => knex('quotas').select('key'));
  expect(JSON.stringify(keys)).not.toContain(email);
});

test('links that were not made here open nothing, and no link opens what is another’s', async () => {
  const one = await waiting();
  const two = await waiting();
  const [id, proof] = two.token.split('.');
  const forged = [`${one.id}.${proof}`, `${id}.${proof?.slice(0, -2)}AA`, `${id}.`, id, one.token.toUpperCase(), 'x', '-'];
  for (const token of forged) {
    for (const path of ['look', 'withdraw', 'invite-again'])
      expect((await post(`/requests/${path}`, { token })).status).toBe(404);
    for (const path of ['offer', 'accept'])
      expect((await post(`/requests/${path}`, { token, ...(path === 'accept' ? { own } : {}) })).status).toBe(410);
    expect((await post('/requests/confirm', { token })).status).toBe(410);
  }
  expect([await stateOf(one.token), await stateOf(two.token)]).toEqual(['waiting', 'waiting']);
  // A copy of the database has no link that works.
  expect(await findEverywhere(portal, [proof as string])).toEqual([]);
});

test('a second request of one contact is dropped; of several contacts of one school, one gets a place', async () => {
  const first = await waiting();
  const again = await waiting({ ...first.body, remark: 'Nog eens.' });
  expect(again.token).toBe(first.token);
  const colleague = await waiting(request({ schools: first.body.schools }));
  const shown = (await list()).entries.filter(({ id }: any) => [first.id, colleague.id].includes(id));
  expect(shown.map((entry: any) => entry.schools[0].others)).toEqual([1, 1]);
  const offers = await Promise.all([offer(first.id), offer(colleague.id)]);
  expect(offers.map(({ status }) => status).sort()).toEqual([204, 409]);
  const [placed, left] = offers[0]?.status === 204 ? [first, colleague] : [colleague, first];
  expect(offers.find(({ status }) => status === 409)?.body.type).toBe('/problems/joining/offered-already');
  const stranger = await waiting();
  expect((await post(`/entries/${left.id}/merge`, { into: stranger.id }, administrator)).status).toBe(409);
  expect((await post(`/entries/${left.id}/merge`, { into: left.id }, administrator)).status).toBe(409);
  const twins = await administrator.get(`/api/joining/entries/${left.id}/twins`);
  expect(twins.body.entries).toMatchObject([{ id: placed.id }]);
  expect((await post(`/entries/${left.id}/merge`, { into: placed.id }, administrator)).status).toBe(204);
  const { body } = await post('/requests/look', { token: left.token });
  expect(body.state).toBe('merged');
  expect((await post(`/entries/${left.id}/restore`, {}, administrator)).status).toBe(204);
  expect(await stateOf(left.token)).toBe('waiting');
  // When the one that stays is withdrawn or erased, the other waits again, and its contact hears of it.
  const merge = (id: string, into: string) => post(`/entries/${id}/merge`, { into }, administrator);
  expect((await merge(left.id, placed.id)).status).toBe(204);
  expect((await post('/requests/withdraw', { token: placed.token })).status).toBe(204);
  expect(await stateOf(left.token)).toBe('waiting');
  await secretOf(left.body.email, '/wachtlijst/volgen', 6);
  const third = await waiting(request({ schools: first.body.schools }));
  expect((await merge(left.id, third.id)).status).toBe(204);
  const erase = (id: string, who = administrator) => post(`/entries/${id}/erasure`, {}, who);
  expect((await erase(third.id, visitor)).status).toBe(401);
  expect((await erase(third.id)).status).toBe(204);
  expect((await erase(third.id)).status).toBe(404);
  expect(await stateOf(left.token)).toBe('waiting');
  expect(await findEverywhere(portal, [third.body.email])).toEqual([]);
  // What has a place is not erased; what asked for a school is found by its number, whatever became of it.
  await offered(left);
  expect((await erase(left.id)).status).toBe(409);
  const found = (await administrator.get(`/api/joining/entries?number=${numberIn(first)}&limit=1`)).body;
  expect(found).toMatchObject({ more: true, next: expect.any(String) });
  const rest = (await administrator.get(`/api/joining/entries?number=${numberIn(first)}&limit=1&after=${found.next}`)).body;
  expect([...found.entries, ...rest.entries].map(({ id }: any) => id).sort()).toEqual([left.id, placed.id].sort());
  expect((await administrator.get('/api/joining/entries?number=12')).status).toBe(400);
  // It says nothing about whoever else asked.
  expect(JSON.stringify(body)).not.toContain(placed.body.email);
});

test('erasing a request that was merged itself, or that joined, puts nothing on the list again', async () => {
  const stays = await waiting();
  const [first, second] = [
    await waiting(request({ schools: stays.body.schools })),
    await waiting(request({ schools: stays.body.schools })),
  ];
  const act = (id: string, what: string, body = {}) => post(`/entries/${id}/${what}`, body, administrator);
  expect((await act(first.id, 'merge', { into: second.id })).status).toBe(204);
  expect((await act(second.id, 'merge', { into: stays.id })).status).toBe(204);
  const secret = await offered(stays);
  expect((await act(second.id, 'erasure')).status).toBe(204);
  expect(await stateOf(first.token)).toBe('merged');
  expect((await post('/requests/accept', { token: secret, own })).status).toBe(204);
  await raw(({ knex }) => knex('entries').where({ id: stays.id }).update({ state: 'joined' }));
  expect((await act(stays.id, 'erasure')).status).toBe(204);
  expect(await stateOf(first.token)).toBe('merged');
});

test('no place is offered for a school that is there, and an offer for one that came meanwhile makes nothing', async () => {
  const known = await school(portal);
  const entry = await waiting(request({ schools: [{ number: known.instellingsnummer, name: 'De Wissel' }] }));
  const refused = await offer(entry.id);
  expect([refused.status, refused.body.type]).toEqual([409, '/problems/joining/school-known']);
  expect(
    (await post(`/entries/${entry.id}/decline`, { reason: 'Vraag het aan je ICT-coördinator.' }, administrator)).status,
  ).toBe(204);
  expect((await post('/requests/look', { token: entry.token })).body.reason).toBe('Vraag het aan je ICT-coördinator.');

  const two = [
    { number: newNumber(), name: 'Eén' },
    { number: newNumber(), name: 'Twee' },
  ];
  const group = await waiting(request({ kind: 'group', groupName: 'Groep', schools: two }));
  const secret = await offered(group);
  await school(portal, { instellingsnummer: two[1]?.number as string });
  const late = await post('/requests/accept', { token: secret, own });
  expect([late.status, late.body.type]).toEqual([409, '/problems/directory/school-known']);
  expect(await schoolWith(two[0]?.number as string)).toBeNull();
  expect(await stateOf(group.token)).toBe('offered');
});

test('an offer ends at its deadline, and can be taken back or refused', async () => {
  const late = await waiting();
  const lateSecret = await offered(late);
  await raw(({ knex }) =>
    knex('entries')
      .where({ id: late.id })
      .update({ offer_until: new Date(Date.now() - 1_000) }),
  );
  expect(await stateOf(late.token)).toBe('lapsed');
  const over = await post('/requests/accept', { token: lateSecret, own });
  expect([over.status, over.body.type]).toEqual([410, '/problems/joining/offer-over']);
  await raw(({ waitingListDesk }) => waitingListDesk.lapse());
  expect((await list('lapsed')).entries).toMatchObject([{ id: late.id }]);
  expect((await post(`/entries/${late.id}/restore`, {}, administrator)).status).toBe(204);

  const back = await waiting();
  const backSecret = await offered(back);
  expect((await post(`/entries/${back.id}/retract`, { reason: '<img src=x onerror=alert(1)>' }, administrator)).status).toBe(204);
  expect((await post('/requests/look', { token: back.token })).body).toMatchObject({
    state: 'waiting',
    reason: '<img src=x onerror=alert(1)>',
  });
  // An offer that was taken back stays so, also after another one.
  await secretOf(back.body.email, '/wachtlijst/volgen', 4);
  const again = await offered(back);
  expect((await post('/requests/accept', { token: backSecret, own })).status).toBe(410);
  expect(again).not.toBe(backSecret);

  const refusing = await waiting();
  const refusedSecret = await offered(refusing);
  expect((await post('/requests/withdraw', { token: refusing.token })).status).toBe(204);
  expect((await post('/requests/accept', { token: refusedSecret, own })).status).toBe(410);
});

test('who has the link to follow a request only looks; the letter about the offer makes no other principals', async () => {
  const entry = await waiting(request({ function: 'ict-coordinator' }));
  const secret = await offered(entry);
  const { body } = await post('/requests/look', { token: entry.token });
  expect(JSON.stringify(body)).not.toContain(secret);
  expect((await post('/requests/accept', { token: entry.token, own })).status).toBe(410);
  const accept = (change: object) =>
    post('/requests/accept', { token: secret, own: { ...own, roles: ['ict-coordinator'] }, ...change });
  const colleague = { givenName: 'Koen', familyName: 'Dewulf', email: newAddress() };
  expect((await accept({ colleagues: [{ ...colleague, roles: ['principal'] }] })).status).toBe(400);
  // Who asked as ICT coordinator is not made principal.
  const refused = await accept({ own });
  expect([refused.status, refused.body.type]).toEqual([422, '/problems/joining/not-principal']);
  expect(await schoolWith(numberIn(entry))).toBeNull();
  expect((await accept({ colleagues: [colleague] })).status).toBe(204);
  const { id } = await schoolWith(numberIn(entry));
  const held = await portal.work('directory', ({ knex }) => knex('roles').where({ school_id: id }).pluck('role'));
  expect(held.sort()).toEqual(['ict-coordinator', 'ict-coordinator']);

  // So the administrators invite a principal, who alone can accept the processing agreement.
  const principal = { givenName: 'Greet', familyName: 'Aerts', email: newAddress() };
  const invite = (who: TestClient, of = entry.id) => post(`/entries/${of}/principal`, principal, who);
  expect((await invite(visitor)).status).toBe(401);
  expect((await invite(await portal.signIn(await coordinatorOf({ id })))).status).toBe(403);
  expect((await invite(administrator, (await waiting()).id)).status).toBe(409);
  expect((await invite(administrator)).status).toBe(204);

  // The school sees who was invited, and withdraws or renews that, at another address where the first was mistyped.
  const people = await portal.work('directory', ({ knex }) =>
    knex('memberships').join('people', 'people.id', 'person_id').where({ school_id: id }).select('people.id', 'given_name'),
  );
  const idOf = (name: string) => people.find(({ given_name }: any) => given_name === name).id;
  const hilde = await portal.signIn(idOf('Hilde'));
  const invitations = `/api/login/schools/${id}/invitations`;
  const listed = async () => (await hilde.get(invitations)).body.invitations;
  // Nobody decides about a principal whose roles they may not give.
  expect(await listed()).toMatchObject([
    { name: 'Greet Aerts', may: false },
    { name: expect.stringMatching(/Dewulf/), may: true },
    { name: expect.stringMatching(/Verstraete/), may: false },
  ]);
  const mistyped = await secretOf(colleague.email, '/uitnodiging');
  const opens = async (token: string) => (await visitor.post('/api/login/invitation', { token })).status;
  expect(await opens(mistyped)).toBe(200);
  expect((await hilde.delete(`${invitations}/${idOf('Koen')}`)).status).toBe(204);
  expect(await opens(mistyped)).toBe(410);
  expect((await hilde.post(`${invitations}/${idOf('Koen')}/again`)).status).toBe(204);
  const renewed = await secretOf(colleague.email, '/uitnodiging', 2);
  expect(await opens(renewed)).toBe(200);
  const right = newAddress();
  const mend = (who: TestClient, name: string) => who.put(`${invitations}/${idOf(name)}/address`, { email: right });
  expect((await mend(hilde, 'Koen')).status).toBe(204);
  expect(await opens(await secretOf(right, '/uitnodiging'))).toBe(200);
  expect(await opens(renewed)).toBe(410);
  expect((await mend(hilde, 'Greet')).status).toBe(404);
  expect((await hilde.delete(`${invitations}/${idOf('Hilde')}`)).status).toBe(404);
  expect((await hilde.delete(`${invitations}/${idOf('Greet')}`)).status).toBe(404);
  expect((await hilde.post(`${invitations}/${idOf('Greet')}/again`)).status).toBe(404);
  const greet = portal.client();
  const account = { token: await secretOf(principal.email, '/uitnodiging'), username: 'greet.aerts', password };
  expect((await greet.post('/api/login/invitation/accept', account)).status).toBe(200);
  expect((await greet.delete(`${invitations}/${idOf('Koen')}`)).status).toBe(204);
  const { version } = (await greet.get('/api/privacy/agreements')).body;
  const accepted = await greet.post(`/api/privacy/agreements/${id}/acceptance`, { version: version.number });
  expect(accepted.status).toBe(201);
  const files = { dryRun: true, roles: ['pupil'], allowed: [] };
  await portal.work('directory', ({ oneroster }) => oneroster.takeFeed(id, sandboxFeed('2026-11-28'), files));
  // Nobody of another school.
  const foreign = await portal.signIn(await coordinatorOf(await school(portal)));
  for (const answer of [
    await foreign.get(invitations),
    await foreign.delete(`${invitations}/${idOf('Koen')}`),
    await foreign.post(`${invitations}/${idOf('Koen')}/again`),
    await mend(foreign, 'Koen'),
  ])
    expect(answer.status).toBe(404);
});

test('only a request for nothing more than a standing one is dropped; an invitation goes to the school that was made', async () => {
  const first = await waiting();
  const more = [{ number: newNumber(), name: 'Nog een' }, ...first.body.schools];
  const group = await waiting(request({ email: first.body.email, kind: 'group', groupName: 'Groep', schools: more }));
  expect(group.id).not.toBe(first.id);
  expect((await post('/requests/look', { token: group.token })).body.schools).toHaveLength(2);

  // The number means another school before the offer is accepted.
  const late = await waiting();
  const secret = await offered(late);
  const known = await school(portal);
  const alias = (number: string) =>
    portal.work('directory', ({ knex }) => knex('school_numbers').insert({ number, school_id: known.id }));
  await alias(numberIn(late));
  const refused = await post('/requests/accept', { token: secret, own });
  expect([refused.status, refused.body.type]).toEqual([409, '/problems/directory/school-known']);
  const desk = (await list('offered')).entries.find(({ id }: any) => id === late.id);
  expect(desk.schools).toMatchObject([{ known: true }]);
});

test('of a package with several schools, those without the processing agreement are refused', async () => {
  const take = () => portal.work('directory', ({ importer }) => importer.run(zip(twoSchools()), { dryRun: true }));
  await portal.work('directory', ({ importer }) => importer.run(zip(twoSchools())));
  const letWait = (name: string) =>
    portal.work('directory', ({ knex }) => knex('schools').where({ name }).update({ awaits_agreement: true }));
  await letWait('School A');
  const report = await take();
  expect(report).toMatchObject({ outcome: 'partly', faults: [{ code: 'agreement-awaited', params: { school: 'School A' } }] });
  expect(report.schools.map(({ name, refused }: any) => [name, refused]).sort()).toEqual([
    ['School A', true],
    ['School B', false],
  ]);
  await letWait('School B');
  await expect(take()).rejects.toMatchObject({ status: 409, type: 'directory/agreement-awaited' });
});

test('the schools of an offer join the school group that the administrators choose', async () => {
  const group = await portal.work('directory', ({ schools }) => schools.createGroup('Scholengroep Kouter'));
  const groups = async () => (await portal.work('directory', ({ schools }) => schools.groups())).length;
  const schools = [{ number: newNumber(), name: 'De Kouter' }];
  const entry = await waiting(request({ kind: 'group', groupName: 'SGR Kouter', schools }));
  const like = (await administrator.get(`/api/joining/entries/${entry.id}/groups`)).body.groups;
  expect(like).toEqual([{ id: group, name: 'Scholengroep Kouter' }]);
  // Numbers tell groups apart, and whoever has most in common comes first.
  const add = (name: string) => portal.work('directory', ({ schools: service }) => service.createGroup(name));
  for (const name of ['Scholengroep 14', 'Vzw Scholen van de Kouter', 'GO! Scholengroep 5 Kouter']) await add(name);
  const numbered = await waiting(
    request({ kind: 'group', groupName: 'Scholengroep 5 (Kouter)', schools: [{ number: newNumber(), name: 'A' }] }),
  );
  const proposed = (await administrator.get(`/api/joining/entries/${numbered.id}/groups`)).body.groups;
  expect(proposed.map(({ name }: any) => name)).toEqual([
    'GO! Scholengroep 5 Kouter',
    'Scholengroep Kouter',
    'Vzw Scholen van de Kouter',
  ]);
  expect((await offer(entry.id, 14, entry.id)).status).toBe(404);
  expect((await offer(entry.id, 14, group)).status).toBe(204);
  const secret = await secretOf(entry.body.email, '/wachtlijst/aanvaarden', 3);
  expect((await post('/requests/accept', { token: secret, own })).status).toBe(204);
  const { id } = await schoolWith(numberIn(entry));
  expect(await portal.work('directory', ({ schools: service }) => service.groupsOf([id]))).toEqual([group]);
  // Without a choice, there is no group: the files of the school bring one.
  const before = await groups();
  const other = await waiting(request({ kind: 'group', groupName: 'Groep', schools: [{ number: newNumber(), name: 'Los' }] }));
  expect((await post('/requests/accept', { token: await offered(other), own })).status).toBe(204);
  expect(await groups()).toBe(before);
});

test('one network and one mailbox count once, however they are written', async () => {
  const { mailboxOf } = await import('../dist/quotas.js');
  expect(mailboxOf('V.ictim+x@googlemail.com')).toBe(mailboxOf('victim@gmail.com'));
  expect(mailboxOf('an.maes@school.example')).not.toBe(mailboxOf('anmaes@school.example'));
  // A domain whose every address is taken in gets twenty letters a day.
  const allowed: boolean[] = [];
  for (let at = 0; at < 21; at++) allowed.push(await raw(({ quotas }) => quotas.mayWrite(`a${at}@catchall.example`)));
  expect(allowed.filter(Boolean)).toHaveLength(20);
  const body = request();
  for (let at = 0; at < 6; at++) {
    const sent = raw(({ requests }) => requests.submit({ ...body, email: newAddress() }, `2001:db8::${at + 1}`));
    if (at < 5) await sent;
    else await expect(sent).rejects.toMatchObject({ status: 429 });
  }
});

test('script in names stays text, also in letters', async () => {
  const name = `<script>alert('x')</script>`;
  const entry = await waiting(request({ schools: [{ number: newNumber(), name }], givenName: name, familyName: '{{until}}' }));
  await offered(entry);
  const { html } = partsOf(server.to(entry.body.email)[2]?.raw as string);
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;script&gt;');
});

test('the order is by priority and then by request, without renumbering', async () => {
  await raw(({ knex }) => knex('entries').delete());
  const [one, two, three] = [await waiting(), await waiting(), await waiting()];
  const order = async () => (await list()).entries.map(({ id }: any) => id);
  expect(await order()).toEqual([one.id, two.id, three.id]);
  const prioritise = (id: string, priority: number) => administrator.put(`/api/joining/entries/${id}/priority`, { priority });
  expect((await prioritise(three.id, 1)).status).toBe(204);
  expect((await prioritise(one.id, -1)).status).toBe(204);
  expect(await order()).toEqual([three.id, two.id, one.id]);
  expect((await post('/requests/look', { token: one.token })).body.position).toBe(3);
  const first = await administrator.get('/api/joining/entries?state=waiting&limit=2');
  expect(first.body.more).toBe(true);
  // As many statements for a row as for all.
  const sent = async (limit: number) => {
    const counting = countStatements();
    await administrator.get(`/api/joining/entries?limit=${limit}`);
    counting.stop();
    return counting.sent.get('GET /api/joining/entries')?.length;
  };
  expect(await sent(1)).toBe(await sent(50));
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') as string)?.[1] as string;
  const rest = await administrator.get(new URL(next, portal.url).href.slice(new URL(portal.url).origin.length));
  expect(rest.body.entries.map(({ id }: any) => id)).toEqual([one.id]);
  expect((await offer(two.id)).status).toBe(204);
  expect((await prioritise(two.id, 1)).status).toBe(404);
});

test('entries are erased at the end of their time', async () => {
  const { id, body } = await waiting();
  await raw(({ knex }) =>
    knex('entries')
      .where({ id })
      .update({ kept_until: new Date(Date.now() - 2 * 86_400_000) }),
  );
  await portal.platform.privacy.endExpired();
  expect(await raw(({ knex }) => knex('entry_schools').where({ entry_id: id }))).toEqual([]);
  expect(await findEverywhere(portal, [body.email])).toEqual([]);
});

test('whatever is done in whatever order, the states follow the table, and a school has one place at most', async () => {
  await raw(({ knex }) => knex('entries').delete());
  // A linear congruential generator (Numerical Recipes): the same walk each time.
  let seed = 20_261_128;
  const pick = <T>(from: readonly T[]): T => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return from[Math.floor((seed / 2 ** 32) * from.length)] as T;
  };
  const model = new Map<string, { state: string; number: string; into?: string }>();
  const numbers = ['900001', '900002', '900003'];
  for (let at = 0; at < 6; at++) {
    const number = numbers[at % 3] as string;
    const id: string = await raw(async ({ knex }) => {
      const now = new Date();
      const dates = { requested_at: now, changed_at: now, kept_until: new Date(Date.now() + 86_400_000) };
      const contact = {
        kind: 'school',
        given_name: 'A',
        family_name: 'B',
        email: newAddress(),
        function: 'other',
        language: 'nl',
      };
      const [row] = await knex('entries')
        .insert({ ...contact, ...dates, state: 'waiting' })
        .returning('id');
      await knex('entry_schools').insert({ entry_id: row.id, number, name: 'N' });
      return row.id;
    });
    model.set(id, { state: 'waiting', number });
  }
  const ids = [...model.keys()];
  const acts: Record<string, (services: any, id: string, other: string) => Promise<unknown>> = {
    offer: ({ waitingListDesk }, id) => waitingListDesk.offer(id, 14),
    retract: ({ waitingListDesk }, id) => waitingListDesk.retract(id, 'why'),
    decline: ({ waitingListDesk }, id) => waitingListDesk.decline(id, 'why'),
    restore: ({ waitingListDesk }, id) => waitingListDesk.restore(id),
    merge: ({ waitingListDesk }, id, other) => waitingListDesk.merge(id, other),
    withdraw: async ({ requests, followLinks }, id) => requests.withdraw(await followLinks.tokenOf(id)),
    finish: async ({ entries }, id) => entries.transition(await entries.locked(id), 'finish', 'contact'),
  };
  for (let round = 0; round < 120; round++) {
    const action = pick(Object.keys(acts));
    const id = pick(ids);
    const other = pick(ids);
    const mine = model.get(id) as { state: string; number: string; into?: string };
    const rule = entryTransitions.find(
      (each) => each.action === action && (each.from as readonly unknown[]).includes(mine.state),
    );
    const twins = ids
      .filter((each) => each !== id && model.get(each)?.number === mine.number)
      .map((each) => [each, model.get(each)?.state]);
    const placed = twins.some(([, state]) => state === 'offered' || state === 'joining');
    const mergeable = twins.some(
      ([twin, state]) => twin === other && ['waiting', 'offered', 'joining'].includes(state as string),
    );
    const allowed = rule !== undefined && (action !== 'offer' || !placed) && (action !== 'merge' || mergeable);
    const done = await raw((services) => (acts[action] as any)(services, id, other)).then(
      () => true,
      ({ status }) => (status === 409 ? false : Promise.reject(new Error(`${action}: ${status}`))),
    );
    expect(done, `${round}: ${action} from ${mine.state}`).toBe(allowed);
    if (allowed) {
      mine.state = rule?.to as string;
      if (action === 'merge') mine.into = other;
      // Those that were dropped for an entry that leaves the list wait again.
      if (leftStates.includes(mine.state as never))
        for (const each of model.values()) if (each.state === 'merged' && each.into === id) each.state = 'waiting';
    }
    const rows: { id: string; state: string }[] = await raw(({ knex }) =>
      knex('entries').orderBy('number').select('id', 'state'),
    );
    expect(rows.map((row) => row.state)).toEqual(ids.map((each) => model.get(each)?.state));
  }
});

test('a demo account is a teacher of the sandbox for two weeks, sees no real school, and is erased', async () => {
  const ask = (email: string) => post('/demo-account', { email, language: 'en' });
  expect((await visitor.get('/api/joining/demo-account')).body).toEqual({ offered: false, demonstration: false });
  expect((await ask('guest@school.example')).status).toBe(404);
  const sandbox = await school(portal, { name: 'Oefenschool' });
  const klas = await schoolClass(portal, sandbox, { name: '3A' });
  await pupil(portal, klas, { givenName: 'Verzonnen' });
  const real = await school(portal, { name: 'Echte school' });
  await pupil(portal, real, { familyName: 'Echt' });
  await raw(({ demoAccounts }) => demoAccounts.setSandbox(sandbox.id));

  const email = 'Guest@school.example';
  expect((await ask(email)).status).toBe(202);
  const earlier = await secretOf(email, '/proefaccount/openen');
  expect((await ask(email)).status).toBe(202);
  const token = await secretOf(email, '/proefaccount/openen', 2);
  // A third one today gets the same answer, and no letter.
  expect((await ask(email)).status).toBe(202);
  const open = (link: string, text: string, who = portal.client()) =>
    who.post('/api/joining/demo-account/open', { token: link, password: text });
  expect((await open(earlier, password)).status).toBe(410);
  expect((await open(token, 'kort')).status).toBe(422);
  const guest = portal.client();
  const both = await Promise.all([open(token, password, guest), open(token, password)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 410]);
  const { username } = both.find(({ status }) => status === 200)?.body as { username: string };
  const signedIn = portal.client();
  expect((await signedIn.post('/api/login/session', { username, password })).status).toBe(200);
  const { body } = await signedIn.get('/api/directory/schools');
  expect(body.schools).toMatchObject([{ name: 'Oefenschool' }]);
  // A guest teaches there, and gives nobody a password.
  expect((await signedIn.get('/api/directory/classes')).body.classes).toMatchObject([{ name: '3A', pupils: 1 }]);
  const { permissions } = (await signedIn.get('/api/kernel/session')).body.session;
  expect(permissions).toEqual(expect.arrayContaining(['class:read', 'people:read']));
  expect(permissions).not.toContain('password:reset');
  expect(JSON.stringify((await signedIn.get('/api/directory/people?search=Echt')).body)).not.toContain('Echt"');
  await portal.drain();
  expect(server.to(email)).toHaveLength(2);
  // Of the address nothing is kept.
  expect(await findEverywhere(portal, [email])).toEqual([]);

  // While there is an account, the address gets no second one.
  await raw(({ knex }) => knex('quotas').delete());
  expect((await ask('guest@SCHOOL.example')).status).toBe(202);
  await portal.drain();
  expect(server.taken.filter(({ to }) => to.some((each) => each.toLowerCase() === 'guest@school.example'))).toHaveLength(2);

  const [row] = await raw(({ knex }) => knex('demo_accounts').select('person_id', 'ends_at'));
  expect(Math.round((row.ends_at.getTime() - Date.now()) / 86_400_000)).toBe(14);
  await raw(async ({ knex, demoAccounts }) => {
    await knex('demo_accounts').update({ ends_at: new Date(Date.now() - 1_000) });
    await demoAccounts.removeEnded();
  });
  await portal.drain();
  await expect.poll(() => raw(({ knex }) => knex('demo_accounts').pluck('person_id')), { timeout: 20_000 }).toEqual([]);
  expect((await signedIn.get('/api/kernel/session')).body.session).toBeNull();
  expect((await portal.client().post('/api/login/session', { username, password })).status).toBe(401);
  const person = () => portal.work('directory', ({ people }) => people.get(row.person_id));
  await expect.poll(person, { timeout: 20_000 }).toBeNull();
});

test('the operator makes a sandbox with a command; a demonstration takes no real address', async () => {
  await raw(({ knex }) => knex('sandboxes').delete());
  const lines: string[] = [];
  const input: any = { args: [], work: raw, print: (line: string) => lines.push(line) };
  // The second time renews it.
  for (const _ of [1, 2]) await joining.commands?.find(({ name }) => name === 'joining sandbox')?.run(input);
  expect(lines).toHaveLength(2);
  expect((await visitor.get('/api/joining/demo-account')).body).toEqual({ offered: true, demonstration: false });
  const { id } = await schoolWith('000000');
  const email = newAddress();
  expect((await post('/demo-account', { email, language: 'nl' })).status).toBe(202);
  const token = await secretOf(email, '/proefaccount/openen');
  const guest = portal.client();
  expect((await guest.post('/api/joining/demo-account/open', { token, password })).status).toBe(200);
  const { classes } = (await guest.get(`/api/directory/classes?school=${id}`)).body;
  expect(classes).toMatchObject([{ name: 'Oefenklas', pupils: 12 }]);

  await raw(({ demoAccounts }) => demoAccounts.setSandbox(id, { published: true }));
  const before = await raw(({ knex }) => knex('entries').pluck('id'));
  for (const [path, body] of [
    ['/requests', request({ email: 'hilde@zonnebloem.be' })],
    ['/requests', request({ email: 'hilde@school.example.be' })],
    ['/demo-account', { email: 'hilde@zonnebloem.be', language: 'nl' }],
  ] as const) {
    const refused = await post(path, body);
    expect([refused.status, refused.body.type]).toEqual([422, '/problems/joining/demonstration']);
  }
  expect(await raw(({ knex }) => knex('entries').pluck('id'))).toEqual(before);
  const entry = await waiting();
  const secret = await offered(entry);
  // A request from before it was a demonstration.
  await raw(({ knex }) => knex('entries').where({ id: entry.id }).update({ email: 'hilde@zonnebloem.be' }));
  expect((await post('/requests/accept', { token: secret, own })).status).toBe(422);
  await raw(({ knex }) => knex('sandboxes').delete());
});
