import { systemPrincipal } from '@ilearn/core';
import { addDays, brusselsDay, daysBetween } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';
import type { LicenceAccess, Member, ToolLicence } from '../exports.js';
import { conflicting } from '../problems.js';
import { candidatesFor, type FoundCandidate, standingOf } from './candidates.js';
import { type Asker, type Decision, decide, type Reason, reasons } from './decide.js';
import type { SeatLedger } from './seat-ledger.js';

/** For whoever reads the API; people read `problems.<reason>` of the messages. */
const details: Partial<Record<Reason, string>> = {
  full: 'All seats of the licence are taken.',
  'seat-withdrawn': 'The school took the seat of this person back.',
  'not-chosen': 'The school handed the licence out to others only.',
  'not-begun': 'The licence has not begun yet.',
  ended: 'The licence has ended.',
  withdrawn: 'The provider withdrew the licence.',
  none: 'The school has no licence for this tool.',
};

/** How long results are accepted after a licence has ended: work that was begun before is finished and counts. */
const resultDays = 30;
/** From so many days before its end, a licence ends soon. */
export const soonDays = 30;

type Services = Dependencies & { seatLedger: SeatLedger };
type System = Pick<Services, 'knex' | 'seatLedger'>;

/** `licences.decisions` */
export class Access implements LicenceAccess {
  readonly #principal: Dependencies['principal'];
  readonly #clock: Dependencies['clock'];
  readonly #actAs: Dependencies['actAs'];
  /** Asked several times in one unit of work, such as for a page of activities and for its facet. */
  #listed: Promise<ToolLicence[]> | null = null;

  constructor({ principal, clock, actAs }: Services) {
    this.#principal = principal;
    this.#clock = clock;
    this.#actAs = actAs;
  }

  async list(): Promise<ToolLicence[]> {
    const { tenants, kind, id } = this.#principal;
    if (tenants === '*') return [];
    this.#listed ??= this.#listFor(tenants, kind === 'person' ? id : null, (school) => this.#isStaff(school, 'Instructor'));
    return this.#listed;
  }

  /** Of one school, for its staff. */
  ofSchool(school: string): Promise<ToolLicence[]> {
    return this.#listFor([school], null, () => true);
  }

  async enter({ tool, school, person, role }: Parameters<LicenceAccess['enter']>[0]): Promise<void> {
    const today = this.#today();
    const asker = { staff: this.#isStaff(school, role), person: true };
    this.#listed = null;
    await this.#asSystem(async ({ knex, seatLedger }) => {
      const found = () => candidatesFor(knex, { schools: [school], person, tools: [tool], today });
      const before = await found();
      if (before.tools.length === 0) return;
      let decision = decide(before.candidates, today, asker);
      if (takesSeat(decision, before.candidates)) {
        // Decided again once nobody else can take a seat: what was read before may be taken meanwhile.
        await seatLedger.lock(before.candidates.filter(({ seats }) => seats !== null).map(({ plan }) => plan));
        const { candidates } = await found();
        decision = decide(candidates, today, asker);
        if (decision.plan !== null && takesSeat(decision, candidates)) await seatLedger.fill(decision.plan, school, [person]);
      }
      if (!decision.allowed) throw refusalOf(decision);
    });
  }

  async serves(tool: string, school: string, what: 'use' | 'results'): Promise<boolean> {
    const today = this.#today();
    const { tools, candidates } = await this.#asSystem(({ knex }) =>
      candidatesFor(knex, { schools: [school], person: null, tools: [tool], today }),
    );
    const [needed] = tools;
    if (needed === undefined) return true;
    const begun = candidates.filter(({ startsOn }) => startsOn <= today);
    // Of the school, whether or not a seat is free: those who have one work.
    const valid = begun.some(({ withdrawn, endsOn, graceDays }) => !withdrawn && today <= addDays(endsOn, graceDays));
    if (valid || what === 'use') return valid;
    // Who was at work when the tool began to need a licence finishes, too.
    return (
      today <= addDays(needed.since, resultDays) ||
      begun.some(({ endsOn, graceDays, withdrawnOn }) => {
        const planned = addDays(endsOn, graceDays);
        const end = withdrawnOn !== null && withdrawnOn < planned ? withdrawnOn : planned;
        return today <= addDays(end, resultDays);
      })
    );
  }

  async among(tool: string, school: string, people: readonly Member[]): Promise<Set<string>> {
    const today = this.#today();
    return this.#asSystem(async ({ knex }) => {
      const { tools, candidates } = await candidatesFor(knex, { schools: [school], person: null, tools: [tool], today });
      if (tools.length === 0) return new Set(people.map(({ person }) => person));
      const standing = await standingOf(
        knex,
        candidates.map(({ plan }) => plan),
        school,
        people.map(({ person }) => person),
      );
      const mayEnter = ({ person, role }: Member): boolean => {
        const own = candidates.map((each) => ({ ...each, ...standing(person, each.plan) }));
        return decide(own, today, { staff: role === 'Instructor', person: true }).allowed;
      };
      return new Set(people.filter(mayEnter).map(({ person }) => person));
    });
  }

  async #listFor(
    schools: readonly string[],
    person: string | null,
    isStaff: (school: string) => boolean,
  ): Promise<ToolLicence[]> {
    const today = this.#today();
    const teacher = schools.some(isStaff) ? person : null;
    const { tools, candidates } = await this.#asSystem(({ knex }) =>
      candidatesFor(knex, { schools, person, teacher, tools: null, today }),
    );
    return tools.map(({ key: tool }) => {
      const bySchool = schools.map((school) => {
        const own = candidates.filter((each) => each.tool === tool && each.school === school);
        return licenceOf(tool, own, today, { staff: isStaff(school), person: person !== null });
      });
      return bySchool.sort((a, b) => reasons.indexOf(a.reason) - reasons.indexOf(b.reason))[0] ?? licenceOf(tool, [], today);
    });
  }

  /** Staff of the school of which the principal is; another person's launch says their role. */
  #isStaff(school: string, role: 'Learner' | 'Instructor'): boolean {
    const { kind, roles } = this.#principal;
    if (kind !== 'person') return role === 'Instructor';
    return roles.some((each) => each.role !== 'pupil' && (each.tenant === school || each.tenant === null));
  }

  #today(): string {
    return brusselsDay(this.#clock.now());
  }

  #asSystem<T>(fn: (services: System) => Promise<T>): Promise<T> {
    return this.#actAs<T, System>(systemPrincipal(), fn);
  }
}

