import { createHmac, randomBytes } from 'node:crypto';

/** A new secret: `whsec_` and 32 bytes in Base64 (Standard Webhooks, "Signature scheme"). */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** One message to send. */
export interface Message {
  /** The same for each try, so that the receiver can recognise a repetition. */
  id: string;
  body: string;
}

/**
 * Headers of a try (Standard Webhooks 1.0). The timestamp is part of what is signed, so that an old message cannot be sent again.
 *
 * @param secrets the current one first, and while it is rotated the previous one
 */
export function signedHeaders({ id, body }: Message, secrets: readonly string[], at: Date): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000);
  const sign = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret)}`).join(' '),
  };
}
