import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { forbidden, notFound, systemPrincipal } from '@ilearn/core';
import type { AccountService } from '../accounts/account-service.js';
import { type CardCode, qrCode } from '../accounts/card-code.js';
import type { Passwords } from '../accounts/passwords.js';
import type { Dependencies } from '../dependencies.js';
import { normaliseCode } from '../factors/recovery-codes.js';
import type { Throttle } from '../sign-in/throttle.js';
import type { Picture } from './pictures.js';

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const shortLength = 10;
/** A session that a badge began ends after this, also when a child leaves the device. */
const HOUR_MS = 3_600_000;
const sessionHours = 4;

interface Row {
  id: string;
  school_id: string;
  pupil_id: string;
  pictures_hash: Buffer | null;
}

/** A badge as it is printed, once. `short`: typed where nothing can scan. */
export interface NewBadge {
  personId: string;
  givenName: string;
  familyName: string;
  short: string;
  code: CardCode;
}

export interface ListedBadge {
  id: string;
  givenName: string;
  familyName: string;
  madeAt: Date | null;
  usedAt: Date | null;
  /** Whether the child has chosen their pictures. */
  chosen: boolean;
}

/** `choose`: the child has no pictures yet, and chooses them now. */
export type BadgeState = 'choose' | 'ask';

export type BadgeOutcome =
  | { kind: 'signed-in'; displayName: string }
  | { kind: 'state'; state: BadgeState }
  | { kind: 'unknown' | 'closed' }
  | { kind: 'refused' | 'throttled'; wait: number };

/**
 * Badges of pupils. A badge is a random secret, of which a keyed hash is stored; it names nobody. It signs in with three pictures, while a
 * teacher of the pupil has opened a time for it or where the school lets badges always work, and into the pupil's school only.
 */
export class Badges {
  readonly #knex: Dependencies['knex'];
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #sessions: Dependencies['sessions'];
  readonly #settings: Dependencies['settings'];
  readonly #actAs: Dependencies['actAs'];
  readonly #portal: Dependencies['portal'];
  readonly #passwords: Passwords;
  readonly #accounts: AccountService;
  readonly #throttle: Throttle;

