import { createHash, randomBytes } from 'node:crypto';
import { conflict, notFound, Problem } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

export interface Partner {
  id: string;
  participant: string;
  organisation: string;
  automatic: boolean;
  active: boolean;
}

const columns = ['id', 'participant', 'organisation', 'automatic', 'active'];
const newToken = () => `ilds_${randomBytes(32).toString('base64url')}`;
const digest = (token: string) => createHash('sha256').update(token).digest();
export const mostPartners = 200;

/**
 * Organisations that may ask for data. Each has a bearer token, of which only the SHA-256 is stored, unless it proves who it is by its DID alone: its
 * authority can then end its access.
 */
export class Partners {
  readonly #knex: Dependencies['knex'];
  readonly #locks: Dependencies['locks'];
  readonly #config: Dependencies['config'];

  constructor({ knex, locks, config }: Dependencies) {
    this.#config = config;
    this.#knex = knex;
    this.#locks = locks;
  }

  /** By name: active ones first, and as many stopped ones as still fit in the list. */
  list(): Promise<Partner[]> {
    const order = [{ column: 'active', order: 'desc' }, { column: 'organisation' }, { column: 'id' }];
    return this.#knex('partners').select(columns).orderBy(order).limit(mostPartners);
  }

  /**
   * Adds an organisation.
   *
   * @param byDid whether it gets no bearer token; unless told, if it has a DID and the operator named whom to trust
   * @returns the token, shown once; null: it proves who it is by its DID
   * @throws Problem 409 if the participant is known, 200 are active, or it cannot prove who it is by a DID
   */
  async add(
    partner: Pick<Partner, 'participant' | 'organisation' | 'automatic'>,
    byDid?: boolean,
  ): Promise<{ id: string; token: string | null }> {
    const hasToken = !this.#byDid(partner.participant, byDid);
    await this.#locks.take('partners');
    const active = await this.#knex('partners').where({ active: true }).limit(mostPartners).select('id');
    if (active.length >= mostPartners)
      throw conflict('data-space/partners', `There are ${mostPartners} active partners already.`);
    const token = newToken();
    const [row] = await this.#knex('partners')
      .insert({ ...partner, token_hash: digest(token) })
      .onConflict('participant')
      .ignore()
      .returning('id');
    if (row === undefined) throw conflict('data-space/partners', 'This participant is known already.');
    // Of a token that nobody was told the hash opens nothing.
    return { id: row.id, token: hasToken ? token : null };
  }

  /**
   * Another token in place of the one that is known; or none.
   *
   * @param byDid as in {@link add}
   * @param overlapDays for so many days the old one holds too; 0 if it leaked. One that was replaced before is worth nothing then
   * @throws Problem 404 unless the organisation is active; 409 as {@link add}
   */
  async renew(id: string, overlapDays: number, byDid?: boolean): Promise<{ token: string | null }> {
    const known: Partner | undefined = await this.#knex('partners').where({ id, active: true }).first(columns);
    if (known === undefined) throw notFound();
    const hasToken = !this.#byDid(known.participant, byDid);
    const token = newToken();
    const renewed = await this.#knex('partners')
      .where({ id, active: true })
      .update({
        token_hash: digest(token),
        old_token_hash: overlapDays === 0 ? null : this.#knex.ref('token_hash'),
        old_token_until: overlapDays === 0 ? null : this.#knex.raw(`now() + ? * interval '1 day'`, [overlapDays]),
      });
    if (renewed === 0) throw notFound();
    return { token: hasToken ? token : null };
  }

  #byDid(participant: string, wished: boolean | undefined): boolean {
    const can = this.#config.dcp !== undefined && participant.startsWith('did:web:');
    if (wished === true && !can)
      throw conflict('data-space/no-did', 'Only a did:web can, and only where the operator names whom to trust (dcp).');
    return wished ?? can;
  }

  /** Ends all access of an organisation at once. @throws Problem 404 */
  async stop(id: string): Promise<void> {
    if ((await this.#knex('partners').where({ id }).update({ active: false })) === 0) throw notFound();
  }

  /**
   * Who sends a message.
   *
   * @param header `Authorization: Bearer …` (RFC 6750)
   * @throws Problem 401 if the token is missing, unknown or stopped
   */
  async of(header: string | undefined): Promise<Partner> {
    const token = /^Bearer ([\w-]{20,200})$/i.exec(header ?? '')?.[1];
    const found: Partner | undefined =
      token === undefined
        ? undefined
        : await this.#knex('partners')
            .where({ active: true })
            .whereRaw('(token_hash = ? or old_token_hash = ? and old_token_until > now())', [digest(token), digest(token)])
            .first(columns);
    if (found !== undefined) return found;
    throw unknownPartner();
  }

  /** The active organisation with this id of a participant. @throws Problem 401 if there is none */
  async called(participant: string): Promise<Partner> {
    const found: Partner | undefined = await this.#knex('partners').where({ active: true, participant }).first(columns);
    if (found === undefined) throw unknownPartner();
    return found;
  }
}

const unknownPartner = (): Problem =>
  new Problem({
    type: 'data-space/unknown-partner',
    status: 401,
    title: 'Unknown partner',
    detail: 'Send the bearer token that the portal gave your organisation, or a self-issued token of its DID.',
    headers: { 'www-authenticate': 'Bearer realm="i-Learn data space"' },
  });
