import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Dependencies } from '../dependencies.js';
import type { LaunchRequest } from '../exports.js';
import type { SigningKeys } from '../keys/signing-keys.js';
import { agsScopes } from '../platform.js';
import type { Registration } from '../registrations/registration.js';
import { tidy } from '../tidy.js';
import { substitute, type Variables } from './custom-variables.js';
import type { Placements } from './placements.js';
import type { Subjects } from './subjects.js';

/** `iat` is set this far in the past, so that tools with a slow clock do not reject the token as issued in the future. */
const backdateSeconds = 3;
const lifetimeSeconds = 180;

const lti = (claim: string) => `https://purl.imsglobal.org/spec/lti/claim/${claim}`;
const membership = (role: LaunchRequest['role']) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${role}`;

/** Personal data for the tool. Absent members are not released. */
interface Identity {
  given_name?: string;
  family_name?: string;
  name?: string;
  email?: string;
}

export interface IdTokenInput {
  launchId: string;
  registration: Registration;
  request: LaunchRequest;
  nonce: string;
  locale: string;
}

type Services = Dependencies & { signingKeys: SigningKeys; subjects: Subjects; placements: Placements };

/** Issues the launch message: an LtiResourceLinkRequest (LTI 1.3 Core §5) in an OpenID Connect id_token. */
export class IdTokens {
  readonly #directory: Dependencies['directory'];
  readonly #portal: Dependencies['portal'];
  readonly #clock: Dependencies['clock'];
  readonly #config: Dependencies['config'];
  readonly #secrets: Dependencies['secrets'];
  readonly #signingKeys: SigningKeys;
  readonly #subjects: Subjects;
  readonly #placements: Placements;

  constructor({ directory, portal, clock, config, secrets, signingKeys, subjects, placements }: Services) {
    this.#directory = directory;
    this.#portal = portal;
    this.#clock = clock;
    this.#config = config;
    this.#secrets = secrets;
    this.#signingKeys = signingKeys;
    this.#subjects = subjects;
    this.#placements = placements;
  }

  async issue({ launchId, registration, request, nonce, locale }: IdTokenInput): Promise<string> {
    const sub = await this.#subjects.of(registration.id, request.personId);
    const identity = await this.#identity(registration, request);
    const toolPlatform = {
      guid: await this.#guid(),
      name: this.#config.platformName,
      url: this.#portal.url,
      product_family_code: 'ilearn',
    };
    const returnUrl = `${this.#portal.url}/api/lti/launches/${launchId}/return`;
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

  /** Includes the name and the e-mail address only if the registration asks for them and the school releases them. */
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

  /** The AGS claim (AGS 2.0 §3.1), with `lineitem` only if the resource link has exactly one; null if the placement is not scored. */
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

  /** Derived from the master key, so that it does not change with the portal's address. */
  async #guid(): Promise<string> {
    const digest = createHash('sha256')
      .update(await this.#secrets.key('platform-guid'))
      .digest('hex');
    return digest.slice(0, 32);
  }
}
