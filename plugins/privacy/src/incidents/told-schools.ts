import { conflict, notFound, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { IncidentRow, Incidents } from './incidents.js';

/** What a school was told about an incident of the operator, as it was then. */
export interface ToldRow {
  id: string;
  incident_id: string;
  school_id: string;
  told_at: Date;
  what: string;
  consequences: string;
  measures: string;
  contact_point: string;
  categories: string[];
  began_at: Date | null;
  people_count: number;
  /** The incident that the school made of it; null until it did. */
  recorded_id: string | null;
}

/** Most schools that are told, and most in a list. */
export const mostTold = 1_000;
const page = 500;

type Services = Pick<Dependencies, 'knex' | 'directory' | 'actAs' | 'notifications' | 'access'>;

/**
 * Schools that the operator tells about an incident that touches their people (GDPR art. 33(2)). The school is the controller: its 72 hours
 * begin when it is told.
 */
export class ToldSchools {
  readonly #services: Services & { incidents: Incidents };
  readonly #knex: Knex;

  constructor({ knex, directory, actAs, notifications, access, incidents }: Services & { incidents: Incidents }) {
    this.#services = { knex, directory, actAs, notifications, access, incidents };
    this.#knex = knex;
  }

  /** Schools that were told, and the number of affected people of each school that was not. @throws Problem 404 */
  async of(id: string): Promise<{ told: ToldRow[]; untold: Map<string, number> }> {
    await this.#ofOperator(id);
    const told: ToldRow[] = await this.#knex('incident_schools').where({ incident_id: id }).orderBy('told_at').limit(mostTold);
    const known = new Set(told.map(({ school_id }) => school_id));
    const people = await this.#peopleBySchool(id);
    return {
      told,
      untold: new Map([...people].flatMap(([school, { length }]) => (known.has(school) ? [] : [[school, length]]))),
    };
  }

  /** Tells each school whose people are affected, once. Returns the number of schools that were told now. @throws Problem 404, 409 */
  async tell(id: string): Promise<number> {
    const incident = await this.#ofOperator(id);
    if (incident.state === 'closed') throw conflict('privacy/not-now', 'The incident is closed.');
    const people = [...(await this.#peopleBySchool(id))].slice(0, mostTold);
    if (people.length === 0) return 0;
    const { what, consequences, measures, contact_point, categories, began_at } = incident;
    const told: ToldRow[] = await this.#knex('incident_schools')
      .insert(
        people.map(([school_id, { length: people_count }]) => ({
          ...{ incident_id: id, school_id, people_count },
          ...{ what, consequences, measures, contact_point, categories, began_at },
        })),
      )
      .onConflict(['incident_id', 'school_id'])
      .ignore()
      .returning('*');
    await this.#services.actAs(systemPrincipal(), async ({ access, notifications }: Dependencies) => {
      const principals = await Promise.all(told.map(({ school_id }) => access.holdersOf('principal', school_id, 100)));
      const to = [...new Set(principals.flat())];
      if (to.length > 0) {
        await notifications?.notify.send({ kind: 'privacy.incident-told', to, place: '/beheer/privacy/incidenten' });
      }
    });
    return told.length;
  }

  /** What the caller's schools were told and did not record yet, the latest first; one more than the list has. */
  open(): Promise<ToldRow[]> {
    return this.#knex('incident_schools')
      .whereNull('recorded_id')
      .orderBy([{ column: 'told_at', order: 'desc' }, { column: 'id' }])
      .limit(page + 1);
  }

  /** Makes an incident of the school of what it was told, with its affected people. Returns the id. @throws Problem 404 */
  async record(id: string): Promise<string> {
    const row: ToldRow | undefined = await this.#knex('incident_schools')
      .where({ id })
      .whereNull('recorded_id')
      .forUpdate()
      .first();
    if (row === undefined) throw notFound();
    const { school_id: school, incident_id: source, what, consequences, measures, contact_point, categories, began_at } = row;
    const recorded = await this.#services.incidents.record(school, what, row.told_at);
    await this.#knex('incidents')
      .where({ id: recorded })
      .update({ consequences, measures, contact_point, categories, began_at, people_count: row.people_count });
    // Who is affected stands in the operator's incident, which the school may not read.
    const people = (
      await this.#services.actAs(systemPrincipal(), ({ toldSchools }: { toldSchools: ToldSchools }) =>
        toldSchools.#peopleBySchool(source),
      )
    ).get(school);
    if (people !== undefined) {
      const rows = people.map((person_id) => ({ incident_id: recorded, school_id: school, person_id }));
      await this.#knex('incident_people').insert(rows).onConflict().ignore();
    }
    await this.#knex('incident_schools').where({ id }).update({ recorded_id: recorded });
    return recorded;
  }

  /** An incident of a school is not the operator's to tell. */
  async #ofOperator(id: string): Promise<IncidentRow> {
    const { incident } = await this.#services.incidents.get(id);
    if (incident.school_id !== null) throw notFound();
    return incident;
  }

  /** Ids of the affected people by school; a person of two schools is in both. */
  async #peopleBySchool(id: string): Promise<Map<string, string[]>> {
    const ids: string[] = await this.#knex('incident_people').where({ incident_id: id }).orderBy('person_id').pluck('person_id');
    const found = new Map<string, string[]>();
    for (let from = 0; from < ids.length; from += page) {
      for (const { id: person, schools } of await this.#services.directory.people.getMany(ids.slice(from, from + page))) {
        for (const school of schools) found.set(school, [...(found.get(school) ?? []), person]);
      }
    }
    return found;
  }
}
