import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { ServiceLevel, Ticket, TicketSegment } from '../models.js';
import { isLegalHoliday } from './holidays.js';
import { afterOpenTime, type Hours, isOpen, openTime } from './working-time.js';

export type Phase = TicketSegment['state'];

/** What a clock shows. */
export interface Reading {
  /** Milliseconds within opening hours that it has run. */
  elapsed: number;
  /** When the time is over; null while it does not run, and if it never ends. */
  due: Date | null;
  late: boolean;
}

type Segment = Pick<TicketSegment, 'state' | 'at' | 'level_id' | 'target_minutes'>;

/**
 * Reads a clock from its segments, oldest first. Each stretch is counted by the hours of its own level; the target is that of the last
 * segment, so a change of priority keeps what was paused.
 */
export async function readClock(segments: readonly Segment[], hoursOf: (level: string) => Hours, now: Date): Promise<Reading> {
  const last = segments.at(-1);
  if (last === undefined) return { elapsed: 0, due: null, late: false };
  const target = last.target_minutes * 60_000;
  let elapsed = 0;
  let over: Date | null = null;
  for (const [at, segment] of segments.entries()) {
    if (segment.state !== 'run') continue;
    const end = segments[at + 1]?.at ?? now;
    const ran = await openTime(hoursOf(segment.level_id), segment.at, end);
    if (over === null && elapsed + ran > target)
      over = await afterOpenTime(hoursOf(segment.level_id), segment.at, target - elapsed);
    elapsed += ran;
  }
  if (last.state !== 'run') return { elapsed, due: null, late: over !== null };
  const due = over ?? (await afterOpenTime(hoursOf(last.level_id), now > last.at ? now : last.at, target - elapsed));
  return { elapsed, due, late: over !== null };
}

/** The two clocks of tickets: to the first answer, and to the solution. */
export class Clocks {
  readonly #services: Pick<Dependencies, 'ServiceLevel' | 'Ticket' | 'TicketSegment' | 'calendar' | 'clock'>;

  constructor({ ServiceLevel, Ticket, TicketSegment, calendar, clock }: Dependencies) {
    this.#services = { ServiceLevel, Ticket, TicketSegment, calendar, clock };
  }

  /**
   * Lets the clocks of a ticket run, pause or stop from now on, under the level of its line and priority, and stores when they are over. A
   * ticket that is with a teacher has no clocks.
   */
  async follow(ticket: Ticket, phase: Phase): Promise<void> {
    const { Ticket } = this.#services;
    const level = await this.#levelOf(ticket);
    const before = await this.#segmentsOf(ticket.id);
    if (level === undefined && before.length === 0) return;
    const place = ticket.priority - 1;
    const wanted = {
      first: { state: ticket.answered_at === null ? phase : 'stop', target: level?.first_minutes[place] ?? 0 },
      solve: { state: phase, target: level?.solve_minutes[place] ?? 0 },
    } as const;
    for (const clock of ['first', 'solve'] as const) {
      const last = before.filter((each) => each.clock === clock).at(-1);
      const { state, target } = wanted[clock];
      const same = last?.state === state && (state === 'stop' || (last.level_id === level?.id && last.target_minutes === target));
      if (same || (last === undefined && state !== 'run')) continue;
      before.push(
        await this.#add(
          ticket,
          clock,
          level === undefined ? 'stop' : state,
          level?.id ?? last?.level_id,
          target || last?.target_minutes,
        ),
      );
    }
    const [first, solve] = await this.#read(ticket, before);
    const due = [first.due, solve.due].flatMap((each) => each ?? []).sort((one, other) => one.getTime() - other.getTime())[0];
    const stored = { first_due_at: first.due, solve_due_at: solve.due, due_at: due ?? null };
    Object.assign(ticket, stored);
    await Ticket.query().findById(ticket.id).patch(stored);
  }

  /** What both clocks of a ticket show now. */
  async readings(ticket: Ticket): Promise<{ first: Reading; solve: Reading }> {
    const [first, solve] = await this.#read(ticket, await this.#segmentsOf(ticket.id));
    return { first, solve };
  }

  /** Whether the line of a ticket is open now, and the milliseconds within its hours until a moment. */
  async opening(ticket: Ticket, until: Date): Promise<{ open: boolean; left: number }> {
    const level = await this.#levelOf(ticket);
    if (level === undefined) return { open: false, left: Infinity };
    const hours = this.#hours(level, ticket.school_id);
    const now = this.#services.clock.now();
    return { open: await isOpen(hours, now), left: await openTime(hours, now, until) };
  }

  async #read(ticket: Ticket, segments: readonly TicketSegment[]): Promise<[Reading, Reading]> {
    const ids = [...new Set(segments.map(({ level_id }) => level_id))];
    const levels = ids.length === 0 ? [] : await this.#services.ServiceLevel.query().findByIds(ids);
    const hours = new Map(levels.map((level) => [level.id, this.#hours(level, ticket.school_id)]));
    const read = (clock: TicketSegment['clock']) =>
      readClock(
        segments.filter((each) => each.clock === clock),
        (level) => hours.get(level) as Hours,
        this.#services.clock.now(),
      );
    return [await read('first'), await read('solve')];
  }

  #hours(level: ServiceLevel, school: string | null): Hours {
    const { calendar } = this.#services;
    return {
      zone: level.zone,
      hours: level.hours,
      isClosed: async (day) =>
        (level.legal_holidays && isLegalHoliday(day)) ||
        (level.school_holidays && school !== null && !(await calendar.isSchoolDay(school, day))),
    };
  }

  async #levelOf({ line }: Ticket): Promise<ServiceLevel | undefined> {
    if (line === 'teacher') return undefined;
    return this.#services.ServiceLevel.query().findOne({ line }).whereNull('replaced_at');
  }

  async #segmentsOf(ticketId: string): Promise<TicketSegment[]> {
    return this.#services.TicketSegment.query().where({ ticket_id: ticketId }).orderBy('id').limit(500);
  }

  async #add(
    { id, school_id, provider_id }: Ticket,
    clock: TicketSegment['clock'],
    state: Phase,
    level_id: string | undefined,
    target_minutes: number | undefined,
  ): Promise<TicketSegment> {
    return this.#services.TicketSegment.query().insertAndFetch({
      ...{ ticket_id: id, school_id, provider_id, clock, state, at: raw('now()') as never },
      ...(level_id === undefined ? {} : { level_id }),
      ...(target_minutes === undefined ? {} : { target_minutes }),
    });
  }
}
