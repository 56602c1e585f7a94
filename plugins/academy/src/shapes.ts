import { isStorableDay } from '@ilearn/core';
import { z } from 'zod';
import { enrolmentStates } from './states.js';

/** A calendar day, `2027-03-29`. */
export const day = z.iso.date().refine(isStorableDay, 'must be in the year 1 or later');

/** Shapes of the routes that several folders use. */

export const id = z.object({ id: z.uuid() });
export const audiences = ['teacher', 'ict-coordinator', 'principal'] as const;
export const levels = ['nursery', 'primary', 'secondary'] as const;
/** Where an event takes place: a Flemish province, Brussels, or online. */
export const regions = ['antwerp', 'limburg', 'east-flanders', 'flemish-brabant', 'west-flanders', 'brussels', 'online'] as const;

const text = (max: number) => z.string().trim().max(max);
const words = z.array(text(80).min(1)).max(20);

export const trainingInput = z.strictObject({
  title: text(200).min(1),
  story: text(10_000).default(''),
  goals: text(4_000).default(''),
  tools: words.default([]),
  foci: words.default([]),
  audience: z.array(z.enum(audiences)).max(3).default([]),
  levels: z.array(z.enum(levels)).max(3).default([]),
  minutes: z.int().min(1).max(60_000).nullable().default(null),
  language: z.enum(['nl', 'fr', 'en', 'de']).default('nl'),
  cost: text(200).default(''),
  certificate: z.enum(['none', 'attended', 'all-sessions']).default('attended'),
  state: z.enum(['draft', 'published', 'archived']).default('draft'),
  forAll: z.boolean().default(true),
  schools: z.array(z.uuid()).max(2_000).default([]),
  groups: z.array(z.uuid()).max(200).default([]),
  pathId: z.uuid().nullable().default(null).describe('A path of MyWay that people follow in their own time'),
});
export type TrainingInput = z.output<typeof trainingInput>;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 14:30');
/** An IANA zone that this machine knows. */
const zone = z.string().max(60).refine(isZone, 'must be an IANA time zone such as Europe/Brussels');

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z][A-Za-z_]+\/[A-Za-z_/+-]+$/.test(name);
  } catch {
    return false;
  }
}

export const sessionInput = z
  .strictObject({
    id: z.uuid().optional(),
    day,
    starts: time,
    ends: time,
    zone: zone.default('Europe/Brussels'),
    room: text(200).default(''),
    link: z.union([z.literal(''), z.url({ protocol: /^https$/ }).max(500)]).default(''),
  })
  .refine(({ starts, ends }) => starts < ends, { path: ['ends'], message: 'must be after the start' });
export type SessionInput = z.output<typeof sessionInput>;

const moment = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

export const eventInput = z
  .strictObject({
    capacity: z.int().min(0).max(10_000),
    minimum: z.int().min(0).max(10_000).default(0),
    waitingList: z.boolean().default(true),
    promotion: z.enum(['book', 'offer']).default('book'),
    offerHours: z.int().min(1).max(336).default(48),
    approval: z.enum(['none', 'principal', 'provider']).default('none'),
    opensAt: moment.nullable().default(null),
    closesAt: moment.nullable().default(null),
    cancelBy: moment.nullable().default(null),
    region: z.enum(regions).default('online'),
    trainers: z.array(z.uuid()).max(20).default([]),
    sessions: z.array(sessionInput).max(50),
  })
  .refine(({ opensAt, closesAt }) => opensAt === null || closesAt === null || opensAt < closesAt, {
    path: ['closesAt'],
    message: 'must be after the opening',
  });
export type EventInput = z.output<typeof eventInput>;

export const session = z.object({
  id: z.uuid(),
  day: z.string(),
  starts: z.string().describe('What the clock shows in the zone'),
  ends: z.string(),
  zone: z.string(),
  room: z.string(),
  link: z.string(),
  startsAt: z.date(),
  endsAt: z.date(),
});

export const training = z.object({
  id: z.uuid(),
  provider: z.uuid(),
  providerName: z.string(),
  title: z.string(),
  story: z.string(),
  goals: z.string(),
  tools: z.array(z.string()).max(20),
  foci: z.array(z.string()).max(20),
  audience: z.array(z.string()).max(3),
  levels: z.array(z.string()).max(3),
  minutes: z.int().nullable(),
  language: z.string(),
  cost: z.string(),
  certificate: z.string(),
  state: z.string(),
  forAll: z.boolean(),
  schools: z.array(z.uuid()).max(2_000),
  groups: z.array(z.uuid()).max(200),
  pathId: z.uuid().nullable().describe('A path of MyWay that people follow in their own time'),
});

export const event = z.object({
  id: z.uuid(),
  state: z.string(),
  capacity: z.int(),
  minimum: z.int(),
  waitingList: z.boolean(),
  promotion: z.string(),
  offerHours: z.int(),
  approval: z.string(),
  opensAt: z.date().nullable(),
  closesAt: z.date().nullable(),
  cancelBy: z.date().nullable(),
  region: z.string(),
  selfPaced: z.boolean().describe('Without dates: people follow the path of the training'),
  startsAt: z.date().nullable(),
  endsAt: z.date().nullable(),
  trainers: z.array(z.uuid()).max(20),
  sessions: z.array(session).max(50),
  taken: z.int().describe('Seats that somebody has or is offered'),
  waiting: z.int().describe('People in the queue'),
});

export const enrolmentState = z.enum(enrolmentStates);
export const enrolment = z.object({
  id: z.uuid(),
  event: z.uuid(),
  state: enrolmentState,
  offeredUntil: z.date().nullable(),
  reason: z.string(),
});
