import type { Migration } from '@ilearn/core';
import { searchStampsMigration } from './activities/search-stamps-migration.js';
import { sharedTextsMigration } from './activities/shared-texts-migration.js';
import { materialsMigration } from './materials/migration.js';
import { providedMigration } from './provided/migration.js';

const curriculum = `
create table schemes (
  uri text primary key,
  newest integer not null check (newest > 0)
);

-- Every version is kept whole; "newest" on its rows spares the join on each search.
create table scheme_versions (
  id uuid primary key default gen_random_uuid(),
  scheme_uri text not null references schemes (uri),
  version integer not null check (version > 0),
  label text not null,
  declared_version text,
  content_hash text not null,
  files text[] not null,
  imported_at timestamptz not null default now(),
  unique (scheme_uri, version)
);

create table concepts (
  scheme_version_id uuid not null references scheme_versions (id) on delete cascade,
  uri text not null,
  label text not null,
  labels jsonb not null,
  definition text,
  notation text,
  icon text,
  broader text[] not null,
  narrower text[] not null,
  related text[] not null,
  deprecated boolean not null,
  newest boolean not null,
  search tsvector not null,
  primary key (scheme_version_id, uri)
);
create index concepts_newest on concepts (uri) where newest;

create table collections (
  scheme_version_id uuid not null references scheme_versions (id) on delete cascade,
  uri text not null,
  label text not null,
  labels jsonb not null,
  ordered boolean not null,
  in_use_by text[] not null,
  deprecated boolean not null,
  newest boolean not null,
  primary key (scheme_version_id, uri)
);

create table collection_members (
  scheme_version_id uuid not null references scheme_versions (id) on delete cascade,
  collection_uri text not null,
  concept_uri text not null,
  -- 0 where the members have no order
  position integer not null,
  newest boolean not null,
  primary key (scheme_version_id, collection_uri, concept_uri)
);
create index collection_members_newest on collection_members (concept_uri, collection_uri) where newest;

-- A concept may be in two schemes; people see it once.
create view newest_concepts as
  select distinct on (c.uri) c.*, v.scheme_uri
  from concepts c join scheme_versions v on v.id = c.scheme_version_id
  where c.newest
  order by c.uri, c.deprecated, v.scheme_uri;

-- Each concept with itself and all that is broader.
create table concept_ancestors (
  uri text not null,
  ancestor text not null,
  primary key (uri, ancestor)
);
create index concept_ancestors_down on concept_ancestors (ancestor);
`;

const activities = `
create table activities (
  id uuid primary key,
  school_id uuid,
  source text not null,
  source_id text not null,
  kind text not null check (kind in ('lti', 'link', 'text')),
  title text not null,
  description text not null,
  language text not null,
  provider text not null,
  minutes integer check (minutes > 0),
  age_from integer check (age_from >= 0),
  age_to integer check (age_to >= age_from),
  difficulty integer check (difficulty between 1 and 5),
  teacher_only boolean not null,
  available boolean not null,
  keywords text[] not null,
  content jsonb not null,
  content_hash text not null,
  search tsvector not null default ''::tsvector,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique nulls not distinct (school_id, source, source_id)
);

create table activity_concepts (
  activity_id uuid not null references activities (id) on delete cascade,
  school_id uuid,
  concept_uri text not null,
  primary key (activity_id, concept_uri)
);
create index activity_concepts_by_concept on activity_concepts (concept_uri);

-- Apart from the activity, so that forgetting a person never takes an activity out of a path.
create table activity_authors (
  activity_id uuid primary key references activities (id) on delete cascade,
  school_id uuid not null,
  author_id uuid not null,
  updated_at timestamptz not null default now()
);
create index activity_authors_by_author on activity_authors (author_id);
`;

