import { createHmac } from 'node:crypto';
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Dependencies } from '../dependencies.js';
import type { Challenges } from './challenges.js';

/** Maximum number of passkeys of a person. */
export const mostPasskeys = 10;

interface Row {
  id: string;
  person_id: string;
  credential_id: Buffer;
  public_key: Buffer;
  counter: string;
  transports: string[];
}

/** A passkey as its person sees it. */
export interface OwnPasskey {
  id: string;
  name: string;
  addedAt: Date;
  usedAt: Date | null;
}

/** `copied`: its counter went back, so a copy of the authenticator may exist (WebAuthn §7.2 step 22). */
export type Asserted = { kind: 'right' | 'copied'; personId: string } | { kind: 'wrong' };

/** Loaded with the first passkey, because it is large. */
const webAuthn = () => import('@simplewebauthn/server');

/**
 * Passkeys (WebAuthn Level 3): discoverable, with verification of the user, for the address of this portal only. A passkey is thing and person
 * in one, so it signs in without a password.
 */
export class Passkeys {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #portal: Dependencies['portal'];
  readonly #log: Dependencies['log'];
  readonly #challenges: Challenges;

  constructor({ knex, secrets, clock, portal, log, challenges }: Dependencies & { challenges: Challenges }) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#portal = portal;
    this.#log = log;
    this.#challenges = challenges;
  }

  /** What a browser needs to make a passkey. `use`: see {@link Challenges.make}. */
  async creation(
    person: { id: string; username: string; displayName: string },
    use: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const { generateRegistrationOptions } = await webAuthn();
    return generateRegistrationOptions({
      rpName: 'i-Learn',
      rpID: this.#host,
      userID: await this.#handle(person.id),
      userName: person.username,
      userDisplayName: person.displayName,
      challenge: await this.#challenges.make(use),
      attestationType: 'none',
      excludeCredentials: await this.#credentialsOf(person.id),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** Stores a new passkey. False if the answer does not fit its challenge, this portal or these rules. */
  async add(personId: string, use: string, name: string, response: RegistrationResponseJSON): Promise<boolean> {
    const { verifyRegistrationResponse } = await webAuthn();
    const verified = await this.#quietly(() =>
      verifyRegistrationResponse({ response, ...this.#expected(use), requireUserVerification: true }),
    );
    if (!verified?.verified) return false;
    const { credential, credentialBackedUp } = verified.registrationInfo;
    const added = await this.#knex('passkeys')
      .insert({
        person_id: personId,
        credential_id: Buffer.from(credential.id, 'base64url'),
        public_key: Buffer.from(credential.publicKey),
        counter: credential.counter,
        transports: (response.response.transports ?? []).slice(0, 10).map((each) => String(each).slice(0, 20)),
        synced: credentialBackedUp,
        name,
        added_at: this.#clock.now(),
      })
      .onConflict('credential_id')
      .ignore()
      .returning('id');
    return added.length === 1;
  }

  /** What a browser needs to use a passkey: of this person, or null for any that it has for this portal. */
  async request(personId: string | null, use: string): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const { generateAuthenticationOptions } = await webAuthn();
    return generateAuthenticationOptions({
      rpID: this.#host,
      challenge: await this.#challenges.make(use),
      userVerification: 'required',
      ...(personId === null ? {} : { allowCredentials: await this.#credentialsOf(personId) }),
    });
  }

  /** Whose passkey answered. `known`: who gave their password; null: the answer must name its person (WebAuthn §7.2 step 6). */
  async assert(use: string, response: AuthenticationResponseJSON, known: string | null): Promise<Asserted> {
    const credential_id = Buffer.from(response.id, 'base64url');
    const row = await this.#knex<Row>('passkeys').where({ credential_id }).forUpdate().first();
    if (row === undefined) return { kind: 'wrong' };
    const { verifyAuthenticationResponse } = await webAuthn();
    // The counter is compared below, to tell a copy from a wrong signature.
    const credential = { id: response.id, publicKey: new Uint8Array(row.public_key), counter: 0 };
    const verified = await this.#quietly(() =>
      verifyAuthenticationResponse({ response, ...this.#expected(use), credential, requireUserVerification: true }),
    );
    if (!verified?.verified) return { kind: 'wrong' };
    const { userHandle } = response.response;
    if (userHandle === undefined && known !== row.person_id) return { kind: 'wrong' };
    if (userHandle !== undefined && userHandle !== Buffer.from(await this.#handle(row.person_id)).toString('base64url')) {
      return { kind: 'wrong' };
    }
    const { newCounter } = verified.authenticationInfo;
    const stored = Number(row.counter);
    if ((newCounter > 0 || stored > 0) && newCounter <= stored) return { kind: 'copied', personId: row.person_id };
    await this.#knex('passkeys').where('id', row.id).update({ counter: newCounter, used_at: this.#clock.now() });
    return { kind: 'right', personId: row.person_id };
  }

  async ofPerson(personId: string): Promise<OwnPasskey[]> {
    return this.#knex('passkeys')
      .where('person_id', personId)
      .orderBy(['added_at', 'id'])
      .limit(mostPasskeys)
      .select('id', 'name', { addedAt: 'added_at', usedAt: 'used_at' });
  }

  async remove(personId: string, id: string): Promise<boolean> {
    return (await this.#knex('passkeys').where({ person_id: personId, id }).delete()) > 0;
  }

  async clear(personId: string): Promise<void> {
    await this.#knex('passkeys').where('person_id', personId).delete();
  }

  get #host(): string {
    return new URL(this.#portal.url).hostname;
  }

  #expected(use: string) {
    return {
      expectedChallenge: (challenge: string) => this.#challenges.take(use, challenge),
      expectedOrigin: new URL(this.#portal.url).origin,
      expectedRPID: this.#host,
    };
  }

  async #credentialsOf(personId: string): Promise<{ id: string; transports: AuthenticatorTransport[] }[]> {
    const rows: Pick<Row, 'credential_id' | 'transports'>[] = await this.#knex('passkeys')
      .where('person_id', personId)
      .limit(mostPasskeys)
      .select('credential_id', 'transports');
    return rows.map(({ credential_id, transports }) => ({
      id: credential_id.toString('base64url'),
      transports: transports as AuthenticatorTransport[],
    }));
  }

  /** Names the person to their authenticator, without telling who it is (WebAuthn §14.6.1). */
  async #handle(personId: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(
      createHmac('sha256', await this.#secrets.key('passkey-handles'))
        .update(personId)
        .digest(),
    );
  }

  /** The library throws for each fault of an answer. */
  async #quietly<T>(verify: () => Promise<T>): Promise<T | null> {
    try {
      return await verify();
    } catch (error) {
      // Its message would quote the answer.
      this.#log.info({ check: (error as Error).name }, 'an answer of a passkey was refused');
      return null;
    }
  }
}
