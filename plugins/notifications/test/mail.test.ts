import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { pupil, school, teacher } from '@ilearn/plugin-directory/testing';
import notifications from '@ilearn/plugin-notifications';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextRun } from '../../../core/dist/messages/next-run.js';
import { erase } from '../../../core/test/support/erase.js';
import { exportOf } from '../../../core/test/support/exports.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { jobs } from '../dist/mail/jobs.js';
import { secondsOfQuiet } from '../dist/mail/quiet-hours.js';
import { outcomeOf } from '../dist/smtp.js';
import { cert, partsOf, startMailServer } from './mail-server.js';
import { office } from './sender.js';

interface Known {
  id: string;
  address: string;
  client: TestClient;
}

let portal: TestPlatform;
let server: Awaited<ReturnType<typeof startMailServer>>;
let wissel: { id: string };
let administrator: TestClient;
beforeAll(async () => {
  server = await startMailServer();
  const config = { notifications: { gatherSeconds: 0, answerSeconds: 2, mailsPerHour: 3, ca: cert } };
  portal = await createTestPlatform({ plugins: [directory, notifications, office], config });
  wissel = await school(portal);
  const admin = '33333333-3333-4333-8333-333333333333';
  await portal.grant(admin, [{ tenant: null, role: 'portal-administrator' }]);
  administrator = await portal.signIn(admin);
});
afterAll(async () => {
  await portal?.stop();
  await server?.stop();
});

let people = 0;
async function colleague(address = `an${++people}@school.example`): Promise<Known> {
  const { id } = await teacher(portal, wissel, { email: address });
  return { id, address, client: await portal.signIn(id) };
}
let places = 0;
const send = (to: { id: string }, name = 'letter') =>
  portal.work('office', ({ notifications: { notify } }) =>
    notify.send({
      kind: `office.${name}`,
      to: [to.id],
      place: `/kantoor/${++places}`,
      params: { title: 'Noor haalde 3 op 10' },
    }),
  );
const mailsOf = ({ id }: { id: string }): Promise<any[]> =>
  portal.work('notifications', ({ knex }) => knex('mails').where({ person_id: id }).orderBy('created_at'));
const stateOf = (person: { id: string }) =>
  expect.poll(async () => (await mailsOf(person)).map(({ state, answer }) => `${state} ${answer}`).join(), { timeout: 20_000 });
const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;
const change = (values: Record<string, unknown>) =>
  portal.work('office', async ({ allSettings }) => {
    const sections = await allSettings.sections(null);
    const { version } = sections.find(({ plugin }: { plugin: string }) => plugin === 'notifications');
    await allSettings.change({ plugin: 'notifications', tenant: null, version, values, reset: [] });
  });
const setServer = () =>
  change({ host: '127.0.0.1', port: server.port, user: 'portal', password: 'a secret', from: 'spoor@portal.example' });

test('without a mail server e-mails are held; once there is one, an administrator sends them', async () => {
  const an = await colleague();
  await send(an);
  await stateOf(an).toBe('held no mail server');
  const outbox = async () => (await administrator.get('/api/notifications/outbox')).body;
  const { configured, counts, mails } = await outbox();
  expect([configured, counts.held]).toEqual([false, 1]);
  expect(mails).toMatchObject([{ channel: 'now', kinds: ['office:told.letter.label'], tries: 0 }]);
  for (const trace of [an.id, an.address, 'Noor']) expect(JSON.stringify(mails)).not.toContain(trace);
  expect((await an.client.get('/api/notifications/outbox')).status).toBe(403);

  await setServer();
  expect((await administrator.post('/api/notifications/outbox/again', { state: 'held' })).body).toEqual({ count: 1 });
  await stateOf(an).toBe('sent 250');
  expect((await outbox()).counts).toMatchObject({ held: 0, sent: 1 });
  expect(server.to(an.address)).toHaveLength(1);
});

