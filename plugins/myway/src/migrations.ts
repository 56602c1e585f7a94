import type { Migration } from '@ilearn/core';
import { staffPathsMigration } from './staff/migration.js';

export const migrations: Migration[] = [
  {
    name: '0001_paths',
    up: `
      create table paths (
        id uuid primary key default gen_random_uuid(),
        school_id uuid,
        owner_id uuid,
        title text not null check (length(title) between 1 and 200),
        description text not null default '',
        language text not null default 'nl',
        sequence text not null default 'in-order' check (sequence in ('in-order', 'free')),
        version integer not null default 1,
        source text,
        source_id text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz,
        unique (source, source_id)
      );
      create index on paths (school_id, updated_at desc) where deleted_at is null;
      create index on paths (owner_id) where deleted_at is null;

      -- A step that left its path keeps its row (removed_at), so that what pupils did there is kept too.
      create table steps (
        id uuid primary key default gen_random_uuid(),
        path_id uuid not null references paths on delete cascade,
        school_id uuid,
        position integer not null,
        activity_id uuid not null,
        activity_title text not null,
        title text,
        note text not null default '',
        required boolean not null default true,
        removed_at timestamptz
      );
      create index on steps (path_id, position) where removed_at is null;
      create index on steps (path_id);
    `,
    down: 'drop table steps; drop table paths;',
  },
  {
    name: '0002_assignments',
    up: `
      create table assignments (
        id uuid primary key default gen_random_uuid(),
        school_id uuid not null,
        path_id uuid not null references paths on delete cascade,
        class_id uuid not null,
        whole_class boolean not null,
        assigned_by uuid,
        due_on date,
        ended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index on assignments (class_id, ended_at);
      create index on assignments (path_id);
      create index on assignments (school_id);

      create table assignment_pupils (
        assignment_id uuid not null references assignments on delete cascade,
        pupil_id uuid not null,
        school_id uuid not null,
        updated_at timestamptz not null default now(),
        primary key (assignment_id, pupil_id)
      );
      create index on assignment_pupils (pupil_id);
      create index on assignment_pupils (school_id);
    `,
    down: 'drop table assignment_pupils; drop table assignments;',
  },
  {
    name: '0003_results',
    up: `
      -- One row a pupil and step. scored_at is the tool's clock: a score that is not newer changes nothing, also after a reset.
      create table results (
        assignment_id uuid not null references assignments on delete cascade,
        step_id uuid not null references steps on delete cascade,
        pupil_id uuid not null,
        school_id uuid not null,
        state text not null check (state in ('todo', 'started', 'done')),
        done_by text check (done_by in ('pupil', 'tool', 'teacher')),
        score_given double precision check (score_given >= 0),
        score_maximum double precision check (score_maximum > 0),
        scored_at timestamptz,
        started_at timestamptz,
        done_at timestamptz,
        last_active_at timestamptz,
        updated_at timestamptz not null default now(),
        primary key (assignment_id, step_id, pupil_id)
      );
      create index on results (pupil_id);
      create index on results (school_id);

      create table attempts (
        id uuid primary key default gen_random_uuid(),
        assignment_id uuid not null references assignments on delete cascade,
        step_id uuid not null references steps on delete cascade,
        pupil_id uuid not null,
        school_id uuid not null,
        score_given double precision not null check (score_given >= 0),
        score_maximum double precision not null check (score_maximum > 0),
        comment text,
        scored_at timestamptz not null,
        updated_at timestamptz not null default now(),
        unique (assignment_id, step_id, pupil_id, scored_at)
      );
      create index on attempts (pupil_id);
      create index on attempts (school_id);
    `,
    down: 'drop table attempts; drop table results;',
  },
  {
    name: '0004_tries',
    up: `
      -- What lists and boards show of a pupil's tries, so that they need not read them. score_id: the score that is shown.
      -- Scores accepted before reset_at, or with a timestamp up to reset_scored_at, were taken away by a teacher.
      alter table results
        add score_id uuid,
        add tries integer not null default 0,
        add best double precision,
        add reset_at timestamptz,
        add reset_scored_at timestamptz;
      update results r set tries = a.tries, best = a.best
        from (
          select assignment_id, step_id, pupil_id, count(*) as tries, max(score_given / score_maximum) as best
          from attempts group by assignment_id, step_id, pupil_id
        ) a
        where (r.assignment_id, r.step_id, r.pupil_id) = (a.assignment_id, a.step_id, a.pupil_id);
      update results set reset_scored_at = scored_at, scored_at = null where state = 'todo';
      -- The id of a try is that of its score.
      alter table attempts drop constraint attempts_assignment_id_step_id_pupil_id_scored_at_key;
      create index attempts_newest on attempts (assignment_id, step_id, pupil_id, scored_at, id);
    `,
    down: `
      drop index attempts_newest;
      alter table attempts add unique (assignment_id, step_id, pupil_id, scored_at);
      alter table results drop score_id, drop tries, drop best, drop reset_at, drop reset_scored_at;
    `,
  },
  {
    name: '0005_marking',
    up: `
      -- Of the score that is shown: what the tool says to pupil and teacher, and whether there is no final score yet.
      alter table results add comment text, add marking text check (marking in ('pending', 'failed'));
    `,
    down: 'alter table results drop comment, drop marking;',
  },
  {
    name: '0006_structure',
    up: `
      -- blocks: choices and branches, as paths/structure.ts describes them. They name steps by their ids.
      alter table paths add blocks jsonb not null default '[]';
      -- A step is an activity of the library, or has content of its own: a task, a moment with the teacher, a quiz.
      alter table steps
        alter activity_id drop not null,
        add content jsonb,
        add after jsonb not null default '[]',
        add block text,
        add arm text,
        add check ((activity_id is null) <> (content is null));

      -- The way that a teacher chose for a pupil at a branch of the path.
      create table branch_choices (
        assignment_id uuid not null references assignments on delete cascade,
        block text not null,
        pupil_id uuid not null,
        school_id uuid not null,
        arm text not null,
        updated_at timestamptz not null default now(),
        primary key (assignment_id, block, pupil_id)
      );
      create index on branch_choices (pupil_id);
      create index on branch_choices (school_id);

      -- What a pupil handed in for a task; its files are in handed_in_files. The teacher's answer is in results.
      create table handed_in (
        assignment_id uuid not null references assignments on delete cascade,
        step_id uuid not null references steps on delete cascade,
        pupil_id uuid not null,
        school_id uuid not null,
        text text not null default '',
        handed_in_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (assignment_id, step_id, pupil_id)
      );
      create index on handed_in (pupil_id);
      create index on handed_in (school_id);

      create table handed_in_files (
        file_id uuid primary key references work on delete cascade,
        assignment_id uuid not null,
        step_id uuid not null,
        pupil_id uuid not null,
        school_id uuid not null,
        updated_at timestamptz not null default now(),
        foreign key (assignment_id, step_id, pupil_id) references handed_in on delete cascade
      );
      create index on handed_in_files (assignment_id, step_id, pupil_id);
      create index on handed_in_files (pupil_id);
      create index on handed_in_files (school_id);
    `,
    down: `
      drop table handed_in_files;
      drop table handed_in;
      drop table branch_choices;
      delete from steps where activity_id is null;
      alter table steps drop content, drop after, drop block, drop arm, alter activity_id set not null;
      alter table paths drop blocks;
    `,
  },
  {
    name: '0007_versions',
    up: `
      alter table paths add colleagues_edit boolean not null default false;

      -- What a path was after each save. listed: of the saves of one person shortly after each other, only the last is in the list.
      create table path_versions (
        path_id uuid not null references paths on delete cascade,
        version integer not null,
        school_id uuid,
        content jsonb not null,
        saved_by uuid,
        saved_at timestamptz not null,
        session_at timestamptz not null,
        listed boolean not null default true,
        updated_at timestamptz not null default now(),
        primary key (path_id, version)
      );
      create index on path_versions (school_id);
      create index on path_versions (saved_by);

      -- Who has a path open in the builder.
      create table path_presence (
        path_id uuid not null references paths on delete cascade,
        person_id uuid not null,
        school_id uuid,
        step_id uuid,
        seen_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (path_id, person_id)
      );
      create index on path_presence (person_id);
      create index on path_presence (school_id);
    `,
    down: 'drop table path_presence; drop table path_versions; alter table paths drop colleagues_edit;',
  },
  {
    name: '0015_replacements',
    up: `
      -- An activity that was replaced in several paths at once, in each school. The steps keep their ids, and so their results.
      create table replacements (
        id uuid not null,
        school_id uuid not null,
        replaced_by uuid,
        from_activity uuid not null,
        from_title text not null,
        to_activity uuid not null,
        to_title text not null,
        undone_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (id, school_id)
      );
      create index on replacements (school_id);
      create index on replacements (replaced_by, created_at desc);

      create table replaced_steps (
        replacement_id uuid not null,
        step_id uuid not null references steps on delete cascade,
        school_id uuid not null,
        primary key (replacement_id, step_id),
        foreign key (replacement_id, school_id) references replacements (id, school_id) on delete cascade
      );
      create index on replaced_steps (step_id);
      create index on replaced_steps (school_id);
      create index assignments_running_by on assignments (assigned_by) where ended_at is null;
    `,
    down: 'drop index assignments_running_by; drop table replaced_steps; drop table replacements;',
  },
  {
    name: '0016_overrides',
    up: `
      -- What a teacher decided for one pupil at one step; it goes before the rules of the path and the score of the tool.
      alter table results
        add skipped_at timestamptz,
        add unlocked_at timestamptz,
        add own_given double precision check (own_given >= 0),
        add own_maximum double precision check (own_maximum > 0),
        add teacher_note text,
        add check ((own_given is null) = (own_maximum is null));

      create table messages (
        id uuid primary key default gen_random_uuid(),
        assignment_id uuid not null references assignments on delete cascade,
        pupil_id uuid not null,
        sender_id uuid,
        school_id uuid not null,
        text text not null check (length(text) between 1 and 500),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index on messages (assignment_id, pupil_id, created_at desc);
      create index on messages (pupil_id);
      create index on messages (sender_id);
      create index on messages (school_id);
    `,
    down: `
      drop table messages;
      alter table results drop skipped_at, drop unlocked_at, drop own_given, drop own_maximum, drop teacher_note;
    `,
  },
  {
    name: '0017_differentiation',
    up: `
      -- begins_on is the day that the teacher chose, begins_at its first moment in the time zone of the school. announced_at: pupils were
      -- notified; null while that is to come.
      alter table assignments
        add begins_on date,
        add begins_at timestamptz,
        add announced_at timestamptz,
        add check ((begins_on is null) = (begins_at is null)),
        add check (due_on is null or begins_on is null or begins_on <= due_on);
      update assignments set announced_at = created_at;
      create index assignments_to_announce on assignments (begins_at) where announced_at is null and ended_at is null;

      -- An easier or harder activity for one pupil, in the place of that of the step.
      alter table results add other_activity uuid, add other_title text;
    `,
    down: `
      alter table results drop other_activity, drop other_title;
      alter table assignments drop begins_on, drop begins_at, drop announced_at;
    `,
  },
  {
    name: '0018_extra_steps',
    up: `
      -- A step that one pupil has in addition to those of the path. It is a row of steps, so that results and launches are as for any step.
      alter table steps add extra boolean not null default false;
      create table extra_steps (
        step_id uuid primary key references steps on delete cascade,
        assignment_id uuid not null references assignments on delete cascade,
        pupil_id uuid not null,
        school_id uuid not null,
        after_step uuid references steps on delete set null,
        updated_at timestamptz not null default now()
      );
      create index on extra_steps (assignment_id, pupil_id);
      create index on extra_steps (pupil_id);
      create index on extra_steps (school_id);
      create index on extra_steps (after_step);
    `,
    down: 'drop table extra_steps; delete from steps where extra; alter table steps drop extra;',
  },
  {
    name: '0019_publications',
    up: `
      -- Of a published path: what its teacher says about the version, and the school's name.
      alter table path_versions add note text not null default '', add published_by text not null default '';
    `,
    down: 'alter table path_versions drop note, drop published_by;',
  },
  {
    name: '0020_publication_requests',
    up: `
      -- What the owner of a path asks for, until a job carries it out. publish_school: name of the school; null: take the publication back.
      alter table paths
        add publish_asked_at timestamptz,
        add publish_note text not null default '',
        add publish_school text;
      create index on paths (publish_asked_at) where publish_asked_at is not null;
    `,
    down: 'alter table paths drop publish_asked_at, drop publish_note, drop publish_school;',
  },
  staffPathsMigration,
  {
    name: '0041_turned_assignments',
    up: `
      -- Assignments that went along with their class to the next school year, with the class that they came from.
      create table turned_assignments (
        assignment_id uuid primary key references assignments on delete cascade,
        school_id uuid not null,
        rollover_id uuid not null,
        from_class uuid not null
      );
      create index on turned_assignments (school_id);
      create index on turned_assignments (rollover_id);
    `,
    down: 'drop table turned_assignments;',
  },
  {
    name: '0042_turned_classes',
    up: `
      -- Classes that became one class of the next school year together, until the turn is undone.
      create table turned_classes (
        rollover_id uuid not null,
        from_class uuid not null,
        to_class uuid not null,
        school_id uuid not null,
        primary key (rollover_id, from_class)
      );
      create index on turned_classes (to_class);
      create index on turned_classes (school_id);
    `,
    down: 'drop table turned_classes;',
  },
];
