import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Dependencies } from '../dependencies.js';
import { Refusal } from './refusal.js';

/** The launch that a login belongs to. The hint carries it because browsers do not send the session cookie from within a tool's frame. */
const hintClaims = z.object({ launch: z.uuid(), school: z.uuid() });
export type LaunchHint = z.output<typeof hintClaims>;

const purpose = 'launch-hints';
const issuer = 'lti-message-hint';

/** Makes an `lti_message_hint` (LTI 1.3 Core §4.1): a JWT signed with a secret key of this portal. */
export async function signHint(
  hint: LaunchHint,
  clientId: string,
  expiresAt: Date,
  secrets: Dependencies['secrets'],
): Promise<string> {
  return new SignJWT({ ...hint })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(clientId)
    .setExpirationTime(expiresAt)
    .sign(await secrets.key(purpose));
}

/** @throws Refusal if the hint was not signed by this portal, has expired, or is for another tool */
export async function openHint(
  text: string,
  clientId: string,
  { secrets, clock }: Pick<Dependencies, 'secrets' | 'clock'>,
): Promise<LaunchHint> {
  try {
    const { payload } = await jwtVerify(text, await secrets.key(purpose), {
      algorithms: ['HS256'],
      issuer,
      audience: clientId,
      currentDate: clock.now(),
    });
    return hintClaims.parse(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Refusal('launch-expired');
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') throw new Refusal('hint-of-other-tool');
    throw new Refusal('hint-invalid');
  }
}