test('an e-mail goes by TLS, names kinds alone, and has what mail programs need', async () => {
  const an = await colleague('An.Maes@school.example');
  await an.client.put('/api/notifications/preferences', {
    mails: true,
    language: 'fr',
    quiet: null,
    channels: { 'office.paper': 'now' },
  });
  // In one unit of work, so that they are one e-mail.
  await portal.work('office', async ({ notifications: { notify } }) => {
    for (const kind of ['office.letter', 'office.letter', 'office.paper'])
      await notify.send({ kind, to: [an.id], place: `/kantoor/${++places}`, params: { title: 'Noor haalde 3 op 10' } });
  });
  await stateOf(an).toBe('sent 250');
  const [mail, ...more] = server.to(an.address);
  expect(more).toEqual([]);
  expect(mail).toMatchObject({ from: 'spoor@portal.example', to: [an.address], user: 'portal', secure: true });
  const { headers, text, html } = partsOf(mail?.raw as string);
  expect(headers).toContain('Subject: 3 nouvelles notifications');
  expect(headers).toContain('Auto-Submitted: auto-generated');
  expect(headers).toMatch(/List-Unsubscribe: <http:\/\/localhost:\d+\/api\/notifications\/unsubscribe\?token=[\w-]+>/);
  expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  expect(headers).toMatch(/Message-ID: <[0-9a-f-]{36}@localhost>/);
  expect(text).toContain('- Brief (fr) (2 fois)\n- Blad (fr)'.replaceAll('\n', '\r\n'));
  expect(text).toContain(`${portal.platform.portal.url}/meldingen`);
  expect(html).toContain('<html lang="fr">');
  expect(html).toContain('prefers-color-scheme: dark');
  for (const part of [headers, text, html]) expect(part).not.toMatch(/Noor|3 op 10|kantoor/);
  expect(portal.log.join('')).not.toContain(an.address);
});

test('an e-mail carries the files that its plugin adds; without an answer it leaves after two minutes, once', async () => {
  const parcel = (to: Known, place: string) =>
    portal.work('office', ({ notifications: { notify } }) =>
      notify.send({ kind: 'office.parcel', to: [to.id], place: `/kantoor/${place}`, params: { title: 'x' } }),
    );
  const [an, bo] = [await colleague(), await colleague()];
  await parcel(an, 'p1');
  await stateOf(an).toBe('sent 250');
  const [{ raw }] = server.to(an.address) as [{ raw: string }];
  expect(raw).toMatch(/Content-Disposition: attachment; filename=pakje\.txt/);
  expect(raw).toContain(Buffer.from('In /kantoor/p1: één').toString('base64'));
  const [sent] = await mailsOf(an);
  expect(sent).toMatchObject({ files: null, awaits: [] });

  await parcel(bo, 'silent');
  await expect
    .poll(async () => (await mailsOf(bo)).map(({ awaits }) => awaits), { timeout: 20_000 })
    .toEqual([['office.parcel']]);
  const [{ id }] = await mailsOf(bo);
  const add = (content: string) =>
    portal.work('office', ({ notifications: { attachments } }) =>
      attachments.add(id, 'office.parcel', [{ name: 'pakje.txt', type: 'text/plain', content }]),
    );
  await expect(add('x'.repeat(300_000))).rejects.toThrow('256 KiB');
  await portal.work('notifications', ({ knex }) =>
    knex('mails')
      .where({ id })
      .update({ created_at: knex.raw(`now() - interval '110 seconds'`) }),
  );
  await add('too late');
  expect((await mailsOf(bo))[0].state).toBe('waiting');
  await kernel(`update kernel.messages set due_at = now() where plugin = 'notifications' and name = 'deliver'`);
  await stateOf(bo).toBe('sent 250');
  expect(server.to(bo.address)).toHaveLength(1);
  expect(server.to(bo.address)[0]?.raw).not.toContain('pakje.txt');
});

test('what was read, and what is repeated while unread, is not mailed', async () => {
  const an = await colleague();
  const again = () =>
    portal.work('office', ({ notifications: { notify } }) =>
      notify.send({ kind: 'office.letter', to: [an.id], place: '/kantoor/same' }),
    );
  await again();
  await stateOf(an).toBe('sent 250');
  await again();
  await portal.drain();
  expect(await mailsOf(an)).toHaveLength(1);
});

test('a pupil has no address, and gets it in the portal alone', async () => {
  const { id } = await pupil(portal, wissel);
  await send({ id });
  await portal.drain();
  expect(await mailsOf({ id })).toEqual([]);
  const client = await portal.signIn(id);
  expect((await client.get('/api/notifications/inbox')).body.unread).toBe(1);
  expect((await client.get('/api/notifications/preferences')).body.address).toBe('none');
});

test.each([
  'a@school.example, b@evil.example',
  'a@school.example\r\nBcc: b@evil.example',
  '"<script>"@school.example',
  'Noor <a@school.example>',
])('the address %j is no address', async (email) => {
  const an = await colleague();
  await portal.work('directory', ({ knex }) => knex('people').where({ id: an.id }).update({ email }));
  await send(an);
  await portal.drain();
  expect(await mailsOf(an)).toEqual([]);
  expect(server.taken.filter(({ to }) => to.some((each) => each.includes('evil')))).toEqual([]);
});

