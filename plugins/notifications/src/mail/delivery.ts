import type { Jobs, KernelCradle } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Kinds } from '../kinds/kinds.js';
import type { LetterKinds } from '../kinds/letter-kinds.js';
import type { Outcome, SmtpServer } from '../smtp.js';
import type { Addresses } from './addresses.js';
import type { MailAttachments } from './attachments.js';
import { letterMessage } from './letter-message.js';
import { isLanguage } from './mail-texts.js';
import { type Message, messageOf } from './message.js';
import type { payloads } from './payloads.js';
import type { Tokens } from './tokens.js';

/** Seconds before each further try: a minute to twelve hours, about a day in all. */
const RETRY_SECONDS = [60, 300, 1_800, 7_200, 21_600, 43_200];

const mailColumns = ['person_id', 'recipient', 'language', 'channel', 'kinds', 'params', 'sealed', 'until', 'files', 'awaits'];

/** To whom an e-mail goes: a person, or a sealed address with the language of the letter. */
interface To {
  person_id: string | null;
  recipient: Buffer | null;
  language: string | null;
}

/** An e-mail that is ready to be sent. */
export interface Letter {
  to: string;
  from: string;
  message: Message;
  server: SmtpServer;
  config: Dependencies['config'];
}

/** `held`: there is no mail server. `dropped`: there is no address that takes e-mail, or it is too late for the letter. */
export type Delivered = Outcome | { outcome: 'held' | 'dropped'; answer: string };

interface Parts {
  kinds: Kinds;
  addresses: Addresses;
  tokens: Tokens;
  letterKinds: LetterKinds;
  attachments: MailAttachments;
}

/** E-mails that wait to be sent, and what became of them. */
export class Delivery {
  readonly #knex: Knex;
  readonly #kinds: Kinds;
  readonly #addresses: Addresses;
  readonly #tokens: Tokens;
  readonly #jobs: Jobs<typeof payloads>;
  readonly #settings: Dependencies['settings'];
  readonly #portal: KernelCradle['portal'];
  readonly #config: Dependencies['config'];
  readonly #letters: LetterKinds;
  readonly #secrets: Dependencies['secrets'];
  readonly #clock: Dependencies['clock'];
  readonly #attachments: MailAttachments;

  constructor(cradle: Dependencies & Parts) {
    this.#attachments = cradle.attachments;
    this.#letters = cradle.letterKinds;
    this.#secrets = cradle.secrets;
    this.#clock = cradle.clock;
    this.#knex = cradle.knex;
    this.#kinds = cradle.kinds;
    this.#addresses = cradle.addresses;
    this.#tokens = cradle.tokens;
    this.#jobs = cradle.jobs;
    this.#settings = cradle.settings;
    this.#portal = cradle.portal;
    this.#config = cradle.config;
  }

  /**
   * Null if the e-mail does not wait any more: it was sent, or the person was erased.
   *
   * @param onlyUnanswered null also if no file is missing that was asked for: then it is sent by another job
   */
  async letter(mailId: string, onlyUnanswered = false): Promise<Letter | Delivered | null> {
    const mail = await this.#knex('mails')
      .where({ id: mailId, state: 'waiting' })
      .first(...mailColumns);
    if (mail === undefined || (onlyUnanswered && mail.awaits.length === 0)) return null;
    if (mail.until !== null && mail.until <= this.#clock.now()) return { outcome: 'dropped', answer: 'too late' };
    const to = await this.#recipientOf(mailId, mail);
    if (to === null) return { outcome: 'dropped', answer: 'no address' };
    const server = await this.#settings.portal();
    if (server.host === '') return { outcome: 'held', answer: 'no mail server' };
    const wish = await this.#languageOf(mail);
    const language = isLanguage(wish) ? wish : 'nl';
    const { url } = this.#portal;
    const envelope = {
      to,
      from: server.from === '' ? `no-reply@${new URL(url).hostname}` : server.from,
      server,
      config: this.#config,
    };
    const kinds = mail.kinds as Record<string, number>;
    if (mail.channel === 'letter') {
      const declared = this.#letters.find(Object.keys(kinds)[0] ?? '');
      const path = mail.sealed === null ? null : await this.#secrets.open('letters', mailId, mail.sealed);
      if (declared === undefined || path === null) return { outcome: 'dropped', answer: 'no such letter' };
      const content = { id: mailId, language, texts: declared.texts[language], params: mail.params, portal: url, path };
      return { ...envelope, message: letterMessage(content) };
    }
    const lines = this.#kinds
      .all()
      .filter(({ kind }) => kinds[kind] !== undefined)
      .map(({ kind, labels }) => ({ label: labels[language], count: kinds[kind] as number }));
    if (lines.length === 0) return { outcome: 'dropped', answer: 'no such kind' };
    const token = await this.#tokens.sign(mail.person_id);
    const message = messageOf({ id: mailId, language, digest: mail.channel !== 'now', lines, portal: url, token });
    return { ...envelope, message: { ...message, attachments: await this.#attachments.of(mailId, mail.files) } };
  }

  /** Null if nobody takes the e-mail at an address. */
  async #recipientOf(mailId: string, { person_id, recipient }: To): Promise<string | null> {
    if (recipient !== null) return this.#secrets.open('recipients', mailId, recipient);
    if (person_id === null) return null;
    const address = await this.#addresses.find(person_id);
    return address === null || (await this.#addresses.hasRefused(person_id, address)) ? null : address;
  }

  async #languageOf({ person_id, language }: To): Promise<unknown> {
    if (person_id === null) return language;
    const chosen = await this.#knex('preferences').where({ person_id }).first('language');
    return chosen?.language ?? this.#portal.languages[0];
  }

  async record(mailId: string, { outcome, answer }: Delivered): Promise<void> {
    const mail = await this.#knex('mails').where({ id: mailId, state: 'waiting' }).forUpdate().first('person_id', 'tries');
    if (mail === undefined) return;
    const wait = outcome === 'later' ? RETRY_SECONDS[mail.tries] : undefined;
    const state = outcome !== 'later' ? outcome : wait === undefined ? 'failed' : 'waiting';
    const tried = outcome === 'held' || outcome === 'dropped' ? 0 : 1;
    const next = wait === undefined ? null : this.#knex.raw('now() + make_interval(secs => ?)', [wait]);
    // The link and the address of a letter, and the files of an e-mail are kept as long as it may be sent.
    const spent = ['sent', 'bounced', 'dropped'].includes(state) ? { sealed: null, recipient: null, files: null } : {};
    const changed = { state, answer, tries: mail.tries + tried, next_try_at: next, updated_at: this.#knex.fn.now(), ...spent };
    await this.#knex('mails').where({ id: mailId }).update(changed);
    if (wait !== undefined) await this.#jobs.enqueue('deliver', { mailId }, { delaySeconds: wait });
    if (outcome !== 'bounced' || mail.person_id === null) return;
    const to = await this.#addresses.find(mail.person_id);
    if (to !== null) await this.#addresses.noteRefusal(mail.person_id, to, answer);
  }
}
