import { forbidden } from '@ilearn/core';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';

export const levelLines = ['school', 'portal', 'provider'] as const;
export type LevelLine = (typeof levelLines)[number];

const endOfDay = 1_440;
/** 23:59 is how people write the end of the day: no minute is lost. */
const until = z
  .int()
  .min(1)
  .max(endOfDay)
  .transform((minutes) => (minutes === endOfDay - 1 ? endOfDay : minutes));
const opening = z
  .tuple([
    z
      .int()
      .min(0)
      .max(endOfDay - 1),
    until,
  ])
  .refine(([from, to]) => from < to, 'must end after it begins');
const ofDay = z
  .array(opening)
  .max(4)
  .refine((openings) => openings.every(([from], at) => at === 0 || (openings[at - 1]?.[1] ?? 0) <= from), 'must not overlap');
const minutes = z.array(z.int().min(1).max(100_000)).length(4);

export const serviceLevelInput = z.strictObject({
  zone: z.enum(['Europe/Brussels', 'UTC']).default('Europe/Brussels'),
  hours: z
    .array(ofDay)
    .length(7)
    .refine((days) => days.some((openings) => openings.length > 0), 'give opening hours for one day at least')
    .describe('For each day of the week, from Monday: openings in minutes since midnight'),
  legalHolidays: z.boolean().describe('Closed on legal holidays'),
  schoolHolidays: z.boolean().describe('Closed on days without lessons at the school of the ticket'),
  firstMinutes: minutes.describe('Minutes to the first answer, by priority from urgent'),
  solveMinutes: minutes.describe('Minutes to the solution'),
});
export type ServiceLevelInput = z.output<typeof serviceLevelInput>;

/** What each line promises. A change makes another version: what was counted stays as it was. */
export class ServiceLevels {
  readonly #services: Pick<Dependencies, 'ServiceLevel' | 'knex' | 'principal'>;

  constructor({ ServiceLevel, knex, principal }: Dependencies) {
    this.#services = { ServiceLevel, knex, principal };
  }

  async now(): Promise<(ServiceLevelInput & { line: LevelLine })[]> {
    const rows = await this.#services.ServiceLevel.query().whereNull('replaced_at').orderBy('line').limit(levelLines.length);
    return rows.map((row) => ({
      line: row.line,
      zone: row.zone as ServiceLevelInput['zone'],
      hours: row.hours,
      legalHolidays: row.legal_holidays,
      schoolHolidays: row.school_holidays,
      firstMinutes: row.first_minutes,
      solveMinutes: row.solve_minutes,
    }));
  }

  async change(line: LevelLine, input: ServiceLevelInput): Promise<void> {
    const { knex, principal } = this.#services;
    if (principal.tenants !== '*') throw forbidden('What the helpdesk promises is for the whole portal.');
    await knex('service_levels').where({ line }).whereNull('replaced_at').update({ replaced_at: knex.fn.now() });
    await knex('service_levels').insert({
      ...{ line, zone: input.zone, hours: JSON.stringify(input.hours) },
      ...{ legal_holidays: input.legalHolidays, school_holidays: input.schoolHolidays },
      ...{ first_minutes: input.firstMinutes, solve_minutes: input.solveMinutes },
    });
  }
}
