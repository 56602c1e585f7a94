import { notFound, systemPrincipal } from '@ilearn/core';
import { brusselsDay } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';
import type { Grants } from '../grants/grants.js';
import { askedKind, offeredKind } from '../notification-kinds.js';
import type { Terms } from '../plans/plan.js';
import type { Plans } from '../plans/plans.js';
import type { LicensedTools } from '../plans/tools.js';
import { conflicting, unacceptable } from '../problems.js';
import type { SchoolLicences } from '../school/school-licences.js';
import type { RequestState } from './request.js';

export const mostRequests = 200;
const mostTold = 50;

interface Row {
  id: string;
  school_id: string;
  provider_id: string;
  tool_key: string;
  number: string;
  school_name: string;
  state: RequestState;
  wanted_seats: number | null;
  note: string;
  offer_starts_on: string | null;
  offer_ends_on: string | null;
  offer_grace_days: number | null;
  offer_seats: number | null;
  offer_counts: 'pupils' | 'everyone' | null;
  offer_price: string | null;
  offer_until: string | null;
  answer: string;
  plan_id: string | null;
  created_at: Date;
}

export interface LicenceRequest {
  id: string;
  school: string;
  number: string;
  tool: string;
  state: RequestState;
  wantedSeats: number | null;
  note: string;
  answer: string;
  offer: (Terms & { until: string; over: boolean }) | null;
  at: string;
}

type Services = Dependencies & {
  plans: Plans;
  grants: Grants;
  licensedTools: LicensedTools;
  schoolLicences: SchoolLicences;
};

/** A school asks for a licence, the provider offers one, the school accepts it: then it has the licence. */
export class Requests {
  readonly #knex: Dependencies['knex'];
  readonly #principal: Dependencies['principal'];
  readonly #clock: Dependencies['clock'];
  readonly #actAs: Dependencies['actAs'];
  readonly #access: Dependencies['access'];
  readonly #notifications: Dependencies['notifications'];
  readonly #plans: Plans;
  readonly #licensedTools: LicensedTools;
  readonly #schoolLicences: SchoolLicences;

  constructor({ knex, principal, clock, actAs, access, notifications, plans, licensedTools, schoolLicences }: Services) {
    this.#knex = knex;
    this.#principal = principal;
    this.#clock = clock;
    this.#actAs = actAs;
    this.#access = access;
    this.#notifications = notifications;
    this.#plans = plans;
    this.#licensedTools = licensedTools;
    this.#schoolLicences = schoolLicences;
  }

  /** Those that wait first, then the newest. @throws 404 */
  async ofSchool(school: string): Promise<{ requests: LicenceRequest[]; more: boolean }> {
    await this.#schoolLicences.school(school);
    return this.#list({ school_id: school });
  }

  /** Without the people who asked. @throws 404 */
  async ofProvider(provider: string): Promise<{ requests: LicenceRequest[]; more: boolean }> {
    await this.#plans.provider(provider);
    return this.#list({ provider_id: provider });
  }

