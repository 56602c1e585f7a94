import type { Principal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import type { TicketNames } from './names.js';
import type { Parts } from './parts.js';

/** People of one line. */
const most = 100;

type Place = Pick<Ticket, 'line' | 'school_id' | 'provider_id'>;

/** The people who handle tickets: of a school, of its school group, of a provider, of the portal. */
export class Helpers {
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #parts: Parts;
  readonly #names: TicketNames;

  constructor({ principal, access, parts, ticketNames }: Dependencies & { parts: Parts; ticketNames: TicketNames }) {
    this.#principal = principal;
    this.#access = access;
    this.#parts = parts;
    this.#names = ticketNames;
  }

  /** People to whom a ticket can be given, by name. Helpers of the portal are shown to one another only. */
  async assignable({ school_id, provider_id }: Place): Promise<{ id: string; name: string }[]> {
    const ids = [
      ...(this.#principal.id === null ? [] : [this.#principal.id]),
      ...(await this.#ofSchool(school_id)),
      ...(await this.#ofGroup(school_id)),
      ...(await this.#ofProvider(provider_id)),
      ...(this.#parts.desk.portal ? await this.#ofPortal(['helpdesk-agent', 'portal-administrator']) : []),
    ];
    const names = await this.#names.of({ people: ids });
    const people = [...new Set(ids)].flatMap((id) => {
      const name = names.person(id);
      return name === null ? [] : [{ id, name }];
    });
    return people.sort((one, other) => one.name.localeCompare(other.name, 'nl'));
  }

  /** People of the line with which a ticket is; where a school has nobody, those of its group; then, as for a provider, those of the portal. */
  async onLine({ line, school_id, provider_id }: Place): Promise<string[]> {
    // A pupil's teachers take part in the ticket.
    if (line === 'teacher') return [];
    const first = line === 'school' ? await this.#ofSchool(school_id) : [];
    if (line === 'school' && first.length === 0) first.push(...(await this.#ofGroup(school_id)));
    if (line === 'provider') first.push(...(await this.#ofProvider(provider_id)));
    if (first.length > 0) return first;
    const agents = await this.#ofPortal(['helpdesk-agent']);
    return agents.length > 0 ? agents : this.#ofPortal(['portal-administrator']);
  }

  async #ofSchool(id: string | null): Promise<string[]> {
    return id === null ? [] : this.#access.holdersOf('ict-coordinator', id, most);
  }

  /** Those who help all schools of the school's group. */
  async #ofGroup(id: string | null): Promise<string[]> {
    return id === null ? [] : this.#access.holdersOf('group-helper', id, most);
  }

  async #ofProvider(id: string | null): Promise<string[]> {
    return id === null ? [] : this.#access.holdersOf('first-line-helper', id, most);
  }

  async #ofPortal(roles: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const role of roles) found.push(...(await this.#access.holdersOf(role, null, most)));
    return found;
  }
}
