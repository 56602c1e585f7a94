import { createECDH, randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type DidDocument, keyOf, type Relationship } from './did-web.js';
import { IdentityRefused } from './refused.js';

/** Signatures that are believed: none with a shared secret, and never none at all. */
const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'PS256', 'RS256'];
/** Seconds that clocks may differ, and for which a self-issued token may be valid. */
const leeway = 30;
const longest = 600;

export const longestToken = 16_000;

export type Claims = JWTPayload;

/** Claims of a token, before anybody knows whether they are true. @throws IdentityRefused if it is no JWT */
export function claimed(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw new IdentityRefused('token', 'It is no JSON Web Token.');
  }
}

/**
 * Claims of a token that a key of this DID signed.
 *
 * @throws IdentityRefused if the key is not one of the DID for this use, or the signature, `exp` or `nbf` is wrong
 */
export async function verified(token: string, document: DidDocument, relationship: Relationship, now: Date): Promise<Claims> {
  let header: { alg?: unknown; kid?: unknown };
  try {
    header = decodeProtectedHeader(token);
  } catch {
    throw new IdentityRefused('token', 'It is no JSON Web Token.');
  }
  const { alg = '', kid } = header;
  if (kid !== undefined && typeof kid !== 'string') throw new IdentityRefused('key', 'kid must be a text.');
  if (typeof alg !== 'string' || !algorithms.includes(alg))
    throw new IdentityRefused('token', 'Its signature is of a kind that is not believed.');
  const key = keyOf(document, kid, relationship);
  try {
    const publicKey = await importJWK(key as JWK, alg);
    const { payload } = await jwtVerify(token, publicKey, { algorithms: [alg], clockTolerance: leeway, currentDate: now });
    return payload;
  } catch (error) {
    throw new IdentityRefused('token', `The token is not valid: ${(error as { code?: string }).code ?? 'its key is unusable'}.`);
  }
}

export interface SelfIssued {
  did: string;
  jti: string;
  /** When the token, and with it its `jti`, is over. */
  expires: Date;
  /** Opens the presentation at the credential service of the sender. */
  token: string;
}

/** The claims of a self-issued ID token (DCP 1.0.1 §4.3). @throws IdentityRefused for one that is missing or wrong */
export function selfIssued({ iss, sub, aud, jti, exp, iat, token, ...rest }: JWTPayload, own: string, now: Date): SelfIssued {
  const refuse = (message: string) => new IdentityRefused('token', message);
  if (typeof iss !== 'string' || iss !== sub) throw refuse('iss and sub must be the same DID.');
  if ([aud].flat().length !== 1 || [aud].flat()[0] !== own) throw refuse(`aud must be ${own} and nothing else.`);
  if (typeof jti !== 'string' || jti === '' || jti.length > 300) throw refuse('jti is missing.');
  if (typeof exp !== 'number' || typeof iat !== 'number') throw refuse('exp and iat are required.');
  if (exp - iat > longest) throw refuse(`It must not be valid for longer than ${longest} seconds.`);
  if (iat > now.getTime() / 1_000 + leeway) throw refuse('iat is in the future.');
  if (typeof token !== 'string' || token === '' || token.length > 8_000)
    throw refuse('token, which opens the presentation, is missing.');
  if ('sub_jwk' in rest) throw refuse('sub_jwk is not allowed.');
  return { did: iss, jti, expires: new Date((exp + leeway) * 1_000), token };
}

/** The key of the portal, derived from its master key: P-256, for ES256. */
export function keyPairOf(secret: Uint8Array): { privateJwk: JWK; publicJwk: JWK } {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33, 65)].map((part) => part.toString('base64url')) as [string, string];
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y };
  return { publicJwk, privateJwk: { ...publicJwk, d: Buffer.from(secret).toString('base64url') } };
}

/** A self-issued ID token of the portal. `token`: the one that the audience gave, which opens its presentation. */
export async function issue(
  { secret, own, audience, token }: { secret: Uint8Array; own: string; audience: string; token?: string },
  now: Date,
): Promise<string> {
  const { privateJwk } = keyPairOf(secret);
  const seconds = Math.floor(now.getTime() / 1_000);
  return new SignJWT({
    iss: own,
    sub: own,
    aud: audience,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + 300,
    ...(token === undefined ? {} : { token }),
  })
    .setProtectedHeader({ alg: 'ES256', kid: `${own}#key`, typ: 'JWT' })
    .sign(await importJWK(privateJwk, 'ES256'));
}
