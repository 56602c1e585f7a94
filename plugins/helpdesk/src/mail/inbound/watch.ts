import type { Dependencies } from '../../dependencies.js';
import { mailboxOf } from '../mailbox-settings.js';
import { mainMailbox } from './intake.js';

/** How the mailbox is doing. */
export interface MailboxHealth {
  /** Whether the settings name a mailbox. */
  configured: boolean;
  checkedAt: Date | null;
  /** Code of the last failure; null: the last check succeeded. */
  failure: string | null;
  /** No check has succeeded for too long. */
  silent: boolean;
}

/**
 * Notices when no check of the mailbox has succeeded for a while, whatever the cause: a connection may die without a word. Administrators see
 * it on their start page, and the log has an error.
 */
export class MailboxWatch {
  readonly #knex: Dependencies['knex'];
  readonly #settings: Dependencies['settings'];
  readonly #config: Dependencies['config'];
  readonly #log: Dependencies['log'];

  constructor({ knex, settings, config, log }: Dependencies) {
    this.#knex = knex;
    this.#settings = settings;
    this.#config = config;
    this.#log = log;
  }

  async look(): Promise<void> {
    if ((await mailboxOf(this.#settings)).imap === null) {
      await this.#knex('mailboxes').where({ name: mainMailbox }).delete();
      return;
    }
    // The first look begins the wait: a mailbox that was never reached is silent too.
    await this.#knex('mailboxes').insert({ name: mainMailbox }).onConflict('name').ignore();
    const { silentMinutes } = this.#config.mail;
    const rows = await this.#knex('mailboxes')
      .where({ name: mainMailbox, silent: false })
      .whereRaw('checked_at < now() - make_interval(mins => ?)', [silentMinutes])
      .update({ silent: true, updated_at: this.#knex.fn.now() })
      .returning('failure');
    for (const { failure } of rows) {
      this.#log.error(
        { minutes: silentMinutes, failure },
        'the mailbox of the helpdesk cannot be read: check the settings of its mail server',
      );
    }
  }

  async health(): Promise<MailboxHealth> {
    const configured = (await mailboxOf(this.#settings)).imap !== null;
    const row = await this.#knex('mailboxes').where({ name: mainMailbox }).first('checked_at', 'failure', 'silent');
    if (!configured || row === undefined) return { configured, checkedAt: null, failure: null, silent: false };
    return { configured, checkedAt: row.checked_at, failure: row.failure, silent: row.silent };
  }
}
