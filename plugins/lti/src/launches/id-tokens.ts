import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Cradle } from '../cradle.js';
import type { LaunchRequest } from '../exports.js';
import { agsScopes } from '../platform.js';
import type { Registration } from '../registrations/registration.js';
import { substitute, type Variables } from './custom-variables.js';
import { tidy } from './launch-request.js';

/** Clocks differ: `iat` lies this far back, so that a tool whose clock is late does not see a token from the future. */
const backdateSeconds = 3;
const lifetimeSeconds = 180;

const lti = (claim: string) => `https://purl.imsglobal.org/spec/lti/claim/${claim}`;
const membership = (role: LaunchRequest['role']) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`;

/** What the tool may know of the person; members that it may not are absent. */
interface Identity {
  given_name?: string;
  family_name?: string;
  name?: string;
  email?: string;
}

export interface IdTokenInput {
  registration: Registration;
  request: LaunchRequest;
  nonce: string;
  locale: string;
}

/** The message of a launch: LtiResourceLinkRequest (LTI 1.3 Core §5) as an OpenID Connect id_token. */
export class IdTokens {
  readonly #directory: Cradle['directory'];
  readonly #portal: Cradle['portal'];
  readonly #clock: Cradle['clock'];
  readonly #config: Cradle['config'];
  readonly #secrets: Cradle['secrets'];
  readonly #signingKeys: Cradle['signingKeys'];
  readonly #subjects: Cradle['subjects'];
  readonly #placements: Cradle['placements'];

  constructor({ directory, portal, clock, config, secrets, signingKeys, subjects, placements }: Cradle) {
    this.#directory = directory;
    this.#portal = portal;
    this.#clock = clock;
    this.#config = config;
    this.#secrets = secrets;
    this.#signingKeys = signingKeys;
    this.#subjects = subjects;
    this.#placements = placements;
  }

  async issue({ registration, request, nonce, locale }: IdTokenInput): Promise<string> {
    const sub = await this.#subjects.of(registration.id, request.personId);
    const identity = await this.#identity(registration, request);
    const toolPlatform = {
      guid: await this.#guid(),
      name: this.#config.platformName,
      url: this.#portal.url,
      product_family_code: 'ilearn',
    };
    const returnUrl = this.#portal.url + request.returnPath;
    const custom = substitute(request.custom, {
      'User.id': sub,
      'Person.name.given': identity.given_name,
      'Person.name.family': identity.family_name,
      'Person.name.full': identity.name,
      'Person.email.primary': identity.email,
      'Membership.role': membership(request.role),
      'Context.id': request.context.id,
      'Context.title': request.context.title,
      'ResourceLink.id': request.resourceLinkId,
      'ResourceLink.title': request.title,
      'Message.locale': locale,
      'Message.returnUrl': returnUrl,
      'ToolPlatform.productFamilyCode': toolPlatform.product_family_code,
      'ToolPlatformInstance.guid': toolPlatform.guid,
      'ToolPlatformInstance.name': toolPlatform.name,
      'ToolPlatformInstance.url': toolPlatform.url,
    } satisfies Variables);
    const endpoint = await this.#gradesEndpoint(registration, request);

    const { kid, key } = await this.#signingKeys.signer();
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    return new SignJWT({
      nonce,
      ...identity,
      [lti('message_type')]: 'LtiResourceLinkRequest',
      [lti('version')]: '1.3.0',
      [lti('deployment_id')]: registration.deploymentId,
      [lti('target_link_uri')]: request.targetLinkUri,
      [lti('resource_link')]: { id: request.resourceLinkId, title: request.title },
      [lti('roles')]: [membership(request.role)],
      [lti('context')]: {
        id: request.context.id,
        title: request.context.title,
        type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection'],
      },
      [lti('launch_presentation')]: { return_url: returnUrl, locale },
      [lti('tool_platform')]: toolPlatform,
      ...(Object.keys(custom).length === 0 ? {} : { [lti('custom')]: custom }),
      ...(endpoint === null ? {} : { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': endpoint }),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(this.#portal.url)
      .setAudience(registration.clientId)
      .setSubject(sub)
      .setIssuedAt(now - backdateSeconds)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(key);
  }

  /** Name and e-mail leave only when the tool's registration asks for them and the school lets them go. */
  async #identity(registration: Registration, { personId, school }: LaunchRequest): Promise<Identity> {
    if (!registration.release.name && !registration.release.email) return {};
    const allowed = await this.#directory.schools.releases(school);
    const identity: Identity = {};
    if (registration.release.name && allowed.name) {
      const person = await this.#directory.people.get(personId);
      if (person !== null) {
        identity.given_name = tidy(person.givenName);
        identity.family_name = tidy(person.familyName);
        identity.name = `${identity.given_name} ${identity.family_name}`.trim();
      }
    }
    if (registration.release.email && allowed.email) {
      const email = await this.#directory.people.emailOf(personId);
      if (email !== null) identity.email = email.trim();
    }
    return identity;
  }

  /** AGS 2.0 §3: `lineitem` is present only when the link has exactly one. A placement without a score gets no endpoint. */
  async #gradesEndpoint(registration: Registration, { context, resourceLinkId, lineItem }: LaunchRequest) {
    if (lineItem === null) return null;
    const lineitems = `${this.#portal.url}/api/lti/contexts/${context.id}/lineitems`;
    const [only, ...others] = await this.#placements.lineItemsOf(registration.id, resourceLinkId);
    return {
      scope: Object.values(agsScopes),
      lineitems,
      ...(only !== undefined && others.length === 0 ? { lineitem: `${lineitems}/${only}` } : {}),
    };
  }

  /** Stable for as long as the portal's data, whatever its address. */
  async #guid(): Promise<string> {
    const digest = createHash('sha256')
      .update(await this.#secrets.key('platform-guid'))
      .digest('hex');
    return digest.slice(0, 32);
  }
}
