import { randomBytes } from 'node:crypto';
import { conflict, forbidden } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Launches, LaunchRequest } from '../exports.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { checkLaunchRequest } from './launch-request.js';
import type { Placements } from './placements.js';

/** Time within which the tool must send its authentication request. */
const lifetimeSeconds = 120;

type Services = Dependencies & { registrations: RegistrationService; placements: Placements };

/** `lti.launches`: prepares launches for other plugins. */
export class LaunchService implements Launches {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #portal: Dependencies['portal'];
  readonly #registrations: RegistrationService;
  readonly #placements: Placements;

  constructor({ knex, principal, portal, registrations, placements }: Services) {
    this.#knex = knex;
    this.#principal = principal;
    this.#portal = portal;
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
    await this.#placements.place(registration.id, request);
    const [launch] = await this.#knex('launches')
      .insert({
        registration_id: registration.id,
        school_id: request.school,
        person_id: request.personId,
        context_id: request.context.id,
        resource_link_id: request.resourceLinkId,
        login_hint: randomBytes(16).toString('base64url'),
        return_path: request.returnPath,
        request: JSON.stringify(request),
        expires_at: this.#knex.raw('now() + make_interval(secs => ?)', [lifetimeSeconds]),
      })
      .returning('id');
    return { url: `${this.#portal.url}/api/lti/launches/${launch.id}` };
  }
}