/** Whether the person's seat is yet to be taken, or brought along from a school that they left. */
const takesSeat = ({ reason, plan }: Decision, candidates: readonly FoundCandidate[]): boolean =>
  reason === 'free-seat' || (reason === 'own-seat' && candidates.some((each) => each.plan === plan && each.seat === 'elsewhere'));

function licenceOf(
  tool: string,
  candidates: readonly FoundCandidate[],
  today: string,
  asker: Asker = { staff: true, person: false },
): ToolLicence {
  const { allowed, reason, day } = decide(candidates, today, asker);
  // What follows is what would be decided on the day after.
  const next = day === null ? null : decide(candidates, addDays(day, 1), asker);
  const endsSoon =
    allowed && day !== null && daysBetween(today, day) <= soonDays && (next === null || next.inGrace || !next.allowed);
  return {
    tool,
    allowed,
    reason,
    day,
    endsSoon,
    refusesPupils: asker.staff && allowed ? refusalOfPupils(candidates, today) : null,
  };
}

/**
 * Why some of the pupils of whoever asks may not enter, as if all did so one after the other and took seats; null if each of them may. Of who
 * teaches nobody, a pupil of the school to whom the licences are handed out.
 */
function refusalOfPupils(candidates: readonly FoundCandidate[], today: string): Reason | null {
  const asker: Asker = { staff: false, person: true };
  const plans = candidates.map((plan) => ({ ...plan, unchosen: new Set(plan.taught?.unchosen), taken: 0 }));
  // A licence of the whole school: what follows would say the same of each pupil.
  const anybody = plans.map((plan) => ({ ...plan, chosen: false, seat: null }));
  if (decide(anybody, today, asker).reason === 'school') return null;
  const pupils = Math.max(1, ...plans.map(({ taught }) => taught?.pupils ?? 0));
  let refused: Reason | null = null;
  for (let pupil = 1; pupil <= pupils; pupil++) {
    const { allowed, reason, plan } = decide(
      plans.map((each) => ({
        ...each,
        chosen: !each.unchosen.has(pupil),
        seat: each.taught?.seats[pupil] ?? null,
        used: each.used + each.taken,
        usedHere: each.usedHere + each.taken,
      })),
      today,
      asker,
    );
    if (!allowed && (refused === null || reasons.indexOf(reason) < reasons.indexOf(refused))) refused = reason;
    if (reason === 'free-seat') for (const each of plans) if (each.plan === plan) each.taken += 1;
  }
  return refused;
}

const refusalOf = ({ reason, day }: Decision) => conflicting(reason, details[reason] ?? 'The tool cannot be used.', { day });
