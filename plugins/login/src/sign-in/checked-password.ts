import { fitsHash, hashPassword, isOutdated } from '../accounts/password-hash.js';
import { hashing } from '../accounts/turns.js';

/** What a password is to be checked against. */
export interface Begun {
  /** Seconds before an attempt is looked at; 0: it may go on. */
  wait: number;
  /** null: there is no such account. */
  hash: string | null;
}

export interface CheckedPassword extends Begun {
  fits: boolean;
  /** Of a password that fits, where its hash was made at another cost than today's. */
  rehashed: string | undefined;
}

/**
 * Checks a password while no unit of work is open. `begin` is asked when its turn has come, so that of many guesses sent at once those
 * that have to wait by then cost no hashing.
 */
export const checkPassword = (password: string, begin: () => Promise<Begun>, signal: AbortSignal): Promise<CheckedPassword> =>
  hashing.take(signal, async () => {
    const begun = await begin();
    const fits = begun.wait === 0 && (await fitsHash(password, begun.hash));
    const outdated = fits && begun.hash !== null && isOutdated(begun.hash);
    return { ...begun, fits, rehashed: outdated ? await hashPassword(password) : undefined };
  });
