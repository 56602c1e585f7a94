import type { Dependencies } from '../dependencies.js';
import { placeOf } from '../place.js';

const batch = 500;

/** Reminds people the day before a session. */
export class Reminders {
  readonly #services: Pick<Dependencies, 'knex' | 'calendar' | 'notifications'>;

  constructor({ knex, calendar, notifications }: Dependencies) {
    this.#services = { knex, calendar, notifications };
  }

  /**
   * Reads who has a seat now, and not who had one when the reminder was planned: nothing is planned. Days are those of the portal's calendar,
   * and of the place of the session. Returns whether there may be more.
   */
  async send(): Promise<boolean> {
    const { knex, calendar, notifications } = this.#services;
    const today = await calendar.today();
    const rows: { event_id: string; person_id: string; title: string; starts: string; room: string }[] = await knex
      .with(
        'due',
        knex('enrolments as e')
          .join('events as v', 'v.id', 'e.event_id')
          .join('trainings as t', 't.id', 'v.training_id')
          .join('sessions as s', 's.event_id', 'v.id')
          .where({ 'e.state': 'booked', 'v.state': 'planned', 's.cancelled': false })
          .whereNotNull('e.person_id')
          .whereRaw('s.day = ?::date + 1', [today])
          .whereRaw('(e.reminded_on is null or e.reminded_on < ?::date)', [today])
          .distinctOn('e.id')
          .orderBy(['e.id', 's.starts_at'])
          .limit(batch)
          .select('e.id', 'e.event_id', 'e.person_id', 't.title', 's.starts'),
      )
      .with('noted', knex('enrolments').whereIn('id', knex('due').select('id')).update({ reminded_on: today }).returning('id'))
      .from('due')
      .whereIn('id', knex('noted').select('id'))
      .select('event_id', 'person_id', 'title', 'starts');
    const byEvent = grouped(rows);
    for (const [event, people] of byEvent) {
      const [{ title, starts }] = people as [(typeof rows)[number]];
      await notifications?.notify.send({
        kind: 'academy.reminder',
        to: people.map(({ person_id }) => person_id),
        place: placeOf(event),
        params: { title: title.slice(0, 200), time: starts.slice(0, 5) },
      });
    }
    return rows.length === batch;
  }
}

function grouped<T extends { event_id: string }>(rows: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(row.event_id, [...(groups.get(row.event_id) ?? []), row]);
  return groups;
}
