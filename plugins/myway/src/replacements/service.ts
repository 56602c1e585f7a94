import { randomUUID } from 'node:crypto';
import { notFound } from '@ilearn/core';
import type { Activities } from '@ilearn/plugin-library';
import type { Dependencies } from '../dependencies.js';
import { conflicting, unacceptable } from '../problems.js';
import {
  type AffectedPath,
  type Alternative,
  type DeadActivity,
  mostAlternatives,
  mostReplacements,
  mostShown,
  type Replacement,
} from './model.js';

type SourceLicence = Awaited<ReturnType<Activities['sourceLicences']>>[number];

interface Sql {
  sql: string;
  bindings: unknown[];
}

/**
 * Activities in paths that can no longer be opened, or soon not any more for want of a licence, and their replacement. Teachers replace them in their own paths, ICT coordinators in
 * all paths of their school. Shared paths are listed where they run, and stay as they are.
 */
export class Replacements {
  private readonly knex;
  private readonly principal;
  private readonly library;
  private readonly directory;
  private readonly live;
  private readonly clock;

  constructor({ knex, principal, library, directory, live, clock }: Dependencies) {
    this.knex = knex;
    this.principal = principal;
    this.library = library;
    this.directory = directory;
    this.live = live;
    this.clock = clock;
  }

  /** The activities, those that affect most pupils first, with their numbers in one statement. */
  async list(): Promise<{ activities: DeadActivity[]; more: boolean }> {
    const rows = await this.query<DeadActivity>(
      `select d.activity_id as id, max(d.activity_title) as title, min(d.reason) as reason,
         count(distinct d.path_id) filter (where d.changeable)::int as paths,
         count(distinct d.path_id) filter (where not d.changeable)::int as "sharedPaths",
         count(distinct g.class_id)::int as classes,
         count(distinct g.person_id)::int as pupils
       from dead d left join given g on g.path_id = d.path_id
       group by d.activity_id
       order by pupils desc, title, id
       limit ?`,
      [mostShown + 1],
    );
    return { activities: rows.slice(0, mostShown), more: rows.length > mostShown };
  }

  /** The paths with one of these activities, with their classes and number of pupils, in one statement. */
  async pathsWith(activityId: string): Promise<{ paths: AffectedPath[]; more: boolean }> {
    const rows = await this.query<AffectedPath & { class_ids: string[] }>(
      `select p.id, p.title, p.language, bool_and(d.changeable) as changeable,
         p.school_id is not null and p.owner_id is distinct from ?::uuid as "ofColleague",
         count(distinct d.step_id)::int as steps,
         (array_remove(array_agg(distinct g.class_id), null))[1:50] as class_ids,
         count(distinct g.person_id)::int as pupils
       from dead d join paths p on p.id = d.path_id left join given g on g.path_id = d.path_id
       where d.activity_id = ?::uuid
       group by p.id
       order by pupils desc, p.title, p.id
       limit ?`,
      [this.principal.id, activityId, mostShown + 1],
    );
    // The directory knows the names, and which classes the reader may see.
    return { paths: await this.withClassNames(rows.slice(0, mostShown)), more: rows.length > mostShown };
  }

  /** What the library proposes instead, the most alike first. */
  async alternatives(activityId: string): Promise<Alternative[]> {
    const [old, proposed] = [
      await this.library.activities.get(activityId),
      // Not those that will be on this list themselves.
      (await this.library.activities.alternatives(activityId, mostAlternatives)).filter(({ licence }) => !licence?.endsSoon),
    ];
    const concepts = new Set(old?.concepts.map(({ uri }) => uri));
    return proposed.map(
      ({ id, title, description, language, provider, kind, minutes, ageFrom, ageTo, difficulty, concepts: own }) => ({
        ...{ id, title, description, language, provider, kind, minutes, ageFrom, ageTo },
        easier: levelBeside(difficulty, old?.difficulty ?? null),
        shared: own.filter(({ uri }) => concepts.has(uri)).map(({ label }) => label),
      }),
    );
  }

