import { randomBytes } from 'node:crypto';
import { notFound, type Principal, systemPrincipal } from '@ilearn/core';
import { raw } from 'objection';
import type { Dependencies } from '../dependencies.js';
import type { PeopleNames } from '../enrolments/people-names.js';
import type { Certificate, Enrolment } from '../models.js';
import { reasonMissing, refused } from '../problems.js';
import { addressesOf, credentialOf, type Form, jwtClaimsOf } from './credential.js';
import type { IssuerKeys } from './issuer-keys.js';

/** Letters and digits that cannot be taken for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const codeLength = 14;
export const mostCertificates = 1_000;
/** Signing takes some 20 ms: so many are done well within the time limit of a route. */
const mostAtOnce = 100;

/** A number that nobody guesses: 14 of 31 signs, 69 bits. */
function newCode(): string {
  let code = '';
  while (code.length < codeLength) {
    for (const byte of randomBytes(codeLength)) {
      if (byte < alphabet.length * 8 && code.length < codeLength) code += alphabet[byte % alphabet.length];
    }
  }
  return code;
}

/** Certificates: what they say never changes; they can be revoked, and replaced by another that says why. */
export class Certificates {
  readonly #principal: Principal;
  readonly #services: Pick<
    Dependencies,
    'Certificate' | 'Event' | 'Enrolment' | 'knex' | 'portal' | 'clock' | 'calendar' | 'actAs' | 'notifications'
  >;
  readonly #names: PeopleNames;
  readonly #keys: IssuerKeys;

  constructor(cradle: Dependencies & { peopleNames: PeopleNames; issuerKeys: IssuerKeys }) {
    const { Certificate, Event, Enrolment, knex, portal, clock, calendar, actAs, notifications, principal, peopleNames } = cradle;
    this.#services = { Certificate, Event, Enrolment, knex, portal, clock, calendar, actAs, notifications };
    this.#principal = principal;
    this.#names = peopleNames;
    this.#keys = cradle.issuerKeys;
  }

