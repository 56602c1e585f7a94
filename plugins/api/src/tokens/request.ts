import { z } from 'zod';
import { assertionType, type Claim, issuerOf } from './client-authentication.js';
import { OauthError } from './oauth-error.js';

/** Repeated parameters pass the schema, so that the answer is an error of RFC 6749 §5.2. */
const parameter = z.union([z.string(), z.array(z.string())]).optional();

export const tokenBody = z.looseObject({
  grant_type: parameter,
  scope: parameter.describe('Scopes, with spaces between them; default: all that the portal approved'),
  school: parameter.describe('Instellingsnummer: the token is for this school only'),
  client_id: parameter,
  client_secret: parameter,
  client_assertion_type: parameter,
  client_assertion: parameter,
});

export const revocationBody = z.looseObject({
  token: parameter,
  token_type_hint: parameter,
  client_id: parameter,
  client_secret: parameter,
  client_assertion_type: parameter,
  client_assertion: parameter,
});

export type Parameters = Partial<Record<string, string>>;

/**
 * The parameters of a request. One without a value counts as absent (RFC 6749 §3.2).
 *
 * @throws OauthError if one is repeated
 */
export function parametersOf(body: Record<string, unknown>): Parameters {
  if (Object.values(body).some(Array.isArray)) throw new OauthError('invalid_request', 'a parameter is repeated');
  return Object.fromEntries(Object.entries(body).filter(([, value]) => typeof value === 'string' && value !== '')) as Parameters;
}

/**
 * How the request proves its client. Only one way may be used (RFC 6749 §2.3).
 *
 * @throws OauthError
 */
export function claimOf(parameters: Parameters, authorization: string | undefined): Claim {
  const { client_id, client_secret, client_assertion, client_assertion_type } = parameters;
  const basic = authorization === undefined ? null : basicOf(authorization);
  const ways = [basic !== null, client_secret !== undefined, client_assertion !== undefined].filter(Boolean).length;
  if (ways > 1) throw new OauthError('invalid_request', 'the client is authenticated in two ways');
  if (basic !== null) {
    if (client_id !== undefined && client_id !== basic.clientId) throw twoClients();
    return basic;
  }
  if (client_assertion !== undefined) {
    if (client_assertion_type !== assertionType) {
      throw new OauthError('invalid_request', `client_assertion_type must be ${assertionType}`);
    }
    const clientId = issuerOf(client_assertion);
    if (client_id !== undefined && client_id !== clientId) throw twoClients();
    return { clientId, assertion: client_assertion };
  }
  if (client_id !== undefined && client_secret !== undefined) return { clientId: client_id, secret: client_secret };
  throw new OauthError('invalid_client', 'send client_id and client_secret, or client_assertion');
}

const twoClients = () => new OauthError('invalid_request', 'client_id names another client than the credentials');

/** Id and secret in the header, each in the form encoding of RFC 6749 appendix B. @throws OauthError */
function basicOf(authorization: string): Claim {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization.trim()) ?? [];
  const [id, secret] = Buffer.from(encoded, 'base64').toString('utf8').split(/:(.*)/s);
  if (!id || secret === undefined) throw new OauthError('invalid_client', 'the Authorization header must be Basic id:secret');
  try {
    const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
    return { clientId: decode(id), secret: decode(secret) };
  } catch {
    throw new OauthError('invalid_client', 'id and secret in the Authorization header must be form encoded');
  }
}
