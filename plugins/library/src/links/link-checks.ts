import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import { activityRows } from '../activities/rows.js';
import type { Dependencies } from '../dependencies.js';
import type { CheckedLink, DueLink } from './check-link.js';
import { linkBroken } from './notification-kinds.js';
import { pace, pauseOf, waitAfter } from './pace.js';

/** What people see of a link. `unknown`: not checked yet. */
export type LinkState = 'unknown' | 'works' | 'moved' | 'broken';

export interface LinkView {
  state: LinkState;
  checkedAt: Date | null;
  movedTo: string | null;
  /** Schools of the reader in which somebody reported it since the last check that found it working. */
  reports: number;
}

export interface BrokenLink {
  id: string;
  title: string;
  provider: string;
  url: string;
  state: LinkState;
  checkedAt: Date | null;
  movedTo: string | null;
  reported: boolean;
}

interface Row {
  activity_id: string;
  url: string;
  state: LinkState;
  failures: number;
}

type Services = Pick<Dependencies, 'knex' | 'principal' | 'contributions' | 'notifications'>;

/** New links are taken up in parts, so that the first run after an import of thousands stays short. */
const takenUpAtOnce = 1_000;
export const mostBroken = 200;

/** The state of the links of activities; the system writes it, teachers read it and report. */
export class LinkChecks {
  readonly #services: Services;

  constructor({ knex, principal, contributions, notifications }: Services) {
    this.#services = { knex, principal, contributions, notifications };
  }

  /** Takes up links that are new or have another address, and forgets those of activities that are no link any more. */
  async takeUp(): Promise<void> {
    const { knex } = this.#services;
    await knex.raw(
      `insert into link_checks (activity_id, school_id, url, host)
       select a.id, a.school_id, a.content ->> 'url', lower(substring(a.content ->> 'url' from '^https{0,1}://([^/\\?#]+)'))
       from activities a left join link_checks k on k.activity_id = a.id
       where a.kind = 'link' and a.available and a.superseded_by is null and a.content ->> 'url' ~ '^https{0,1}://[^/\\?#]+'
         and k.url is distinct from a.content ->> 'url'
       order by a.id limit ?
       on conflict (activity_id) do update set url = excluded.url, host = excluded.host, state = 'unknown', failures = 0, status = null,
         moved_to = null, etag = null, last_modified = null, checked_at = null, next_at = now()`,
      [takenUpAtOnce],
    );
    await knex.raw(
      `delete from link_checks k using activities a where a.id = k.activity_id and (a.kind <> 'link' or not a.available or a.superseded_by is not null)`,
    );
  }

