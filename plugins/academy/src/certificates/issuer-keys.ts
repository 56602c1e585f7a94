import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { Dependencies } from '../dependencies.js';
import { type Ed25519Key, type Multikey, multikeyOf, withProof } from './data-integrity.js';

/** For which private keys are sealed. */
const purpose = 'certificate-keys';

/** RS256 signs JWTs, EdDSA proofs of Data Integrity. */
type Algorithm = 'RS256' | 'EdDSA';
const mostKeys = 100;

/** A key as anyone may read it (RFC 7517). */
export interface PublicKey {
  kty: 'RSA';
  kid: string;
  alg: 'RS256';
  use: 'sig';
  n: string;
  e: string;
}

/** The keys with which certificates are signed. Public keys stay published for ever, so that certificates can be verified. */
export class IssuerKeys {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #locks: Dependencies['locks'];

  constructor({ knex, secrets, locks }: Dependencies) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#locks = locks;
  }

  /** Keys of JWTs. */
  published(): Promise<PublicKey[]> {
    return this.#published<PublicKey>('RS256');
  }

  /** Keys of Data Integrity proofs, as the document of this controller lists them. */
  async multikeys(controller: string): Promise<Multikey[]> {
    const keys = await this.#published<Ed25519Key>('EdDSA');
    return Promise.all(keys.map((key) => multikeyOf(key, controller)));
  }

  /** A JWT (RFC 7519) with these claims, signed RS256 by the newest key that can be opened; the first one is made when it is needed. */
  async signJwt(claims: Record<string, unknown>): Promise<string> {
    const { kid, privateKey } = await this.#current('RS256');
    const key = (await importJWK(privateKey, 'RS256')) as CryptoKey;
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(key);
  }

  /** The credential with a Data Integrity proof of its issuer, who is the controller of the key. */
  async signDocument(credential: Readonly<Record<string, unknown>>, issuer: string, created: Date): Promise<object> {
    const { privateKey } = await this.#current('EdDSA');
    const key = privateKey as Ed25519Key;
    return withProof(credential, key, (await multikeyOf(key, issuer)).id, created);
  }

  async #published<Key>(alg: Algorithm): Promise<Key[]> {
    const rows: { public_jwk: Key }[] = await this.#of(alg).limit(mostKeys).select('public_jwk');
    return rows.map(({ public_jwk }) => public_jwk);
  }

  /** Keys of an algorithm, the newest first. */
  #of(alg: Algorithm) {
    return this.#knex('certificate_keys').whereRaw(`public_jwk ->> 'alg' = ?`, [alg]).orderBy('created_at', 'desc');
  }

  async #current(alg: Algorithm): Promise<{ kid: string; privateKey: JWK }> {
    return (await this.#newest(alg)) ?? (await this.#first(alg));
  }

  async #newest(alg: Algorithm): Promise<{ kid: string; privateKey: JWK } | undefined> {
    const row = await this.#of(alg).first('kid', 'private_jwk');
    if (row === undefined) return undefined;
    const text = await this.#secrets.open(purpose, row.kid, Buffer.from(row.private_jwk, 'base64url'));
    return text === null ? undefined : { kid: row.kid, privateKey: JSON.parse(text) };
  }

  async #first(alg: Algorithm): Promise<{ kid: string; privateKey: JWK }> {
    await this.#locks.take('certificate key');
    const made = await this.#newest(alg);
    if (made !== undefined) return made;
    const kid = randomUUID();
    const pair = await generateKeyPair(alg, { modulusLength: 2048, crv: 'Ed25519', extractable: true });
    const privateKey = await exportJWK(pair.privateKey);
    const sealed = await this.#secrets.seal(purpose, kid, JSON.stringify(privateKey));
    await this.#knex('certificate_keys').insert({
      kid,
      public_jwk: JSON.stringify({ ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' }),
      private_jwk: Buffer.from(sealed).toString('base64url'),
    });
    return { kid, privateKey };
  }
}
