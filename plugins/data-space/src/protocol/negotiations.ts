import type { Position } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { pageSize } from '../releases/page.js';
import type { Releases } from '../releases/releases.js';
import { idOf, type MessageOffer, urn } from './messages.js';
import type { Partner } from './partners.js';
import { agreementDays, editedIn, releaseOfOffer } from './policy.js';
import { noSuchProcess, refused } from './refusals.js';
import { type Actor, afterNegotiation, type NegotiationMove, type NegotiationState } from './states.js';

interface Needs extends Dependencies {
  releases: Releases;
}

export interface Negotiation {
  id: string;
  partnerId: string;
  releaseId: string;
  consumerPid: string;
  callback: string;
  state: NegotiationState;
  agreementId: string | null;
}

/** A negotiation in a list, which is sorted by `rank`. */
export interface ListedNegotiation extends Negotiation {
  organisation: string;
  title: string;
  endsAt: Date | null;
  endedAt: Date | null;
  rank: number;
}

/** Why a process ended, as it was told. */
export interface Because {
  code?: string | undefined;
  reason?: unknown[] | undefined;
}

/** A partner has at most so many negotiations, and so many transfers, that are not over. */
export const mostOpen = 200;
/** What of our moves is told to the consumer. */
export const toldMoves = ['offer', 'agree', 'finalize', 'terminate'] as const;
export type ToldNegotiation = (typeof toldMoves)[number];

