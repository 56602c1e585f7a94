import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { ExpiringMap } from '../expiring-map.js';
import type { Platform } from '../platform.js';
import { currentTime } from '../time.js';

const claim = (name: string) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const endpointClaim = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint';
const learner = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner';

/** The data of a launch that the tool keeps. */
export interface Launch {
  userId: string;
  isLearner: boolean;
  exercise: unknown;
  locale: string;
  /** The platform's return URL; null if it is missing or has another origin than the platform. */
  returnUrl: string | null;
  /** Address of the line item; null: no score is sent. */
  lineItem: string | null;
}

/** The launch is invalid. The message is for the operators of the platform and the tool. */
export class LaunchError extends Error {}

/**
 * The tool's side of a launch (1EdTech Security Framework 1.0 §5.1.1). Browsers block cookies in frames of other sites, so `state` is
 * stored here, for ten minutes and one use.
 */
export class Launches {
  readonly #states = new ExpiringMap<{ nonce: string }>(10 * 60 * 1000);
  readonly #platformKeys: JWTVerifyGetKey;

  constructor(
    private readonly platform: Platform,
    private readonly redirectUri: string,
  ) {
    this.#platformKeys = createRemoteJWKSet(new URL(platform.jwksUrl), { cooldownDuration: 1000 });
  }

  /**
   * Answers a login initiation.
   *
   * @returns the address of the authentication request, for the browser
   * @throws LaunchError
   */
  begin(initiation: URLSearchParams): string {
    const { issuer, clientId, authorizationUrl } = this.platform;
    if (initiation.get('iss') !== issuer) throw new LaunchError(`iss is not ${issuer}`);
    if ((initiation.get('client_id') ?? clientId) !== clientId) throw new LaunchError(`client_id is not ${clientId}`);
    const loginHint = initiation.get('login_hint');
    if (!loginHint) throw new LaunchError('login_hint is missing');
    const [state, nonce] = [secret(), secret()];
    this.#states.set(state, { nonce });
    const address = new URL(authorizationUrl);
    address.search = new URLSearchParams({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: clientId,
      redirect_uri: this.redirectUri,
      login_hint: loginHint,
      ...(initiation.has('lti_message_hint') ? { lti_message_hint: initiation.get('lti_message_hint') as string } : {}),
      state,
      nonce,
    }).toString();
    return address.href;
  }

  /** @throws LaunchError if the authentication response is invalid (1EdTech Security Framework 1.0 §5.1.3) */
  async finish(answer: URLSearchParams): Promise<Launch> {
    const begun = this.#states.take(answer.get('state') ?? '');
    if (begun === undefined) throw new LaunchError('state is unknown, was used, or has expired');
    if (answer.has('error'))
      throw new LaunchError(`the platform answers ${answer.get('error')}: ${answer.get('error_description') ?? ''}`);
    const claims = await this.#verify(answer.get('id_token') ?? '');
    const expected: [name: string, value: unknown, expected: unknown][] = [
      ['nonce', claims.nonce, begun.nonce],
      ['message_type', claims[claim('message_type')], 'LtiResourceLinkRequest'],
      ['version', claims[claim('version')], '1.3.0'],
      ['deployment_id', claims[claim('deployment_id')], this.platform.deploymentId],
    ];
    for (const [name, value, wanted] of expected) {
      if (value !== wanted) throw new LaunchError(`${name} is not the expected value`);
    }
    if (memberOf(claims[claim('resource_link')], 'id') === null) throw new LaunchError('resource_link.id is missing');
    const roles = claims[claim('roles')];
    if (!Array.isArray(roles)) throw new LaunchError('roles is missing');
    return {
      userId: claims.sub as string,
      isLearner: roles.includes(learner),
      exercise: memberOf(claims[claim('custom')], 'exercise'),
      locale: memberOf(claims[claim('launch_presentation')], 'locale') ?? 'nl',
      returnUrl: this.#ofPlatform(memberOf(claims[claim('launch_presentation')], 'return_url')),
      lineItem: this.#ofPlatform(memberOf(claims[endpointClaim], 'lineitem')),
    };
  }

  async #verify(idToken: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(idToken, this.#platformKeys, {
        algorithms: ['RS256'],
        issuer: this.platform.issuer,
        audience: this.platform.clientId,
        clockTolerance: 60,
        currentDate: currentTime(),
        requiredClaims: ['sub', 'exp', 'iat'],
      });
      return payload;
    } catch (error) {
      throw new LaunchError(`id_token: ${(error as Error).message}`);
    }
  }

  /** The address if it has the platform's origin, otherwise null: the tool calls and links to no other origin. */
  #ofPlatform(address: string | null): string | null {
    return address !== null && URL.canParse(address) && new URL(address).origin === new URL(this.platform.issuer).origin
      ? address
      : null;
  }
}

const secret = () => randomBytes(24).toString('base64url');

function memberOf(value: unknown, name: string): string | null {
  const member = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return typeof member === 'string' && member !== '' ? member : null;
}
