import { randomUUID } from 'node:crypto';
import { definePlugin } from '@ilearn/core';
import { countStatements, createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson } from '@ilearn/plugin-directory/testing';
import login from '@ilearn/plugin-login';
import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { cert, partsOf, startMailServer } from '../../notifications/test/mail-server.js';

const password = 'vier woorden zonder zin';
const operator = definePlugin({ id: 'operator', version: '1.0.0', privileges: ['allSettings'] });

let portal: TestPlatform;
let server: Awaited<ReturnType<typeof startMailServer>>;
let noord: { id: string; kind: 'training-provider' | 'tool-provider' };
let planner: TestClient;
let stranger: TestClient;

beforeAll(async () => {
  server = await startMailServer();
  const config = {
    notifications: { answerSeconds: 2, mailsPerHour: 3, ca: cert },
    login: { throttle: { address: { free: 40 } } },
  };
  portal = await createTestPlatform({ plugins: [directory, login, notifications, operator], config });
  noord = await provider(portal, { name: 'Nascholing Noord' });
  const petra = await providerPerson(portal, noord, { givenName: 'Petra', familyName: 'Plan', roles: ['planner'] });
  planner = await portal.signIn(petra.id);
  const rik = await providerPerson(portal, await provider(portal), { roles: ['planner'] });
  stranger = await portal.signIn(rik.id);
});
afterAll(async () => {
  await portal?.stop();
  await server?.stop();
});

const setServer = () =>
  portal.work('operator', async ({ allSettings }) => {
    const sections = await allSettings.sections(null);
    const { version } = sections.find(({ plugin }: { plugin: string }) => plugin === 'notifications');
    const values = { host: '127.0.0.1', port: server.port, user: 'portal', password: 'a secret', from: 'spoor@portal.example' };
    await allSettings.change({ plugin: 'notifications', tenant: null, version, values, reset: [] });
  });

let number = 0;
async function add(givenName = 'Lut', address = `lut${++number}@noord.example`): Promise<{ id: string; address: string }> {
  const person = { givenName, familyName: 'Claes', email: address, roles: ['trainer'] };
  const { status, body } = await planner.post(`/api/directory/providers/${noord.id}/people`, person);
  expect(status).toBe(201);
  await portal.drain();
  return { id: body.id, address };
}
const stateOf = async ({ id }: { id: string }, by = planner): Promise<string | undefined> => {
  const { body } = await by.get(`/api/login/invitations?provider=${noord.id}`);
  return body.invitations.find(({ person }: { person: string }) => person === id)?.state;
};
/** Token in the newest e-mail to an address, once there are that many. */
async function tokenOf({ address }: { address: string }, count = 1): Promise<string> {
  await expect.poll(() => server.to(address).length, { timeout: 20_000 }).toBe(count);
  return /\/uitnodiging#([\w-]+)/.exec(partsOf(server.to(address).at(-1)?.raw as string).text)?.[1] as string;
}
const look = (token: string) => portal.client().post('/api/login/invitation', { token });
const accept = (token: string, username: string, text = password) =>
  portal.client().post('/api/login/invitation/accept', { token, username, password: text });
const reason = ({ status, body }: { status: number; body: { reason?: string } }) => `${status} ${body.reason}`;

test('issue 12: without a mail server the invitation lies in the outbox; once there is one, it is sent and accepted', async () => {
  const lut = await add();
  await expect.poll(() => stateOf(lut), { timeout: 20_000 }).toBe('held');
  const admin = '33333333-3333-4333-8333-333333333333';
  await portal.grant(admin, [{ tenant: null, role: 'portal-administrator' }]);
  const administrator = await portal.signIn(admin);
  const outbox = (await administrator.get('/api/notifications/outbox')).body;
  expect(outbox.mails).toMatchObject([{ channel: 'letter', kinds: ['login:letters.invitation.subject'] }]);
  expect(JSON.stringify(outbox)).not.toContain(lut.address);
  await setServer();
  await administrator.post('/api/notifications/outbox/again', { state: 'held' });

  const token = await tokenOf(lut);
  expect(token).toMatch(/^[\w-]{43}$/);
  const { headers, text, html } = partsOf(server.to(lut.address)[0]?.raw as string);
  expect(headers).toContain('Subject: Je bent uitgenodigd voor i-Learn');
  expect(headers).not.toContain('List-Unsubscribe');
  expect(text).toContain('Nascholing Noord');
  expect(html).toContain(token);
  for (const part of [headers, text, html]) expect(part).not.toMatch(/Claes|Petra/);
  await expect.poll(() => stateOf(lut)).toBe('sent');

  const shown = { provider: 'Nascholing Noord', invitedBy: 'Petra Plan', givenName: 'Lut', shortestPassword: 10 };
  expect((await look(token)).body).toEqual(shown);
  // What is refused leaves the link as it is.
  expect((await accept(token, 'lut', 'kort')).body.type).toContain('weak-password');
  const client = portal.client();
  const done = await client.post('/api/login/invitation/accept', { token, username: 'lut.claes', password });
  expect([done.status, done.body]).toEqual([200, { displayName: 'Lut Claes' }]);
  expect((await client.get('/api/directory/providers')).body.providers).toMatchObject([{ id: noord.id }]);
  expect((await portal.client().post('/api/login/session', { username: 'lut.claes', password })).status).toBe(200);
  expect(await stateOf(lut)).toBe('accepted');
  // Used once: not again, and no new one.
  expect(reason(await look(token))).toBe('410 used');
  expect(reason(await accept(token, 'lut2'))).toBe('410 used');
  expect((await planner.post(`/api/login/invitations/${lut.id}/again`)).status).toBe(409);

  const traces = await findEverywhere(portal, [token]);
  expect(traces).toEqual([]);
  expect(portal.log.join('')).not.toContain(token);
});

