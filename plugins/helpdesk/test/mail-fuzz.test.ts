import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDovecot } from '../../../core/scripts/dovecot.mjs';
import { cert, key } from '../../notifications/test/mail-server.js';
import { identityOf } from '../dist/mail/inbound/raw-mail.js';
import { createDesk, type Desk } from './support/desk.js';
import { fuzzedMails } from './support/fuzz.js';

/** `ILEARN_FUZZ_MAILS=10000` is the long mode. */
const count = Number(process.env['ILEARN_FUZZ_MAILS'] ?? 24);
const MEGABYTE = 1024 * 1024;

let desk: Desk;
let dovecot: Awaited<ReturnType<typeof startDovecot>>;
beforeAll(async () => {
  dovecot = await startDovecot({ cert, key, password: 'mailbox-secret' });
  desk = await createDesk({ receivedPerHour: 10_000, automaticPerHour: 0, answerSeconds: 20 });
});
afterAll(async () => {
  await desk?.stop();
  await dovecot?.stop();
});

test(`of ${count} broken mails that two fetchers take, each is a ticket, a reply or put aside, once; memory stays bounded`, {
  timeout: 60_000 + count * 500,
}, async () => {
  const identities = new Set<string>();
  for (const raw of fuzzedMails(count)) {
    // Dovecot gives a mail line ends of its own.
    const sent = Buffer.from(raw.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
    if (sent.length === 0) continue;
    identities.add(identityOf(sent.subarray(0, 65_536), sent));
    dovecot.deliver('helpdesk', sent);
  }
  await desk.set({
    mailImapHost: '127.0.0.1',
    mailImapPort: dovecot.port,
    mailImapUser: 'helpdesk',
    mailImapPassword: 'mailbox-secret',
  });
  await desk.work(({ jobs }) => Promise.all([jobs.enqueue('check-mailbox', {}), jobs.enqueue('check-mailbox', {})]));
  const before = process.memoryUsage().rss;
  let most = before;
  for (;;) {
    most = Math.max(most, process.memoryUsage().rss);
    const [{ waiting, total }] = await desk.work(({ knex }) =>
      knex('received_mails').select(
        knex.raw("count(*) filter (where state = 'waiting')::int as waiting, count(*)::int as total"),
      ),
    );
    if (total >= identities.size && waiting === 0 && (await desk.platform.platform.pendingMessages()) === 0) break;
    await pause(200);
  }
  const rows: { id: string; state: string; message_id: string }[] = await desk.work(({ knex }) =>
    knex('received_mails').select('id', 'state', 'message_id'),
  );
  // Dovecot changes some bytes, and with them the hashes of mails without a Message-ID.
  const named = (ids: Iterable<string>) => [...ids].filter((each) => each.startsWith('<')).sort();
  expect(named(rows.map(({ message_id }) => message_id))).toEqual(named(identities));
  expect(rows).toHaveLength(identities.size);
  const tickets = rows.filter(({ state }) => state === 'ticket' || state === 'reply');
  for (const { state } of rows) expect(['ticket', 'reply', 'held', 'quarantined', 'report']).toContain(state);
  expect(tickets.length).toBeGreaterThan(rows.length / 3);
  const made: { mail_id: string }[] = await desk.work(({ knex }) =>
    knex('ticket_messages').whereNotNull('mail_id').select('mail_id'),
  );
  expect(made.map(({ mail_id }) => mail_id).sort()).toEqual(tickets.map(({ id }) => id).sort());
  // The heap of the thread is limited to 256 MB; some mails wait beside it. More mails need no more.
  expect((most - before) / MEGABYTE).toBeLessThan(500);
  console.log(
    `${rows.length} mails: ${tickets.length} tickets, from ${Math.round(before / MEGABYTE)} to at most ${Math.round(most / MEGABYTE)} MB`,
  );
});
