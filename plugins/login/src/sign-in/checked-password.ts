import { fitsHash, hashPassword, isOutdated } from '../accounts/password-hash.js';
import { hashing } from '../accounts/turns.js';

/** The data needed to check a password. */
export interface Begun {
  /** Seconds until an attempt is allowed; 0 if it is allowed now. */
  wait: number;
  /** Null if there is no such account. */
  hash: string | null;
}

export interface CheckedPassword extends Begun {
  fits: boolean;
  /** A new hash if the password matches and the old hash was made with other parameters. */
  rehashed: string | undefined;
}

/** Checks a password, outside a unit of work. `begin` is called at its turn, so that attempts that are throttled by then are not hashed. */
export const checkPassword = (password: string, begin: () => Promise<Begun>, signal: AbortSignal): Promise<CheckedPassword> =>
  hashing.take(signal, async () => {
    const begun = await begin();
    const fits = begun.wait === 0 && (await fitsHash(password, begun.hash));
    const outdated = fits && begun.hash !== null && isOutdated(begun.hash);
    return { ...begun, fits, rehashed: outdated ? await hashPassword(password) : undefined };
  });