describe('a mail server that', () => {
  test('refuses an address (550) is not asked again, until the address is another or the person asks', async () => {
    const an = await colleague('gone@school.example');
    await send(an);
    await stateOf(an).toBe('bounced 550 5.1.1');
    await send(an);
    await portal.drain();
    expect(await mailsOf(an)).toHaveLength(1);
    expect((await an.client.get('/api/notifications/preferences')).body.address).toBe('refused');
    expect((await administrator.get('/api/notifications/outbox?state=bounced')).body.addresses).toBe(1);
    // The two notifications are in the portal all the same.
    expect((await an.client.get('/api/notifications/inbox')).body.unread).toBe(2);
    await portal.work('directory', ({ knex }) => knex('people').where({ id: an.id }).update({ email: 'found@school.example' }));
    expect((await an.client.get('/api/notifications/preferences')).body.address).toBe('known');
    await send(an);
    await stateOf(an).toBe('bounced 550 5.1.1,sent 250');
  });

  test('refuses the e-mail, not the address, blames no address', async () => {
    const an = await colleague('policy@school.example');
    await send(an);
    await stateOf(an).toBe('refused 550 5.7.1');
    expect((await an.client.get('/api/notifications/preferences')).body.address).toBe('known');
  });

  test('is busy (451) gets it again after a minute, and does not get it twice', async () => {
    const an = await colleague('busy@school.example');
    await send(an);
    await stateOf(an).toBe('waiting 451 4.3.2');
    const [mail] = await mailsOf(an);
    expect(mail.tries).toBe(1);
    const [{ seconds }] = await kernel(`select extract(epoch from $1::timestamptz - now())::int as seconds`, [mail.next_try_at]);
    expect(seconds).toBeGreaterThan(20);
    expect(seconds).toBeLessThanOrEqual(60);
    server.calm();
    await kernel(`update kernel.messages set due_at = now() where plugin = 'notifications' and name = 'deliver'`);
    await stateOf(an).toBe('sent 250');
    expect(server.to(an.address)).toHaveLength(1);
  });

  test('hangs holds up nobody else', async () => {
    const slow = await colleague('slow@school.example');
    const an = await colleague();
    await send(slow);
    await expect.poll(() => mailsOf(slow).then((mails) => mails.length)).toBe(1);
    await send(an);
    await stateOf(an).toBe('sent 250');
    await stateOf(slow).toBe('waiting ETIMEDOUT');
  });

  test('does not know the password, or has another certificate, is no fault of the address', async () => {
    const an = await colleague();
    await change({ password: 'wrong' });
    await send(an);
    await stateOf(an).toMatch(/^waiting 535/);
    await setServer();
    expect(portal.log.join('')).not.toContain('a secret');
  });
});

test('at most so many e-mails an hour go to one person; the rest waits, and is put together', async () => {
  const an = await colleague();
  const sent = { person_id: an.id, channel: 'now', kinds: '{}', state: 'sent', answer: '250' };
  await portal.work('notifications', ({ knex }) => knex('mails').insert([sent, sent, sent]));
  await send(an);
  await send(an);
  const waiting = () =>
    kernel(`select extract(epoch from due_at - now()) > 3000 as later from kernel.messages
      where plugin = 'notifications' and name = 'compose' and payload ->> 'personId' = '${an.id}'`);
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([{ later: true }]);
  expect(await mailsOf(an)).toHaveLength(3);
  await portal.work('notifications', ({ knex }) =>
    knex('mails')
      .where({ person_id: an.id })
      .update({ created_at: knex.raw("now() - interval '2 hours'") }),
  );
  await kernel(`update kernel.messages set due_at = now() where plugin = 'notifications' and name = 'compose'`);
  await stateOf(an).toBe(Array(4).fill('sent 250').join());
  expect((await mailsOf(an)).at(-1).kinds).toEqual({ 'office.letter': 2 });
});

