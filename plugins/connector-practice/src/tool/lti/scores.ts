import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Platform } from '../platform.js';
import { currentTime } from '../time.js';
import type { ToolKey } from './tool-key.js';

const scoreScope = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const timeoutMs = 5000;

export interface Score {
  lineItem: string;
  userId: string;
  given: number;
  maximum: number;
  /** When the child finished. */
  at: Date;
}

/** Sends scores to the platform (AGS 2.0 §3.4), authenticated by private_key_jwt (1EdTech Security Framework 1.0 §4.1.1). */
export class ScoreSender {
  #token: { value: string; until: number } | null = null;

  constructor(
    private readonly platform: Platform,
    private readonly key: ToolKey,
  ) {}

  /** @throws Error if the platform cannot be reached or refuses the score */
  async send({ lineItem, userId, given, maximum, at }: Score): Promise<void> {
    const address = new URL(lineItem);
    address.pathname += '/scores';
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: { authorization: `Bearer ${await this.#accessToken()}`, 'content-type': 'application/vnd.ims.lis.v1.score+json' },
      body: JSON.stringify({
        userId,
        scoreGiven: given,
        scoreMaximum: maximum,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        timestamp: at.toISOString(),
      }),
    });
    await response.body?.cancel();
    if (response.status === 401) this.#token = null;
    // 409: the platform already has a later score, because the response to an earlier attempt was lost.
    if (!response.ok && response.status !== 409) throw new Error(`the platform answers ${response.status} to a score`);
  }

  async #accessToken(): Promise<string> {
    if (this.#token !== null && this.#token.until > performance.now()) return this.#token.value;
    const { clientId, tokenUrl } = this.platform;
    const now = Math.floor(currentTime().getTime() / 1000);
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: this.key.kid, typ: 'JWT' })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(tokenUrl)
      .setIssuedAt(now)
      .setExpirationTime(now + 60)
      .setJti(randomUUID())
      .sign(this.key.privateKey);
    const response = await fetch(tokenUrl, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope: scoreScope,
      }),
    });
    const answer = (await response.json()) as { access_token?: string; expires_in?: number; error_description?: string };
    if (!response.ok || answer.access_token === undefined) {
      throw new Error(`the platform gives no access token: ${answer.error_description ?? response.status}`);
    }
    this.#token = { value: answer.access_token, until: performance.now() + ((answer.expires_in ?? 3600) - 60) * 1000 };
    return this.#token.value;
  }
}
