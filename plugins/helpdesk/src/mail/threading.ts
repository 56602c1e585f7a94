import type { Authentication } from './headers.js';

/** What is known of a mail when it is decided where it belongs. */
export interface Facts {
  authentication: Authentication;
  /** The ticket of a token that this portal signed: in the reply address, In-Reply-To or References. */
  signed: { ticketId: string; takesPart: boolean } | null;
  /** The ticket of an earlier mail to the same mailbox that this one refers to. */
  earlier: { ticketId: string; takesPart: boolean } | null;
  /** The ticket whose number is in the subject. */
  numbered: { ticketId: string; takesPart: boolean } | null;
}

export type Decision =
  | { to: 'ticket' }
  | { to: 'reply'; ticketId: string }
  /** A helper decides. `ticketId`: what the mail says that it belongs to. */
  | { to: 'held'; reason: 'not-authentic' | 'not-taking-part' | 'number-alone'; ticketId: string | null };

/**
 * Where a mail belongs. A signed token or the id of an earlier mail cannot be guessed; a number can, and a From field can be forged: so a
 * number alone counts only if the sender's domain vouches for the mail. Whoever does not take part adds nothing to a ticket.
 */
export function decide({ authentication, signed, earlier, numbered }: Facts): Decision {
  const found = signed ?? earlier;
  const ticketId = (found ?? numbered)?.ticketId ?? null;
  if (authentication === 'fail') return { to: 'held', reason: 'not-authentic', ticketId };
  if (found !== null)
    return found.takesPart
      ? { to: 'reply', ticketId: found.ticketId }
      : { to: 'held', reason: 'not-taking-part', ticketId: found.ticketId };
  if (numbered === null) return { to: 'ticket' };
  if (!numbered.takesPart) return { to: 'held', reason: 'not-taking-part', ticketId: numbered.ticketId };
  return authentication === 'pass'
    ? { to: 'reply', ticketId: numbered.ticketId }
    : { to: 'held', reason: 'number-alone', ticketId: numbered.ticketId };
}

/** The number in a subject, `[#1042]`; null if there is none. */
export function numberIn(subject: string): number | null {
  const digits = /\[#(\d{1,9})\]/.exec(subject)?.[1];
  return digits === undefined ? null : Number(digits);
}