/** Contract negotiations. Each is changed under a lock of its row, so that of two messages at once the second finds what the first left. */
export class Negotiations {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /**
   * Begins a negotiation. The same request again finds the one that it began.
   *
   * @throws Problem 400 if the offer is unknown or edited, the address cannot be called, or the pid stands for something else
   */
  async request(
    partner: Partner,
    { consumerPid, offer, callbackAddress: callback }: { consumerPid: string; offer: MessageOffer; callbackAddress: string },
  ): Promise<Negotiation> {
    const releaseId = await this.#offered(offer, { consumerPid });
    this.checkCallback(callback, { consumerPid });
    const { knex } = this.#needs;
    const [added] = await knex('negotiations')
      .insert({ partner_id: partner.id, release_id: releaseId, consumer_pid: consumerPid, callback })
      .onConflict(['partner_id', 'consumer_pid'])
      .ignore()
      .returning('id');
    const [found] = await this.#rows().where({ 'n.partner_id': partner.id, 'n.consumer_pid': consumerPid });
    if (found === undefined) throw noSuchProcess();
    if (added === undefined) {
      if (found.releaseId !== releaseId || found.callback !== callback)
        throw refused('pid-used', 'This consumerPid stands for another negotiation.', pidsOf(found));
      return found;
    }
    const open = await knex('negotiations')
      .where({ partner_id: partner.id })
      .whereNotIn('state', ['FINALIZED', 'TERMINATED'])
      .limit(mostOpen + 1)
      .select('id');
    if (open.length > mostOpen) throw refused('too-many', `At most ${mostOpen} negotiations are open at once.`, { consumerPid });
    if (!(await this.#isAutomatic(partner, releaseId))) return found;
    return this.move(found.id, 'agree');
  }

  /** @throws Problem 404 if it is unknown, or of another partner */
  async get(partner: Partner, providerPid: string): Promise<Negotiation> {
    const [found] = await this.#rows().where({ 'n.id': idOf(providerPid), 'n.partner_id': partner.id });
    if (found === undefined) throw noSuchProcess();
    return found;
  }

  /** A message of the consumer. @throws Problem 404; 400 if it is not possible now, or the pids do not fit */
  async hear(
    partner: Partner,
    providerPid: string,
    move: NegotiationMove,
    told: { consumerPid: string; providerPid: string; offer?: MessageOffer } & Because,
  ): Promise<void> {
    const found = await this.get(partner, providerPid);
    if (found.consumerPid !== told.consumerPid || idOf(told.providerPid) !== found.id)
      throw refused('pids', 'The pids do not belong together.', pidsOf(found));
    if (told.offer !== undefined && (await this.#offered(told.offer, pidsOf(found))) !== found.releaseId)
      throw refused('offer', 'A negotiation is about one offer.', pidsOf(found));
    const moved = await this.#change(found.id, move, 'consumer', told);
    if (!(await this.#isAutomatic(partner, found.releaseId))) return;
    if (moved.state === 'REQUESTED' || moved.state === 'ACCEPTED') await this.move(found.id, 'agree');
    if (moved.state === 'VERIFIED') await this.move(found.id, 'finalize');
  }

  /** Ends all negotiations of a partner who was stopped, who is told nothing. */
  async dropAll(partnerId: string): Promise<void> {
    const { knex } = this.#needs;
    await knex('negotiations')
      .where({ partner_id: partnerId })
      .whereNotIn('state', ['FINALIZED', 'TERMINATED'])
      .update({ state: 'TERMINATED', updated_at: knex.fn.now() });
  }

  /** Rows about single people are granted by a person, to everybody. */
  async #isAutomatic(partner: Partner, releaseId: string): Promise<boolean> {
    return partner.automatic && (await this.#needs.releases.get(releaseId)).tier !== 'microdata';
  }

  /** A decision of the provider, which the consumer is told. @throws Problem 404; 400 if it is not possible now */
  async move(id: string, move: ToldNegotiation, because: Because = {}): Promise<Negotiation> {
    const { partnerId, ...found } = await this.one(id);
    if (
      move !== 'terminate' &&
      (await this.#needs.knex('partners').where({ id: partnerId, active: true }).first('id')) === undefined
    )
      throw refused('state', 'The partner was stopped.', pidsOf(found));
    const moved = await this.#change(id, move, 'provider', because);
    await this.#needs.jobs.enqueue('tell', { process: 'negotiation', id, move });
    return moved;
  }

  /**
   * What was negotiated: first what waits for a decision, then agreements that hold, then what is over; of each the latest first. One more than
   * a page if there are more.
   */
  list(after: Position | null): Promise<ListedNegotiation[]> {
    const rank = `case when n.state not in ('FINALIZED', 'TERMINATED') then 0
                       when n.state = 'FINALIZED' and a.ended_at is null and a.ends_at > now() then 1 else 2 end`;
    const found = this.#rows()
      .join('partners as p', 'p.id', 'n.partner_id')
      .join('releases as r', 'r.id', 'n.release_id')
      .join('data_sets as d', 'd.id', 'r.data_set_id')
      .select('p.organisation', 'd.title', { endsAt: 'a.ends_at', endedAt: 'a.ended_at', rank: this.#needs.knex.raw(rank) })
      .orderByRaw(`${rank}, n.created_at desc, n.id desc`)
      .limit(pageSize + 1);
    if (after !== null) {
      const [last, id] = after as [number, string];
      found.whereRaw(
        `(${rank} > ? or ${rank} = ? and (n.created_at, n.id) < (select created_at, id from negotiations where id = ?))`,
        [last, last, id],
      );
    }
    return found;
  }

  async one(id: string): Promise<Negotiation> {
    const [found] = await this.#rows().where({ 'n.id': id });
    if (found === undefined) throw noSuchProcess();
    return found;
  }

  /** Ends an agreement before its time: its tokens are worth nothing from now on. @throws Problem 404 */
  async endAgreement(id: string): Promise<void> {
    const { knex } = this.#needs;
    const ended = await knex('agreements').where({ id }).whereNull('ended_at').update({ ended_at: knex.fn.now() });
    if (ended === 0) throw noSuchProcess();
  }

  /** @throws Problem 400 if the portal would not call this address */
  checkCallback(address: string, pids: object): void {
    const refusal = URL.canParse(address) ? this.#needs.http.refusal(address) : 'It is no address.';
    if (refusal !== null) throw refused('callback', `The callbackAddress cannot be called. ${refusal}`, pids);
    if (/[?#]/.test(address))
      throw refused('callback', 'A callbackAddress has no query and no fragment: paths are appended to it.', pids);
  }

  async #offered(offer: MessageOffer, pids: object): Promise<string> {
    const releaseId = releaseOfOffer(offer['@id']);
    if (releaseId === null || !(await this.#needs.releases.isPublished(releaseId)))
      throw refused('offer', 'There is no such offer.', pids);
    const edited = editedIn(offer, releaseId);
    if (edited !== null) throw refused('offer', edited, pids);
    return releaseId;
  }

  async #change(id: string, move: NegotiationMove, by: Actor, { code, reason }: Because): Promise<Negotiation> {
    const { knex } = this.#needs;
    await knex('negotiations').where({ id }).forUpdate().first('id');
    const found = await this.one(id);
    const state = afterNegotiation(move, by, found.state);
    if (state === null) throw refused('state', `This is not possible in the state ${found.state}.`, pidsOf(found));
    const why = move === 'terminate' ? { code: code ?? null, reason: JSON.stringify(reason ?? []) } : {};
    await knex('negotiations')
      .where({ id })
      .update({ state, ...why, updated_at: knex.fn.now() });
    if (move === 'agree') {
      const ends_at = knex.raw('now() + make_interval(days => ?)', [agreementDays]);
      await knex('agreements').insert({ negotiation_id: id, partner_id: found.partnerId, release_id: found.releaseId, ends_at });
    }
    return this.one(id);
  }

  #rows() {
    return this.#needs
      .knex('negotiations as n')
      .leftJoin('agreements as a', 'a.negotiation_id', 'n.id')
      .select({ id: 'n.id', partnerId: 'n.partner_id', releaseId: 'n.release_id', consumerPid: 'n.consumer_pid' })
      .select({ callback: 'n.callback', state: 'n.state', agreementId: 'a.id' });
  }
}

export const pidsOf = ({ id, consumerPid }: { id: string; consumerPid: string }) => ({ consumerPid, providerPid: urn(id) });
