import type { Migration } from '@ilearn/core';
import { vectorOf } from './search-vector.js';

/** A trigger that keeps the words of a row in step with its text: also when erasing a person empties it. */
const kept = (table: string, columns: string, write: string) => `
  create function ${table}_words() returns trigger language plpgsql as $$
    begin
      ${write}
      return null;
    end $$;
  create trigger ${table}_words after insert or update of ${columns} on ${table} for each row execute function ${table}_words();`;

/** As it was before: a column beside the text. */
const beside = (table: string, column: string) => `
  alter table ${table} add search tsvector not null default ''::tsvector;
  create function ${table}_search() returns trigger language plpgsql as $$
    begin
      new.search := ${vectorOf(`new.${column}`)};
      return new;
    end $$;
  create trigger ${table}_search before insert or update of ${column} on ${table} for each row execute function ${table}_search();
  update ${table} set ${column} = ${column};
  create index ${table}_search on ${table} using gin (search);`;

/**
 * The words of tickets and messages, apart from them: PostgreSQL uses an index for `@@` only on a table without row-level security, because the
 * operator is not leakproof.
 */
export const ticketWordsMigration: Migration = {
  name: '0070_ticket_words',
  up: `
    create table ticket_words (
      ticket_id uuid not null references tickets on delete cascade,
      message_id uuid unique references ticket_messages on delete cascade,
      kind text not null,
      search tsvector not null
    );
    insert into ticket_words (ticket_id, kind, search) select id, 'subject', search from tickets;
    insert into ticket_words (ticket_id, message_id, kind, search) select ticket_id, id, kind, search from ticket_messages;
    create index ticket_words_ticket on ticket_words (ticket_id);
    create unique index ticket_words_subject on ticket_words (ticket_id) where message_id is null;
    create index ticket_words_search on ticket_words using gin (search);
    drop trigger tickets_search on tickets;
    drop trigger ticket_messages_search on ticket_messages;
    drop function tickets_search, ticket_messages_search;
    alter table tickets drop search;
    alter table ticket_messages drop search;
    ${kept(
      'tickets',
      'subject',
      `insert into ticket_words (ticket_id, kind, search) values (new.id, 'subject', ${vectorOf('new.subject')})
        on conflict (ticket_id) where message_id is null do update set search = excluded.search;`,
    )}
    ${kept(
      'ticket_messages',
      'text, ticket_id',
      `insert into ticket_words (ticket_id, message_id, kind, search) values (new.ticket_id, new.id, new.kind, ${vectorOf('new.text')})
        on conflict (message_id) do update set ticket_id = excluded.ticket_id, search = excluded.search;`,
    )}
  `,
  down: `
    drop trigger tickets_words on tickets;
    drop trigger ticket_messages_words on ticket_messages;
    drop function tickets_words, ticket_messages_words;
    drop table ticket_words;
    ${beside('tickets', 'subject')}
    ${beside('ticket_messages', 'text')}
  `,
};
