import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDovecot } from '../../../core/scripts/dovecot.mjs';
import { erase } from '../../../core/test/support/erase.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { cert, key } from '../../notifications/test/mail-server.js';
import { mailConfig } from '../dist/mail/config.js';
import { checkMailbox } from '../dist/mail/inbound/imap.js';
import { tokenIn } from '../dist/mail/tokens.js';
import { authentic, createDesk, type Desk, mailbox } from './support/desk.js';
import { lines, mail, multipart, pixel } from './support/mails.js';

let desk: Desk;
let dovecot: Awaited<ReturnType<typeof startDovecot>>;
beforeAll(async () => {
  dovecot = await startDovecot({ cert, key, password: 'mailbox-secret' });
  desk = await createDesk({ automaticPerHour: 3, receivedPerHour: 8 });
});
afterAll(async () => {
  await desk?.stop();
  await dovecot?.stop();
});

let people = 0;
/** Somebody without an account. */
const parent = () => `ouder${++people}@ouders.example`;
const headersOf = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
const header = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(headersOf(raw))?.[1] ?? '';
/** A ticket of somebody without an account, and the mail with which the helpdesk answered. */
async function answered(from = parent()) {
  const first = `<eerste${++people}@ouders.example>`;
  const { ticket_id: ticket } = await desk.receive(mail({ from, id: first, subject: 'Blokjes start niet' }));
  await desk.answer(ticket as string, 'Welke klas?');
  const sent = desk.server.to(from).at(-1)?.raw as string;
  return {
    from,
    first,
    ticket: ticket as string,
    sent,
    messageId: header(sent, 'Message-ID'),
    replyTo: header(sent, 'Reply-To'),
  };
}

describe('without a mail server', () => {
  test('a mail by the pipe becomes a ticket; answers are held, and sent once there is a server', async () => {
    const from = parent();
    const row = await desk.receive(mail({ from: `"An Maes" <${from}>`, subject: 'Blokjes', text: 'Het start niet.' }));
    expect(row).toMatchObject({ state: 'ticket', sender: from, sender_name: 'An Maes' });
    expect(await desk.ticketOf(row.ticket_id)).toMatchObject({
      ...{
        channel: 'mail',
        state: 'new',
        requester_id: null,
        requester_email: from,
        requester_name: 'An Maes',
        subject: 'Blokjes',
      },
      school_id: null,
    });
    expect(await desk.messagesOf(row.ticket_id)).toMatchObject([{ text: 'Het start niet.', kind: 'public', mail_id: row.id }]);
    await desk.answer(row.ticket_id as string, 'Welke klas?');
    expect((await desk.sentOf(row.ticket_id)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'acknowledgement held',
      'answer held',
    ]);
    expect((await desk.agent.get('/api/helpdesk/mail/health')).body).toMatchObject({ configured: false, sends: false });

    await desk.useServer();
    expect((await desk.agent.post('/api/helpdesk/mail/sent/again', { state: 'held' })).body).toEqual({ count: 2 });
    await desk.platform.drain();
    // Each is sent by a job of its own, in either order.
    const sent = desk.server.to(from).map(({ raw }) => raw);
    expect(sent).toHaveLength(2);
    const acknowledgement = sent.find((raw) => header(raw, 'Auto-Submitted') === 'auto-replied');
    const answer = sent.find((raw) => raw !== acknowledgement);
    const { number } = await desk.ticketOf(row.ticket_id);
    expect(header(acknowledgement as string, 'Subject')).toContain(`[#${number}]`);
    expect(header(answer as string, 'From')).toContain(mailbox);
    expect(header(answer as string, 'Reply-To')).toMatch(/^helpdesk\+t[a-z2-7]{42}@portal\.example$/);
    expect(header(answer as string, 'In-Reply-To')).toBe(header(acknowledgement as string, 'Message-ID'));
    expect(tokenIn(header(answer as string, 'Message-ID'))).not.toBeNull();
    expect(answer).toContain('Welke klas?');
    expect(desk.platform.log.join('')).not.toContain(from);
  });
});

