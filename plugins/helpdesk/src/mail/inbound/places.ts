import type { Dependencies } from '../../dependencies.js';
import type { Ticket } from '../../models.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import { recipientsOf, referencesOf } from '../headers.js';
import type { MailContent } from '../parsing/parsed.js';
import { numberIn } from '../threading.js';
import { type MailTokens, tokenIn, tokenInAddress } from '../tokens.js';

/** A conversation to which a mail refers. */
export interface Place {
  ticket: Ticket;
  side: { id: string; provider_id: string | null } | null;
}

const mostTokens = 50;

/** Finds the conversations to which a mail refers, by what is hard to guess first. */
export class Places {
  readonly #knex: Dependencies['knex'];
  readonly #ticketing: Ticketing;
  readonly #tokens: MailTokens;

  constructor({ knex, ticketing, mailTokens }: Dependencies & { ticketing: Ticketing; mailTokens: MailTokens }) {
    this.#knex = knex;
    this.#ticketing = ticketing;
    this.#tokens = mailTokens;
  }

  /** By a token that this portal signed: in the reply address, In-Reply-To, then References from the newest. */
  async signed({ headers }: MailContent): Promise<Place | null> {
    const found = [...recipientsOf(headers).map(tokenInAddress), ...referencesOf(headers).map(tokenIn)];
    const tokens = [...new Set(found.flatMap((token) => token ?? []))].slice(0, mostTokens);
    for (const token of tokens) {
      const thread = await this.#tokens.verify(token);
      if (thread === null) continue;
      const side =
        thread.kind === 'ticket'
          ? null
          : await this.#knex('ticket_sides').where({ id: thread.id }).first('id', 'provider_id', 'ticket_id');
      if (side === undefined) continue;
      const ticket = await this.#ticketing.find(side?.ticket_id ?? thread.id);
      if (ticket !== undefined) return { ticket, side };
    }
    return null;
  }

  /** By an earlier mail to the same mailbox, such as the sender's own first one. */
  async earlier({ headers }: MailContent, mailbox: string): Promise<Place | null> {
    const ids = referencesOf(headers);
    if (ids.length === 0) return null;
    const row = await this.#knex('received_mails')
      .where({ mailbox })
      .whereRaw('message_id = any(?::text[])', [ids])
      .whereNotNull('ticket_id')
      .whereNull('side_id')
      .orderByRaw('array_position(?::text[], message_id)', [ids])
      .first('ticket_id');
    const ticket = row === undefined ? undefined : await this.#ticketing.find(row.ticket_id);
    return ticket === undefined ? null : { ticket, side: null };
  }

  /** By the number in the subject, which anybody can guess. */
  async numbered({ subject }: MailContent): Promise<Place | null> {
    const number = numberIn(subject);
    const ticket = number === null ? undefined : await this.#ticketing.byNumber(number);
    return ticket === undefined ? null : { ticket, side: null };
  }
}
