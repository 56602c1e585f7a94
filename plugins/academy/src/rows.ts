import type { z } from 'zod';
import type { Enrolment, Event, Session, Training } from './models.js';
import type { enrolment, event, session, training } from './shapes.js';

/** Rows as the routes answer them. */

export const trainingOf = (row: Training): z.input<typeof training> => ({
  id: row.id,
  provider: row.provider_id,
  providerName: row.provider_name,
  title: row.title,
  story: row.story,
  goals: row.goals,
  tools: row.tools,
  foci: row.foci,
  audience: row.audience,
  levels: row.levels,
  minutes: row.minutes,
  language: row.language,
  cost: row.cost,
  certificate: row.certificate,
  state: row.state,
  forAll: row.for_all,
  schools: row.school_ids,
  groups: row.group_ids,
  pathId: row.path_id,
});

export const sessionOf = (row: Session): z.input<typeof session> => ({
  id: row.id,
  day: row.day,
  starts: row.starts.slice(0, 5),
  ends: row.ends.slice(0, 5),
  zone: row.zone,
  room: row.room,
  link: row.link,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
});

export interface Seats {
  taken: number;
  waiting: number;
}

export const eventOf = (row: Event, seats: Seats | undefined): z.input<typeof event> => ({
  id: row.id,
  state: row.state,
  capacity: row.capacity,
  minimum: row.minimum,
  waitingList: row.waiting_list,
  promotion: row.promotion,
  offerHours: row.offer_hours,
  approval: row.approval,
  opensAt: row.opens_at,
  closesAt: row.closes_at,
  cancelBy: row.cancel_by,
  region: row.region,
  selfPaced: row.self_paced,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  trainers: row.trainer_ids,
  sessions: (row.sessions ?? []).filter(({ cancelled }) => !cancelled).map(sessionOf),
  taken: seats?.taken ?? 0,
  waiting: seats?.waiting ?? 0,
});

export const enrolmentOf = (row: Enrolment): z.input<typeof enrolment> => ({
  id: row.id,
  event: row.event_id,
  state: row.state,
  offeredUntil: row.offered_until,
  reason: row.reason,
});