describe('digests', () => {
  test('hold what is unread and was not mailed, once', async () => {
    const an = await colleague();
    await send(an, 'report');
    await send(an, 'report');
    const { items } = (await an.client.get('/api/notifications/inbox')).body;
    await an.client.put(`/api/notifications/inbox/${items[0].id}`, { read: true });
    await portal.drain();
    expect(await mailsOf(an)).toEqual([]);
    const daily = () => portal.work('notifications', ({ jobs }) => jobs.enqueue('daily', {}));
    await daily();
    await stateOf(an).toBe('sent 250');
    expect((await mailsOf(an))[0].kinds).toEqual({ 'office.report': 1 });
    await daily();
    await portal.work('notifications', ({ jobs }) => jobs.enqueue('weekly', {}));
    await portal.drain().catch(() => {});
    expect(await mailsOf(an)).toHaveLength(1);
    expect(partsOf(server.to(an.address)[0]?.raw as string).text).toContain('Dit staat nog voor je klaar');
  });

  test.each([
    ['clocks go forward', '2026-03-28T20:00:00Z', ['2026-03-29T05:00:00.000Z', '2026-03-30T05:00:00.000Z']],
    ['clocks go back', '2026-10-24T20:00:00Z', ['2026-10-25T06:00:00.000Z', '2026-10-26T06:00:00.000Z']],
  ])('come once a day at seven in the time zone of the portal, also when %s', (_, from, wanted) => {
    const first = nextRun(jobs.daily.schedule as string, new Date(from), 'Europe/Brussels') as Date;
    const second = nextRun(jobs.daily.schedule as string, first, 'Europe/Brussels') as Date;
    expect([first.toISOString(), second.toISOString()]).toEqual(wanted);
  });
});

describe('quiet hours', () => {
  const quiet = (from: string, to: string, at: string, zone = 'Europe/Brussels'): Promise<number> =>
    portal.work('notifications', ({ knex }) => secondsOfQuiet(knex, { from, to }, zone, at));
  const hour = 3_600;

  test.each([
    ['in the evening', '19:00', '07:00', '2026-11-27T20:00:00+01:00', 11 * hour],
    ['in the morning', '19:00', '07:00', '2026-11-27T06:30:00+01:00', hour / 2],
    ['when they begin', '19:00', '07:00', '2026-11-27T19:00:00+01:00', 12 * hour],
    ['when they end', '19:00', '07:00', '2026-11-27T07:00:00+01:00', 0],
    ['by day', '19:00', '07:00', '2026-11-27T12:00:00+01:00', 0],
    ['within a day', '12:00', '13:00', '2026-11-27T12:15:00+01:00', 0.75 * hour],
    ['of no length', '12:00', '12:00', '2026-11-27T12:00:00+01:00', 0],
    ['in the night that is an hour longer', '19:00', '07:00', '2026-10-24T23:00:00+02:00', 9 * hour],
    ['in the second of two equal hours', '19:00', '07:00', '2026-10-25T02:30:00+01:00', 4.5 * hour],
    ['in the night that is an hour shorter', '19:00', '07:00', '2026-03-28T23:00:00+01:00', 7 * hour],
    ['to a time that the clock skips', '19:00', '02:30', '2026-03-28T23:00:00+01:00', 3.5 * hour],
  ])('%s', async (_, from, to, at, seconds) => {
    expect(await quiet(from, to, at)).toBe(seconds);
  });

  test('are those of the time zone', async () => {
    expect(await quiet('19:00', '07:00', '2026-11-27T20:00:00+01:00', 'America/New_York')).toBe(0);
  });

  test('of a person hold e-mails back', async () => {
    const an = await colleague();
    // Two spans of which one is now, whatever the time is.
    const [{ minutes }] = await kernel(
      `select (extract(hour from now() at time zone 'Europe/Brussels') * 60 + extract(minute from now() at time zone 'Europe/Brussels'))::int as minutes`,
    );
    const clock = (at: number) => {
      const of = (at + 1_440) % 1_440;
      return `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`;
    };
    const span = { from: clock(minutes - 60), to: clock(minutes + 60) };
    const set = (quiet: object | null) =>
      an.client.put('/api/notifications/preferences', { mails: true, language: 'nl', quiet, channels: {} });
    expect((await set({ from: '7:00', to: '25:00' })).status).toBe(400);
    expect((await set(span)).status).toBe(204);
    expect((await an.client.get('/api/notifications/preferences')).body.quiet).toEqual(span);
    await send(an);
    const due = () =>
      kernel(`select due_at > now() + interval '50 minutes' as later from kernel.messages
        where plugin = 'notifications' and name = 'compose' and payload ->> 'personId' = '${an.id}'`);
    await expect.poll(due, { timeout: 20_000 }).toEqual([{ later: true }]);
    expect(await mailsOf(an)).toEqual([]);
  });
});

