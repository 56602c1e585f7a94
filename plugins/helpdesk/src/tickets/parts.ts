import type { Principal, RoleGrant } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';

/** Roles in the whole portal whose holders handle every ticket. */
const portalRoles = ['helpdesk-agent', 'portal-administrator'];

/** Someone's part in a ticket: they handle it, they asked, or they take part. */
export type Part = 'agent' | 'requester' | 'participant';

/** Tickets that a person handles: all of the portal, or those of these schools and providers. */
export interface Desk {
  portal: boolean;
  schools: string[];
  providers: string[];
}

export function deskOf(roles: readonly RoleGrant[]): Desk {
  const tenantsOf = (wanted: string) => roles.flatMap(({ role, tenant }) => (role === wanted && tenant !== null ? [tenant] : []));
  return {
    portal: roles.some(({ role, tenant }) => tenant === null && portalRoles.includes(role)),
    schools: [...new Set([...tenantsOf('ict-coordinator'), ...tenantsOf('group-helper')])],
    providers: tenantsOf('first-line-helper'),
  };
}

type Tenanted = Pick<Ticket, 'school_id' | 'provider_id'>;

/** Whether tickets of this school and provider come to this desk. */
export const handles = ({ portal, schools, providers }: Desk, { school_id, provider_id }: Tenanted): boolean =>
  portal || (school_id !== null && schools.includes(school_id)) || (provider_id !== null && providers.includes(provider_id));

/** Who someone is to the tickets that they can see. */
export class Parts {
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #TicketParticipant: Dependencies['TicketParticipant'];

  constructor({ principal, access, TicketParticipant }: Dependencies) {
    this.#principal = principal;
    this.#access = access;
    this.#TicketParticipant = TicketParticipant;
  }

  get desk(): Desk {
    return deskOf(this.#principal.roles);
  }

  /** The caller's part; null: the ticket is not theirs to see. */
  async mine(ticket: Ticket): Promise<Part | null> {
    const { id, roles } = this.#principal;
    return this.#of(ticket, id, '', roles);
  }

  /** The part of whoever wrote something, also where the portal acts for them, as for mail. Null: they take no part. */
  async of(ticket: Ticket, author: { personId: string | null; email: string | null }): Promise<Part | null> {
    const { id, roles } = this.#principal;
    if (author.personId === null || author.personId === id) return this.#of(ticket, author.personId, author.email ?? '', roles);
    const person = await this.#access.principalFor(author.personId, 'helpdesk:handle');
    return this.#of(ticket, author.personId, author.email ?? '', person?.roles ?? []);
  }

  async #of(ticket: Ticket, personId: string | null, email: string, roles: readonly RoleGrant[]): Promise<Part | null> {
    const address = email.toLowerCase();
    if (personId !== null && ticket.requester_id === personId) return 'requester';
    if (personId !== null && handles(deskOf(roles), ticket)) return 'agent';
    if (personId === null && address !== '' && ticket.requester_email.toLowerCase() === address) return 'requester';
    const found = await this.#TicketParticipant
      .query()
      .where({ ticket_id: ticket.id })
      .where((either) => {
        if (personId !== null) either.where({ person_id: personId });
        else either.whereRaw(`email <> '' and lower(email) = ?`, [address]);
      })
      .first();
    return found === undefined ? null : 'participant';
  }
}