  /** Returns the id. @throws 404, 409 if the school waits for an answer already, 422 for a tool that needs no licence */
  async ask(school: string, wish: { tool: string; seats: number | null; note: string }): Promise<string> {
    const { number, name } = await this.#schoolLicences.school(school);
    const tool = (await this.#licensedTools.list()).find(({ key }) => key === wish.tool);
    if (tool === undefined) throw unacceptable('tool-unknown', '/tool', 'No licence is needed for such a tool.');
    const waiting = await this.#knex('requests')
      .where({ school_id: school, tool_key: wish.tool })
      .whereRaw(`state in ('asked', 'offered')`)
      .first('id');
    if (waiting !== undefined) throw conflicting('asked-already', 'The school waits for an answer about this tool already.');
    const [row] = await this.#knex('requests')
      .insert({
        school_id: school,
        provider_id: tool.provider,
        tool_key: wish.tool,
        number,
        school_name: name,
        wanted_seats: wish.seats,
        note: wish.note,
        asked_by: this.#principal.kind === 'person' ? this.#principal.id : null,
      })
      .returning('id');
    await this.#tell(askedKind, ['tool-manager'], tool.provider, '/licenties/aanbod', { tool: tool.name, school: name });
    return row.id;
  }

  /** Offers a licence, or offers it anew. @throws 404, 409 if it was decided about, 422 for an offer that is over */
  async offer(id: string, { until, answer, ...terms }: Terms & { until: string; answer: string }): Promise<void> {
    const row = await this.#ofMyProvider(id);
    this.#open(row);
    if (until < this.#today()) throw unacceptable('offer-over', '/until', 'must not be in the past');
    if (until > terms.endsOn) throw unacceptable('offer-over', '/until', 'must not be later than the last day of the licence');
    await this.#update(row, {
      state: 'offered',
      answer,
      offer_starts_on: terms.startsOn,
      offer_ends_on: terms.endsOn,
      offer_grace_days: terms.graceDays,
      offer_seats: terms.seats,
      offer_counts: terms.counts,
      offer_price: terms.price,
      offer_until: until,
    });
    const tool = (await this.#licensedTools.names()).get(row.tool_key) ?? row.tool_key;
    await this.#tell(offeredKind, ['ict-coordinator', 'principal'], row.school_id, '/licenties', { tool });
  }

  /** @throws 404, 409 if it was decided about */
  async decline(id: string, answer: string): Promise<void> {
    const row = await this.#ofMyProvider(id);
    this.#open(row);
    await this.#update(row, { state: 'declined', answer });
  }

  /** @throws 404, 409 if it was decided about */
  async withdraw(id: string): Promise<void> {
    const row = await this.#ofMySchool(id);
    this.#open(row);
    await this.#update(row, { state: 'withdrawn' });
  }

  /**
   * Accepts the offer as the school saw it: makes the plan and grants it to the school, once.
   *
   * @param seen the terms that were on the page
   * @throws 404, 409 unless it was offered and is still the same and open
   */
  async accept(id: string, seen: Terms): Promise<void> {
    const row = await this.#ofMySchool(id);
    if (row.state !== 'offered') throw decided();
    const offer = offerOf(row, this.#today());
    if (offer === null) throw decided();
    if (offer.over) throw conflicting('offer-over', 'The offer is over. Ask the provider for another one.');
    const { until: _until, over: _over, ...terms } = offer;
    if ((Object.keys(terms) as (keyof Terms)[]).some((key) => terms[key] !== seen[key])) {
      throw conflicting('offer-changed', 'The provider changed the offer meanwhile. Look at it again.');
    }
    const name = (await this.#licensedTools.names()).get(row.tool_key) ?? row.tool_key;
    const plan = await this.#actAs<string, Services>(systemPrincipal(), async ({ plans, grants }) => {
      const made = await plans.add(row.provider_id, { ...terms, name, tools: [row.tool_key] });
      await grants.grantSchool(made, row.school_id);
      return made;
    });
    await this.#update(row, {
      state: 'accepted',
      plan_id: plan,
      decided_by: this.#principal.kind === 'person' ? this.#principal.id : null,
    });
  }

  /** Tells those who hold one of these roles in a tenant. */
  async #tell(
    kind: string,
    roles: readonly string[],
    tenant: string,
    place: string,
    params: Record<string, string>,
  ): Promise<void> {
    if (this.#notifications === undefined) return;
    const to = new Set<string>();
    for (const role of roles) for (const id of await this.#access.holdersOf(role, tenant, mostTold)) to.add(id);
    if (to.size > 0) await this.#notifications.notify.send({ kind, to: [...to], place, params });
  }

  async #list(where: { school_id: string } | { provider_id: string }) {
    const rows: Row[] = await this.#knex('requests')
      .where(where)
      // Those that wait come first, so that none of them is left out.
      .orderByRaw("state in ('asked', 'offered') desc, created_at desc, id")
      .limit(mostRequests + 1);
    const names = await this.#licensedTools.names();
    const today = this.#today();
    return {
      requests: rows.slice(0, mostRequests).map(
        (row): LicenceRequest => ({
          id: row.id,
          school: row.school_name,
          number: row.number,
          tool: names.get(row.tool_key) ?? row.tool_key,
          state: row.state,
          wantedSeats: row.wanted_seats,
          note: row.note,
          answer: row.answer,
          offer: offerOf(row, today),
          at: row.created_at.toISOString(),
        }),
      ),
      more: rows.length > mostRequests,
    };
  }

  async #ofMySchool(id: string): Promise<Row> {
    const row = await this.#locked(id);
    await this.#schoolLicences.school(row.school_id);
    return row;
  }

  async #ofMyProvider(id: string): Promise<Row> {
    const row = await this.#locked(id);
    await this.#plans.provider(row.provider_id);
    return row;
  }

  async #locked(id: string): Promise<Row> {
    const row: Row | undefined = await this.#knex('requests').where({ id }).forUpdate().first();
    if (row === undefined) throw notFound();
    return row;
  }

  #open({ state }: Row): void {
    if (state !== 'asked' && state !== 'offered') throw decided();
  }

  async #update({ id }: Row, change: object): Promise<void> {
    await this.#knex('requests')
      .where({ id })
      .update({ ...change, updated_at: this.#knex.fn.now() });
  }

  #today(): string {
    return brusselsDay(this.#clock.now());
  }
}

function offerOf(row: Row, today: string): LicenceRequest['offer'] {
  const { offer_starts_on, offer_ends_on, offer_grace_days, offer_counts, offer_price, offer_until } = row;
  if (offer_starts_on === null || offer_ends_on === null || offer_counts === null || offer_until === null) return null;
  return {
    startsOn: offer_starts_on,
    endsOn: offer_ends_on,
    graceDays: offer_grace_days ?? 0,
    seats: row.offer_seats,
    counts: offer_counts,
    price: offer_price ?? '',
    until: offer_until,
    over: offer_until < today || offer_ends_on < today,
  };
}

const decided = () => conflicting('decided', 'This request was decided about already.');
