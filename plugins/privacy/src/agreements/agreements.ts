import { conflict, type Language, notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type Change, type Composition, changesBetween, currentComposition } from '../statement/composition.js';
import { agreementText, processorsOf } from './agreement-text.js';

/** Days in which a school may object to a new version before it applies. */
const OBJECTION_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

type AgreementComposition = Composition & { processors: string[] };

export interface AgreementVersion {
  number: number;
  since: Date;
  objectionUntil: Date | null;
}

/**
 * `never`: nothing was accepted yet; `in-force`: the current version applies, accepted or, after the period to object, as a renewal;
 * `renewed`: the period to object to the current version runs; `objected`: the school objected to it.
 */
export type AgreementState = 'never' | 'in-force' | 'renewed' | 'objected';

export interface SchoolAgreement {
  school: string;
  state: AgreementState;
  /** The version that was accepted last. */
  accepted: { id: string; version: number; at: Date } | null;
}

interface DecisionRow {
  id: string;
  school_id: string;
  version: number;
  decision: 'accepted' | 'objected';
  decided_at: Date;
}

type Services = Pick<Dependencies, 'knex' | 'privacy' | 'settings' | 'directory' | 'clock' | 'locks' | 'principal'>;

/** Processing agreements: versions of the text, and the decisions of schools. */
export class Agreements {
  readonly #services: Services;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Stores a version if the annexes differ from those of the last one. */
  async note(): Promise<void> {
    const { knex, clock, locks, settings } = this.#services;
    await locks.take('agreement');
    const processors = processorsOf((await settings.portal()).subProcessors);
    const composition: AgreementComposition = { ...(await currentComposition(this.#services)), processors };
    const last = await knex('agreement_versions').orderBy('number', 'desc').first('number', 'composition');
    if (last !== undefined && !differs(last.composition, composition)) return;
    const now = clock.now();
    await knex('agreement_versions').insert({
      number: (last?.number ?? 0) + 1,
      since: now,
      objection_until: last === undefined ? null : new Date(now.getTime() + OBJECTION_DAYS * DAY_MS),
      composition: JSON.stringify(composition),
    });
  }

  /** The current version, with what changed from the one before; null before the first. */
  async current(language: Language): Promise<(AgreementVersion & { changes: Change[] }) | null> {
    const [row, before] = await this.#services
      .knex('agreement_versions')
      .orderBy('number', 'desc')
      .limit(2)
      .select('number', 'since', 'objection_until', 'composition');
    if (row === undefined) return null;
    const changes = before === undefined ? [] : changesBetween(before.composition, row.composition, language);
    return { number: row.number, since: row.since, objectionUntil: row.objection_until, changes };
  }

  /** The state of each of these schools. */
  async of(schools: readonly string[], version: AgreementVersion): Promise<SchoolAgreement[]> {
    const { knex, clock } = this.#services;
    const rows: DecisionRow[] = await knex('agreements')
      .distinctOn('school_id', 'decision')
      .whereIn('school_id', schools)
      .orderBy([{ column: 'school_id' }, { column: 'decision' }, { column: 'version', order: 'desc' }])
      .select('id', 'school_id', 'version', 'decision', 'decided_at');
    return schools.map((school) => {
      const own = rows.filter((row) => row.school_id === school);
      const accepted = own.find(({ decision }) => decision === 'accepted');
      const objected = own.some((row) => row.decision === 'objected' && row.version === version.number);
      const state = stateOf({ accepted: accepted?.version ?? null, objected }, version, clock.now());
      return {
        school,
        state,
        accepted: accepted === undefined ? null : { id: accepted.id, version: accepted.version, at: accepted.decided_at },
      };
    });
  }

  /** @throws Problem 404 for a school that the caller may not see, or while there is no version */
  async draft(school: string, language: Language): Promise<string> {
    const { name, version } = await this.#subject(school);
    return agreementText(this.#services, { school: name, version: version.number, acceptedAt: null, language });
  }

  /**
   * Accepts the version on behalf of the school, and keeps the text as it is now. Returns the id of the kept agreement.
   *
   * @throws Problem 409 `privacy/other-version` if it is not the current version, `privacy/decided` if it was accepted before
   */
  async accept(school: string, number: number, language: Language): Promise<string> {
    const { name, version } = await this.#subject(school);
    this.#mustBeCurrent(number, version);
    const at = this.#services.clock.now();
    const document = await agreementText(this.#services, { school: name, version: number, acceptedAt: at, language });
    const id = await this.#decide({
      school_id: school,
      version: number,
      decision: 'accepted',
      decided_at: at,
      language,
      document,
    });
    await this.#services.directory.schools.agreed(school);
    return id;
  }

  /**
   * Objects to a renewal.
   *
   * @throws Problem 409 `privacy/no-period` if no period to object runs for this version, and as `accept`
   */
  async object(school: string, number: number, reason: string, language: Language): Promise<void> {
    const { version } = await this.#subject(school);
    this.#mustBeCurrent(number, version);
    const at = this.#services.clock.now();
    if (version.objectionUntil === null || version.objectionUntil < at) {
      throw conflict('privacy/no-period', 'The period to object to this version is over.');
    }
    await this.#decide({ school_id: school, version: number, decision: 'objected', decided_at: at, language, reason });
  }

  /** The agreement as it was accepted, in HTML. @throws Problem 404 */
  async document(school: string, id: string): Promise<string> {
    const row = await this.#services.knex('agreements').where({ school_id: school, id }).first('document');
    if (typeof row?.document !== 'string') throw notFound();
    return row.document;
  }

  async #subject(school: string): Promise<{ name: string; version: AgreementVersion }> {
    const [found, version] = [await this.#services.directory.schools.get(school), await this.current('nl')];
    if (found === null || version === null) throw notFound();
    return { name: found.name, version };
  }

  #mustBeCurrent(number: number, version: AgreementVersion): void {
    if (number === version.number) return;
    throw conflict('privacy/other-version', 'There is a newer version of the agreement. Read it first.');
  }

  async #decide(row: Record<string, unknown>): Promise<string> {
    const { knex, principal } = this.#services;
    const [made] = await knex('agreements')
      .insert({ ...row, decided_by: principal.id })
      .onConflict(['school_id', 'version', 'decision'])
      .ignore()
      .returning('id');
    if (made === undefined) throw conflict('privacy/decided', 'The school already decided this about this version.');
    return made.id;
  }
}

function stateOf(
  { accepted, objected }: { accepted: number | null; objected: boolean },
  { number, objectionUntil }: AgreementVersion,
  now: Date,
): AgreementState {
  if (accepted === null) return 'never';
  if (accepted === number) return 'in-force';
  if (objected) return 'objected';
  return objectionUntil !== null && now < objectionUntil ? 'renewed' : 'in-force';
}

const differs = (before: AgreementComposition, after: AgreementComposition): boolean =>
  changesBetween(before, after, 'nl').length > 0 || before.processors.join('\n') !== after.processors.join('\n');
