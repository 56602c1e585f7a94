import { forbidden, notFound, type Principal, systemPrincipal, type Upload } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { Ticket } from '../models.js';
import { deskOf, handles } from './parts.js';
import { refused } from './problems.js';
import type { Tellings } from './tellings.js';
import type { Ticketing } from './ticketing.js';

const school = ['pupil', 'teacher', 'ict-coordinator', 'principal'];
const provider = ['planner', 'trainer', 'coach', 'tool-manager', 'first-line-helper'];
const mostTeachers = 10;

export interface Question {
  subject: string;
  text: string;
  /** Of the asker; null: the first in which they work, or none for helpers of the portal. */
  school: string | null;
  toolKey: string | null;
  traceCode: string | null;
  device: string;
}

/** Asks the helpdesk for the caller. */
export class Asking {
  readonly #principal: Principal;
  readonly #services: Pick<Dependencies, 'settings' | 'files' | 'actAs' | 'Ticket'>;
  readonly #ticketing: Ticketing;
  readonly #tellings: Tellings;

  constructor({
    principal,
    settings,
    files,
    actAs,
    Ticket,
    ticketing,
    ticketTellings,
  }: Dependencies & { ticketing: Ticketing; ticketTellings: Tellings }) {
    this.#principal = principal;
    this.#services = { settings, files, actAs, Ticket };
    this.#ticketing = ticketing;
    this.#tellings = ticketTellings;
  }

  /** Opens a ticket. A pupil's goes to their teacher first, unless the school lets pupils ask. */
  async ask(question: Question, uploads: readonly Upload[]): Promise<Ticket> {
    const { id, roles } = this.#principal;
    if (id === null) throw forbidden();
    const tenant = this.#tenantOf(question.school);
    const pupil = tenant.school !== null && !roles.some(({ tenant: of, role }) => of === tenant.school && role !== 'pupil');
    const line = await this.#lineOf(tenant, pupil);
    const files = await this.keep(uploads);
    const opened = await this.#ticketing.open({
      ...{ subject: question.subject, text: question.text, channel: 'portal' },
      author: { personId: id, email: null, name: null },
      ...{ schoolId: tenant.school, providerId: tenant.provider, line, files },
      ...{ toolKey: question.toolKey, traceCode: question.traceCode, device: question.device },
    });
    const ticket = (await this.#ticketing.find(opened.id)) as Ticket;
    if (line === 'teacher') await this.#tellTeachers(ticket, id);
    return ticket;
  }

  /** Keeps files that the caller sent; their ids. */
  async keep(uploads: readonly Upload[]): Promise<string[]> {
    const kept: string[] = [];
    for (const upload of uploads) {
      const { id } = await this.#services.files.keep('attachments', upload, { people: { owner_id: this.#principal.id } });
      kept.push(id);
    }
    return kept;
  }

  /** Passes a pupil’s question on to the helpdesk; its clocks run from then on. */
  async passOn(ticket: Ticket): Promise<void> {
    if (ticket.line !== 'teacher') throw refused('not-now');
    const line = await this.#lineOf({ school: ticket.school_id, provider: null }, false);
    await this.#services.Ticket.query().findById(ticket.id).patch({ line });
    ticket.line = line;
    const by = { part: 'requester', personId: this.#principal.id } as const;
    await this.#ticketing.note(ticket, 'pass-on', by);
    await this.#ticketing.keepTime(ticket);
    await this.#tellings.waiting(ticket, by);
  }

  #tenantOf(wanted: string | null): { school: string | null; provider: string | null } {
    const { roles } = this.#principal;
    const held = (names: string[]) =>
      roles.flatMap(({ tenant, role }) => (tenant !== null && names.includes(role) ? [tenant] : []));
    const schools = held(school);
    if (wanted !== null && !schools.includes(wanted)) throw notFound();
    const chosen = wanted ?? schools[0] ?? null;
    return { school: chosen, provider: chosen === null ? (held(provider)[0] ?? null) : null };
  }

  async #lineOf(tenant: { school: string | null; provider: string | null }, pupil: boolean): Promise<Ticket['line']> {
    if (tenant.school === null) return 'portal';
    const { pupilsAsk, schoolFirst } = await this.#services.settings.of(tenant.school);
    const isFirstLine = handles(deskOf(this.#principal.roles), { school_id: tenant.school, provider_id: null });
    if (pupil && !pupilsAsk) return 'teacher';
    return schoolFirst && !isFirstLine ? 'school' : 'portal';
  }

  /** Teachers of the pupil's classes take part, so that one of them passes it on. */
  async #tellTeachers(ticket: Ticket, pupil: string): Promise<void> {
    const teachers = await this.#services.actAs(systemPrincipal(), async ({ directory }: Dependencies) => {
      const classes = await directory.classes.ofPerson(pupil, 'pupil');
      const of = [];
      for (const { id, school: where } of classes)
        if (where === ticket.school_id) of.push(...(await directory.classes.teachersOf(id)));
      return [...new Set(of.map(({ id }) => id))].slice(0, mostTeachers);
    });
    for (const teacher of teachers) await this.#ticketing.addParticipant(ticket, { personId: teacher, email: null });
  }
}
