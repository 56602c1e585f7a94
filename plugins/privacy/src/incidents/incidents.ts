import { conflict, notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { officersOf } from '../officers.js';
import { type IncidentAction, type IncidentRisk, type IncidentState, incidentTransitionOf, notificationHours } from './states.js';

/** What is written about an incident. */
export interface IncidentFields {
  what: string;
  began_at: Date | null;
  categories: string[];
  people_count: number | null;
  records_count: number | null;
  risk: IncidentRisk | null;
  consequences: string;
  measures: string;
  reason: string;
  contact_point: string;
  lessons: string;
}

export interface IncidentRow extends IncidentFields {
  id: string;
  number: string;
  /** Null: of the operator. */
  school_id: string | null;
  state: IncidentState;
  aware_at: Date;
  due_at: Date;
  notified_at: Date | null;
  closed_at: Date | null;
}

/** Most people of an incident that are kept, and read at a time. */
export const mostAffected = 5_000;
export const affectedPage = 200;
export const mostIncidents = 100;

type Services = Pick<Dependencies, 'knex' | 'principal' | 'privacy' | 'directory' | 'clock' | 'actAs' | 'notifications'>;

/** Incidents with personal data, for those who answer for a school or for the portal. */
export class Incidents {
  readonly #services: Services;
  readonly #knex: Knex;

  constructor({ knex, principal, privacy, directory, clock, actAs, notifications }: Services) {
    this.#services = { knex, principal, privacy, directory, clock, actAs, notifications };
    this.#knex = knex;
  }

  /** Open ones by deadline, then the latest that are closed; one more than a list has, to see whether there are more. */
  list(): Promise<IncidentRow[]> {
    return this.#knex('incidents')
      .orderByRaw('closed_at is not null, case when closed_at is null then due_at end, closed_at desc, id')
      .limit(mostIncidents + 1);
  }

  /** @throws Problem 404 */
  async get(id: string) {
    const incident: IncidentRow | undefined = await this.#knex('incidents').where({ id }).first();
    if (incident === undefined) throw notFound();
    const steps: { action: string; state: string; by_id: string | null; at: Date }[] = await this.#knex('incident_steps')
      .where({ incident_id: id })
      .orderBy('id')
      .limit(mostIncidents);
    const people = await this.#knex('incident_people').where({ incident_id: id }).count('* as n').first();
    return { incident, steps, people: Number(people?.['n'] ?? 0) };
  }

  /**
   * Those who answer for the same data are notified.
   *
   * @param school null: the operator
   * @param awareAt when somebody became aware of it: the 72 hours are counted from then
   */
  async record(school: string | null, what: string, awareAt: Date): Promise<string> {
    if (awareAt > this.#services.clock.now()) throw missing('awareAt', 'Nobody knows of it in the future.');
    const due = new Date(awareAt.getTime() + notificationHours * 3_600_000);
    const [row] = await this.#knex('incidents')
      .insert({ school_id: school, what, aware_at: awareAt, due_at: due, state: 'open' })
      .returning(['id']);
    await this.#step({ id: row.id, school_id: school, state: 'open' }, 'record');
    await this.#notify(school, `/beheer/privacy/incidenten/${row.id}`);
    return row.id;
  }

  async write(id: string, fields: IncidentFields): Promise<void> {
    const written = await this.#knex('incidents')
      .where({ id })
      .whereNot({ state: 'closed' })
      .update({ ...fields, updated_at: this.#knex.fn.now() });
    if (written === 0) await this.#refuse(id);
  }

  /**
   * The one way in which an incident changes its state.
   *
   * @throws Problem 404, 409 `privacy/not-now`, 400 `privacy/missing-text` naming what has to be filled in first
   */
  async change(id: string, action: IncidentAction): Promise<void> {
    const row: IncidentRow | undefined = await this.#knex('incidents').where({ id }).forUpdate().first();
    if (row === undefined) throw notFound();
    const transition = incidentTransitionOf(action, row.state);
    if (transition === undefined) throw notNow();
    const late = action === 'notify' && this.#services.clock.now() > row.due_at;
    // Art. 33(1): a notification that comes later than 72 hours says why.
    const needs = late ? [...transition.needs, 'reason' as const] : transition.needs;
    for (const need of needs) if (!row[need]) throw missing(need, 'Fill this in first.');
    if (action === 'keep-inside' && row.risk !== 'none') throw missing('risk', 'An incident with a risk to people is notified.');
    await this.#knex('incidents')
      .where({ id })
      .update({
        state: transition.to,
        ...(action === 'notify' ? { notified_at: this.#knex.fn.now() } : {}),
        closed_at: action === 'close' ? this.#knex.fn.now() : null,
        updated_at: this.#knex.fn.now(),
      });
    await this.#step({ ...row, state: transition.to }, action);
  }

  /**
   * Looks in the audit log whose data somebody, or a route, saw or changed in a period, and adds them to those who are affected. Ids that
   * are no people of the caller's schools are left out.
   */
  async find(
    id: string,
    query: { actor: string | null; route: string | null; since: Date; until: Date },
    language: string,
  ): Promise<{ added: number; more: boolean; routes: { route: string; doing: string; times: number }[] }> {
    const { incident, people: known } = await this.get(id);
    const { ids, more, routes } = await this.#services.privacy.affected(query, language);
    const people = (await this.#services.directory.people.getMany(ids)).slice(0, Math.max(0, mostAffected - known));
    if (people.length === 0) return { added: 0, more, routes };
    const rows = people.map((person) => ({ incident_id: id, school_id: incident.school_id, person_id: person.id }));
    const added: unknown[] = await this.#knex('incident_people').insert(rows).onConflict().ignore().returning('person_id');
    return { added: added.length, more, routes };
  }

  /** Ids of those who are affected, in the order of the ids. */
  peopleOf(id: string, after: string | null): Promise<string[]> {
    const found = this.#knex('incident_people')
      .where({ incident_id: id })
      .orderBy('person_id')
      .limit(affectedPage + 1);
    if (after !== null) found.where('person_id', '>', after);
    return found.pluck('person_id');
  }

  async remove(id: string, personId: string): Promise<void> {
    const removed = await this.#knex('incident_people').where({ incident_id: id, person_id: personId }).delete();
    if (removed === 0) throw notFound();
  }

  async counts(): Promise<{ open: number; dueAt: Date | null }> {
    const row = await this.#knex('incidents')
      .where({ state: 'open' })
      .select(this.#knex.raw('count(*)::int as open'), this.#knex.raw('min(due_at) as "dueAt"'))
      .first();
    return row as unknown as { open: number; dueAt: Date | null };
  }

  /** Tells the others who answer for the same data. */
  async #notify(school: string | null, place: string): Promise<void> {
    const { principal, actAs, notifications } = this.#services;
    const to = (await officersOf({ actAs }, school)).filter((id) => id !== principal.id);
    if (to.length > 0) await notifications?.notify.send({ kind: 'privacy.incident-recorded', to, place });
  }

  async #refuse(id: string): Promise<never> {
    await this.get(id);
    throw notNow();
  }

  async #step({ id, school_id, state }: Pick<IncidentRow, 'id' | 'school_id' | 'state'>, action: IncidentAction): Promise<void> {
    const { kind, id: by } = this.#services.principal;
    await this.#knex('incident_steps').insert({
      incident_id: id,
      school_id,
      action,
      state,
      by_id: kind === 'person' ? by : null,
    });
  }
}

const notNow = (): Problem => conflict('privacy/not-now', 'The incident is in a state in which this cannot be done.');

const missing = (field: string, message: string): Problem =>
  new Problem({
    type: 'privacy/missing-text',
    status: 400,
    title: 'Text missing',
    errors: [{ in: 'body', pointer: `/${field}`, message }],
  });
