import type { Dependencies } from '../../dependencies.js';
import type { Ticketing } from '../../tickets/ticketing.js';
import { mailText } from '../mail-texts.js';
import type { Muted } from '../outbound/muted.js';
import type { DeliveryReport } from '../parsing/parsed.js';
import { type MailTokens, mailIn, tokenIn } from '../tokens.js';

/** Reports of mail servers on mails that this portal sent (RFC 3464). They are never answered. */
export class Reports {
  readonly #knex: Dependencies['knex'];
  readonly #log: Dependencies['log'];
  readonly #portal: Dependencies['portal'];
  readonly #ticketing: Ticketing;
  readonly #tokens: MailTokens;
  readonly #muted: Muted;

  constructor({
    knex,
    log,
    portal,
    ticketing,
    mailTokens,
    muted,
  }: Dependencies & { ticketing: Ticketing; mailTokens: MailTokens; muted: Muted }) {
    this.#knex = knex;
    this.#log = log;
    this.#portal = portal;
    this.#ticketing = ticketing;
    this.#tokens = mailTokens;
    this.#muted = muted;
  }

  /** Files a report with its ticket, and stops mail to an address that is refused for good. */
  async file({ ids, failed, status }: DeliveryReport): Promise<Record<string, unknown>> {
    for (const id of ids) {
      if ((await this.#tokens.verify(tokenIn(id) ?? '')) === null) continue;
      const sent = await this.#knex('sent_mails')
        .where({ id: mailIn(id) })
        .forUpdate()
        .first();
      if (sent === undefined) continue;
      const place = { state: 'report', reason: '', ticket_id: sent.ticket_id, side_id: sent.side_id };
      if (!failed || sent.state === 'bounced') return place;
      await this.#knex('sent_mails')
        .where({ id: sent.id })
        .update({ state: 'bounced', answer: status, updated_at: this.#knex.fn.now() });
      // A full mailbox (RFC 3463 section 3.3) or a policy says nothing about the address.
      if (!['5.2.2', '4.2.2'].includes(status) && !status.startsWith('5.7.')) await this.#muted.add(sent, status);
      // Of people with an account, helpers among them, only administrators hear: a note would be in a conversation of others.
      if (sent.person_id !== null || sent.ticket_id === null) {
        this.#log.warn({ mail: sent.id, status }, 'a mail of the helpdesk to a person with an account was returned');
        return place;
      }
      await this.#ticketing.addMessage(sent.ticket_id, {
        author: { personId: null, email: null, name: null },
        text: mailText(this.#portal.languages[0], 'returned', { status: status === '' ? '–' : status }),
        kind: 'note',
        channel: 'mail',
        automatic: true,
      });
      return place;
    }
    return { state: 'quarantined', reason: 'report' };
  }
}
