import { timingSafeEqual } from 'node:crypto';
import { systemPrincipal } from '@ilearn/core';
import type { AccountService } from '../accounts/account-service.js';
import type { Dependencies } from '../dependencies.js';
import { normaliseCode } from '../factors/recovery-codes.js';
import type { Throttle } from '../sign-in/throttle.js';
import { type BadgeRow, badgeHash, mostWrong, shortLength } from './badge-hash.js';
import { onlyPupils } from './only-pupils.js';
import type { Picture } from './pictures.js';

/** A session that a badge began ends after this, also when a child leaves the device. */
const sessionMs = 4 * 3_600_000;
/** A right choice forgets at most this many wrong ones: a child errs, and somebody who guesses between two lessons is counted. */
const forgotten = 5;

/** `choose`: the child has no pictures yet, and chooses them now. */
export type BadgeState = 'choose' | 'ask';

export type BadgeOutcome =
  | { kind: 'signed-in'; displayName: string }
  | { kind: 'state'; state: BadgeState }
  | { kind: 'unknown' | 'closed' }
  | { kind: 'refused' | 'throttled'; wait: number };

/**
 * Signing in with a badge and three pictures: while a teacher of the pupil has opened a time for it or where the school lets badges always
 * work, and into the pupil's school only, in a session that opens no other school and is never recent enough for a sensitive act.
 */
export class BadgeSignIn {
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #sessions: Dependencies['sessions'];
  readonly #actAs: Dependencies['actAs'];
  readonly #accounts: AccountService;
  readonly #throttle: Throttle;

  constructor({
    secrets,
    clock,
    sessions,
    actAs,
    accounts,
    throttle,
  }: Dependencies & { accounts: AccountService; throttle: Throttle }) {
    this.#secrets = secrets;
    this.#clock = clock;
    this.#sessions = sessions;
    this.#actAs = actAs;
    this.#accounts = accounts;
    this.#throttle = throttle;
  }

  /**
   * Signs in with a badge, scanned or typed. Without pictures it says whether the child has to choose them. A wrong code that was typed
   * counts for the address, wrong pictures for the badge.
   */
  async signIn(secret: string, chosen: readonly Picture[] | null, address: string): Promise<BadgeOutcome> {
    // Nobody guesses a scanned secret of 192 bits, so that wrong codes at the address of a school stop no badge that is scanned there.
    const typed = normaliseCode(secret).length === shortLength;
    const waiting = typed ? await this.#throttle.secondsToWaitAt(address, 'badge') : 0;
    if (waiting > 0) return { kind: 'throttled', wait: waiting };
    const row = await this.#find(secret);
    if (row === null) {
      if (typed) await this.#throttle.failedAt(address, 'badge');
      return { kind: 'unknown' };
    }
    const person = await this.#accounts.personOf(row.pupil_id);
    const end = await this.#endFor(row);
    if (person === null || end === null) return { kind: 'unknown' };
    if (row.wrong >= mostWrong || !(await this.#isOpen(row))) return { kind: 'closed' };
    if (chosen === null) return { kind: 'state', state: row.pictures_hash === null ? 'choose' : 'ask' };
    // Not a username, which has no "#": these counters are of the badge alone.
    const permit = await this.#throttle.admit({ username: `#badge ${row.id}`, address: '', known: 'session' });
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };
    const pictures_hash = await badgeHash(this.#secrets, `${row.pupil_id} ${[...chosen].sort().join(' ')}`);
    if (row.pictures_hash !== null && !timingSafeEqual(row.pictures_hash, pictures_hash)) {
      await this.#change(row, { wrong: row.wrong + 1 });
      return { kind: 'refused', wait: await this.#throttle.failed(permit) };
    }
    await this.#throttle.succeeded(permit);
    const wrong = row.wrong <= forgotten ? 0 : row.wrong;
    const kept = await this.#change(row, { pictures_hash, wrong, used_at: this.#clock.now() });
    // The row of a pupil whose data are restricted does not change: they cannot choose pictures.
    if (!kept && row.pictures_hash === null) return { kind: 'closed' };
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ageBand: await this.#accounts.ageBandOf(person.id),
      tenant: row.school_id,
      fixed: true,
      expiresAt: end,
    });
    return { kind: 'signed-in', displayName };
  }

  /** The badge with this secret; locked, so that of two choices of pictures at once one counts. */
  async #find(typed: string): Promise<BadgeRow | null> {
    const hash = await badgeHash(this.#secrets, typed);
    const short = await badgeHash(this.#secrets, normaliseCode(typed));
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const badges = knex<BadgeRow>('badges').where('secret_hash', hash).orWhere('short_hash', short);
      return (await badges.forUpdate().first()) ?? null;
    });
  }

  async #change({ id }: BadgeRow, values: object): Promise<boolean> {
    return (await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) => knex('badges').where({ id }).update(values))) > 0;
  }

  /** When a session that begins now ends; null if the person is no pupil of the school, more than that, or their account has ended. */
  async #endFor({ pupil_id, school_id }: BadgeRow): Promise<Date | null> {
    if (!(await onlyPupils(this.#actAs, school_id, [pupil_id])).has(pupil_id)) return null;
    const account = await this.#accounts.ofPerson(pupil_id);
    const now = this.#clock.now().getTime();
    const end = Math.min(now + sessionMs, account?.expires_at?.getTime() ?? Number.POSITIVE_INFINITY);
    return end > now ? new Date(end) : null;
  }

  async #isOpen({ pupil_id, school_id }: BadgeRow): Promise<boolean> {
    return this.#actAs(systemPrincipal(), async ({ directory, settings, knex }: Dependencies) => {
      if ((await settings.of(school_id)).badgesAlways) return true;
      const classes = (await directory.classes.ofPerson(pupil_id, 'pupil')).filter(({ school }) => school === school_id);
      const open = await knex('badge_windows')
        .whereRaw('class_id = any(?::uuid[])', [classes.map(({ id }) => id)])
        .where({ school_id })
        .where('ends_at', '>', this.#clock.now())
        .first('class_id');
      return open !== undefined;
    });
  }
}