  constructor({
    knex,
    secrets,
    clock,
    sessions,
    settings,
    actAs,
    portal,
    passwords,
    accounts,
    throttle,
  }: Dependencies & { passwords: Passwords; accounts: AccountService; throttle: Throttle }) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#sessions = sessions;
    this.#settings = settings;
    this.#actAs = actAs;
    this.#portal = portal;
    this.#passwords = passwords;
    this.#accounts = accounts;
    this.#throttle = throttle;
  }

  /**
   * The pupils of a class with their badges, and until when badges work.
   *
   * @throws Problem 404 for a class that the caller may not see; 403 if they may not give its pupils badges
   */
  async ofClass(classId: string): Promise<{ name: string; openUntil: Date | null; always: boolean; pupils: ListedBadge[] }> {
    const { name, school, pupils } = await this.#requireClass(classId);
    const rows: (Row & { made_at: Date; used_at: Date | null })[] = await this.#knex('badges')
      .whereRaw('pupil_id = any(?::uuid[])', [pupils.map(({ id }) => id)])
      .where('school_id', school);
    const byPupil = new Map(rows.map((row) => [row.pupil_id, row]));
    const window = await this.#knex('badge_windows')
      .where('class_id', classId)
      .where('ends_at', '>', this.#clock.now())
      .first<{ ends_at: Date } | undefined>('ends_at');
    return {
      name,
      openUntil: window?.ends_at ?? null,
      always: (await this.#settings.of(school)).badgesAlways,
      pupils: pupils.map(({ id, givenName, familyName }) => {
        const row = byPupil.get(id);
        return {
          id,
          givenName,
          familyName,
          madeAt: row?.made_at ?? null,
          usedAt: row?.used_at ?? null,
          chosen: row?.pictures_hash != null,
        };
      }),
    };
  }

  /** Lets the badges of a class work for some minutes; 0 ends it. @throws as {@link ofClass} */
  async open(classId: string, minutes: number): Promise<void> {
    const { school } = await this.#requireClass(classId);
    await this.#knex('badge_windows').where('class_id', classId).delete();
    if (minutes === 0) return;
    const ends_at = new Date(this.#clock.now().getTime() + minutes * 60_000);
    await this.#knex('badge_windows')
      .insert({ class_id: classId, school_id: school, ends_at })
      .onConflict('class_id')
      .merge(['ends_at']);
  }

  /** Makes a badge for a pupil of the class; an earlier one ends. Their pictures stay. @throws as {@link ofClass}; 404 for another pupil */
  async renew(classId: string, pupilId: string): Promise<NewBadge> {
    const { school, pupils } = await this.#requireClass(classId);
    const pupil = pupils.find(({ id }) => id === pupilId);
    if (pupil === undefined) throw notFound();
    const secret = randomBytes(24).toString('base64url');
    const short = Array.from({ length: shortLength }, () => letters[randomInt(letters.length)]).join('');
    const row = {
      secret_hash: await this.#hash(secret),
      short_hash: await this.#hash(short),
      made_at: this.#clock.now(),
      used_at: null,
    };
    await this.#knex('badges')
      .insert({ school_id: school, pupil_id: pupilId, ...row })
      .onConflict(['school_id', 'pupil_id'])
      .merge(row);
    const { givenName, familyName } = pupil;
    const half = shortLength / 2;
    return {
      ...{ personId: pupilId, givenName, familyName },
      short: `${short.slice(0, half)}-${short.slice(half)}`,
      code: qrCode(`${this.#portal.url}/badge#${secret}`),
    };
  }

  /** Ends the badge of a pupil of the class. A session that began with it goes on. @throws as {@link ofClass} */
  async end(classId: string, pupilId: string): Promise<void> {
    await this.#ofPupils(classId, pupilId, (badges) => badges.delete());
  }

  /**
   * Ends the badges of all pupils of the class. False if some go on, of pupils whose data are restricted: their rows do not change.
   *
   * @throws as {@link ofClass}
   */
  async endAll(classId: string): Promise<boolean> {
    const { school, pupils } = await this.#requireClass(classId);
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const theirs = () =>
        knex('badges')
          .whereRaw('pupil_id = any(?::uuid[])', [pupils.map(({ id }) => id)])
          .where('school_id', school);
      await theirs().delete();
      return (await theirs().first('id')) === undefined;
    });
  }

  /** The child chooses pictures again at the next sign-in. @throws as {@link ofClass} */
  async forgetPictures(classId: string, pupilId: string): Promise<void> {
    await this.#ofPupils(classId, pupilId, (badges) => badges.update({ pictures_hash: null }));
  }

  /**
   * Signs in with a badge, scanned or typed. Without pictures it says whether the child has to choose them. An unknown secret counts for the
   * address, wrong pictures for the badge.
   */
  async signIn(secret: string, chosen: readonly Picture[] | null, address: string): Promise<BadgeOutcome> {
    const waiting = await this.#throttle.secondsToWaitAt(address, 'badge');
    if (waiting > 0) return { kind: 'throttled', wait: waiting };
    const row = await this.#find(secret);
    if (row === null) {
      await this.#throttle.failedAt(address, 'badge');
      return { kind: 'unknown' };
    }
    const person = await this.#accounts.personOf(row.pupil_id);
    if (person === null || !person.schools.includes(row.school_id)) return { kind: 'unknown' };
    if (!(await this.#isOpen(row))) return { kind: 'closed' };
    if (chosen === null) return { kind: 'state', state: row.pictures_hash === null ? 'choose' : 'ask' };
    // Not a username, which has no "#": these counters are of the badge alone.
    const permit = await this.#throttle.admit({ username: `#badge ${row.id}`, address: '', known: 'session' });
    if ('throttled' in permit) return { kind: 'throttled', wait: permit.throttled };
    const pictures_hash = await this.#hash(`${row.pupil_id} ${[...chosen].sort().join(' ')}`);
    if (row.pictures_hash !== null && !timingSafeEqual(row.pictures_hash, pictures_hash)) {
      return { kind: 'refused', wait: await this.#throttle.failed(permit) };
    }
    await this.#throttle.succeeded(permit);
    // The row of a pupil whose data are restricted does not change: they cannot choose pictures.
    if (!(await this.#used(row.id, pictures_hash)) && row.pictures_hash === null) return { kind: 'closed' };
    const displayName = `${person.givenName} ${person.familyName}`;
    await this.#sessions.start({
      id: person.id,
      displayName,
      ageBand: await this.#accounts.ageBandOf(person.id),
      tenant: row.school_id,
      expiresAt: new Date(this.#clock.now().getTime() + sessionHours * HOUR_MS),
    });
    return { kind: 'signed-in', displayName };
  }

  removeEndedWindows(): Promise<number> {
    return this.#knex('badge_windows').where('ends_at', '<=', this.#clock.now()).delete();
  }

  /** The badge with this secret; locked, so that of two choices of pictures at once one counts. */
  async #find(typed: string): Promise<Row | null> {
    const hash = await this.#hash(typed);
    const short = await this.#hash(normaliseCode(typed));
    return this.#actAs(systemPrincipal(), async ({ knex }: Dependencies) => {
      const badges = knex<Row>('badges').where('secret_hash', hash).orWhere('short_hash', short);
      return (await badges.forUpdate().first()) ?? null;
    });
  }

  async #used(id: string, pictures_hash: Buffer): Promise<boolean> {
    const changed = await this.#actAs(systemPrincipal(), ({ knex }: Dependencies) =>
      knex('badges').where({ id }).update({ pictures_hash, used_at: this.#clock.now() }),
    );
    return changed > 0;
  }

  async #isOpen({ pupil_id, school_id }: Row): Promise<boolean> {
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

  async #ofPupils(
    classId: string,
    pupilId: string,
    write: (badges: ReturnType<Dependencies['knex']>) => PromiseLike<unknown>,
  ): Promise<void> {
    const { school, pupils } = await this.#requireClass(classId);
    if (!pupils.some(({ id }) => id === pupilId)) throw notFound();
    await write(this.#knex('badges').where({ pupil_id: pupilId, school_id: school }));
  }

  async #requireClass(classId: string) {
    const found = await this.#passwords.ofClass(classId);
    if (!found.may) throw forbidden('You may not give these pupils badges.');
    return found;
  }

  async #hash(text: string): Promise<Buffer> {
    return createHmac('sha256', await this.#secrets.key('badges'))
      .update(text)
      .digest();
  }
}