describe('what comes in', () => {
  test('H7: a mail is taken once, whoever fetches it, and however often it comes', async () => {
    const raw = mail({ from: parent() });
    const ids = await Promise.all([desk.take(raw), desk.take(raw), desk.take(raw)]);
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    await desk.platform.drain();
    expect(await desk.take(raw)).toBeNull();
    const id = ids.find((each) => each !== null) as string;
    // A job that runs twice finds that the mail has its place.
    await desk.work(({ jobs }) => jobs.enqueue('read-mail', { mailId: id }));
    await desk.platform.drain();
    const rows = await desk.work(({ knex }) => knex('ticket_messages').where({ mail_id: id }));
    expect(rows).toHaveLength(1);
    // What the losers stored is gone.
    const uploads = await (await desk.platform.platform.home()).pool.query('select 1 from kernel.file_uploads');
    expect(uploads.rowCount).toBe(0);
  });

  test('H10: a mail to several mailboxes of ours is one ticket in each', async () => {
    const raw = mail({ from: parent() });
    const [one, two] = [await desk.receive(raw, 'pipe'), await desk.receive(raw, 'hulp')];
    expect(one.ticket_id).not.toBe(two.ticket_id);
  });

  test('H9: replies find their ticket by the reply address, by References alone, and by the own first mail of the sender', async () => {
    const { from, first, ticket, messageId, replyTo } = await answered();
    const byAddress = await desk.receive(mail({ from, to: replyTo.toUpperCase(), text: '3B' }));
    const references = [`<${'x'.repeat(300)}@elders.example>`, messageId, '<later@elders.example>'].join('\r\n ');
    const byReferences = await desk.receive(mail({ from, headers: [`References: ${references}`], text: 'Of 3C' }));
    const byFirst = await desk.receive(mail({ from, headers: [`In-Reply-To: ${first}`], text: 'Nog iets' }));
    for (const row of [byAddress, byReferences, byFirst]) expect(row).toMatchObject({ state: 'reply', ticket_id: ticket });
    expect((await desk.messagesOf(ticket)).map(({ text }) => text)).toEqual(['Dag', 'Welke klas?', '3B', 'Of 3C', 'Nog iets']);
  });

  test('H8: ids of other systems and tokens that nobody signed open new tickets', async () => {
    const { from, ticket, messageId, replyTo } = await answered();
    const forged = messageId.replace(/^<(t[a-z2-7]{40})../, '<$1aa');
    const foreign = `<t${'a'.repeat(42)}.${randomUUID()}@freescout.example>`;
    for (const id of [forged === messageId ? foreign : forged, foreign]) {
      const row = await desk.receive(mail({ from, headers: [`In-Reply-To: ${id}`] }));
      expect(row.state).toBe('ticket');
      expect(row.ticket_id).not.toBe(ticket);
    }
    const row = await desk.receive(mail({ from, to: replyTo.replace(/.@/, (end) => (end === 'a@' ? 'b@' : 'a@')) }));
    expect(row).toMatchObject({ state: 'ticket' });
  });

  test('H11: a forged sender with a guessed number is held, and goes to nobody; a helper decides', async () => {
    const { from, ticket } = await answered();
    const { number } = await desk.ticketOf(ticket);
    const before = desk.server.taken.length;
    const guessed = await desk.receive(mail({ from, subject: `Re: hallo [#${number}]`, text: 'Geef mij het wachtwoord' }));
    expect(guessed).toMatchObject({ state: 'held', reason: 'number-alone', ticket_id: ticket });
    const stranger = await desk.receive(
      mail({ from: 'x@vreemd.example', subject: `[#${number}]`, headers: [authentic('vreemd.example')] }),
    );
    expect(stranger).toMatchObject({ state: 'held', reason: 'not-taking-part' });
    const failed = await desk.receive(mail({ from, subject: `[#${number}]`, headers: [authentic('ouders.example', 'fail')] }));
    expect(failed).toMatchObject({ state: 'held', reason: 'not-authentic' });
    expect(desk.server.taken).toHaveLength(before);
    expect(await desk.messagesOf(ticket)).toHaveLength(2);
    const proven = await desk.receive(
      mail({ from, subject: `[#${number}]`, headers: [authentic('ouders.example')], text: 'Echt' }),
    );
    expect(proven).toMatchObject({ state: 'reply', ticket_id: ticket });

    const { mails } = (await desk.agent.get('/api/helpdesk/mail/received')).body;
    expect(mails.find(({ id }: { id: string }) => id === guessed.id)).toMatchObject({
      sender: from,
      ticket: { number: Number(number) },
    });
    const rule = (id: string, to: string) => desk.agent.post(`/api/helpdesk/mail/received/${id}/ruling`, { to });
    expect((await rule(guessed.id, 'reply')).status).toBe(204);
    expect((await rule(stranger.id, 'ticket')).status).toBe(204);
    expect((await rule(failed.id, 'discard')).status).toBe(204);
    await desk.platform.drain();
    expect(await desk.rowOf(guessed.id)).toMatchObject({ state: 'reply', ticket_id: ticket });
    expect((await desk.rowOf(stranger.id)).ticket_id).not.toBe(ticket);
    expect(await desk.rowOf(failed.id)).toMatchObject({ state: 'discarded', raw_id: null, text: '', sender: '' });
    expect((await rule(guessed.id, 'ticket')).status).toBe(404);
  });

  test('H11: whoever knows the reply address cannot write in the name of a helper', async () => {
    const { replyTo, ticket } = await answered();
    const helper = await desk.person('hanne@portal.example');
    await desk.platform.grant(helper.id, [{ tenant: null, role: 'helpdesk-agent' }]);
    const forged = await desk.receive(mail({ from: 'hanne@portal.example', to: replyTo, text: 'Geef je wachtwoord' }));
    expect(forged).toMatchObject({ state: 'held', reason: 'not-taking-part' });
    const real = await desk.receive(
      mail({ from: 'hanne@portal.example', to: replyTo, text: 'Het is opgelost', headers: [authentic('portal.example')] }),
    );
    expect(real).toMatchObject({ state: 'reply' });
    expect((await desk.messagesOf(ticket)).at(-1)).toMatchObject({ part: 'agent', author_id: helper.id, kind: 'public' });
  });

  test('H5, H3: an out-of-office reply changes nothing and is answered by nobody; a reply of a person re-opens (H6)', async () => {
    const { from, ticket, replyTo } = await answered();
    await desk.work(({ ticketing }) => ticketing.change(ticket, 'solve', { part: 'agent', personId: desk.agentId }));
    const before = await desk.ticketOf(ticket);
    const sent = desk.server.taken.length;
    for (const headers of [
      ['Auto-Submitted: auto-replied'],
      ['Auto-Submitted: auto-notified'],
      ['Precedence: BULK'],
      ['Return-Path: <>'],
    ]) {
      const row = await desk.receive(mail({ from, to: replyTo, headers, text: 'Ik ben er niet' }));
      expect(row, headers.join()).toMatchObject({ state: 'reply', ticket_id: ticket, automatic: true });
    }
    const { state, owner_id, due_at, last_by, updated_at } = await desk.ticketOf(ticket);
    expect({ state, owner_id, due_at, last_by, updated_at }).toEqual({
      ...{ state: before.state, owner_id: before.owner_id, due_at: before.due_at },
      ...{ last_by: before.last_by, updated_at: before.updated_at },
    });
    expect(desk.server.taken).toHaveLength(sent);
    const person = await desk.receive(mail({ from, to: replyTo, headers: ['Auto-Submitted: no'], text: 'Toch niet' }));
    expect(person.automatic).toBe(false);
    expect((await desk.ticketOf(ticket)).state).toBe('open');
  });

  test('H3: a robot gets no acknowledgement, and one address only so many; too many mails are put aside', async () => {
    const robot = await desk.receive(mail({ from: 'no-reply@winkel.example' }));
    expect(robot).toMatchObject({ state: 'ticket', automatic: true });
    expect(await desk.sentOf(robot.ticket_id)).toEqual([]);
    const from = parent();
    const states = [];
    for (let n = 0; n < 10; n++) states.push((await desk.receive(mail({ from }))).state);
    expect(states).toEqual([...Array(8).fill('ticket'), 'quarantined', 'quarantined']);
    expect(desk.server.to(from)).toHaveLength(3);
  });

  test('H2: mails from the helpdesk itself are put aside, and nothing goes to its own addresses', async () => {
    const { sent, ticket } = await answered();
    expect(await desk.receive(mail({ from: 'Hulp@portal.example' }))).toMatchObject({ state: 'quarantined', reason: 'own' });
    const back = sent.replace(/^From:.*$/m, 'From: spook@ouders.example');
    expect(await desk.receive(back)).toMatchObject({ state: 'quarantined', reason: 'own' });
    await desk.work(async ({ knex }) => {
      for (const email of ['hulp@portal.example', 'no-reply@x.example', 'collega@ouders.example', 'Collega+x@ouders.example'])
        await knex('ticket_participants').insert({ ticket_id: ticket, email, by_mail: true });
    });
    const before = desk.server.taken.length;
    await desk.answer(ticket, 'Nog iets');
    expect(
      desk.server.taken
        .slice(before)
        .flatMap(({ to }) => to)
        .sort(),
    ).toEqual(['collega@ouders.example', expect.stringMatching(/^ouder\d+@ouders\.example$/)]);
  });

  test('H1: a report is filed with its ticket, mutes the address, and is answered by nobody', async () => {
    const { from, ticket, messageId } = await answered();
    const sent = desk.server.taken.length;
    const report = await desk.receive(
      multipart(
        'report; report-type=delivery-status',
        [
          [['Content-Type: text/plain'], 'Niet afgeleverd'],
          [['Content-Type: message/delivery-status'], lines('Final-Recipient: rfc822; x', 'Action: failed', 'Status: 5.1.1')],
          [['Content-Type: text/rfc822-headers'], `Message-ID: ${messageId}`],
        ],
        { from: 'MAILER-DAEMON@ouders.example', headers: ['Return-Path: <>', 'Auto-Submitted: auto-replied'] },
      ),
    );
    expect(report).toMatchObject({ state: 'report', ticket_id: ticket });
    expect((await desk.messagesOf(ticket)).at(-1)).toMatchObject({ kind: 'note', automatic: true });
    expect((await desk.sentOf(ticket)).at(-1)).toMatchObject({ state: 'bounced', answer: '5.1.1' });
    await desk.answer(ticket, 'Ben je er nog?');
    expect((await desk.sentOf(ticket)).at(-1)).toMatchObject({ state: 'dropped' });
    expect(desk.server.taken).toHaveLength(sent);
    expect(JSON.stringify(await desk.work(({ knex }) => knex('muted_addresses')))).not.toContain(from);
    const unknown = await desk.receive(mail({ from: 'postmaster@ouders.example', text: 'Action: failed' }));
    expect(unknown).toMatchObject({ state: 'quarantined', reason: 'report' });
  });

  test('H23: a note goes to nobody', async () => {
    const { from, ticket } = await answered();
    const before = desk.server.taken.length;
    await desk.answer(ticket, 'Deze ouder belt vaak', 'note');
    expect(desk.server.taken).toHaveLength(before);
    expect(desk.server.to(from).some(({ raw }) => raw.includes('belt vaak'))).toBe(false);
  });

  test('H10: a provider answers a side conversation by mail, apart from whoever asked', async () => {
    const { from, ticket } = await answered();
    const { id: providerId, person } = await desk.toolProvider('steun@blokjes.example');
    const side = await desk.work(async ({ knex, ticketing }) => {
      const [row] = await knex('ticket_sides')
        .insert({ ticket_id: ticket, provider_id: providerId, number: 1, subject: 'Blokjes' })
        .returning('id');
      await ticketing.addMessage(ticket, {
        author: { personId: desk.agentId, email: null, name: null },
        ...{ text: 'Start de tool niet?', kind: 'side', sideId: row.id, channel: 'portal' },
      });
      return row.id as string;
    });
    await desk.platform.drain();
    const asked = desk.server.to('steun@blokjes.example').at(-1)?.raw as string;
    expect(header(asked, 'Reply-To')).toMatch(/\+s[a-z2-7]{42}@/);
    expect(asked).not.toContain(from);
    const before = desk.server.taken.length;
    const row = await desk.receive(
      mail({ from: 'steun@blokjes.example', to: header(asked, 'Reply-To'), text: 'Ja, er is een storing' }),
    );
    expect(row).toMatchObject({ state: 'reply', ticket_id: ticket, side_id: side });
    expect((await desk.messagesOf(ticket)).at(-1)).toMatchObject({
      kind: 'side',
      side_id: side,
      part: 'provider',
      author_id: person.id,
    });
    expect(desk.server.taken).toHaveLength(before);
    // Whoever asked cannot use the address of the side conversation.
    expect(await desk.receive(mail({ from, to: header(asked, 'Reply-To') }))).toMatchObject({ state: 'held' });
  });

  test('H27: a reply to a merged ticket lands on its target', async () => {
    const [one, two] = [await answered(), await answered()];
    await desk.work(({ knex }) => knex('tickets').where({ id: one.ticket }).update({ merged_into: two.ticket, state: 'merged' }));
    const row = await desk.receive(mail({ from: one.from, to: one.replyTo, text: 'Lukt het al?' }));
    expect(row).toMatchObject({ state: 'reply', ticket_id: two.ticket });
  });

  test('a mail of a person with an account is theirs only if it is authentic, and its ticket is of their school', async () => {
    const an = await desk.person('an.maes@school.example');
    const claimed = await desk.receive(mail({ from: 'An.Maes@school.example' }));
    expect(await desk.ticketOf(claimed.ticket_id)).toMatchObject({ requester_id: null, school_id: null });
    const proven = await desk.receive(mail({ from: 'an.maes@school.example', headers: [authentic('school.example')] }));
    expect(await desk.ticketOf(proven.ticket_id)).toMatchObject({ requester_id: an.id, school_id: desk.wissel.id });
    // Others learn of a mail no more than of its ticket (H24).
    const stranger = await desk.person('bart@school.example');
    expect((await an.client.get(`/api/helpdesk/mails/${proven.id}`)).body).toMatchObject({ original: false });
    expect((await stranger.client.get(`/api/helpdesk/mails/${proven.id}`)).status).toBe(404);
    expect((await stranger.client.get(`/api/helpdesk/mails/${claimed.id}`)).status).toBe(404);
    expect((await desk.platform.client().get(`/api/helpdesk/mails/${proven.id}/original`)).status).toBe(401);
    expect((await an.client.get(`/api/helpdesk/mails/${proven.id}/original`)).status).toBe(403);
    expect((await an.client.get('/api/helpdesk/mail/received')).status).toBe(403);

    await erase(desk.platform, an.id);
    expect(await findEverywhere(desk.platform, ['an.maes@school.example'])).toEqual([]);
  });

  test('H15, H21, H16: attachments are files by their content, with random keys; what could run stays in the mail', async () => {
    const name = `${'é'.repeat(150)}|?"../\u202egnp.exe`;
    const row = await desk.receive(
      Buffer.from(
        multipart(
          'mixed',
          [
            [['Content-Type: text/plain'], 'Zie bijlagen'],
            [
              [
                'Content-Type: application/octet-stream',
                `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
                'Content-Transfer-Encoding: base64',
              ],
              pixel,
            ],
            [['Content-Type: image/svg+xml; name=logo.svg'], '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
            [['Content-Type: text/html; name=pagina.html', 'Content-Disposition: attachment'], '<script>alert(1)</script>'],
          ],
          { from: '"<script>alert(1)</script>"@ouders.example, ouder@ouders.example' },
        ),
      ),
    );
    const attached = await desk.work(({ knex }) =>
      knex('ticket_attachments as t')
        .join('attachments as f', 'f.id', 't.file_id')
        .where({ ticket_id: row.ticket_id })
        .select('f.id', 'f.name', 'f.type'),
    );
    expect(attached).toHaveLength(1);
    expect(attached[0].type).toBe('image/png');
    expect(attached[0].name).toMatch(/\.png$/);
    expect(attached[0].name).not.toMatch(/[|?"/\\\u202e]/);
    const { body } = await desk.agent.get(`/api/helpdesk/mails/${row.id}`);
    expect(body.withheld.map((each: { name: string }) => each.name)).toEqual(['logo.svg', 'pagina.html']);
    const original = await desk.agent.get(`/api/helpdesk/mails/${row.id}/original`);
    expect(original.status).toBe(200);
    expect(original.headers.get('content-type')).toBe('application/gzip');
    expect(original.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(original.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('H13: a mail that cannot be handled is put aside, and the others go on', async () => {
    const id = (await desk.receive(mail({ from: parent() }))).id;
    await desk.work(async ({ files, knex, jobs }) => {
      const { raw_id } = await knex('received_mails').where({ id }).first('raw_id');
      await files.remove('raw_mails', raw_id);
      await knex('received_mails').where({ id }).update({ state: 'waiting' });
      await jobs.enqueue('read-mail', { mailId: id });
    });
    expect(await desk.receive(mail({ from: parent() }))).toMatchObject({ state: 'ticket' });
    expect(await desk.rowOf(id)).toMatchObject({ state: 'quarantined', reason: 'failed' });
  });

  test('H19: too large an answer is not sent, and its writer sees it; so does a refusal', async () => {
    const gone = 'gone@school.example';
    const { ticket_id: ticket } = await desk.receive(mail({ from: gone }));
    await desk.answer(ticket as string, 'Dag');
    const notes = (await desk.messagesOf(ticket)).filter(({ kind }) => kind === 'note');
    expect(notes).toHaveLength(0);
    // The acknowledgement was refused first, so that the answer found the address muted.
    expect((await desk.sentOf(ticket)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'acknowledgement bounced',
      'answer dropped',
    ]);
    const policy = await desk.receive(mail({ from: 'policy@school.example' }));
    await desk.answer(policy.ticket_id as string, 'Dag');
    expect((await desk.sentOf(policy.ticket_id)).at(-1)).toMatchObject({ kind: 'answer', state: 'refused', answer: '550 5.7.1' });
    expect((await desk.messagesOf(policy.ticket_id)).at(-1)).toMatchObject({ kind: 'note', automatic: true });
  });
});

describe('a mailbox on Dovecot', () => {
  const check = async () => {
    await desk.work(({ jobs }) => jobs.enqueue('check-mailbox', {}));
    await desk.platform.drain();
  };
  const rows = (): Promise<any[]> =>
    desk.work(({ knex }) => knex('received_mails').where({ mailbox: 'inbox' }).orderBy('created_at'));
  const health = async () => (await desk.agent.get('/api/helpdesk/mail/health')).body;

  test('H7, H31: mails are fetched once by two fetchers, after UIDs began anew too; a silent server is told', async () => {
    await desk.set({
      mailImapHost: '127.0.0.1',
      mailImapPort: dovecot.port,
      mailImapUser: 'helpdesk',
      mailImapPassword: 'mailbox-secret',
    });
    for (let n = 0; n < 3; n++) dovecot.deliver('helpdesk', mail({ from: parent(), text: `mail ${n}` }));
    dovecot.deliver('helpdesk', 'geen mail\0');
    await desk.work(async ({ jobs }) => {
      await Promise.all([jobs.enqueue('check-mailbox', {}), jobs.enqueue('check-mailbox', {})]);
    });
    await desk.platform.drain();
    expect((await rows()).map(({ state }) => state)).toEqual(Array(4).fill('ticket'));
    expect(await health()).toMatchObject({ configured: true, silent: false, failure: null });

    dovecot.forget('helpdesk');
    dovecot.deliver('helpdesk', mail({ from: parent(), text: 'na de nieuwe nummers' }));
    await check();
    expect(await rows()).toHaveLength(5);

    dovecot.freeze();
    await check();
    dovecot.thaw();
    expect((await health()).failure).not.toBeNull();
    const watch = async () => {
      await desk.work(({ jobs }) => jobs.enqueue('watch-mailbox', {}));
      await desk.platform.drain();
    };
    await watch();
    expect(await health()).toMatchObject({ silent: false });
    await desk.work(({ knex }) => knex('mailboxes').update({ checked_at: knex.raw("now() - interval '11 minutes'") }));
    await watch();
    await watch();
    expect(await health()).toMatchObject({ silent: true });
    expect(desk.platform.log.filter((line) => line.includes('the mailbox of the helpdesk cannot be read'))).toHaveLength(1);
    await check();
    expect(await health()).toMatchObject({ silent: false, failure: null });
    await desk.set({ mailImapPassword: 'wrong' });
    await check();
    expect(JSON.stringify(await health())).not.toMatch(/wrong|helpdesk@/);
    expect((await health()).failure).not.toBeNull();
    await desk.set({ mailImapPassword: 'mailbox-secret' });
  });

  test('a check waits for new mail, and hands it over within seconds', async () => {
    const server = {
      host: '127.0.0.1',
      port: dovecot.port,
      security: 'tls',
      user: 'wacht',
      password: 'mailbox-secret',
      folder: 'INBOX',
    } as const;
    const config = { ...mailConfig.parse({ ca: cert, answerSeconds: 5 }), idleSeconds: 20 };
    const taken: number[] = [];
    const late = setTimeout(() => dovecot.deliver('wacht', mail()), 500);
    const { position } = await checkMailbox(
      server,
      config,
      { uidValidity: '0', lastUid: 0 },
      async ({ uid }) => void taken.push(uid),
      AbortSignal.timeout(15_000),
    );
    clearTimeout(late);
    expect([taken, position.lastUid]).toEqual([[1], 1]);
  });

  test('H19: a mail that is too large is not fetched, and its sender gets one notice', async () => {
    const from = parent();
    dovecot.deliver('helpdesk', mail({ from, subject: 'Film', text: `${'x'.repeat(998)}\r\n`.repeat(27_000) }));
    await check();
    await check();
    expect((await rows()).at(-1)).toMatchObject({ state: 'quarantined', reason: 'too-large', sender: from, raw_id: null });
    expect(desk.server.to(from)).toHaveLength(1);
    expect(desk.server.to(from)[0]?.raw).toContain('te groot');
  });
});
