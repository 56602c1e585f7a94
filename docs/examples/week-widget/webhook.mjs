import { createHmac, timingSafeEqual } from 'node:crypto';

const leewaySeconds = 300;

/**
 * Whether the portal sent a message (https://www.standardwebhooks.com): one of the signatures fits, and it is no older than five minutes.
 *
 * @param {string} secret `whsec_…`
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {string} body exactly as it arrived
 */
export function isGenuine(secret, headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  // Written so that a timestamp which is no number is refused.
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= leewaySeconds)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .some((signature) => {
      const [version, value = ''] = signature.split(',');
      const given = Buffer.from(value, 'base64');
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
    });
}
