import type { Migration } from '@ilearn/core';

/** From Monday to Friday from 8 to 17, until an administrator chooses. */
const weekdays = JSON.stringify([...Array.from({ length: 5 }, () => [[480, 1_020]]), [], []]);

export const serviceLevelsMigrations: Migration[] = [
  {
    name: '0020_service_levels',
    up: `
      create table service_levels (
        id uuid primary key default gen_random_uuid(),
        line text not null check (line in ('school', 'portal', 'provider')),
        zone text not null default 'Europe/Brussels',
        hours jsonb not null,
        legal_holidays boolean not null default true,
        school_holidays boolean not null default false,
        first_minutes int[] not null,
        solve_minutes int[] not null,
        created_at timestamptz not null default now(),
        replaced_at timestamptz
      );
      create unique index service_levels_now on service_levels (line) where replaced_at is null;
      insert into service_levels (line, hours, school_holidays, first_minutes, solve_minutes) values
        ('school', '${weekdays}', true, '{120,240,480,960}', '{480,960,1920,3840}'),
        ('portal', '${weekdays}', false, '{60,240,480,960}', '{480,960,2400,4800}'),
        ('provider', '${weekdays}', false, '{120,480,960,1920}', '{960,1920,4800,9600}');

      create table ticket_segments (
        id bigint generated always as identity primary key,
        ticket_id uuid not null references tickets on delete cascade,
        school_id uuid,
        provider_id uuid,
        clock text not null check (clock in ('first', 'solve')),
        state text not null check (state in ('run', 'pause', 'stop')),
        level_id uuid not null references service_levels,
        target_minutes int not null,
        at timestamptz not null
      );
      create index ticket_segments_of on ticket_segments (ticket_id, id);
    `,
    down: 'drop table ticket_segments, service_levels;',
  },
];
