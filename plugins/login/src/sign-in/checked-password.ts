import { fitsHash, hashPassword, isOutdated } from '../accounts/password-hash.js';
import { hashing } from '../accounts/turns.js';

/** What to check a password against. */
export interface Begun {
  /** Seconds until an attempt is allowed; 0: now. */
  wait: number;
  /** Null if there is no such account. */
  hash: string | null;
}

export interface CheckedPassword extends Begun {
  fits: boolean;
  /** A new hash, if the password matches and the old hash has other parameters. */
  rehashed: string | undefined;
}

/**
 * Checks a password while no unit of work is open. `begin` is called when its turn comes, so that guesses that must wait by then cost no
 * hashing.
 */
export const checkPassword = (password: string, begin: () => Promise<Begun>, signal: AbortSignal): Promise<CheckedPassword> =>
  hashing.take(signal, async () => {
    const begun = await begin();
    const fits = begun.wait === 0 && (await fitsHash(password, begun.hash));
    const outdated = fits && begun.hash !== null && isOutdated(begun.hash);
    return { ...begun, fits, rehashed: outdated ? await hashPassword(password) : undefined };
  });
