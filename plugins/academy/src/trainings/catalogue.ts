import { notFound, systemPrincipal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { QueryBuilder } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Event, Training } from '../models.js';
import type { Seats } from '../rows.js';
import { seated } from '../states.js';
import { type Reach, reachOf } from './reach.js';

/**
 * What people of schools see of trainings: those that are published, for everyone or for their school. Tables of trainings belong to the
 * provider, so this service reads them as the portal; nothing else of the plugin does for people of schools.
 */
export class Catalogue {
  readonly #actAs: Dependencies['actAs'];

  constructor({ actAs }: Dependencies) {
    this.#actAs = actAs;
  }

  /** A published training with its events to come, oldest first, and how many seats of each are taken. */
  async get(id: string, schools: readonly string[]): Promise<{ training: Training; seats: Map<string, Seats> }> {
    return this.#read(async ({ Training, knex, clock, directory }) => {
      const reach = await reachOf(directory, schools);
      const training = await Training.query()
        .findById(id)
        .modify((query) => published(query, reach))
        .withGraphFetched('events.sessions')
        .modifyGraph('events', (events) => {
          events
            .where((either) => either.whereNull('starts_at').orWhere('ends_at', '>', clock.now()))
            .where({ state: 'planned', self_paced: false })
            .orderByRaw('starts_at nulls last, id')
            .limit(mostEvents);
        })
        .modifyGraph('events.sessions', (sessions) => sessions.orderBy('starts_at'));
      if (training === undefined) throw notFound();
      return {
        training,
        seats: await seatsOf(
          knex,
          (training.events ?? []).map((event) => event.id),
        ),
      };
    });
  }

  /** @throws 404 unless people of one of these schools may sign up for the event */
  async mayEnrol(event: string, schools: readonly string[]): Promise<void> {
    const found = await this.#read(async ({ Event, Training, directory }) => {
      const reach = await reachOf(directory, schools);
      const open = Training.query()
        .select('id')
        .modify((query) => published(query, reach));
      return Event.query().findById(event).whereIn('training_id', open).select('id');
    });
    if (found === undefined) throw notFound();
  }

  /** These events with their trainings and sessions, for people who have a sign-up for them. */
  async events(ids: readonly string[]): Promise<Map<string, Event>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#read(({ Event }) =>
      Event.query()
        .findByIds([...ids])
        .withGraphFetched('[training, sessions]')
        .modifyGraph('sessions', (sessions) => sessions.orderBy('starts_at')),
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Those of these events at whose time the person has a seat in another one. */
  async clashes(person: string, events: readonly string[]): Promise<Set<string>> {
    if (events.length === 0) return new Set();
    const ids = await this.#read(({ knex }) =>
      knex('sessions as wanted')
        .whereRaw('wanted.event_id = any(?::uuid[])', [[...events]])
        .where('wanted.cancelled', false)
        .whereExists(
          knex('enrolments as mine')
            .join('sessions as taken', 'taken.event_id', 'mine.event_id')
            .where({ 'mine.person_id': person, 'taken.cancelled': false })
            .whereIn('mine.state', ['booked', 'offered'])
            .whereRaw('mine.event_id <> wanted.event_id')
            .whereRaw('taken.starts_at < wanted.ends_at and wanted.starts_at < taken.ends_at')
            .select(knex.raw('1')),
        )
        .distinct('wanted.event_id')
        .pluck('wanted.event_id'),
    );
    return new Set(ids as string[]);
  }

  #read<T>(fn: (services: Dependencies) => PromiseLike<T>): Promise<T> {
    return this.#actAs(systemPrincipal(), async (services: Dependencies) => fn(services));
  }
}

/** Events of a training that its page shows. */
export const mostEvents = 100;

/** Limits a query of trainings to those that people of these schools see. The table's columns are not ambiguous where it is used. */
function published(query: QueryBuilder<Training, unknown>, { schools, groups }: Reach): void {
  query.where({ state: 'published' }).where((either) => {
    either
      .where({ for_all: true })
      .orWhereRaw('school_ids && ?::uuid[]', [[...schools]])
      .orWhereRaw('group_ids && ?::uuid[]', [[...groups]]);
  });
}

/** Seats taken and people waiting, by event; one statement. */
export async function seatsOf(knex: Knex, events: readonly string[]): Promise<Map<string, Seats>> {
  if (events.length === 0) return new Map();
  const rows: { event_id: string; taken: number; waiting: number }[] = await knex('enrolments')
    .whereRaw('event_id = any(?::uuid[])', [[...events]])
    .groupBy('event_id')
    .select('event_id')
    .select(knex.raw(`count(*) filter (where state = any(?::text[]))::int as taken`, [[...seated]]))
    .select(knex.raw(`count(*) filter (where state = 'waitlisted')::int as waiting`));
  return new Map(rows.map(({ event_id, taken, waiting }) => [event_id, { taken, waiting }]));
}
