import { createHash, randomBytes } from 'node:crypto';
import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment, Event, Session } from '../models.js';
import type { Catalogue } from '../trainings/catalogue.js';
import { type CalendarEntry, icsOf } from './ics.js';

/** Sessions in a feed end so many days ago at most. */
const feedDays = 90;
const mostInFeed = 500;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** iCalendar files and feeds of a person's sign-ups. */
export class Calendars {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'knex' | 'Enrolment' | 'actAs' | 'clock' | 'portal' | 'directory'>;
  readonly #catalogue: Catalogue;

  constructor({
    principal,
    knex,
    Enrolment,
    actAs,
    clock,
    portal,
    directory,
    catalogue,
  }: Dependencies & { catalogue: Catalogue }) {
    this.#principal = principal;
    this.#services = { knex, Enrolment, actAs, clock, portal, directory };
    this.#catalogue = catalogue;
  }

  /**
   * The file of one's own sign-up for an event.
   *
   * @throws 404 if the person was never booked for it
   */
  async file(eventId: string): Promise<string> {
    const file = await this.#fileOf(this.#principal.id as string, eventId);
    if (file === null) throw notFound();
    return file.text;
  }

  /** The file of a person's sign-up for an event, as it is now; null if they were never booked for it. Runs as the portal. */
  fileFor(person: string, eventId: string): Promise<{ method: string; text: string } | null> {
    return this.#services.actAs(systemPrincipal(), ({ calendars }: { calendars: Calendars }) =>
      calendars.#fileOf(person, eventId),
    );
  }

  /** `REQUEST` while booked, else `CANCEL`. */
  async #fileOf(person: string, eventId: string): Promise<{ method: string; text: string } | null> {
    const { Enrolment, clock, directory } = this.#services;
    const rows = await Enrolment.query().where({ event_id: eventId, person_id: person }).orderBy('created_at', 'desc').limit(50);
    const booked = rows.find(({ state }) => isBooked(state)) ?? rows[0];
    const event = (await this.#catalogue.events([eventId])).get(eventId);
    const entries = booked === undefined || event === undefined ? [] : await this.#entries([booked], new Map([[eventId, event]]));
    if (booked === undefined || event === undefined || entries.length === 0) return null;
    const cancelled = !isBooked(booked.state);
    const method = cancelled ? 'CANCEL' : 'REQUEST';
    const text = await icsOf({
      method,
      name: event.training?.title ?? '',
      now: clock.now(),
      organizer: this.#organizer(event.training?.provider_name ?? ''),
      attendee: await directory.people.emailOf(person),
      entries: cancelled ? entries : entries.filter((entry) => !entry.cancelled),
    });
    return { method, text };
  }

  /** Whether the caller has a feed. */
  async hasFeed(): Promise<boolean> {
    return (
      (await this.#services.knex('calendar_feeds').where({ person_id: this.#principal.id }).first('person_id')) !== undefined
    );
  }

  /** Makes the address of the caller's feed; an earlier one ends. It is shown once, since only its hash is stored. */
  async openFeed(): Promise<string> {
    const secret = randomBytes(24).toString('base64url');
    const row = { person_id: this.#principal.id, secret_hash: hashOf(secret) };
    await this.#services
      .knex('calendar_feeds')
      .insert(row)
      .onConflict('person_id')
      .merge({ secret_hash: row.secret_hash, updated_at: this.#services.knex.fn.now() });
    return `${this.#services.portal.url}/api/academy/calendar/${secret}.ics`;
  }

  async closeFeed(): Promise<void> {
    await this.#services.knex('calendar_feeds').where({ person_id: this.#principal.id }).delete();
  }

  /** The feed at a secret address. Nobody is signed in: the address is the right to it. */
  async feed(secret: string): Promise<string> {
    const { actAs, knex, clock } = this.#services;
    const row = await knex('calendar_feeds')
      .where({ secret_hash: hashOf(secret) })
      .first('person_id');
    if (row === undefined) throw notFound();
    return actAs(
      systemPrincipal(),
      async ({ Enrolment, calendars, catalogue }: Dependencies & { calendars: Calendars; catalogue: Catalogue }) => {
        const rows = await Enrolment.query()
          .where({ person_id: row.person_id })
          .whereIn('event_id', knex('events').select('id').whereRaw('ends_at > now() - make_interval(days => ?)', [feedDays]))
          .orderBy('created_at')
          .limit(mostInFeed);
        const events = await catalogue.events([...new Set(rows.map(({ event_id }) => event_id))]);
        // Of several sign-ups for an event, the last says how it is.
        const last = [...new Map(rows.map((each) => [each.event_id, each])).values()];
        return icsOf({
          method: 'PUBLISH',
          name: 'i-Learn Academie',
          now: clock.now(),
          organizer: calendars.#organizer('i-Learn'),
          attendee: null,
          entries: await calendars.#entries(last, events),
        });
      },
    );
  }

  /** Sessions of these sign-ups, as far as they were ever in the person's calendar. */
  async #entries(enrolments: readonly Enrolment[], events: ReadonlyMap<string, Event>): Promise<CalendarEntry[]> {
    const steps = await this.#stepsOf(enrolments);
    return enrolments.flatMap((enrolment) => {
      const event = events.get(enrolment.event_id);
      const changes = steps.get(`${enrolment.person_id} ${enrolment.event_id}`) ?? 0;
      if (event === undefined || changes === 0) return [];
      return (event.sessions ?? []).map((session) => this.#entry(session, event, enrolment, changes - 1));
    });
  }

  #entry(session: Session, event: Event, enrolment: Enrolment, changes: number): CalendarEntry {
    const { portal } = this.#services;
    const uid = hashOf(`${session.id} ${enrolment.person_id}`).slice(0, 32);
    const changedAt = session.changed_at > enrolment.updated_at ? session.changed_at : enrolment.updated_at;
    return {
      uid: `${uid}@${new URL(portal.url).hostname}`,
      sequence: session.sequence + changes,
      title: event.training?.title ?? '',
      day: session.day,
      starts: session.starts,
      ends: session.ends,
      zone: session.zone,
      startsAt: session.starts_at,
      endsAt: session.ends_at,
      place: [session.room, session.link].filter(Boolean).join(' '),
      url: `${portal.url}/academie/mijn/${event.id}`,
      cancelled: session.cancelled || !isBooked(enrolment.state),
      changedAt,
    };
  }

  /**
   * How often each person's sign-ups for an event came into their calendar or went out of it, by person and event. One statement, as the
   * portal: a feed has no session.
   */
  async #stepsOf(enrolments: readonly Enrolment[]): Promise<Map<string, number>> {
    if (enrolments.length === 0) return new Map();
    const rows = await this.#services.actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('enrolments as e')
        .join('enrolment_states as s', 's.enrolment_id', 'e.id')
        .whereRaw('e.event_id = any(?::uuid[])', [enrolments.map(({ event_id }) => event_id)])
        .whereRaw('e.person_id = any(?::uuid[])', [enrolments.flatMap(({ person_id }) => person_id ?? [])])
        .whereRaw(`(s.state = 'booked' and s.action <> 'unmark' and s.action <> 'name'
          or s.action in ('cancel', 'cancel-event', 'demote') and exists (
            select from enrolment_states b where b.enrolment_id = e.id and b.id < s.id and b.state = 'booked'))`)
        .groupBy('e.person_id', 'e.event_id')
        .select('e.person_id', 'e.event_id', knex.raw('count(*)::int as steps')),
    );
    return new Map(
      (rows as { person_id: string; event_id: string; steps: number }[]).map((row) => [
        `${row.person_id} ${row.event_id}`,
        row.steps,
      ]),
    );
  }

  #organizer(name: string): { name: string; email: string } {
    return { name, email: `no-reply@${new URL(this.#services.portal.url).hostname}` };
  }
}

const isBooked = (state: string): boolean => ['booked', 'attended', 'partial', 'no_show'].includes(state);
