import { Problem } from '../contract/problem.js';
import type { WorkOptions, WorkRunner } from '../unit-of-work/work-runner.js';
import type { Machine } from './identify.js';

/** A client of more tenants has one budget for all of them, since each is a row to lock. */
const MOST_TENANTS = 100;
const WINDOW_SECONDS = 60;

/** What is left of a budget. */
export interface Charged {
  /** Headers `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10). */
  headers: Record<string, string>;
  /** Why the call is refused; null if it is not. */
  refusal: Problem | null;
}

/**
 * Token buckets of machines: one for each client and tenant, which holds the cost of one minute and refills evenly. They are rows of the
 * database, so all processes share them and its clock counts.
 */
export class Budgets {
  constructor(private readonly runner: Pick<WorkRunner, 'run'>) {}

  /** Takes the cost from the bucket of each of the client's tenants, or from none if one of them holds less. */
  async charge({ principal, budget }: Machine, cost: number, work: WorkOptions): Promise<Charged> {
    const { id, tenants } = principal;
    const names = tenants === '*' || tenants.length === 0 || tenants.length > MOST_TENANTS ? ['*'] : [...tenants];
    const { rows } = await this.runner.run({ ...work, place: 'budget of a machine' }, ({ unit }) =>
      unit.kernel<{ remaining: number; wait: number; refill: number }>('select * from kernel.charge_machine($1, $2, $3, $4)', [
        id,
        names,
        cost,
        budget,
      ]),
    );
    const { remaining, wait, refill } = rows[0] as { remaining: number; wait: number; refill: number };
    const headers = {
      'ratelimit-policy': `"client";q=${budget};w=${WINDOW_SECONDS}`,
      ratelimit: `"client";r=${remaining};t=${Math.ceil(refill)}`,
    };
    if (wait === 0) return { headers, refusal: null };
    const seconds = Math.max(1, Math.ceil(wait));
    const refusal = new Problem({
      type: 'quota-exceeded',
      status: 429,
      title: 'Budget spent',
      detail: `The client may spend ${budget} a minute, and this call costs ${cost}. Try again in ${seconds} s.`,
      headers: { ...headers, 'retry-after': `${seconds}` },
      extra: { 'violated-policies': ['client'] },
    });
    return { headers, refusal };
  }
}