  /** Issues certificates to those who attended and have none, at most 100 at once. Run again, it issues none twice. */
  async issue(eventId: string): Promise<{ issued: number; more: boolean }> {
    const { Event, Enrolment } = this.#services;
    const event = await Event.query().findById(eventId).forUpdate();
    if (event === undefined) throw notFound();
    const full = await event.$query().withGraphFetched('training');
    if (full.training?.certificate === 'none' || event.ends_at === null || event.ends_at > this.#services.clock.now())
      return { issued: 0, more: false };
    const due = await Enrolment.query()
      .where({ event_id: eventId, state: 'attended' })
      .whereNotNull('person_id')
      .modify((query) => {
        if (full.training?.certificate === 'all-sessions') query.whereRaw(`absent_from = '{}'`);
      })
      .whereNotIn(
        'id',
        this.#services.knex('certificates').where({ event_id: eventId }).whereNotNull('enrolment_id').select('enrolment_id'),
      )
      .orderBy('id')
      .limit(mostAtOnce + 1);
    const now = due.slice(0, mostAtOnce);
    for (const enrolment of now) await this.#make(enrolment, null, '');
    return { issued: now.length, more: due.length > now.length };
  }

  /** Issues the certificate of one sign-up that was attended, unless the training gives none or it has been issued. As the system. */
  async issueTo(enrolmentId: string): Promise<void> {
    const { Certificate, Enrolment, Event } = this.#services;
    const enrolment = await Enrolment.query().findById(enrolmentId).forUpdate();
    if (enrolment === undefined || enrolment.state !== 'attended' || enrolment.person_id === null) return;
    const event = await Event.query().findById(enrolment.event_id).withGraphFetched('training');
    const issued = await Certificate.query().findOne({ enrolment_id: enrolmentId }).select('id');
    if (event?.training?.certificate !== 'none' && issued === undefined) await this.#make(enrolment, null, '');
  }

  /** By event, for the provider's desk. */
  ofEvent(eventId: string): Promise<Certificate[]> {
    return this.#listed({ event_id: eventId });
  }

  /** One's own, newest first. */
  mine(): Promise<Certificate[]> {
    return this.#listed({ holder_id: this.#principal.id });
  }

  async own(id: string): Promise<Certificate> {
    const found = await this.#services.Certificate.query().findOne({ id, holder_id: this.#principal.id });
    if (found === undefined) throw notFound();
    return found;
  }

  /** Revokes a certificate for ever. */
  async revoke(id: string, reason: string): Promise<Certificate> {
    if (reason === '') throw reasonMissing();
    const before = await this.#valid(id);
    const { Certificate, notifications } = this.#services;
    const revoked = await Certificate.query().patchAndFetchById(id, {
      revoked_at: raw('now()') as never,
      revoked_reason: reason,
    });
    if (before.holder_id !== null) {
      await notifications?.notify.send({
        kind: 'academy.certificate-revoked',
        to: [before.holder_id],
        place: '/academie/attesten',
      });
    }
    return revoked;
  }

  /** Makes another certificate in place of this one, for instance because the name was wrong. The former is revoked and says so. */
  async reissue(id: string, reason: string): Promise<Certificate> {
    if (reason === '') throw reasonMissing();
    const before = await this.#valid(id);
    const enrolment = await this.#services.Enrolment.query().findById(before.enrolment_id ?? '');
    if (enrolment === undefined) throw refused('not-now');
    await this.revoke(id, reason);
    return this.#make(enrolment, id, reason);
  }

  /** The certificate with this number, and the one that replaced it; whoever has the number may know. */
  verify(code: string): Promise<{ certificate: Certificate; replacedBy: string | null }> {
    return this.#services.actAs(systemPrincipal(), async ({ Certificate }: Dependencies) => {
      const certificate = await Certificate.query().findOne({ code: code.toUpperCase() });
      if (certificate === undefined) throw notFound();
      const next = await Certificate.query().findOne({ supersedes_id: certificate.id }).select('code');
      return { certificate, replacedBy: next?.code ?? null };
    });
  }

  /** Name of a provider as its last certificate has it. */
  async issuerName(provider: string): Promise<string> {
    const last = await this.#services.actAs(systemPrincipal(), async ({ Certificate }: Dependencies) =>
      Certificate.query().where({ provider_id: provider }).orderBy('issued_at', 'desc').first().select('provider_name'),
    );
    if (last === undefined) throw notFound();
    return last.provider_name;
  }

  /**
   * The credential with a Data Integrity proof. A certificate that was issued before the portal made them gets its proof when somebody asks for
   * it: over the same claims, with the day of the proof in it.
   *
   * @throws 404 also if the person was erased
   */
  async document(code: string): Promise<string> {
    const { certificate } = await this.verify(code);
    if (certificate.document !== '') return certificate.document;
    const { portal, clock } = this.#services;
    return this.#services.actAs(
      systemPrincipal(),
      async ({ Certificate, issuerKeys }: Dependencies & { issuerKeys: IssuerKeys }) => {
        const locked = await Certificate.query().findById(certificate.id).forUpdate().throwIfNotFound();
        if (locked.document !== '') return locked.document;
        if (locked.holder_name === '') throw notFound();
        const claims = credentialOf(portal.url, locked, 'data-integrity');
        const proven = await issuerKeys.signDocument(claims, addressesOf(portal.url, locked).issuer, clock.now());
        const document = JSON.stringify(proven);
        await locked.$query().patch({ document });
        return document;
      },
    );
  }

  async #make(enrolment: Enrolment, supersedes: string | null, reason: string): Promise<Certificate> {
    const { Certificate, Event, knex, portal, clock, calendar, notifications } = this.#services;
    const event = await Event.query().findById(enrolment.event_id).withGraphFetched('[training, sessions]');
    const person = enrolment.person_id as string;
    const { people } = await this.#names.of([person], []);
    const { training } = event ?? {};
    const days = (event?.sessions ?? []).filter(({ cancelled }) => !cancelled).map(({ day }) => day);
    const { rows } = await knex.raw<{ rows: { next: string }[] }>(`select nextval('certificate_status') as next`);
    const row = {
      ...{ code: newCode(), enrolment_id: enrolment.id, event_id: enrolment.event_id, training_id: event?.training_id as string },
      ...{ school_id: enrolment.school_id, provider_id: enrolment.provider_id, holder_id: person },
      holder_name: people.get(person) ?? '',
      title: training?.title ?? '',
      goals: training?.goals ?? '',
      provider_name: training?.provider_name ?? '',
      minutes: training?.minutes ?? null,
      // Without sessions: the day on which the person finished.
      held_on: days.sort().at(-1) ?? (await calendar.today(enrolment.school_id)),
      // Whole seconds, as in the signed claims.
      issued_at: new Date(Math.floor(clock.now().getTime() / 1_000) * 1_000),
      expires_at: null,
      status_index: Number(rows[0]?.next),
      supersedes_id: supersedes,
      supersedes_reason: reason,
    };
    const claims = (form: Form) => credentialOf(portal.url, row as unknown as Certificate, form);
    const { issuer } = addressesOf(portal.url, row);
    const jwt = await this.#keys.signJwt(jwtClaimsOf(claims('jwt'), issuer));
    const proven = await this.#keys.signDocument(claims('data-integrity'), issuer, row.issued_at);
    const certificate = await Certificate.query().insertAndFetch({ ...row, jwt, document: JSON.stringify(proven) });
    await notifications?.notify.send({
      kind: 'academy.certificate',
      to: [person],
      place: '/academie/attesten',
      params: { title: row.title.slice(0, 200) },
    });
    return certificate;
  }

  async #listed(where: object): Promise<Certificate[]> {
    return this.#services.Certificate.query().where(where).orderBy('status_index', 'desc').limit(mostCertificates);
  }

  async #valid(id: string): Promise<Certificate> {
    const found = await this.#services.Certificate.query().findById(id).forUpdate();
    if (found === undefined) throw notFound();
    if (found.revoked_at !== null) throw refused('not-now');
    return found;
  }
}
