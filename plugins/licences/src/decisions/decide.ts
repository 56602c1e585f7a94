import { addDays } from '../days/brussels.js';

/** Why a tool may be used. The order is that in which licences are consumed: those that cost nothing more come first. */
export const grounds = ['own-seat', 'school', 'staff', 'free-seat'] as const;
/** Why a tool may not be used, the most helpful reason first: where several licences fail, the first of these is told. */
export const refusals = ['full', 'seat-withdrawn', 'not-chosen', 'not-begun', 'ended', 'withdrawn', 'none'] as const;
export const reasons = [...grounds, ...refusals] as const;
export type Reason = (typeof reasons)[number];

/** A plan that was granted to the school, as it stands for one person. Days are written `2026-09-01`. */
export interface Candidate {
  plan: string;
  name: string;
  startsOn: string;
  /** Included. */
  endsOn: string;
  /** Days after the end on which those who have a seat may go on. */
  graceDays: number;
  /** Null: unlimited. */
  seats: number | null;
  /** Seats taken in all schools of the plan. */
  used: number;
  /** Most seats of this school; null: those of the plan. */
  cap: number | null;
  usedHere: number;
  /** Whose seats are counted; staff of the school need none if it is `pupils`. */
  counts: 'pupils' | 'everyone';
  /** The plan or its grant to this school was withdrawn. */
  withdrawn: boolean;
  /** The school lets only those use it to whom it was handed out. */
  onlyChosen: boolean;
  /** It was handed out to a class in which the person is a pupil. */
  chosen: boolean;
  /** The person's own seat; `elsewhere`: from another school that they left, and it goes along with them; null: they have none. */
  seat: 'held' | 'elsewhere' | 'withdrawn' | null;
}

/** Who asks. `person` is false for callers who are nobody in particular, such as the search of an app. */
export interface Asker {
  staff: boolean;
  person: boolean;
}

export interface Decision {
  allowed: boolean;
  reason: Reason;
  /** The plan that decides; null if the school has none. */
  plan: string | null;
  /** Its last day, or the day on which it begins for `not-begun`; null without a plan. */
  day: string | null;
  /** The licence has ended, and may be used for a few days more. */
  inGrace: boolean;
}

type Verdict = Decision & { rank: number };

/**
 * Whether somebody may use a tool on a day, by all plans that their school has for it: one that allows it is enough.
 *
 * @param today the day in Brussels
 */
export function decide(candidates: readonly Candidate[], today: string, asker: Asker): Decision {
  let best: Verdict | null = null;
  for (const candidate of candidates) {
    const verdict = verdictOf(candidate, today, asker);
    if (best === null || isBetter(verdict, best)) best = verdict;
  }
  if (best === null) return { allowed: false, reason: 'none', plan: null, day: null, inGrace: false };
  const { rank: _rank, ...decision } = best;
  return decision;
}

/** Of equal grounds, a licence that has not ended comes before one in grace, and one that ends later before one that ends sooner. */
function isBetter(one: Verdict, other: Verdict): boolean {
  if (one.rank !== other.rank) return one.rank < other.rank;
  if (one.inGrace !== other.inGrace) return other.inGrace;
  if (one.day !== other.day) return (one.day ?? '') > (other.day ?? '');
  return (one.plan ?? '') < (other.plan ?? '');
}

function verdictOf(candidate: Candidate, today: string, asker: Asker): Verdict {
  const { plan, startsOn, endsOn, graceDays } = candidate;
  const inGrace = today > endsOn && today <= addDays(endsOn, graceDays);
  const reason = reasonOf(candidate, today, inGrace, asker);
  const rank = reasons.indexOf(reason);
  const day = reason === 'not-begun' ? startsOn : endsOn;
  return { allowed: rank < grounds.length, reason, plan, day, inGrace, rank };
}

function reasonOf(candidate: Candidate, today: string, inGrace: boolean, { staff, person }: Asker): Reason {
  const { startsOn, endsOn, seats, used, cap, usedHere, counts, withdrawn, onlyChosen, chosen, seat } = candidate;
  if (withdrawn) return 'withdrawn';
  if (today < startsOn) return 'not-begun';
  if (today > endsOn && !inGrace) return 'ended';
  const needsSeat = seats !== null && (counts === 'everyone' || !staff);
  if (!needsSeat) {
    if (staff) return seats === null ? 'school' : 'staff';
    return onlyChosen && !chosen && seat !== 'held' ? 'not-chosen' : 'school';
  }
  if (seat === 'held') return 'own-seat';
  const isPartFull = cap !== null && usedHere >= cap;
  if (seat === 'elsewhere') {
    if (onlyChosen && !chosen && person) return 'not-chosen';
    return isPartFull ? 'full' : 'own-seat';
  }
  if (seat === 'withdrawn') return 'seat-withdrawn';
  if (onlyChosen && !chosen && person) return 'not-chosen';
  if (inGrace) return 'ended';
  return used >= seats || isPartFull ? 'full' : 'free-seat';
}