  /** The links whose turn it is: of few hosts, few of each, the longest waiting first. */
  async due(): Promise<DueLink[]> {
    const { rows } = await this.#services.knex.raw<{ rows: DueLink[] }>(
      `with ready as (
         select k.*, row_number() over (partition by k.host order by k.next_at, k.activity_id) as turn
         from link_checks k
         where k.next_at <= now() and not exists (select 1 from link_hosts h where h.host = k.host and h.next_at > now())
       ), chosen as (select host from ready where turn = 1 order by next_at, host limit ?)
       select activity_id as activity, url, etag, last_modified as "lastModified"
       from ready where host in (select host from chosen) and turn <= ? order by next_at, activity_id`,
      [pace.hosts, pace.perHost],
    );
    return rows;
  }

  /** Stores the outcomes, and tells the owners of links that turned out to be broken. */
  async record(results: readonly CheckedLink[]): Promise<void> {
    const { knex } = this.#services;
    const known: Row[] = await knex('link_checks')
      .whereRaw('activity_id = any(?::uuid[])', [results.map(({ activity }) => activity)])
      .select('activity_id', 'url', 'state', 'failures');
    const broken: string[] = [];
    for (const result of results) {
      const row = known.find(({ activity_id, url }) => activity_id === result.activity && url === result.url);
      // Taken out, or changed, while it was checked.
      if (row === undefined) continue;
      if (result.outcome === 'busy') {
        await this.#pause(new URL(result.url).host.toLowerCase(), result.retryAfter);
        continue;
      }
      const bad = result.outcome === 'gone' || result.outcome === 'failed';
      const failures = bad ? row.failures + 1 : 0;
      const enough = result.outcome === 'gone' ? pace.gonesUntilBroken : pace.failuresUntilBroken;
      const state: LinkState = !bad ? (result.outcome as 'works' | 'moved') : failures >= enough ? 'broken' : row.state;
      if (state === 'broken' && row.state !== 'broken') broken.push(result.activity);
      await knex('link_checks')
        .where({ activity_id: result.activity })
        .update({
          ...{ state, failures, status: result.status, moved_to: result.movedTo },
          ...{ etag: result.etag, last_modified: result.lastModified },
          checked_at: knex.fn.now(),
          next_at: knex.raw(`now() + ? * interval '1 second'`, [waitAfter(failures)]),
        });
      if (!bad) await knex('link_reports').where({ activity_id: result.activity }).delete();
    }
    const answered = results.filter(({ outcome }) => outcome !== 'busy').map(({ url }) => new URL(url).host.toLowerCase());
    await knex('link_hosts').whereRaw('host = any(?::text[])', [answered]).delete();
    await this.#tellOwners(broken);
  }

  async #pause(host: string, retryAfter: number | null): Promise<void> {
    const { knex } = this.#services;
    const before = await knex('link_hosts').where({ host }).first<{ times: number } | undefined>('times');
    const times = (before?.times ?? 0) + 1;
    const next_at = knex.raw(`now() + ? * interval '1 second'`, [pauseOf(times, retryAfter)]);
    await knex('link_hosts').insert({ host, times, next_at }).onConflict('host').merge(['times', 'next_at']);
  }

  async #tellOwners(activities: string[]): Promise<void> {
    const { knex, notifications } = this.#services;
    if (notifications === undefined || activities.length === 0) return;
    const owners: { author_id: string; activity_id: string; title: string }[] = await knex('activity_authors as w')
      .join('activities as a', 'a.id', 'w.activity_id')
      .whereRaw('w.activity_id = any(?::uuid[])', [activities])
      .select('w.author_id', 'w.activity_id', 'a.title');
    for (const { author_id, activity_id, title } of owners) {
      const place = `/bibliotheek/${activity_id}`;
      await notifications.notify.send({ kind: linkBroken, to: [author_id], place, params: { title: title.slice(0, 200) } });
    }
  }

  /** Null for an activity without a link to another website. */
  async of(activity: string): Promise<LinkView | null> {
    const { knex } = this.#services;
    const row = await knex('activities as a')
      .leftJoin('link_checks as k', 'k.activity_id', 'a.id')
      .where('a.id', activity)
      .where('a.kind', 'link')
      .whereRaw(`a.content ->> 'url' ~ '^https{0,1}://'`)
      .first<{ state: LinkState | null; checkedAt: Date | null; movedTo: string | null; reports: string } | undefined>(
        'k.state',
        'k.checked_at as checkedAt',
        'k.moved_to as movedTo',
        knex.raw('(select count(*) from link_reports r where r.activity_id = a.id) as reports'),
      );
    return row === undefined ? null : { ...row, state: row.state ?? 'unknown', reports: Number(row.reports) };
  }

  /** Somebody of the school found that a link does not work: it is checked at the next turn of its host. Who it was is not stored. */
  async report(activity: string, school: string): Promise<void> {
    const { knex } = this.#services;
    const [row] = await activityRows(this.#services, [activity]);
    if (row === undefined || (await this.of(row.id)) === null) throw notFound();
    await knex('link_reports')
      .insert({ activity_id: row.id, school_id: school })
      .onConflict(['activity_id', 'school_id'])
      .ignore();
  }

  /** Brings forward the links that were reported since their last check. */
  async hurryReported(): Promise<void> {
    await this.#services.knex.raw(
      `update link_checks k set next_at = now() from link_reports r
       where r.activity_id = k.activity_id and k.next_at > now() and (k.checked_at is null or k.checked_at < r.reported_at)`,
    );
  }

  /** Links that do not work, that moved or that were reported, of the activities that the reader may change or that everyone shares. */
  async broken(): Promise<{ links: BrokenLink[]; more: boolean }> {
    const { knex } = this.#services;
    const rows: BrokenLink[] = await brokenRows(knex).limit(mostBroken + 1);
    return { links: rows.slice(0, mostBroken), more: rows.length > mostBroken };
  }
}

const brokenRows = (knex: Knex): Knex.QueryBuilder =>
  knex('link_checks as k')
    .join('activities as a', 'a.id', 'k.activity_id')
    .where('a.available', true)
    .whereRaw(`(k.state in ('broken', 'moved') or exists (select 1 from link_reports r where r.activity_id = a.id))`)
    .orderByRaw(`k.state = 'broken' desc, a.title, a.id`)
    .select(
      'a.id',
      'a.title',
      'a.provider',
      'k.url',
      'k.state',
      'k.checked_at as checkedAt',
      'k.moved_to as movedTo',
      knex.raw('exists (select 1 from link_reports r where r.activity_id = a.id) as reported'),
    );
