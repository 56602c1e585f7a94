import { randomBytes } from 'node:crypto';
import { conflict, forbidden } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Launches, LaunchRates, LaunchRequest, LaunchTrace } from '../exports.js';
import type { Presentation, Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import type { Traces } from '../trace/traces.js';
import { ratesOf } from './launch-rates.js';
import { checkLaunchRequest, type StoredRequest } from './launch-request.js';
import type { Placements } from './placements.js';

/** Time within which the tool must send its authentication request. */
const lifetimeSeconds = 120;

/** A deep linking request (Deep Linking 2.0 §3.2): what its response must carry, and where it goes. */
export interface ChoiceRequest {
  registration: Registration;
  school: string;
  personId: string;
  returnPath: string;
  choice: { data: string; returnUrl: string };
}

type Services = Dependencies & { registrations: RegistrationService; placements: Placements; traces: Traces };

/** `lti.launches`: prepares launches for other plugins. */
export class LaunchService implements Launches {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #licences: Dependencies['licences'];
  readonly #registrations: RegistrationService;
  readonly #placements: Placements;
  readonly #traces: Traces;

  constructor({ knex, principal, portal, licences, registrations, placements, traces }: Services) {
    this.#traces = traces;
    this.#knex = knex;
    this.#principal = principal;
    this.#portal = portal;
    this.#licences = licences;
    this.#registrations = registrations;
    this.#placements = placements;
  }

  async start(input: LaunchRequest): Promise<{ url: string }> {
    const request = checkLaunchRequest(input);
    if (this.#principal.kind === 'person' && this.#principal.id !== request.personId) {
      throw forbidden('A tool can be launched only as oneself.');
    }
    if (this.#principal.tenants !== '*' && !this.#principal.tenants.includes(request.school)) {
      throw forbidden('The launch is in a school in which this person has no role.');
    }
    const registration = await this.#registrations.activeByKey(request.registration);
    if (registration === null) {
      throw conflict('lti/tool-unavailable', `No tool is registered as "${request.registration}", or it is switched off.`);
    }
    await this.#enter(request);
    await this.#placements.place(registration.id, request);
    const presentation = request.presentation ?? registration.presentation;
    return this.#prepare(registration, withoutPupils(request), {
      context_id: request.context?.id ?? null,
      resource_link_id: request.resourceLinkId,
      presentation,
    });
  }

  /**
   * Prepares a launch in which a teacher chooses content; returns the address that the browser must open.
   *
   * @throws Problem 409 `licences/…` if the school may not use the tool now
   */
  async startChoice({ registration, school, personId, returnPath, choice }: ChoiceRequest): Promise<{ url: string }> {
    const request: StoredRequest = {
      registration: registration.key,
      targetLinkUri: registration.deepLinkingUrl as string,
      resourceLinkId: '',
      title: registration.name,
      context: null,
      school,
      personId,
      role: 'Instructor',
      custom: {},
      lineItem: null,
      returnPath,
      choice,
    };
    await this.#enter(request);
    return this.#prepare(registration, request, { context_id: null, resource_link_id: null, presentation: 'same' });
  }

  rates(since: Date): Promise<LaunchRates[]> {
    return ratesOf(this.#knex, since);
  }

  trace(code: string, language?: string): Promise<LaunchTrace | null> {
    return this.#traces.of(code, language);
  }

  /** Asks for the licence, where the portal has any; at the first launch, this takes a seat. */
  async #enter({ registration, school, personId, role }: StoredRequest | LaunchRequest): Promise<void> {
    await this.#licences?.decisions.enter({ tool: registration, school, person: personId, role });
  }

  async #prepare(
    registration: Registration,
    request: StoredRequest,
    columns: { context_id: string | null; resource_link_id: string | null; presentation: Presentation },
  ): Promise<{ url: string }> {
    const [launch] = await this.#knex('launches')
      .insert({
        ...columns,
        registration_id: registration.id,
        school_id: request.school,
        person_id: request.personId,
        role: request.role,
        login_hint: randomBytes(16).toString('base64url'),
        return_path: request.returnPath,
        request: JSON.stringify(request),
        expires_at: this.#knex.raw('now() + make_interval(secs => ?)', [lifetimeSeconds]),
      })
      .returning('id');
    const page = columns.presentation === 'same' ? '' : '/page';
    return { url: `${this.#portal.url}/api/lti/launches/${launch.id}${page}` };
  }
}

/** The request as stored: the pupils of the context are kept with the context, not with each launch. */
function withoutPupils({ context, ...request }: LaunchRequest): StoredRequest {
  if (context === null) return { ...request, context };
  const { pupils: _pupils, ...kept } = context;
  return { ...request, context: kept };
}