test('issue 12: events that come late or twice invite once, and nobody who is gone', async () => {
  const lut = await add();
  const token = await tokenOf(lut);
  const invite = (personId: string) =>
    portal.work('login', ({ invitations }) => invitations.invite({ provider: noord.id, personId, by: null }));
  await invite(lut.id);
  await portal.drain();
  expect(server.to(lut.address)).toHaveLength(1);
  expect((await look(token)).status).toBe(200);
  // Who is there is not forgotten.
  const forget = () => portal.work('login', ({ invitations }) => invitations.forget([lut.id]));
  await forget();
  expect((await look(token)).status).toBe(200);
  expect((await planner.delete(`/api/directory/providers/${noord.id}/people/${lut.id}`)).status).toBeLessThan(300);
  await portal.drain();
  await forget();
  await invite(lut.id);
  expect(reason(await look(token))).toBe('410 unknown');
});

test('issue 12: of two who use a link at the same time one gets the account', async () => {
  const lut = await add();
  const token = await tokenOf(lut);
  const answers = await Promise.all([accept(token, 'eerste.van.twee'), accept(token, 'tweede.van.twee')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 410]);
});

test('issue 12: an expired, a withdrawn and a replaced link do not work, and a new one does', async () => {
  const lut = await add();
  const first = await tokenOf(lut);
  await portal.work('login', ({ knex }) =>
    knex('invitations')
      .where({ person_id: lut.id })
      .update({ expires_at: new Date(0) }),
  );
  expect([reason(await look(first)), reason(await accept(first, 'x.y'))]).toEqual(['410 expired', '410 expired']);
  expect(await stateOf(lut)).toBe('expired');
  // Nobody else sends or withdraws it, or sees it.
  for (const other of [stranger, portal.client()]) {
    expect([404, 401]).toContain((await other.post(`/api/login/invitations/${lut.id}/again`)).status);
    expect([404, 401]).toContain((await other.delete(`/api/login/invitations/${lut.id}`)).status);
  }
  expect(await stateOf(lut, stranger)).toBeUndefined();

  expect((await planner.post(`/api/login/invitations/${lut.id}/again`)).status).toBe(204);
  const second = await tokenOf(lut, 2);
  expect(reason(await look(first))).toBe('410 unknown');
  expect((await look(second)).status).toBe(200);
  expect((await planner.delete(`/api/login/invitations/${lut.id}`)).status).toBe(204);
  expect([reason(await look(second)), await stateOf(lut)]).toEqual(['410 withdrawn', 'withdrawn']);
  expect((await planner.post(`/api/login/invitations/${lut.id}/again`)).status).toBe(204);
  expect((await accept(await tokenOf(lut, 3), 'derde.keer')).status).toBe(200);
});

test('issue 12: whoever has no account can be invited again after retention deleted the invitation', async () => {
  const lut = await add();
  const first = await tokenOf(lut);
  await portal.work('login', ({ knex }) => knex('invitations').where({ person_id: lut.id }).delete());
  expect(await stateOf(lut)).toBe('none');
  expect((await stranger.post(`/api/login/invitations/${lut.id}/again`)).status).toBe(404);
  expect((await planner.delete(`/api/login/invitations/${lut.id}`)).status).toBe(404);
  // Two at the same time leave one invitation, whose link works.
  const answers = await Promise.all([1, 2].map(() => planner.post(`/api/login/invitations/${lut.id}/again`)));
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  expect(await stateOf(lut)).toBe('waiting');
  await expect.poll(() => stateOf(lut), { timeout: 20_000 }).toBe('sent');
  expect(reason(await look(first))).toBe('410 unknown');
  expect((await accept(await tokenOf(lut, server.to(lut.address).length), 'na.veertig.dagen')).status).toBe(200);
  // With an account there is nothing to invite to.
  await portal.work('login', ({ knex }) => knex('invitations').where({ person_id: lut.id }).delete());
  expect(await stateOf(lut)).toBeUndefined();
  expect((await planner.post(`/api/login/invitations/${lut.id}/again`)).status).toBe(409);
});

