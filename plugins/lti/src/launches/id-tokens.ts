import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Dependencies } from '../dependencies.js';
import type { LaunchRequest, ReleasedField } from '../exports.js';
import type { SigningKeys } from '../keys/signing-keys.js';
import { acceptedTypes, platformVersion, productFamily } from '../platform.js';
import type { Registration } from '../registrations/registration.js';
import type { Allowed, Releases } from '../releases/releases.js';
import { gradeScopes } from '../scopes.js';
import { tidy } from '../tidy.js';
import { contextType, type Identity, membership, substitute, variablesOf } from './custom-variables.js';
import type { StoredRequest } from './launch-request.js';
import type { Placements } from './placements.js';
import type { Subjects } from './subjects.js';

/** `iat` is set this far in the past, so that tools with a slow clock do not reject the token as issued in the future. */
const backdateSeconds = 3;
const lifetimeSeconds = 180;

const lti = (claim: string) => `https://purl.imsglobal.org/spec/lti/claim/${claim}`;

/** What the portal takes in the response (Deep Linking 2.0 §4.2). */
const choiceSettings = ({ data, returnUrl }: NonNullable<StoredRequest['choice']>) => ({
  deep_link_return_url: returnUrl,
  accept_types: acceptedTypes,
  accept_presentation_document_targets: ['iframe', 'window'],
  accept_multiple: true,
  accept_lineitem: true,
  auto_create: false,
  data,
});

/** `document_target` of LTI 1.3 Core §5.4.4, whose values are `iframe`, `window` and `frame`. */
const documentTargets = { same: 'window', tab: 'window', window: 'window', frame: 'iframe' } as const;

export interface IdTokenInput {
  launchId: string;
  registration: Registration;
  request: StoredRequest;
  nonce: string;
  locale: string;
}

type Services = Dependencies & { signingKeys: SigningKeys; subjects: Subjects; placements: Placements; releases: Releases };

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
  readonly #releases: Releases;
  readonly #events: Dependencies['events'];

  constructor({ directory, portal, clock, config, secrets, signingKeys, subjects, placements, releases, events }: Services) {
    this.#events = events;
    this.#releases = releases;
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
    const allowed = await this.#releases.allowed(registration, request.school);
    const identity = await this.#identity(allowed, request);
    const toolPlatform = {
      guid: await this.#guid(),
      name: this.#config.platformName,
      url: this.#portal.url,
      product_family_code: productFamily,
      version: platformVersion,
    };
    const returnUrl = `${this.#portal.url}/api/lti/launches/${launchId}/return`;
    const target = request.presentation ?? registration.presentation;
    const custom = substitute(
      request.custom,
      variablesOf({ sub, identity, request, locale, returnUrl, documentTarget: documentTargets[target], toolPlatform }),
    );
    const endpoint = await this.#gradesEndpoint(registration, request);
    const members = this.#membersService(allowed, request);

    const { kid, key } = await this.#signingKeys.signer();
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    const token = await new SignJWT({
      nonce,
      ...identity,
      [lti('message_type')]: request.choice === undefined ? 'LtiResourceLinkRequest' : 'LtiDeepLinkingRequest',
      [lti('version')]: '1.3.0',
      [lti('deployment_id')]: registration.deploymentId,
      [lti('target_link_uri')]: request.targetLinkUri,
      ...(request.choice === undefined
        ? { [lti('resource_link')]: { id: request.resourceLinkId, title: request.title } }
        : { 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': choiceSettings(request.choice) }),
      [lti('roles')]: [membership(request.role)],
      ...(request.context === null
        ? {}
        : { [lti('context')]: { id: request.context.id, title: request.context.title, type: [contextType(request.context)] } }),
      [lti('launch_presentation')]: { document_target: documentTargets[target], return_url: returnUrl, locale },
      [lti('tool_platform')]: toolPlatform,
      ...(Object.keys(custom).length === 0 ? {} : { [lti('custom')]: custom }),
      ...(endpoint === null ? {} : { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': endpoint }),
      ...(members === null ? {} : { 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': members }),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .setIssuer(this.#portal.url)
      .setAudience(registration.clientId)
      .setSubject(sub)
      .setIssuedAt(now - backdateSeconds)
      .setExpirationTime(now + lifetimeSeconds)
      .sign(key);
    const fields = releasedIn(identity, request);
    await this.#releases.count({ registrationId: registration.id, school: request.school, way: 'launch' }, fields, 1);
    const { school, personId, role } = request;
    const { key: tool, name: toolName } = registration;
    await this.#events.publish('launched', { school, personId, role, tool, toolName, released: [...fields] });
    return token;
  }

  /** Includes the name and the e-mail address only if the registration asks for them and the school releases them. */
  async #identity(allowed: Allowed, { personId }: LaunchRequest): Promise<Identity> {
    const identity: Identity = {};
    if (allowed.name) {
      const person = await this.#directory.people.get(personId);
      if (person !== null) {
        identity.given_name = tidy(person.givenName);
        identity.family_name = tidy(person.familyName);
        identity.name = `${identity.given_name} ${identity.family_name}`.trim();
      }
    }
    if (allowed.email) {
      const email = await this.#directory.people.emailOf(personId);
      if (email !== null) identity.email = email.trim();
    }
    return identity;
  }

  /**
   * The AGS claim (AGS 2.0 §3.1), with `lineitem` only if the resource link has exactly one; null if the placement is not scored or the tool
   * may not use the service.
   */
  async #gradesEndpoint(registration: Registration, { context, resourceLinkId, lineItem }: LaunchRequest) {
    const scope = gradeScopes.filter((each) => registration.scopes.includes(each));
    if (lineItem === null || context === null || scope.length === 0) return null;
    const lineitems = `${this.#portal.url}/api/lti/contexts/${context.id}/lineitems`;
    const [only, ...others] = await this.#placements.lineItemsOf(registration.id, resourceLinkId);
    return { scope, lineitems, ...(only !== undefined && others.length === 0 ? { lineitem: `${lineitems}/${only}` } : {}) };
  }

  /** The NRPS claim (NRPS 2.0 §3.6.1.1); null if the context has no members or the tool may not list them. */
  #membersService(allowed: Allowed, { context }: LaunchRequest) {
    if (context?.classId === undefined || !allowed.members) return null;
    return {
      context_memberships_url: `${this.#portal.url}/api/lti/contexts/${context.id}/memberships`,
      service_versions: ['2.0'],
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

/** The fields about a person in an id_token. */
function releasedIn({ name, email }: Identity, { context }: LaunchRequest): Set<ReleasedField> {
  const fields = new Set<ReleasedField>(['pseudonym', 'role', 'language']);
  if (context !== null) fields.add('context');
  if (name !== undefined) fields.add('name');
  if (email !== undefined) fields.add('email');
  return fields;
}
