import { randomBytes, randomInt } from 'node:crypto';
import { forbidden, notFound, systemPrincipal } from '@ilearn/core';
import { type CardCode, qrCode } from '../accounts/card-code.js';
import type { Passwords } from '../accounts/passwords.js';
import type { Dependencies } from '../dependencies.js';
import { type BadgeRow, badgeHash, mostWrong, shortLength } from './badge-hash.js';
import { onlyPupils } from './only-pupils.js';

const letters = '0123456789abcdefghjkmnpqrstvwxyz';

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
  /** Whether the pictures were wrong so often that the badge is closed. */
  guessed: boolean;
}

/**
 * Badges of pupils, who have no other role in the school or the portal. A badge is a random secret, of which a keyed hash is stored; it names
 * nobody. See `BadgeSignIn` for what it opens.
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

  constructor({ knex, secrets, clock, sessions, settings, actAs, portal, passwords }: Dependencies & { passwords: Passwords }) {
    this.#knex = knex;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#sessions = sessions;
    this.#settings = settings;
    this.#actAs = actAs;
    this.#portal = portal;
    this.#passwords = passwords;
  }

  /**
   * The pupils of a class with their badges, and until when badges work.
   *
   * @throws Problem 404 for a class that the caller may not see; 403 if they may not give its pupils badges
   */
  async ofClass(classId: string): Promise<{ name: string; openUntil: Date | null; always: boolean; pupils: ListedBadge[] }> {
    const { name, school, pupils } = await this.#requireClass(classId);
    const ids = pupils.map(({ id }) => id);
    const rows: (BadgeRow & { made_at: Date; used_at: Date | null })[] = await this.#knex('badges')
      .whereRaw('pupil_id = any(?::uuid[])', [ids])
      .where('school_id', school);
    const byPupil = new Map(rows.map((row) => [row.pupil_id, row]));
    const may = await onlyPupils(this.#actAs, school, ids);
    const window = await this.#knex('badge_windows')
      .where('class_id', classId)
      .where('ends_at', '>', this.#clock.now())
      .first<{ ends_at: Date } | undefined>('ends_at');
    const shown = pupils.filter(({ id }) => may.has(id));
    return {
      name,
      openUntil: window?.ends_at ?? null,
      always: (await this.#settings.of(school)).badgesAlways,
      pupils: shown.map(({ id, givenName, familyName }) => {
        const row = byPupil.get(id);
        return {
          id,
          givenName,
          familyName,
          madeAt: row?.made_at ?? null,
          usedAt: row?.used_at ?? null,
          chosen: row?.pictures_hash != null,
          guessed: row !== undefined && row.wrong >= mostWrong,
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

  /**
   * Makes a badge for a pupil of the class; an earlier one ends, with the sessions that badges of the pupil began. Their pictures stay.
   *
   * @throws as {@link ofClass}; 404 for another pupil, and for somebody who has another role too
   */
  async renew(classId: string, pupilId: string): Promise<NewBadge> {
    const { school, pupils } = await this.#requireClass(classId);
    const pupil = pupils.find(({ id }) => id === pupilId);
    if (pupil === undefined || !(await onlyPupils(this.#actAs, school, [pupilId])).has(pupilId)) throw notFound();
    const secret = randomBytes(24).toString('base64url');
    const short = Array.from({ length: shortLength }, () => letters[randomInt(letters.length)]).join('');
    const row = {
      secret_hash: await badgeHash(this.#secrets, secret),
      short_hash: await badgeHash(this.#secrets, short),
      made_at: this.#clock.now(),
      used_at: null,
      wrong: 0,
    };
    await this.#knex('badges')
      .insert({ school_id: school, pupil_id: pupilId, ...row })
      .onConflict(['school_id', 'pupil_id'])
      .merge(row);
    await this.#sessions.endFixed([pupilId], school);
    const { givenName, familyName } = pupil;
    const half = shortLength / 2;
    return {
      ...{ personId: pupilId, givenName, familyName },
      short: `${short.slice(0, half)}-${short.slice(half)}`,
      code: qrCode(`${this.#portal.url}/badge#${secret}`),
    };
  }

  /** Ends the badge of a pupil of the class, and the sessions that it began: it may be in other hands. @throws as {@link ofClass} */
  async end(classId: string, pupilId: string): Promise<void> {
    const school = await this.#ofPupil(classId, pupilId, (badges) => badges.delete());
    await this.#sessions.endFixed([pupilId], school);
  }

  /**
   * Ends the badges of all pupils of the class; sessions that began with them go on. False if some badges go on, of pupils whose data are
   * restricted: their rows do not change.
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
    await this.#ofPupil(classId, pupilId, (badges) => badges.update({ pictures_hash: null, wrong: 0 }));
  }

  removeEndedWindows(): Promise<number> {
    return this.#knex('badge_windows').where('ends_at', '<=', this.#clock.now()).delete();
  }

  /** Returns the id of the school. */
  async #ofPupil(
    classId: string,
    pupilId: string,
    write: (badges: ReturnType<Dependencies['knex']>) => PromiseLike<unknown>,
  ): Promise<string> {
    const { school, pupils } = await this.#requireClass(classId);
    if (!pupils.some(({ id }) => id === pupilId)) throw notFound();
    await write(this.#knex('badges').where({ pupil_id: pupilId, school_id: school }));
    return school;
  }

  async #requireClass(classId: string) {
    const found = await this.#passwords.ofClass(classId);
    if (!found.may) throw forbidden('You may not give these pupils badges.');
    return found;
  }
}