  /**
   * Replaces an activity in every path that the principal may change. The steps stay the same steps: what pupils did there is kept, and
   * who did the step does not do it again.
   *
   * @throws 404 if the activity works or is in no path, 422 if the other one cannot be given to the same readers
   */
  async replace(activityId: string, toId: string): Promise<Replacement> {
    const id = randomUUID();
    const changed = await this.query<{ path_id: string; school_id: string; title: string }>(
      `select d.path_id, d.school_id, max(d.activity_title) as title from dead d
       where d.activity_id = ?::uuid and d.changeable group by d.path_id, d.school_id`,
      [activityId],
    );
    if (changed.length === 0) throw notFound();
    const to = await this.library.activities.get(toId);
    if (to === null || !to.available || toId === activityId) {
      throw unacceptable('activity-unknown', '/activityId', 'The library has no such activity, or it cannot be opened now.');
    }
    const old = await this.library.activities.get(activityId);
    if (to.teacherOnly && !(old?.teacherOnly ?? false)) {
      throw unacceptable(
        'activity-for-teachers',
        '/activityId',
        'This activity is for teachers only, and pupils would not see it.',
      );
    }
    const schools = [...new Set(changed.map((row) => row.school_id))];
    const from = changed[0]?.title ?? '';
    await this.knex('replacements').insert(
      schools.map((school) => ({
        id,
        school_id: school,
        replaced_by: this.principal.id,
        from_activity: activityId,
        from_title: from,
        to_activity: toId,
        to_title: to.title,
      })),
    );
    const pathIds = changed.map((row) => row.path_id);
    const { rows } = await this.knex.raw<{ rows: { path_id: string }[] }>(
      `with changed as (
         update steps set activity_id = ?::uuid, activity_title = ?
         where path_id = any(?::uuid[]) and activity_id = ?::uuid and removed_at is null
         returning id, path_id, school_id),
       kept as (insert into replaced_steps (replacement_id, step_id, school_id) select ?::uuid, id, school_id from changed)
       select path_id from changed`,
      [toId, to.title, pathIds, activityId, id] as string[],
    );
    await this.renew(rows.map((row) => row.path_id));
    return { id, from, to: to.title, steps: rows.length, at: this.clock.now().toISOString(), undone: false };
  }

