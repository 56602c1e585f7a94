import type { Upload } from '@ilearn/core';
import type { Dependencies } from '../../dependencies.js';
import type { Position } from './imap.js';

/** The mailbox that is read by IMAP. */
export const mainMailbox = 'inbox';

/** A mail that was stored. */
export interface Taken {
  messageId: string;
  bytes: number;
  /** Null: it is too large, or the store refused it. */
  upload: Upload | null;
  reason: '' | 'too-large' | 'not-stored';
  /** Of a mail that is too large: its sender, as far as it can be read. */
  sender: string;
}

/** Takes each mail once: its row is claimed by mailbox and Message-ID in the unit of work that keeps the mail as it came. */
export class Intake {
  readonly #knex: Dependencies['knex'];
  readonly #files: Dependencies['files'];
  readonly #jobs: Dependencies['jobs'];

  constructor({ knex, files, jobs }: Dependencies) {
    this.#knex = knex;
    this.#files = files;
    this.#jobs = jobs;
  }

  async position(mailbox: string): Promise<Position> {
    const row = await this.#knex('mailboxes').where({ name: mailbox }).first('uid_validity', 'last_uid');
    return { uidValidity: String(row?.uid_validity ?? 0), lastUid: Number(row?.last_uid ?? 0) };
  }

  /** Whether this mail was taken already. */
  async knows(mailbox: string, messageId: string): Promise<boolean> {
    return (await this.#knex('received_mails').where({ mailbox, message_id: messageId }).first('id')) !== undefined;
  }

  /** Keeps a mail. Null: another fetcher was first. */
  async keep(mailbox: string, { messageId, bytes, upload, reason, sender }: Taken): Promise<string | null> {
    const [row] = await this.#knex('received_mails')
      .insert({ mailbox, message_id: messageId, bytes, sender, reason, state: upload === null ? 'quarantined' : 'waiting' })
      .onConflict(['mailbox', 'message_id'])
      .ignore()
      .returning('id');
    if (row === undefined) return null;
    if (upload !== null) {
      // Until an account is found, the mail stands for its sender: erasing a person deletes the file.
      const { id } = await this.#files.keep('raw_mails', upload, { people: { sender_id: row.id } });
      await this.#knex('received_mails').where({ id: row.id }).update({ raw_id: id });
      await this.#jobs.enqueue('read-mail', { mailId: row.id });
    }
    return row.id;
  }

  /** A check of the mailbox succeeded. Of two fetchers, the one that came further counts. */
  async checked(mailbox: string, { uidValidity, lastUid }: Position): Promise<void> {
    await this.#knex.raw(
      `insert into mailboxes as m (name, uid_validity, last_uid) values (?, ?, ?)
       on conflict (name) do update set
         last_uid = case when m.uid_validity = excluded.uid_validity then greatest(m.last_uid, excluded.last_uid) else excluded.last_uid end,
         uid_validity = excluded.uid_validity, checked_at = now(), failure = null, silent = false, updated_at = now()`,
      [mailbox, uidValidity, lastUid],
    );
  }

  /** A check failed. `code` is of the error alone: its words may hold the user's name. */
  async failed(mailbox: string, code: string): Promise<void> {
    await this.#knex('mailboxes')
      .insert({ name: mailbox, failure: code })
      .onConflict('name')
      .merge({ failure: code, updated_at: this.#knex.fn.now() });
  }
}