export const migrations: Migration[] = [
  {
    name: '0001_curriculum',
    up: curriculum,
    down: `drop table concept_ancestors; drop view newest_concepts; drop table collection_members; drop table collections;
      drop table concepts; drop table scheme_versions; drop table schemes;`,
  },
  {
    name: '0002_activities',
    up: activities,
    down: 'drop table activity_authors; drop table activity_concepts; drop table activities;',
  },
  {
    name: '0003_superseded_activities',
    // Dwengo objects used to be identified by hruid, language and version, so that each new version became a new activity.
    up: `
      alter table activities add superseded_by uuid references activities (id) on delete set null;
      create index activities_superseded on activities (superseded_by) where superseded_by is not null;
      with versions as (
        select id, regexp_replace(source_id, '/[^/]*$', '') as identity, substring(source_id from '[^/]*$') as version
        from activities where school_id is null and source = 'dwengo' and source_id like '%/%/%'
      ), ranked as (
        select id, identity, first_value(id) over newest_first as newest
        from versions
        window newest_first as (
          partition by identity
          order by case when version ~ '^[0-9]{1,9}$' then version::int else -1 end desc, version desc
        )
      )
      update activities a set
          source_id = case when r.id = r.newest then r.identity else a.source_id end,
          available = a.available and r.id = r.newest,
          superseded_by = case when r.id = r.newest then null else r.newest end
        from ranked r where r.id = a.id;
    `,
    down: 'drop index activities_superseded; alter table activities drop superseded_by;',
  },
  {
    name: '0004_search_words',
    // Adds the words of existing activities; those of later activities are added with the search index.
    up: `
      create table search_words (
        word text primary key,
        trigrams text[] not null
      );
      insert into search_words (word, trigrams)
      select word, array(select distinct substr('_' || word || '_', at, 3) from generate_series(1, length(word)) as at)
      from (
        select distinct regexp_split_to_table(
          regexp_replace(lower(normalize(concat_ws(' ', title, description, array_to_string(keywords, ' ')), NFKD)), '[\\u0300-\\u036f]', '', 'g'),
          '[^[:alpha:]]+') as word
        from activities where school_id is null
      ) as w
      where length(word) between 4 and 30;
      create index search_words_trigrams on search_words using gin (trigrams);
    `,
    down: 'drop table search_words;',
  },
  {
    name: '0005_switched_off_tools',
    // Kept while the tool's plugin is not in service, so that a tool does not come back by itself.
    up: `
      create table switched_off_tools (
        school_id uuid not null,
        tool_key text not null,
        switched_at timestamptz not null default now(),
        primary key (school_id, tool_key)
      );
    `,
    down: 'drop table switched_off_tools;',
  },
  {
    name: '0006_links',
    up: `
      create table link_checks (
        activity_id uuid primary key references activities (id) on delete cascade,
        school_id uuid,
        url text not null,
        host text not null,
        state text not null default 'unknown' check (state in ('unknown', 'works', 'moved', 'broken')),
        -- checks in a row that found no page
        failures integer not null default 0 check (failures >= 0),
        status integer,
        moved_to text,
        etag text,
        last_modified text,
        checked_at timestamptz,
        next_at timestamptz not null default now()
      );
      create index link_checks_due on link_checks (next_at);
      create table link_hosts (
        host text primary key,
        -- how many times in a row it was busy
        times integer not null check (times > 0),
        next_at timestamptz not null
      );
      create table link_reports (
        activity_id uuid not null references activities (id) on delete cascade,
        school_id uuid not null,
        reported_at timestamptz not null default now(),
        primary key (activity_id, school_id)
      );
    `,
    down: 'drop table link_reports; drop table link_hosts; drop table link_checks;',
  },
  {
    name: '0007_colleagues',
    up: `
      create table favourites (
        activity_id uuid not null references activities (id) on delete cascade,
        person_id uuid not null,
        school_id uuid not null,
        updated_at timestamptz not null default now(),
        primary key (activity_id, person_id)
      );
      create index favourites_by_person on favourites (person_id);
      create table ratings (
        activity_id uuid not null references activities (id) on delete cascade,
        person_id uuid not null,
        school_id uuid not null,
        word text not null check (word in ('recommended', 'usable', 'too-easy', 'too-hard', 'unsuitable')),
        note text not null,
        updated_at timestamptz not null default now(),
        primary key (activity_id, person_id)
      );
      create table selections (
        id uuid primary key default gen_random_uuid(),
        -- null: a didactic focus, which every school sees
        school_id uuid,
        focus text unique,
        title text not null default '',
        word text not null default '',
        updated_at timestamptz not null default now(),
        check ((school_id is null) = (focus is not null))
      );
      create index selections_by_school on selections (school_id);
      insert into selections (focus) values ('reading'), ('computational-thinking'), ('newcomers'), ('gifted');
      create table selection_items (
        selection_id uuid not null references selections (id) on delete cascade,
        activity_id uuid not null references activities (id) on delete cascade,
        school_id uuid,
        added_at timestamptz not null default now(),
        primary key (selection_id, activity_id)
      );
    `,
    down: 'drop table selection_items; drop table selections; drop table ratings; drop table favourites;',
  },
  {
    name: '0015_activity_states',
    // What plugins with many references to activities join with. A replaced activity has the state and topics of its replacement.
    up: `
      create view activity_states as
        select old.id, a.source, case when a.available then 'available' else 'withdrawn' end as state
        from activities old join activities a on a.id = coalesce(old.superseded_by, old.id);
      create view activity_topics as
        select old.id as activity_id, l.concept_uri
        from activities old join activity_concepts l on l.activity_id = coalesce(old.superseded_by, old.id);
    `,
    down: 'drop view activity_topics, activity_states;',
  },
  {
    name: '0016_states_of_links',
    up: `
      create or replace view activity_states as
        select old.id, a.source, case
          when not a.available then 'withdrawn'
          when exists (select from link_checks k where k.activity_id = a.id and k.state = 'broken') then 'broken'
          else 'available' end as state
        from activities old join activities a on a.id = coalesce(old.superseded_by, old.id);
    `,
    down: `
      create or replace view activity_states as
        select old.id, a.source, case when a.available then 'available' else 'withdrawn' end as state
        from activities old join activities a on a.id = coalesce(old.superseded_by, old.id);
    `,
  },
  materialsMigration,
  searchStampsMigration,
  providedMigration,
  sharedTextsMigration,
];