test('issue 12: an address gets a bounded number of invitations in an hour, also as somebody new', async () => {
  const address = 'doelwit@elders.example';
  for (let times = 0; times < 5; times++) {
    const { id } = await add('Doel', address);
    expect((await planner.delete(`/api/directory/providers/${noord.id}/people/${id}`)).status).toBe(204);
    await portal.work('login', ({ knex }) => knex('invitations').where({ person_id: id }).delete());
  }
  const last = await add('Doel', address);
  expect(await stateOf(last)).toBe('waiting');
  expect(server.to(address).length).toBeLessThanOrEqual(3);
});

test('issue 12: whoever is removed meanwhile has no invitation, no account and no session left', async () => {
  const invited = await add();
  const token = await tokenOf(invited);
  expect((await planner.delete(`/api/directory/providers/${noord.id}/people/${invited.id}`)).status).toBe(204);
  expect(reason(await look(token))).toBe('410 unknown');
  expect(reason(await accept(token, 'te.laat'))).toBe('410 unknown');
  await portal.drain();
  const left = await portal.work('login', ({ knex }) => knex('invitations').where({ person_id: invited.id }));
  expect(left).toEqual([]);

  const active = await add();
  const client = portal.client();
  await client.post('/api/login/invitation/accept', { token: await tokenOf(active), username: 'even.hier', password });
  await planner.delete(`/api/directory/providers/${noord.id}/people/${active.id}`);
  await portal.drain();
  expect((await client.get('/api/login/account')).status).toBe(401);
  expect((await portal.client().post('/api/login/session', { username: 'even.hier', password })).status).toBe(401);
});

test('issue 12: a provider is removed by as many statements, however many people and invitations it has', async () => {
  const admin = '44444444-4444-4444-8444-444444444444';
  await portal.grant(admin, [{ tenant: null, role: 'portal-administrator' }]);
  const administrator = await portal.signIn(admin);
  /** Statements that are sent to remove a provider with this many people, and to handle the event of it. */
  const statementsFor = async (people: number): Promise<string[]> => {
    const leaving = await provider(portal);
    const ids = Array.from({ length: people }, () => randomUUID());
    await portal.work('directory', async ({ knex, access }) => {
      const rows = ids.map((id) => ({
        ...{ id, school_ids: [], provider_ids: [leaving.id], given_name: 'Weg', family_name: 'Zijn', kind: 'staff' },
      }));
      await knex('people').insert(rows);
      await knex('provider_members').insert(ids.map((person_id) => ({ provider_id: leaving.id, person_id, roles: ['trainer'] })));
      await access.setRolesOfMany(ids.map((personId) => ({ personId, roles: [{ tenant: leaving.id, role: 'trainer' }] })));
    });
    await portal.work('login', ({ knex }) =>
      knex('invitations').insert(
        ids.map((person_id) => ({
          ...{ person_id, provider_id: leaving.id, letter_id: person_id, token_hash: Buffer.from(person_id) },
          ...{ sent_at: new Date(), expires_at: new Date(Date.now() + 60_000) },
        })),
      ),
    );
    const counted = countStatements();
    const { status } = await administrator.delete(`/api/directory/providers/${leaving.id}?people=${people}`);
    await portal.drain();
    counted.stop();
    expect(status).toBe(204);
    const left = await portal.work('login', ({ knex }) => knex('invitations').where({ provider_id: leaving.id }));
    expect(left).toEqual([]);
    const sent = (place: string) => counted.sent.get(place) ?? [];
    const handled = sent('login: event directory.provider-people-removed');
    expect(handled.length).toBeGreaterThan(2);
    return [...sent('DELETE /api/directory/providers/:id'), ...handled];
  };
  const few = await statementsFor(2);
  const many = await statementsFor(500);
  expect(many).toHaveLength(few.length);
});

test('issue 12: an address that is known elsewhere makes an account of its own, and says nothing', async () => {
  const elsewhere = await provider(portal);
  const address = 'bekend@noord.example';
  const known = await providerPerson(portal, elsewhere, { email: address });
  const lut = await add('Lut', address);
  expect(lut.id).not.toBe(known.id);
  const done = await accept(await tokenOf(lut), address);
  expect(done.status).toBe(200);
  expect(await portal.work('login', ({ knex }) => knex('accounts').where({ person_id: known.id }))).toEqual([]);
});

test('issue 12: whoever guesses links has to wait', async () => {
  const lut = await add();
  const token = await tokenOf(lut);
  let answer = await look('A'.repeat(43));
  for (let guess = 0; guess < 60 && answer.status === 410; guess++) answer = await look('B'.repeat(43));
  expect([answer.status, Number(answer.headers.get('retry-after')) > 0]).toEqual([429, true]);
  expect((await accept(token, 'wacht.even')).status).toBe(429);
  await portal.work('login', ({ knex }) => knex('throttles').delete());
  expect((await accept(token, 'wacht.even')).status).toBe(200);
});
