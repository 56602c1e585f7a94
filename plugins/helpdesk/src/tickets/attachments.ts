import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { TicketMessage } from '../models.js';

export interface Attached {
  messageId: string;
  id: string;
  name: string;
  bytes: number;
}

/** Files of messages. The file itself belongs to no tenant; the row that ties it to a message does. */
export class Attachments {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** Ties kept files to a message. */
  async attach({ id, ticket_id, school_id, provider_id }: TicketMessage, files: readonly string[]): Promise<void> {
    if (files.length === 0) return;
    const rows = files.map((file_id) => ({ file_id, message_id: id, ticket_id, school_id, provider_id }));
    await this.#knex('ticket_attachments').insert(rows);
  }

  /** Files of these messages, one statement. */
  async of(messageIds: readonly string[]): Promise<Attached[]> {
    if (messageIds.length === 0) return [];
    return this.#knex('ticket_attachments as t')
      .join('attachments as f', 'f.id', 't.file_id')
      .whereIn('t.message_id', [...messageIds])
      .orderBy(['f.created_at', 'f.id'])
      .select('t.message_id as messageId', 'f.id', 'f.name', 'f.bytes');
  }

  /** The message that has a file, for whoever may see that message's rows. */
  async messageOf(fileId: string): Promise<TicketMessage> {
    const row = await this.#knex('ticket_attachments as t')
      .join('ticket_messages as m', 'm.id', 't.message_id')
      .where({ file_id: fileId })
      .first('m.*');
    if (row === undefined) throw notFound();
    return row;
  }
}
