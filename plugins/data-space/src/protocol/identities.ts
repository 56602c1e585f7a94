import { createHash } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';
import { didOf } from '../identity/did-web.js';
import { IdentityRefused, notBelieved } from '../identity/refused.js';
import { claimed, issue, keyPairOf, longestToken, type SelfIssued } from '../identity/tokens.js';
import type { Trust } from '../identity/verify.js';
import type { Partner, Partners } from './partners.js';

interface Needs extends Dependencies {
  partners: Partners;
}

/** A self-issued ID token in a header; null: it has another kind of token, or none. Bearer tokens of partners have no dots. */
export const selfIssuedIn = (header: string | undefined): string | null => {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header ?? '')?.[1] ?? null;
  return token === null || token.length > longestToken ? null : token;
};

/**
 * Who sends a message of the Dataspace Protocol. Two ways lead to the same partner: the bearer token that the portal gave it, and, where the operator
 * names whom to trust, its DID with credentials (DCP 1.0.1). Who is no active partner is refused in either.
 */
export class Identities {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  get trust(): Trust | null {
    return this.#needs.config.dcp ?? null;
  }

  /** How the portal is called by others: by its DID where it has one. */
  get participant(): string {
    return this.trust === null ? `${this.#needs.portal.url}/#publisher` : didOf(this.#needs.portal.url);
  }

  secret(): Promise<Uint8Array> {
    return this.#needs.secrets.key('dcp-identity');
  }

  /**
   * Refuses who cannot be a partner, before anything is read or fetched: a token that is unknown, or that claims to be of nobody who is one.
   *
   * @throws Problem 401
   */
  async mayBe(header: string | undefined): Promise<void> {
    await this.#partnerOf(header);
  }

  /**
   * The partner that sends a message.
   *
   * @param proven what was found out about a self-issued token, without which it is not believed; null: there was none
   * @throws Problem 401, also for a self-issued token that came before
   */
  async of(header: string | undefined, proven: SelfIssued | null): Promise<Partner> {
    const partner = await this.#partnerOf(header);
    if (selfIssuedIn(header) === null) return partner;
    if (proven === null || proven.did !== partner.participant)
      throw notBelieved(new IdentityRefused('token', 'It was not checked.'));
    const [first] = await this.#needs
      .knex('used_identities')
      .insert({ token_hash: createHash('sha256').update(`${proven.did} ${proven.jti}`).digest(), expires_at: proven.expires })
      .onConflict('token_hash')
      .ignore()
      .returning('expires_at');
    if (first === undefined) throw notBelieved(new IdentityRefused('replay', 'The jti came before.'));
    return partner;
  }

  /** The header with which the portal calls a partner back; null where it has no DID, or the partner has none. */
  async headerFor(partnerId: string): Promise<string | null> {
    if (this.trust === null) return null;
    const { clock, knex } = this.#needs;
    const { participant } = await knex('partners').where({ id: partnerId }).first('participant');
    if (!participant.startsWith('did:web:')) return null;
    return `Bearer ${await issue({ secret: await this.secret(), own: this.participant, audience: participant }, clock.now())}`;
  }

  /** The DID document of the portal (DID Core 1.0 §5). */
  async document() {
    const id = this.participant;
    const key = `${id}#key`;
    const { publicJwk } = keyPairOf(await this.secret());
    return {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1'],
      id,
      verificationMethod: [{ id: key, type: 'JsonWebKey2020', controller: id, publicKeyJwk: publicJwk }],
      ...{ authentication: [key], assertionMethod: [key], capabilityInvocation: [key] },
    };
  }

  /** Forgets tokens that are over. */
  async tidy(): Promise<void> {
    await this.#needs.knex('used_identities').whereRaw(`expires_at < now() - interval '1 hour'`).delete();
  }

  async #partnerOf(header: string | undefined): Promise<Partner> {
    const token = this.trust === null ? null : selfIssuedIn(header);
    if (token === null) return this.#needs.partners.of(header);
    try {
      const { sub } = claimed(token);
      if (typeof sub !== 'string') throw new IdentityRefused('token', 'iss and sub must be the same DID.');
      return await this.#needs.partners.called(sub);
    } catch (error) {
      throw error instanceof IdentityRefused ? notBelieved(error) : error;
    }
  }
}