  /** The newest replacements of the principal's. */
  async made(): Promise<Replacement[]> {
    const rows: (Omit<Replacement, 'at'> & { at: Date })[] = await this.knex('replacements as r')
      .where('r.replaced_by', this.principal.id)
      .groupBy('r.id')
      .orderByRaw('min(r.created_at) desc, r.id')
      .limit(mostReplacements)
      .select('r.id')
      .select(
        this.knex.raw(`min(r.from_title) as "from", min(r.to_title) as "to", min(r.created_at) as at, bool_and(r.undone_at is not null) as undone,
          (select count(*)::int from replaced_steps s where s.replacement_id = r.id) as steps`),
      );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /**
   * Puts the activity back in the steps that still have its replacement. Results stay.
   *
   * @throws 404 unless the principal made the replacement, 409 if it was undone already
   */
  async undo(id: string): Promise<void> {
    const undone: { from_activity: string; from_title: string; to_activity: string }[] = await this.knex('replacements')
      .where({ id, replaced_by: this.principal.id })
      .whereNull('undone_at')
      .update({ undone_at: this.knex.fn.now(), updated_at: this.knex.fn.now() })
      .returning(['from_activity', 'from_title', 'to_activity']);
    const [one] = undone;
    if (one === undefined) {
      const known = await this.knex('replacements').where({ id, replaced_by: this.principal.id }).first('id');
      if (known === undefined) throw notFound();
      throw conflicting('already-undone', 'This replacement was undone already.');
    }
    const { rows } = await this.knex.raw<{ rows: { path_id: string }[] }>(
      `update steps set activity_id = ?::uuid, activity_title = ?
       where id in (select step_id from replaced_steps where replacement_id = ?::uuid) and activity_id = ?::uuid
       returning path_id`,
      [one.from_activity, one.from_title, id, one.to_activity],
    );
    await this.renew(rows.map((row) => row.path_id));
  }

  /** Gives paths a new version, so that an open builder does not overwrite the change, and tells their boards. */
  private async renew(pathIds: readonly string[]): Promise<void> {
    const ids = [...new Set(pathIds)];
    await this.knex('paths')
      .whereRaw('id = any(?::uuid[])', [ids])
      .update({ version: this.knex.raw('version + 1'), updated_at: this.knex.fn.now() });
    const running: string[] = await this.knex('assignments')
      .whereRaw('path_id = any(?::uuid[])', [ids])
      .whereNull('ended_at')
      .limit(mostShown)
      .pluck('id');
    for (const assignmentId of running) await this.live.publish('board', { assignmentId }, { kind: 'assignment' });
  }

  private async withClassNames(rows: readonly (AffectedPath & { class_ids: string[] })[]): Promise<AffectedPath[]> {
    const ids = [...new Set(rows.flatMap((row) => row.class_ids))];
    const classes = ids.length === 0 ? [] : await this.directory.classes.getMany(ids);
    const names = new Map(classes.map((each) => [each.id, each.name]));
    return rows.map(({ class_ids, ...row }) => ({
      ...row,
      classes: class_ids.flatMap((id) => names.get(id) ?? []).sort((a, b) => a.localeCompare(b, 'nl', { numeric: true })),
    }));
  }

  /** Runs a query on `dead`, steps with an activity that cannot be opened, and `given`, pupils with one of their paths. */
  private async query<Row>(sql: string, bindings: readonly unknown[]): Promise<Row[]> {
    const { activities } = this.library;
    const licences = await activities.sourceLicences();
    const dead = this.dead(await activities.usableToolSources(), await activities.switchedOffSources(), licences);
    const { rows } = await this.knex.raw<{ rows: Row[] }>(`with ${dead.sql}, ${given} ${sql}`, [
      ...dead.bindings,
      ...bindings,
    ] as string[]);
    return rows;
  }

  private dead(inService: readonly string[], switchedOff: readonly string[], licences: readonly SourceLicence[]): Sql {
    const unlicensed = licences.filter(({ allowed }) => !allowed).map(({ source }) => source);
    const ending = licences.filter(({ endsSoon }) => endsSoon).map(({ source }) => source);
    const me = this.principal.id;
    const schools = this.principal.roles.flatMap(({ tenant, role }) =>
      role === 'ict-coordinator' && tenant !== null ? [tenant] : [],
    );
    return {
      sql: `mine as materialized (
        select id, school_id from paths where owner_id = ?::uuid and deleted_at is null
        union select id, school_id from paths where school_id = any(?::uuid[]) and deleted_at is null
        union select p.id, p.school_id from assignments x join paths p on p.id = x.path_id
          where x.assigned_by = ?::uuid and x.ended_at is null and p.school_id is null and p.deleted_at is null
        union select p.id, p.school_id from assignments x join paths p on p.id = x.path_id
          where x.school_id = any(?::uuid[]) and x.ended_at is null and p.school_id is null and p.deleted_at is null),
      dead as materialized (
        select s.activity_id, s.activity_title, s.id as step_id, s.path_id, p.school_id, p.school_id is not null as changeable,
          case when a.id is null then 'missing' when a.state <> 'available' then a.state when a.source = any(?::text[]) then 'licence'
            when not (starts_with(a.source, 'tool:') and not a.source = any(?::text[])) and not a.source = any(?::text[]) then 'licence-ends'
            else 'tool' end as reason
        from mine p
        join steps s on s.path_id = p.id and s.removed_at is null and s.activity_id is not null
        left join library.activity_states a on a.id = s.activity_id
        where a.id is null or a.state <> 'available' or (starts_with(a.source, 'tool:') and not a.source = any(?::text[]))
          or a.source = any(?::text[]) or a.source = any(?::text[]) or a.source = any(?::text[]))`,
      bindings: [
        ...[me, schools, me, schools, unlicensed, [...inService], [...switchedOff]],
        ...[[...inService], [...switchedOff], ending, unlicensed],
      ],
    };
  }
}

const levelBeside = (one: number | null, other: number | null): Alternative['easier'] =>
  one === null || other === null || one === other ? null : one < other ? 'easier' : 'harder';

/** Pupils who have a path of `dead`, and classes that have none. */
const given = `given as (
  select x.path_id, x.class_id, m.person_id
  from assignments x
  left join directory.class_members m on m.class_id = x.class_id and m.role = 'pupil'
    and (x.whole_class or exists (
      select from assignment_pupils chosen where chosen.assignment_id = x.id and chosen.pupil_id = m.person_id))
  where x.ended_at is null and x.path_id in (select path_id from dead))`;
