import { createHash, randomBytes } from 'node:crypto';
import { type ConsentGiver, forbidden, type KernelCradle, notFound, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { AskedConsent, ConsentQuestion, ConsentState, Consents } from '../exports.js';
import type { settings } from '../settings.js';
import type { events } from './events.js';

type Own = { events: typeof events; settings: typeof settings };
type Needs = Pick<Dependencies, 'knex' | 'privacy' | 'directory' | 'principal' | 'clock'> &
  Pick<KernelCradle<unknown, Own>, 'events' | 'settings'>;

export type Answer = 'given' | 'refused';

/** A question with the person's answer. */
export interface Question {
  id: string;
  person_id: string;
  school_ids: string[];
  purpose: string;
  about: string;
  heading: string | null;
  version: string;
  /** Language → text. */
  texts: Record<string, string>;
  asked_at: Date;
  answer: Answer | null;
  answered_at: Date | null;
  link_expires_at: Date | null;
}

/** Maximum number of questions of one person that are shown. */
export const MOST_QUESTIONS = 100;
const LINK_DAYS = 30;
const ASKED_AT_ONCE = 500;
const columns = [
  'id',
  'person_id',
  'school_ids',
  'purpose',
  'about',
  'heading',
  'version',
  'texts',
  'asked_at',
  'answer',
  'answered_at',
  'link_expires_at',
];
/** The youngest age in each band. */
const youngest = { '6-9': 6, '10-13': 10, '14+': 14 } as const;

/** `privacy.consents`: asks for consent and records answers, with proof (GDPR art. 7 and 8). */
export class ConsentService implements Consents {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  ask({ person, ...question }: ConsentQuestion): Promise<void> {
    return this.askAll([person], question);
  }

  async askAll(people: readonly string[], question: Omit<ConsentQuestion, 'person'>): Promise<void> {
    const { privacy, directory, knex } = this.#needs;
    const { purpose, about = '', heading = null, version, texts } = question;
    const found = (await privacy.purposes()).find(({ id }) => id === purpose);
    if (found?.basis !== 'consent') throw new Error(`the purpose "${purpose}" is not based on consent`);
    for (let from = 0; from < people.length; from += ASKED_AT_ONCE) {
      const some = people.slice(from, from + ASKED_AT_ONCE);
      const schools = new Map((await directory.people.getMany(some)).map((each) => [each.id, each.schools]));
      const rows = some.map((person) => ({
        ...{ person_id: person, school_ids: schools.get(person) ?? [], purpose, about, heading, version },
        texts: JSON.stringify(texts),
      }));
      await knex('consent_questions').insert(rows).onConflict().ignore();
    }
  }

  async of(person: string, purpose: string, about = ''): Promise<ConsentState | null> {
    const { consents } = await this.#needs.privacy.choices(person);
    const standing = consents.find((each) => each.purpose === purpose && each.about === about && each.withdrawnAt === null);
    return standing === undefined ? null : { version: standing.version, since: standing.since };
  }

  async among(people: readonly string[], asked: AskedConsent): Promise<string[]> {
    return [...(await this.sinceAmong(people, asked)).keys()];
  }

  async sinceAmong(people: readonly string[], { purpose, about, version }: AskedConsent): Promise<Map<string, Date>> {
    const rows: Pick<Question, 'person_id' | 'answered_at'>[] = await this.#needs
      .knex('consent_questions')
      .where({ purpose, about, version, answer: 'given' })
      .whereIn('person_id', [...people])
      .select('person_id', 'answered_at');
    return new Map(rows.map(({ person_id, answered_at }) => [person_id, answered_at as Date]));
  }

  async askedByLink(token: string): Promise<AskedConsent & { person: string }> {
    const { person_id: person, purpose, about, version } = await this.byLink(token);
    return { person, purpose, about, version };
  }

  async give(person: string, { purpose, about, version }: AskedConsent, language: string): Promise<void> {
    this.#isThemself(person);
    const [question] = await this.#questions().where({ person_id: person, purpose, about, version });
    if (question === undefined) throw notFound('Nobody asked this.');
    await this.answerSelf(question, 'given', language);
  }

  async withdraw(person: string, purpose: string, about = ''): Promise<boolean> {
    this.#isThemself(person);
    const questions = await this.#questions().where({ person_id: person, purpose, about, answer: 'given' });
    for (const question of questions) await this.#store(question, 'refused');
    return this.#withdraw(person, { purpose, about });
  }

  /** The questions to a person, the latest first. */
  questionsTo(person: string): Promise<Question[]> {
    return this.#questions().where({ person_id: person }).orderBy('asked_at', 'desc').orderBy('id').limit(MOST_QUESTIONS);
  }

  /** The questions to people of these schools that nobody answered, the oldest first; one more than a page if there are more. */
  openIn(schools: readonly string[] | '*', limit: number): Promise<Question[]> {
    const open = this.#questions()
      .whereNull('answer')
      .orderBy('asked_at')
      .orderBy('id')
      .limit(limit + 1);
    return schools === '*' ? open : open.whereRaw('school_ids && ?::uuid[]', [[...schools]]);
  }

  /** @throws Problem 404 if the person was not asked this */
  async questionTo(person: string, id: string): Promise<Question> {
    const [question] = await this.#questions().where({ person_id: person, id });
    if (question === undefined) throw notFound();
    return question;
  }

  /** Whether the person is old enough to answer; otherwise a parent does. An unknown age counts as too young. */
  async mayDecide(person: string): Promise<boolean> {
    const { directory, settings } = this.#needs;
    const found = await directory.people.get(person);
    if (found === null) return false;
    if (found.kind === 'staff') return true;
    const band = await directory.people.ageBandOf(person);
    if (band === null) return false;
    const ages = await Promise.all(found.schools.map(async (school) => (await settings.of(school)).consentAge));
    return youngest[band] >= Math.max(13, ...ages);
  }

  /**
   * Records the answer of the person themself. Withdrawing needs no age.
   *
   * @throws Problem 403 (`privacy/parent-answers`) if a parent must consent
   */
  async answerSelf(question: Question, answer: Answer, language: string): Promise<void> {
    if (answer === 'given' && !(await this.mayDecide(question.person_id))) throw parentAnswers();
    await this.answer(question, answer, 'self', language);
  }

  /** Records an answer. `language`: that of the text which was read. */
  async answer(question: Question, answer: Answer, givenAs: ConsentGiver, language: string): Promise<void> {
    const { person_id: person, purpose, about, version } = question;
    await this.#store(question, answer);
    if (answer === 'refused') {
      await this.#withdraw(person, question);
      return;
    }
    const textHash = createHash('sha256').update(textIn(question, language)).digest('hex');
    await this.#needs.privacy.giveConsent(person, { purpose, about, version, textHash, givenAs });
    await this.#needs.events.publish('consent-given', { person, purpose, about, version });
  }

  /** Makes a link for a parent, which replaces an earlier one. Returns its token, which is not stored. */
  async makeLink({ id }: Question): Promise<{ token: string; expiresAt: Date }> {
    const { knex, clock } = this.#needs;
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(clock.now().getTime() + LINK_DAYS * 86_400_000);
    await knex('consent_questions')
      .where({ id })
      .update({ link_hash: hashOf(token), link_expires_at: expiresAt, updated_at: knex.fn.now() });
    return { token, expiresAt };
  }

  /** @throws Problem 404 if there is no such link, or it has expired */
  async byLink(token: string): Promise<Question> {
    const [question] = await this.#questions()
      .where('link_hash', hashOf(token))
      .where('link_expires_at', '>', this.#needs.clock.now());
    if (question === undefined) throw notFound('This link is not valid, or no longer.');
    return question;
  }

  #questions(): Knex.QueryBuilder<object, Question[]> {
    return this.#needs.knex('consent_questions').select(columns) as Knex.QueryBuilder<object, Question[]>;
  }

  /** The same answer again keeps the moment of the first. */
  async #store({ id }: Question, answer: Answer): Promise<void> {
    const { knex } = this.#needs;
    const answered_at = knex.raw('case when answer = ? then answered_at else now() end', [answer]);
    await knex('consent_questions').where({ id }).update({ answer, answered_at, updated_at: knex.fn.now() });
  }

  async #withdraw(person: string, { purpose, about }: Pick<Question, 'purpose' | 'about'>): Promise<boolean> {
    const { privacy, events } = this.#needs;
    const before = await this.of(person, purpose, about);
    if (before === null || !(await privacy.withdrawConsent(person, purpose, about))) return false;
    await events.publish('consent-withdrawn', { person, purpose, about, version: before.version });
    return true;
  }

  #isThemself(person: string): void {
    const { kind, id } = this.#needs.principal;
    if (kind !== 'person' || id !== person) throw forbidden('Only the person decides about this.');
  }
}

/** The text of a question in a language, otherwise in Dutch. */
export const textIn = ({ texts }: Question, language: string): string => texts[language] ?? texts['nl'] ?? '';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const parentAnswers = (): Problem =>
  new Problem({
    type: 'privacy/parent-answers',
    status: 403,
    title: 'A parent must answer',
    detail: 'The person is too young to consent. The school records the answer of a parent.',
  });
