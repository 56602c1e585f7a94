import { createHmac, randomInt } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';
import type { Challenges } from './challenges.js';

const count = 10;
const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const half = 5;
/** Longer than an account is kept without a sign-in. */
const rememberedMs = 3 * 365 * 86_400_000;

/** Length of a code without its hyphen: 50 bits. */
export const recoveryLength = 2 * half;

/** A typed code without what people add or confuse (Crockford's Base32). */
export const normaliseCode = (typed: string): string =>
  typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');

/** Codes that replace a second factor, each once. Keyed hashes are stored. */
export class RecoveryCodes {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #challenges: Challenges;

  constructor({ knex, secrets, clock, challenges }: Dependencies & { challenges: Challenges }) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#challenges = challenges;
  }

  /** Ten new codes, which are known to nobody else from then on; earlier ones end. */
  async renew(personId: string): Promise<string[]> {
    await this.clear(personId);
    const codes = Array.from({ length: count }, newCode);
    const hashes = await Promise.all(codes.map((code) => this.#hash(personId, code)));
    await this.#knex('recovery_codes').insert(hashes.map((code_hash) => ({ person_id: personId, code_hash })));
    return codes.map((code) => `${code.slice(0, half)}-${code.slice(half)}`);
  }

  /** Whether the code is one of the person's, which ends with it. */
  async use(personId: string, normalised: string): Promise<boolean> {
    const code_hash = await this.#hash(personId, normalised);
    const codes = () => this.#knex('recovery_codes').where({ person_id: personId, code_hash });
    if ((await codes().first('person_id')) === undefined) return false;
    // The row of a person whose data are restricted stays.
    await codes().delete();
    const ends = new Date(this.#clock.now().getTime() + rememberedMs);
    return this.#challenges.useOnce(`recovery ${code_hash.toString('base64url')}`, ends);
  }

  async left(personId: string): Promise<number> {
    const [row] = await this.#knex('recovery_codes').where('person_id', personId).count({ left: '*' });
    return Number(row?.['left'] ?? 0);
  }

  async clear(personId: string): Promise<void> {
    await this.#knex('recovery_codes').where('person_id', personId).delete();
  }

  async #hash(personId: string, code: string): Promise<Buffer> {
    return createHmac('sha256', await this.#secrets.key('recovery-codes'))
      .update(`${personId} ${code}`)
      .digest();
  }
}

const newCode = (): string => Array.from({ length: recoveryLength }, () => letters[randomInt(letters.length)]).join('');
