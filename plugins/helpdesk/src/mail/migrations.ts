import type { Migration } from '@ilearn/core';

export const mailMigrations: Migration[] = [
  {
    name: '0030_mail',
    up: `
      create table mailboxes (
        name text primary key,
        uid_validity numeric(20) not null default 0,
        last_uid bigint not null default 0,
        checked_at timestamptz not null default now(),
        failure text,
        silent boolean not null default false,
        updated_at timestamptz not null default now()
      );

      create table received_mails (
        id uuid primary key default gen_random_uuid(),
        mailbox text not null,
        message_id text not null,
        raw_id uuid references raw_mails on delete set null,
        bytes bigint not null,
        state text not null default 'waiting' check (state in ('waiting', 'ticket', 'reply', 'report', 'held', 'quarantined', 'discarded')),
        reason text not null default '',
        ruling jsonb,
        sender_id uuid,
        sender text not null default '',
        sender_name text not null default '',
        subject text not null default '',
        text text not null default '',
        html text,
        withheld jsonb not null default '[]',
        automatic boolean not null default false,
        authentication text not null default 'none',
        ticket_id uuid references tickets on delete cascade,
        side_id uuid references ticket_sides on delete set null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (mailbox, message_id)
      );
      create index received_mails_state on received_mails (state, created_at desc, id);
      create index received_mails_ticket on received_mails (ticket_id, created_at) where ticket_id is not null;
      create index received_mails_sender on received_mails (sender, created_at);
      create index received_mails_sender_id on received_mails (sender_id);
      create index received_mails_message on received_mails (message_id);
      create index received_mails_raw on received_mails (raw_id);
      create index received_mails_age on received_mails (created_at);

      create table sent_mails (
        id uuid primary key default gen_random_uuid(),
        kind text not null check (kind in ('answer', 'acknowledgement', 'too-large')),
        ticket_id uuid references tickets on delete cascade,
        side_id uuid references ticket_sides on delete cascade,
        ticket_message_id uuid references ticket_messages on delete cascade,
        person_id uuid,
        address text not null default '',
        subject text not null default '',
        refers_to text not null default '',
        state text not null default 'waiting'
          check (state in ('waiting', 'held', 'failed', 'bounced', 'refused', 'dropped', 'sent')),
        answer text,
        tries int not null default 0,
        next_try_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index sent_mails_once on sent_mails
        (ticket_message_id, lower(address), coalesce(person_id, '00000000-0000-0000-0000-000000000000')) where kind = 'answer';
      create index sent_mails_state on sent_mails (state, created_at desc, id);
      create index sent_mails_ticket on sent_mails (ticket_id, created_at);
      create index sent_mails_side on sent_mails (side_id);
      create index sent_mails_address on sent_mails (lower(address), created_at);
      create index sent_mails_person on sent_mails (person_id);
      create index sent_mails_age on sent_mails (created_at);

      create table muted_addresses (
        fingerprint text primary key,
        answer text not null,
        updated_at timestamptz not null default now()
      );
    `,
    down: 'drop table muted_addresses, sent_mails, received_mails, mailboxes',
  },
];
