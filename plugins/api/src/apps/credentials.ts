import { createHash, randomBytes } from 'node:crypto';
import { conflict, notFound, Problem } from '@ilearn/core';
import { calculateJwkThumbprint, importJWK, type JWK } from 'jose';
import type { Knex } from 'knex';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { mostKeys, mostSecrets } from './app.js';

/** Signature algorithms of client assertions. Symmetric ones and `none` are not among them. */
export const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** A public key (RFC 7517): no private members, and none of a symmetric key. */
export const publicJwk = z.looseObject({
  kty: z.enum(['RSA', 'EC', 'OKP']),
  kid: z.string().min(1).max(200).optional(),
  alg: z.enum(algorithms).optional(),
});

const publicMembers = ['kty', 'n', 'e', 'crv', 'x', 'y'] as const;
const smallestModulus = 2048;

export interface Secret {
  id: string;
  hint: string;
  createdAt: Date;
  endsAt: Date | null;
}

export interface Key {
  id: string;
  kid: string;
  alg: string;
  createdAt: Date;
}

export const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * With what apps authenticate: at most two live secrets, so that one can be replaced while the other is in use, and public keys. Of secrets
 * only the SHA-256 is stored; they are random, so no slower hash is needed.
 */
export class Credentials {
  readonly #knex: Knex;

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  secretsOf(appId: string): Promise<Secret[]> {
    return this.#knex('app_secrets')
      .where({ app_id: appId })
      .whereRaw('(ends_at is null or ends_at > now())')
      .orderBy(['created_at', 'id'])
      .limit(mostSecrets)
      .select({ id: 'id', hint: 'hint', createdAt: 'created_at', endsAt: 'ends_at' }) as unknown as Promise<Secret[]>;
  }

  keysOf(appId: string): Promise<Key[]> {
    return this.#knex('app_keys')
      .where({ app_id: appId })
      .orderBy(['created_at', 'id'])
      .limit(mostKeys)
      .select(
        { id: 'id', kid: 'kid', createdAt: 'created_at' },
        this.#knex.raw(`public_jwk ->> 'alg' as alg`),
      ) as unknown as Promise<Key[]>;
  }

  /**
   * Makes a secret and returns it: the only time that anybody sees it.
   *
   * @param endOthersAfterHours when the other secret of the app ends; null: when somebody removes it
   * @throws Problem 404 for an unknown app; 409 if it has two secrets
   */
  async addSecret(appId: string, endOthersAfterHours: number | null): Promise<string> {
    const providerId = await this.#lock(appId);
    await this.#knex('app_secrets').where({ app_id: appId }).whereRaw('ends_at <= now()').delete();
    const live = await this.secretsOf(appId);
    if (live.length >= mostSecrets) {
      throw conflict('api/two-secrets', 'The app has two secrets. Remove the one that is not used any more.');
    }
    if (endOthersAfterHours !== null) {
      const endsAt = this.#knex.raw('least(ends_at, now() + make_interval(hours => ?))', [endOthersAfterHours]);
      await this.#knex('app_secrets').where({ app_id: appId }).update({ ends_at: endsAt });
    }
    const secret = `ils_${randomBytes(32).toString('base64url')}`;
    const row = { app_id: appId, provider_id: providerId, digest: digestOf(secret), hint: secret.slice(-4) };
    await this.#knex('app_secrets').insert(row);
    return secret;
  }

  /** Ends a secret, and the tokens of the app, since some of them were got with it. */
  async removeSecret(appId: string, id: string): Promise<void> {
    if ((await this.#knex('app_secrets').where({ id, app_id: appId }).delete()) === 0) throw notFound();
    await this.endTokens(appId);
  }

  /** @throws Problem 404 for an unknown app; 409 if it has too many keys, or one with this kid; 422 for an unusable key */
  async addKey(appId: string, jwk: z.output<typeof publicJwk>): Promise<void> {
    const providerId = await this.#lock(appId);
    if ((await this.keysOf(appId)).length >= mostKeys) {
      throw conflict('api/four-keys', `The app has ${mostKeys} keys. Remove one that is not used any more.`);
    }
    const key = await usable(jwk);
    const row = { app_id: appId, provider_id: providerId, kid: key.kid, public_jwk: JSON.stringify(key) };
    const added = await this.#knex('app_keys').insert(row).onConflict(['app_id', 'kid']).ignore().returning('id');
    if (added.length === 0) throw conflict('api/key-known', `The app has a key with kid ${key.kid}.`);
  }

  async removeKey(appId: string, id: string): Promise<void> {
    if ((await this.#knex('app_keys').where({ id, app_id: appId }).delete()) === 0) throw notFound();
    await this.endTokens(appId);
  }

  /** Ends all tokens of an app that the caller may change. */
  async endTokens(appId: string): Promise<void> {
    await this.#lock(appId);
    await this.#knex('access_tokens').where({ app_id: appId }).delete();
  }

  /** Locks the app until the unit of work ends; returns the id of its provider. */
  async #lock(appId: string): Promise<string> {
    const row = await this.#knex('apps').where({ id: appId }).forUpdate().first('provider_id');
    if (row === undefined) throw notFound();
    return row.provider_id;
  }
}

/** The public members of a key that can verify signatures, with `kid` and `alg`. */
async function usable(jwk: z.output<typeof publicJwk>): Promise<JWK & { kid: string; alg: string }> {
  if ('d' in jwk || 'k' in jwk) {
    throw unusable('This is a private key. Register the public key only, and replace this one: it is not secret any more.');
  }
  const key: JWK = Object.fromEntries(publicMembers.flatMap((name) => (name in jwk ? [[name, jwk[name]]] : [])));
  const alg = jwk.alg ?? algorithmOf(key);
  try {
    const imported = await importJWK({ ...key, alg }, alg);
    const { modulusLength } = (imported as CryptoKey).algorithm as RsaHashedKeyAlgorithm;
    if (modulusLength !== undefined && modulusLength < smallestModulus) {
      throw unusable(`An RSA key has at least ${smallestModulus} bits.`);
    }
    return { ...key, alg, kid: jwk.kid ?? (await calculateJwkThumbprint(key)) };
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw unusable(`It is no key for ${alg} (RFC 7517).`);
  }
}

const algorithmOf = ({ kty }: JWK): string => ({ RSA: 'RS256', EC: 'ES256', OKP: 'EdDSA' })[kty as 'RSA' | 'EC' | 'OKP'];

const unusable = (detail: string): Problem =>
  new Problem({ type: 'api/key-unusable', status: 422, title: 'Unusable key', detail });
