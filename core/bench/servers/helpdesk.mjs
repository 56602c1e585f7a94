// A portal with many tickets, and what helpers and teachers ask of it one after another.
import { randomUUID } from 'node:crypto';
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import helpdesk from '@ilearn/plugin-helpdesk';
import { quantile } from '../support.mjs';

const size = Number(process.argv[2]);
const rounds = 60;
const schools = 200;
const part = 5_000;
const withoutPages = ({ ui, ...server }) => ({ ...server, privacy: { ...server.privacy, messages: ui.messages } });

const portal = await createTestPlatform({ plugins: [directory, helpdesk].map(withoutPages), settings: { logLevel: 'error' } });
const ids = Array.from({ length: schools }, () => randomUUID());
const teachers = Array.from({ length: schools }, () => randomUUID());
await portal.work('directory', ({ knex }) =>
  knex('schools').insert(ids.map((id, n) => ({ id, name: `School ${n}`, instellingsnummer: String(100_000 + n) }))),
);
const syllables = ['ba', 'lo', 'ki', 'ren', 'tus', 'mo', 'das', 'fel', 'vi', 'gor'];
/** Words of different frequency, as in any language: the nth is used 1/n times as often as the first. */
const words = Array.from(
  { length: 1_000 },
  (_, n) => `${[n, Math.floor(n / 10), Math.floor(n / 100)].map((at) => syllables[at % 10]).join('')}s`,
);
const rankOf = (number) => `floor(power(${words.length}::float, ((${number}) * 7919 % 99991) / 99991.0))::int`;
for (let from = 1; from <= size; from += part) {
  await portal.work('helpdesk', async ({ knex }) => {
    const to = Math.min(size, from + part - 1);
    // One in twenty is still open.
    await knex.raw(
      `insert into tickets (school_id, requester_id, line, state, priority, subject, channel, tool_key, last_at, due_at, messages)
       select (?::uuid[])[1 + n % ${schools}], (?::uuid[])[1 + n % ${schools}], (array['portal', 'school'])[1 + n % 2],
         case when n % 20 = 0 then (array['new', 'open', 'waiting_requester'])[1 + n % 3] else 'closed' end, 1 + n % 4,
         'Vraag ' || n || ' over ' || (?::text[])[${rankOf('n')}], 'portal', 'tool-' || n % 30, now() - make_interval(mins => n),
         case when n % 20 = 0 then now() + make_interval(mins => n % 5000 - 1000) end, 5
       from generate_series(?::int, ?::int) n`,
      [ids, teachers, words, from, to],
    );
    await knex.raw(
      `insert into ticket_messages (ticket_id, school_id, author_id, part, kind, channel, text, created_at)
       select t.id, t.school_id, t.requester_id, (array['requester', 'agent'])[1 + m % 2], case when m = 4 then 'note' else 'public' end, 'portal',
         'Bericht ' || m || ' over het ' || (?::text[])[${rankOf('t.number * 5 + m')}] || ' in klas ' || t.number % 97 || ', na het ' || (?::text[])[${rankOf('t.number * 11 + m * 3')}],
         t.created_at + make_interval(mins => m)
       from tickets t cross join generate_series(1, 5) m where t.subject like 'Vraag %' and t.number > (select max(number) from tickets) - ?::int`,
      [words, words, to - from + 1],
    );
  });
}
const { pool } = await portal.platform.home();
await pool.query('analyze');

const agent = randomUUID();
await portal.grant(agent, [{ tenant: null, role: 'portal-administrator' }]);
await portal.grant(teachers[0], [{ tenant: ids[0], role: 'teacher' }]);
const [helper, teacher] = [await portal.signIn(agent), await portal.signIn(teachers[0])];
const some = await portal.work('helpdesk', ({ knex }) => knex('tickets').where({ school_id: ids[0] }).limit(rounds).pluck('id'));
/** From the commonest to rare ones. */
const asked = [0, 1, 3, 9, 29, 99, 299, 899].map((rank) => words[rank]);
const pick = (list, n) => list[n % list.length];
const kinds = {
  queue: [helper, (n) => `queue?view=${pick(['all', 'unassigned', 'late', 'waiting'], n)}`],
  'counts of the views': [helper, () => 'queue/counts'],
  'a word': [helper, (n) => `queue?q=${pick(asked, n)}`],
  'a part of a word and another': [helper, (n) => `queue?q=${pick(asked, n * 3 + 1).slice(2)}+${pick(asked, n)}`],
  'a ticket, for a helper': [helper, (n) => `tickets/${pick(some, n)}`],
  'a ticket, for a teacher': [teacher, (n) => `tickets/${pick(some, n)}`],
  'my tickets': [teacher, () => 'my-tickets'],
};
const rows = {};
for (const [name, [client, address]] of Object.entries(kinds)) {
  const times = [];
  for (let n = 0; n < rounds + 5; n += 1) {
    const begun = performance.now();
    const { status } = await client.get(`/api/helpdesk/${address(n)}`);
    if (status !== 200) throw new Error(`${name}: ${status}`);
    if (n >= 5) times.push(performance.now() - begun);
  }
  rows[name] = { p50: Math.round(quantile(times, 0.5)), p95: Math.round(quantile(times, 0.95)) };
}
await portal.stop();
process.send(rows, () => process.exit(0));
