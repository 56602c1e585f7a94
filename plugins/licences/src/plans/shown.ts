import { addDays, endOfDay } from '../days/brussels.js';
import type { PlanRow, ProviderPlan } from './plan.js';

export type PlanState = ProviderPlan['state'];

/** @param withdrawn the plan, or its grant to the school that looks */
export function stateOf({ starts_on, ends_on, grace_days }: PlanRow, withdrawn: boolean, today: string): PlanState {
  if (withdrawn) return 'withdrawn';
  if (today < starts_on) return 'to-come';
  if (today <= ends_on) return 'current';
  return today <= addDays(ends_on, grace_days) ? 'grace' : 'ended';
}

/** What everybody sees of a plan. `names`: of tools by key. */
export const shownTerms = (row: PlanRow, names: ReadonlyMap<string, string>) => ({
  id: row.id,
  name: row.name,
  tools: row.tools.map((key) => ({ key, name: names.get(key) ?? key })),
  startsOn: row.starts_on,
  endsOn: row.ends_on,
  endsAt: endOfDay(row.ends_on).toISOString(),
  graceDays: row.grace_days,
  seats: row.seats,
  counts: row.counts,
  price: row.price,
});
