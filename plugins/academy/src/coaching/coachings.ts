import { notFound, type Principal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { Coaching } from '../models.js';
import { reasonMissing, refused } from '../problems.js';
import { type CoachingAction, type CoachingActor, coachingTransitionOf, openStates } from './states.js';

/** Requests and matches that nothing happens to expire after so many days. */
const expiryDays = 60;

export interface CoachingRequest {
  school: string;
  provider: string;
  goal: string;
  tool: string;
  wishedMinutes: number;
}

/** Coachings, for whoever takes part in them. */
export class Coachings {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'Coaching' | 'knex' | 'notifications' | 'directory'>;

  constructor({ principal, Coaching, knex, notifications, directory }: Dependencies) {
    this.#principal = principal;
    this.#services = { Coaching, knex, notifications, directory };
  }

  async request({ school, provider, goal, tool, wishedMinutes }: CoachingRequest): Promise<Coaching> {
    const { tenants, id } = this.#principal;
    if (tenants !== '*' && !tenants.includes(school)) throw notFound();
    const wish = { school_id: school, provider_id: provider, requester_id: id, goal, tool, wished_minutes: wishedMinutes };
    return this.move(wish, 'submit', 'requester', '');
  }

  /** The caller's part in a coaching, most powerful first; none: nothing of it is theirs to see. */
  partsIn(coaching: Pick<Coaching, 'school_id' | 'provider_id' | 'requester_id' | 'coach_id' | 'stand_in_id'>): CoachingActor[] {
    const { id, roles, kind, tenants } = this.#principal;
    const holds = (role: string, tenant: string) => roles.some((grant) => grant.role === role && grant.tenant === tenant);
    const parts: CoachingActor[] = [];
    if (kind === 'system') parts.push('portal');
    const acts = (tenant: string) => tenants === '*' || tenants.includes(tenant);
    if (coaching.requester_id === id && acts(coaching.school_id)) parts.push('requester');
    if (holds('principal', coaching.school_id)) parts.push('principal');
    if (holds('planner', coaching.provider_id)) parts.push('planner');
    if ((coaching.coach_id === id || coaching.stand_in_id === id) && acts(coaching.provider_id)) parts.push('coach');
    return parts;
  }

  /** @throws 404 if the caller has no part in it */
  async get(id: string, lock = false): Promise<Coaching> {
    const query = this.#services.Coaching.query().findById(id);
    const coaching = await (lock ? query.forUpdate() : query);
    if (coaching === undefined || this.partsIn(coaching).length === 0) throw notFound();
    return coaching;
  }

  /** Coachings in which the caller has a part, those that wait for something first; one statement. */
  async list(limit: number): Promise<Coaching[]> {
    const { id, roles } = this.#principal;
    const tenantsOf = (role: string) =>
      roles.flatMap((grant) => (grant.role === role && grant.tenant !== null ? [grant.tenant] : []));
    return this.#services.Coaching.query()
      .where((part) => {
        part
          .where({ requester_id: id })
          .orWhere({ coach_id: id })
          .orWhere({ stand_in_id: id })
          .orWhereIn('school_id', tenantsOf('principal'))
          .orWhereIn('provider_id', tenantsOf('planner'));
      })
      .orderByRaw('(state = any(?::text[])) desc, updated_at desc, id', [[...openStates]])
      .limit(limit);
  }

  /** Carries out an action as whatever part the caller has in it that may. */
  async act(id: string, action: CoachingAction, reason = '', columns: Partial<Coaching> = {}): Promise<Coaching> {
    const coaching = await this.get(id, true);
    const parts = this.partsIn(coaching);
    const transition = coachingTransitionOf(action, coaching.state);
    const actor = parts.find((part) => transition?.by.includes(part));
    if (actor === undefined) throw refused('coaching-not-now');
    return this.move({ ...coaching.$toJson(), ...columns } as Coaching, action, actor, reason);
  }

  /** Proposes a coach of the planner's provider, with the hours that were agreed. */
  async propose(id: string, coach: string, agreedMinutes: number): Promise<Coaching> {
    const { provider_id } = await this.get(id);
    await this.#isCoach(provider_id, coach);
    return this.act(id, 'propose', '', { coach_id: coach, agreed_minutes: agreedMinutes });
  }

  /** Names a coach who stands in; null: nobody any more. */
  async standIn(id: string, coach: string | null): Promise<Coaching> {
    const coaching = await this.get(id, true);
    if (!this.partsIn(coaching).includes('planner') || coaching.state !== 'active') throw refused('coaching-not-now');
    if (coach !== null) await this.#isCoach(coaching.provider_id, coach);
    return this.#services.Coaching.query().patchAndFetchById(id, { stand_in_id: coach, updated_at: raw('now()') as never });
  }

  /** The one transition function of coachings. */
  async move(before: Partial<Coaching>, action: CoachingAction, actor: CoachingActor, reason: string): Promise<Coaching> {
    const { Coaching, knex, notifications } = this.#services;
    const transition = coachingTransitionOf(action, before.state ?? null);
    if (transition === undefined || !transition.by.includes(actor)) throw refused('coaching-not-now');
    if (transition.reason && reason === '') throw reasonMissing();
    const { id, coach_id, agreed_minutes } = before;
    const changed = { state: transition.to, reason, updated_at: raw('now()') as never };
    const coaching =
      id === undefined
        ? await Coaching.query().insertAndFetch({ ...before, ...changed })
        : await Coaching.query().patchAndFetchById(id, {
            ...changed,
            coach_id: action === 'pass' ? null : (coach_id ?? null),
            agreed_minutes: agreed_minutes ?? null,
          });
    await knex('coaching_states').insert({
      ...{ coaching_id: coaching.id, school_id: coaching.school_id, provider_id: coaching.provider_id },
      ...{ action, state: transition.to, by_id: this.#principal.id, reason },
    });
    const people = { requester: coaching.requester_id, coach: coaching.coach_id };
    for (const whom of transition.tells) {
      const person = people[whom];
      if (person === null || person === this.#principal.id) continue;
      const kind = `academy.coaching-${transition.to.replace('_', '-')}`;
      await notifications?.notify.send({ kind, to: [person], place: `/academie/coaching/${coaching.id}` });
    }
    return coaching;
  }

  /** Ends requests and matches to which nothing happened; returns whether there may be more. */
  async expire(): Promise<boolean> {
    const old = await this.#services.Coaching.query()
      .whereIn('state', ['submitted', 'matching', 'proposed'])
      .whereRaw('updated_at < now() - make_interval(days => ?)', [expiryDays])
      .limit(100)
      .forUpdate();
    for (const each of old) await this.move(each, 'expire', 'portal', '');
    return old.length === 100;
  }

  /** Reminds both sides of an active coaching for which nothing was noted in three weeks, at most once in that time. */
  async remindQuiet(): Promise<void> {
    const { Coaching, notifications } = this.#services;
    const quiet = await Coaching.query()
      .where({ state: 'active' })
      .whereRaw(`greatest(updated_at, coalesce(reminded_at, updated_at)) < now() - interval '21 days'`)
      .whereNotExists(Coaching.relatedQuery('entries').whereRaw(`entries.created_at > now() - interval '21 days'`))
      .limit(200);
    for (const { id, requester_id, coach_id } of quiet) {
      const to = [requester_id, coach_id].flatMap((person) => person ?? []);
      await notifications?.notify.send({ kind: 'academy.coaching-quiet', to, place: `/academie/coaching/${id}` });
      await Coaching.query()
        .findById(id)
        .patch({ reminded_at: raw('now()') as never });
    }
  }

  async #isCoach(provider: string, person: string): Promise<void> {
    const people = await this.#services.directory.providers.peopleOf(provider);
    if (!people.some(({ id, roles }) => id === person && roles.includes('coach'))) throw refused('not-a-coach');
  }
}
