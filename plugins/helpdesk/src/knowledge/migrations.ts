import type { Migration } from '@ilearn/core';

export const knowledgeMigrations: Migration[] = [
  {
    name: '0040_articles',
    up: `
      create table articles (
        id uuid primary key default gen_random_uuid(),
        slug text not null unique,
        audience text not null check (audience in ('public', 'pupils', 'staff', 'agents')),
        topic text not null,
        tools text[] not null default '{}',
        review_by date,
        -- Name of the file that came with the plugin; null: written here.
        shipped text unique,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );

      create table article_revisions (
        id uuid primary key default gen_random_uuid(),
        article_id uuid not null references articles on delete cascade,
        language text not null check (language in ('nl', 'en', 'fr')),
        number int not null,
        state text not null check (state in ('draft', 'review', 'published', 'archived')),
        title text not null,
        summary text not null default '',
        body text not null default '',
        -- Counts its changes, so that nobody overwrites what somebody else just wrote.
        version int not null default 1,
        author_id uuid,
        reviewer_id uuid,
        published_at timestamptz,
        archived_at timestamptz,
        search tsvector not null default ''::tsvector,
        trigrams text[] not null default '{}',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (article_id, language, number),
        check (archived_at is null or published_at is null or archived_at >= published_at),
        check ((state = 'published') <= (published_at is not null))
      );
      create unique index article_revisions_published on article_revisions (article_id, language) where state = 'published';
      create unique index article_revisions_draft on article_revisions (article_id, language) where state in ('draft', 'review');
      create index article_revisions_search on article_revisions using gin (search) where state = 'published';

      create table article_votes (
        article_id uuid not null references articles on delete cascade,
        language text not null,
        month date not null,
        helped int not null default 0,
        not_helped int not null default 0,
        primary key (article_id, language, month)
      );

      create table article_pictures (
        picture_id uuid primary key references pictures on delete cascade,
        article_id uuid not null references articles on delete cascade,
        created_at timestamptz not null default now()
      );
      create index article_pictures_article on article_pictures (article_id);

      create table unanswered_searches (
        words text not null,
        language text not null,
        times int not null default 1,
        last_at timestamptz not null default now(),
        primary key (words, language)
      );
    `,
    down: 'drop table unanswered_searches, article_pictures, article_votes, article_revisions, articles;',
  },
];
