import type { Dependencies } from '../../dependencies.js';
import type { Ticket } from '../../models.js';
import type { Author } from '../../tickets/new-ticket.js';
import type { Parts } from '../../tickets/parts.js';
import type { Authentication } from '../headers.js';
import type { ParsedMail } from '../parsing/parsed.js';

/** Who sent a mail, as far as it can be believed. */
export interface Sender {
  address: string;
  name: string;
  /** The account with this address; not proven unless `authentication` is `pass`. */
  account: { id: string; schools: readonly string[] } | null;
  authentication: Authentication;
}

/** Finds out who sent a mail, and whether they take part in a ticket. */
export class Senders {
  readonly #directory: Dependencies['directory'];
  readonly #parts: Parts;

  constructor({ directory, parts }: Dependencies & { parts: Parts }) {
    this.#directory = directory;
    this.#parts = parts;
  }

  async of({ from }: Pick<ParsedMail, 'from'>, authentication: Authentication): Promise<Sender> {
    const address = from?.address ?? '';
    const account = address === '' ? null : await this.#directory.people.byEmail(address);
    return { address, name: from?.name ?? '', account, authentication };
  }

  /** Whoever asks by a new mail: their account if their mail is authentic, otherwise their address. */
  authorOf({ address, name, account, authentication }: Sender): Author {
    if (account !== null && authentication === 'pass') return { personId: account.id, email: null, name: null };
    return { personId: null, email: address === '' ? null : address, name: name === '' ? null : name };
  }

  /**
   * As whom the sender takes part in a ticket; null: they do not. Whoever helps is believed only if their mail is authentic, because
   * others who take part know the reply address and could write in a helper's name.
   */
  async inTicket(ticket: Ticket, sender: Sender): Promise<Author | null> {
    const { account, address, name, authentication } = sender;
    if (account !== null) {
      const author = { personId: account.id, email: null, name: null };
      const part = await this.#parts.of(ticket, author);
      if (part !== null && (part !== 'agent' || authentication === 'pass')) return author;
    }
    if (address === '') return null;
    const author = { personId: null, email: address, name: name === '' ? null : name };
    return (await this.#parts.of(ticket, author)) === null ? null : author;
  }

  /** The same in a side conversation with a provider. */
  async inSide(providerId: string | null, { account }: Sender): Promise<Author | null> {
    if (account === null || providerId === null) return null;
    const people = await this.#directory.providers.peopleOf(providerId);
    return people.some(({ id }) => id === account.id) ? { personId: account.id, email: null, name: null } : null;
  }
}
