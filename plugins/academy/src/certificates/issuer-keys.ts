import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { Dependencies } from '../dependencies.js';

/** For which private keys are sealed. */
const purpose = 'certificate-keys';

/** A key as anyone may read it (RFC 7517). */
export interface PublicKey {
  kty: 'RSA';
  kid: string;
  alg: 'RS256';
  use: 'sig';
  n: string;
  e: string;
}

/** The RSA key with which certificates are signed. Public keys stay published for ever, so that certificates can be verified. */
export class IssuerKeys {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #locks: Dependencies['locks'];

  constructor({ knex, secrets, locks }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#locks = locks;
  }

  async published(): Promise<PublicKey[]> {
    const rows: { public_jwk: PublicKey }[] = await this.#knex('certificate_keys')
      .orderBy('created_at', 'desc')
      .limit(100)
      .select('public_jwk');
    return rows.map(({ public_jwk }) => public_jwk);
  }

  /** A JWT (RFC 7519) with these claims, signed RS256 by the newest key that can be opened; the first one is made when it is needed. */
  async sign(claims: Record<string, unknown>): Promise<string> {
    const { kid, key } = (await this.#newest()) ?? (await this.#first());
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key);
  }

  async #newest(): Promise<{ kid: string; key: CryptoKey } | undefined> {
    const row = await this.#knex('certificate_keys').orderBy('created_at', 'desc').first('kid', 'private_jwk');
    if (row === undefined) return undefined;
    const text = await this.#secrets.open(purpose, row.kid, Buffer.from(row.private_jwk, 'base64url'));
    return text === null ? undefined : { kid: row.kid, key: (await importJWK(JSON.parse(text), 'RS256')) as CryptoKey };
  }

  async #first(): Promise<{ kid: string; key: CryptoKey }> {
    await this.#locks.take('certificate key');
    const made = await this.#newest();
    if (made !== undefined) return made;
    const kid = randomUUID();
    const pair = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const sealed = await this.#secrets.seal(purpose, kid, JSON.stringify(await exportJWK(pair.privateKey)));
    await this.#knex('certificate_keys').insert({
      kid,
      public_jwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' }),
      private_jwk: Buffer.from(sealed).toString('base64url'),
    });
    return { kid, key: pair.privateKey };
  }
}
