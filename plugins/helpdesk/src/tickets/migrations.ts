import type { Migration } from '@ilearn/core';
import { vectorOf } from './search-vector.js';

/** A trigger that keeps `search` in step with a text: also when erasing a person empties it. */
const searched = (table: string, column: string) => `
  create function ${table}_search() returns trigger language plpgsql as $$
    begin
      new.search := ${vectorOf(`new.${column}`)};
      return new;
    end $$;
  create trigger ${table}_search before insert or update of ${column} on ${table} for each row execute function ${table}_search();
  create index ${table}_search on ${table} using gin (search);`;

export const ticketsMigrations: Migration[] = [
  {
    name: '0001_tickets',
    up: `
      create table tickets (
        id uuid primary key default gen_random_uuid(),
        number bigint generated always as identity (start with 1001) unique,
        school_id uuid,
        provider_id uuid,
        requester_id uuid,
        requester_email text not null default '',
        requester_name text not null default '',
        owner_id uuid,
        line text not null default 'portal' check (line in ('teacher', 'school', 'portal', 'provider')),
        state text not null,
        priority int not null default 3 check (priority between 1 and 4),
        subject text not null,
        channel text not null,
        tool_key text,
        device text not null default '',
        labels text[] not null default '{}',
        outage_id uuid,
        merged_into uuid references tickets,
        last_by text not null default 'requester',
        last_at timestamptz not null default now(),
        messages int not null default 0,
        attachments int not null default 0,
        solved_times int not null default 0,
        answered_at timestamptz,
        solved_at timestamptz,
        closed_at timestamptz,
        first_due_at timestamptz,
        solve_due_at timestamptz,
        due_at timestamptz,
        warned_at timestamptz,
        escalated_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        search tsvector not null default ''::tsvector
      );
      create index tickets_school on tickets (school_id, state, due_at, id);
      create index tickets_provider on tickets (provider_id, state) where provider_id is not null;
      create index tickets_unsolved on tickets (due_at, id) where state in ('new', 'open', 'waiting_requester', 'waiting_provider');
      create index tickets_state on tickets (state, last_at, id);
      create index tickets_requester on tickets (requester_id, last_at);
      create index tickets_owner on tickets (owner_id, state);
      create index tickets_outage on tickets (outage_id) where outage_id is not null;
      create index tickets_last on tickets (last_at, id);
      create index tickets_merged on tickets (merged_into) where merged_into is not null;
      create index tickets_labels on tickets using gin (labels);
      ${searched('tickets', 'subject')}

      create table ticket_sides (
        id uuid primary key default gen_random_uuid(),
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        number bigint not null,
        subject text not null,
        lines jsonb,
        state text not null default 'open' check (state in ('open', 'closed')),
        by_id uuid,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index ticket_sides_ticket on ticket_sides (ticket_id);
      create index ticket_sides_provider on ticket_sides (provider_id, updated_at);

      create table ticket_messages (
        id uuid primary key default gen_random_uuid(),
        ticket_id uuid not null references tickets on delete cascade,
        side_id uuid references ticket_sides on delete cascade,
        school_id uuid,
        provider_id uuid,
        author_id uuid,
        author_email text not null default '',
        author_name text not null default '',
        part text not null check (part in ('requester', 'agent', 'provider', 'portal')),
        kind text not null check (kind in ('public', 'note', 'side')),
        channel text not null,
        mail_id uuid,
        from_number bigint,
        automatic boolean not null default false,
        text text not null,
        created_at timestamptz not null default clock_timestamp(),
        updated_at timestamptz not null default now(),
        search tsvector not null default ''::tsvector,
        check ((kind = 'side') = (side_id is not null))
      );
      create index ticket_messages_ticket on ticket_messages (ticket_id, created_at, id);
      create index ticket_messages_side on ticket_messages (side_id, created_at) where side_id is not null;
      create index ticket_messages_author on ticket_messages (author_id);
      ${searched('ticket_messages', 'text')}

      create table ticket_participants (
        id uuid primary key default gen_random_uuid(),
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        person_id uuid,
        email text not null default '',
        by_mail boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index ticket_participants_person on ticket_participants (ticket_id, person_id) where person_id is not null;
      create unique index ticket_participants_email on ticket_participants (ticket_id, lower(email)) where email <> '';
      create index ticket_participants_of on ticket_participants (person_id);

      create table ticket_steps (
        id bigint generated always as identity primary key,
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        action text not null,
        state text not null,
        part text not null,
        by_id uuid,
        detail text not null default '',
        at timestamptz not null default clock_timestamp()
      );
      create index ticket_steps_of on ticket_steps (ticket_id, id);

      create table ticket_links (
        id uuid primary key default gen_random_uuid(),
        from_id uuid not null references tickets on delete cascade,
        to_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        kind text not null check (kind in ('related', 'split', 'follow-up', 'merged')),
        unique (from_id, to_id, kind),
        check (from_id <> to_id)
      );
      create index ticket_links_to on ticket_links (to_id);

      create table ticket_traces (
        ticket_id uuid primary key references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        code text not null,
        tool text not null default '',
        lines jsonb not null,
        happened_at timestamptz not null
      );

      create table ticket_attachments (
        file_id uuid primary key references attachments on delete cascade,
        ticket_id uuid not null references tickets on delete cascade,
        message_id uuid not null references ticket_messages on delete cascade,
        school_id uuid,
        provider_id uuid
      );
      create index ticket_attachments_message on ticket_attachments (message_id);
      create index ticket_attachments_ticket on ticket_attachments (ticket_id);

      create table ticket_drafts (
        id uuid primary key default gen_random_uuid(),
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        author_id uuid not null,
        kind text not null,
        text text not null,
        seen_messages int not null,
        updated_at timestamptz not null default now(),
        unique (ticket_id, author_id)
      );
      create index ticket_drafts_author on ticket_drafts (author_id);

      create table ticket_presence (
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        person_id uuid not null,
        writing boolean not null default false,
        seen_at timestamptz not null default now(),
        primary key (ticket_id, person_id)
      );

      create table ticket_views (
        id uuid primary key default gen_random_uuid(),
        owner_id uuid not null,
        title text not null,
        query text not null,
        updated_at timestamptz not null default now()
      );
      create index ticket_views_owner on ticket_views (owner_id, title);

      create table ticket_macros (
        id uuid primary key default gen_random_uuid(),
        tenant_id uuid,
        title text not null,
        text text not null default '',
        action text not null default '',
        priority int check (priority between 1 and 4),
        labels text[] not null default '{}',
        updated_at timestamptz not null default now()
      );
      create index ticket_macros_tenant on ticket_macros (tenant_id, title);

      create table ticket_surveys (
        id uuid primary key default gen_random_uuid(),
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        solution int not null,
        score int not null check (score between 1 and 5),
        remark text not null default '',
        by_id uuid,
        updated_at timestamptz not null default now(),
        unique (ticket_id, solution)
      );

      create table form_throttles (
        key text primary key,
        tries int not null,
        until timestamptz not null
      );
    `,
    down: `
      drop table form_throttles, ticket_surveys, ticket_macros, ticket_views, ticket_presence, ticket_drafts, ticket_attachments,
        ticket_traces, ticket_links, ticket_steps, ticket_participants, ticket_messages, ticket_sides, tickets;
      drop function ticket_messages_search, tickets_search;`,
  },
];