describe('unsubscribing', () => {
  test('by the address in the e-mail: opening it changes nothing, a POST does, a forged one is refused', async () => {
    const an = await colleague();
    await send(an);
    await stateOf(an).toBe('sent 250');
    const { headers } = partsOf(server.to(an.address)[0]?.raw as string);
    const address = /List-Unsubscribe: <([^>]+)>/.exec(headers)?.[1] as string;
    const mails = async () => (await an.client.get('/api/notifications/preferences')).body.mails;
    const post = (url: string, body = 'List-Unsubscribe=One-Click', type = 'application/x-www-form-urlencoded') =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': type } }).then(({ status }) => status);

    const opened = await fetch(address, { redirect: 'manual' });
    expect([opened.status, opened.headers.get('location')]).toEqual([302, expect.stringContaining('/meldingen/afmelden?token=')]);
    const token = new URL(address).searchParams.get('token') as string;
    const forged = [
      `${token.slice(0, 4)}${token[4] === 'A' ? 'B' : 'A'}${token.slice(5)}`,
      token.slice(0, -4),
      '',
      'x',
      `${token}AAAA`,
    ];
    for (const each of forged) expect(await post(address.replace(token, each)), each).toBe(400);
    expect(await post(address, 'something=else')).toBe(400);
    expect(await mails()).toBe(true);

    const multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n';
    expect(await post(address, multipart, 'multipart/form-data; boundary=b')).toBe(204);
    expect(await mails()).toBe(false);
    expect(await post(address)).toBe(204);
    await send(an);
    await expect.poll(async () => (await an.client.get('/api/notifications/inbox')).body.unread).toBe(2);
    expect(await mailsOf(an)).toHaveLength(1);
  });
});

test('preferences: a kind that is off is not stored, and unknown ones are refused', async () => {
  const an = await colleague();
  const set = (channels: object) =>
    an.client.put('/api/notifications/preferences', { mails: true, language: 'nl', quiet: null, channels });
  expect((await set({ 'office.unknown': 'off' })).status).toBe(400);
  expect((await set({ 'office.paper': 'off' })).status).toBe(204);
  const { kinds } = (await an.client.get('/api/notifications/preferences')).body;
  expect(kinds.map(({ kind, channel }: any) => `${kind} ${channel}`)).toEqual([
    'office.letter now',
    'office.paper off',
    'office.report daily',
    'office.parcel now',
  ]);
  await send(an, 'paper');
  expect((await an.client.get('/api/notifications/inbox')).body.total).toBe(0);
});

test.each([
  ['no answer in time', { code: 'ETIMEDOUT' }, 'later ETIMEDOUT'],
  ['no such host', { code: 'EDNS' }, 'later EDNS'],
  [
    'greylisting',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 450, response: '450 4.2.0 greylisted' },
    'later 450 4.2.0',
  ],
  ['no such user', { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 550, response: '550 no such user' }, 'bounced 550'],
  [
    'a sender that is refused',
    { code: 'EENVELOPE', command: 'MAIL FROM', responseCode: 553, response: '553 5.7.1 no' },
    'refused 553 5.7.1',
  ],
  ['spam', { code: 'EMESSAGE', command: 'DATA', responseCode: 554, response: '554 5.7.1 spam' }, 'refused 554 5.7.1'],
  [
    'a full mailbox',
    { code: 'EENVELOPE', command: 'RCPT TO', responseCode: 552, response: '552 5.2.2 full' },
    'refused 552 5.2.2',
  ],
  ['a wrong password', { code: 'EAUTH', command: 'AUTH PLAIN', responseCode: 535, response: '535 5.7.8 no' }, 'later 535 5.7.8'],
])('outcome of %s', (_, error, wanted) => {
  const { outcome, answer } = outcomeOf(Object.assign(new Error('x'), error));
  expect(`${outcome} ${answer}`).toBe(wanted);
});

test('erasing a person removes their e-mails, preferences and refusal; the export has them', async () => {
  const an = await colleague('gone@school.example');
  await an.client.put('/api/notifications/preferences', { mails: true, language: 'nl', quiet: null, channels: {} });
  await send(an);
  await stateOf(an).toBe('bounced 550 5.1.1');
  const text = strFromU8((await exportOf(portal, an.id))['export.json'] as Uint8Array);
  for (const table of ['mails', 'preferences', 'addresses']) expect(text).toContain(`"${table}"`);
  await erase(portal, an.id);
  expect(await findEverywhere(portal, [an.id])).toEqual([]);
});
