import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import type { Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { type LaunchHint, openHint } from './hints.js';
import type { LaunchRecords } from './launch-records.js';
import { protocolErrors, Refusal, type RefusalCode } from './refusal.js';

const parameter = z.union([z.string(), z.array(z.string())]).optional();

/**
 * Authentication request of a tool (1EdTech Security Framework 1.0 §5.1.1.2). Accepts any value; `Authentication` refuses invalid ones with
 * a specific error.
 */
export const authenticationRequest = z.looseObject({
  scope: parameter,
  response_type: parameter,
  response_mode: parameter,
  prompt: parameter,
  client_id: parameter,
  redirect_uri: parameter,
  login_hint: parameter,
  lti_message_hint: parameter,
  nonce: parameter,
  state: parameter,
});

export type AuthenticationRequest = z.output<typeof authenticationRequest>;
type Parameters = Partial<Record<keyof AuthenticationRequest, string>>;

export type AuthenticationAnswer =
  /** Post these fields to the tool: an id_token, or an OpenID Connect error. */
  | {
      kind: 'post';
      registration: Registration;
      redirectUri: string;
      fields: Record<string, string>;
      code: RefusalCode | null;
      launch: LaunchHint | null;
    }
  /** Show a page of the portal: sending anything to the address in the request would be unsafe. */
  | {
      kind: 'refused';
      code: RefusalCode;
      returnUrl: string | null;
      registration: Registration | null;
      launch: LaunchHint | null;
    };

const longestNonce = 2048;
const controlCharacter = /\p{Cc}/u;
const lineBreak = /[\r\n]/;

interface Records {
  launchRecords: LaunchRecords;
}

/** Answers authentication requests. A launch is consumed only after every check has passed, and only once. */
export class Authentication {
  readonly #registrations: RegistrationService;
  readonly #opening: Pick<Dependencies, 'secrets' | 'clock'>;
  readonly #actAs: Dependencies['actAs'];
  readonly #log: Dependencies['log'];

  constructor({ registrations, secrets, clock, actAs, log }: Dependencies & { registrations: RegistrationService }) {
    this.#registrations = registrations;
    this.#opening = { secrets, clock };
    this.#actAs = actAs;
    this.#log = log;
  }

  /** @param personId the person signed in at the portal in this browser; null if unknown */
  async answer(request: AuthenticationRequest, personId: string | null): Promise<AuthenticationAnswer> {
    let client: { registration: Registration; redirectUri: string } | null = null;
    let parameters: Parameters = {};
    let hint: LaunchHint | Refusal | null = null;
    try {
      parameters = single(request);
      client = await this.#client(parameters);
      hint = await this.#readHint(parameters, client.registration);
      const fields = await this.#redeem(parameters, hint, client.registration, personId);
      return { kind: 'post', ...client, fields: { ...echo(parameters), ...fields }, code: null, launch: launchOf(hint) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#log.warn({ check: error.code, tool: client?.registration.key ?? null }, 'a launch was refused');
      const protocolError = protocolErrors[error.code];
      if (client === null || protocolError === undefined)
        return {
          kind: 'refused',
          code: error.code,
          returnUrl: error.launch?.returnUrl ?? null,
          registration: client?.registration ?? null,
          launch: launchOf(hint),
        };
      const fields = {
        ...echo(parameters),
        error: protocolError.error,
        error_description: `${error.code}: ${protocolError.description}`,
      };
      return { kind: 'post', ...client, fields, code: error.code, launch: launchOf(hint) };
    }
  }

  /** The client and its redirect URI, which must equal a registered URI character by character (RFC 3986 §6.2.1). */
  async #client({ client_id, redirect_uri }: Parameters): Promise<{ registration: Registration; redirectUri: string }> {
    const registration = client_id === undefined ? null : await this.#registrations.activeByClientId(client_id);
    if (registration === null) throw new Refusal('client-unknown');
    const redirectUri = registration.redirectUris.find((registered) => registered === redirect_uri);
    if (redirectUri === undefined) throw new Refusal('redirect-uri-mismatch');
    return { registration, redirectUri };
  }

  async #redeem(
    parameters: Parameters,
    hint: LaunchHint | Refusal,
    registration: Registration,
    personId: string | null,
  ): Promise<Record<string, string>> {
    try {
      const { loginHint, nonce } = checkProtocol(parameters);
      if (hint instanceof Refusal) throw hint;
      const redemption = { registration, loginHint, nonce, personId };
      const idToken = await this.#asTool(hint, registration, ({ launchRecords }) =>
        launchRecords.redeem(hint.launch, redemption),
      );
      return { id_token: idToken };
    } catch (error) {
      if (error instanceof Refusal && !(hint instanceof Refusal)) {
        await this.#asTool(hint, registration, ({ launchRecords }) => launchRecords.recordFailure(hint.launch, error.code));
      }
      throw error;
    }
  }

  async #readHint({ lti_message_hint: text }: Parameters, registration: Registration): Promise<LaunchHint | Refusal> {
    if (!text) return new Refusal('hint-missing');
    try {
      return await openHint(text, registration.clientId, this.#opening);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Runs `fn` as the tool, in the school that the hint names. */
  #asTool<T>(hint: LaunchHint, registration: Registration, fn: (services: Records) => Promise<T>): Promise<T> {
    return this.#actAs<T, Records>({ kind: 'tool', id: registration.id, roles: [], tenants: [hint.school] }, fn);
  }
}

const launchOf = (hint: LaunchHint | Refusal | null): LaunchHint | null => (hint instanceof Refusal ? null : hint);

/** @throws Refusal if a parameter is repeated (RFC 6749 §3.1) */
function single(request: AuthenticationRequest): Parameters {
  if (Object.values(request).some(Array.isArray)) throw new Refusal('parameter-repeated');
  return request as Parameters;
}

/** @throws Refusal if the request violates OpenID Connect Core 1.0 §3.1.2.1 or 1EdTech Security Framework 1.0 §5.1.1.2 */
function checkProtocol(parameters: Parameters): { loginHint: string; nonce: string } {
  const { response_type, response_mode, scope, prompt, nonce, state, login_hint, lti_message_hint } = parameters;
  if (response_type !== 'id_token') throw new Refusal('response-type-unsupported');
  if (response_mode !== 'form_post') throw new Refusal('response-mode-unsupported');
  if (!(scope ?? '').split(' ').includes('openid')) throw new Refusal('scope-without-openid');
  if (prompt !== 'none') throw new Refusal('prompt-unsupported');
  if (!nonce) throw new Refusal('nonce-missing');
  if (nonce.length > longestNonce || controlCharacter.test(nonce + (state ?? ''))) throw new Refusal('parameter-malformed');
  if (!login_hint || !lti_message_hint) throw new Refusal('hint-missing');
  return { loginHint: login_hint, nonce };
}

/** The state as received, also in errors (RFC 6749 §4.2.2.1). Left out if it has line breaks, because browsers rewrite those in forms. */
function echo({ state }: Parameters): Record<string, string> {
  return state === undefined || lineBreak.test(state) ? {} : { state };
}
