import { gzipSync } from 'node:zlib';
import type { Certificate } from '../models.js';

/** Entries of a status list, at least as many as hide a single one (Bitstring Status List v1.0 section 6.1). */
const listBits = 131_072;

const contexts = ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'];

const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1_000);

/** The two ways in which credentials are signed, and where each finds its status list. */
export type Form = 'jwt' | 'data-integrity';
const lists = { jwt: 'status-list', 'data-integrity': 'status-list/data-integrity' } as const;

/** Who issues status lists: the portal, for all providers. */
export const portalIssuer = (portal: string): string => `${portal}/api/academy/issuer`;

/** Addresses of the portal for a certificate. */
export const addressesOf = (
  portal: string,
  { code, provider_id, training_id }: Pick<Certificate, 'code' | 'provider_id' | 'training_id'>,
) => ({
  verify: `${portal}/attest/${code}`,
  issuer: `${portal}/api/academy/issuers/${provider_id}`,
  training: `${portal}/academie/vorming/${training_id}`,
});

/** The claims of a certificate: an OpenBadgeCredential (Open Badges 3.0 section B.2), whose status is in the list of `form`. */
export function credentialOf(portal: string, certificate: Certificate, form: Form): Record<string, unknown> {
  const at = addressesOf(portal, certificate);
  const { holder_name, title, goals, provider_name, minutes, held_on, issued_at, expires_at, status_index } = certificate;
  const statusList = `${portal}/api/academy/${lists[form]}`;
  return {
    '@context': contexts,
    id: at.verify,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: title,
    issuer: { id: at.issuer, type: ['Profile'], name: provider_name },
    validFrom: issued_at.toISOString(),
    ...(expires_at === null ? {} : { validUntil: expires_at.toISOString() }),
    credentialSubject: {
      type: ['AchievementSubject'],
      identifier: [{ type: 'IdentityObject', identityHash: holder_name, identityType: 'name', hashed: false }],
      activityEndDate: `${held_on}T00:00:00Z`,
      ...(minutes === null ? {} : { creditsEarned: Math.round((minutes / 60) * 100) / 100 }),
      achievement: {
        id: at.training,
        type: ['Achievement'],
        achievementType: 'CertificateOfCompletion',
        name: title,
        description: goals || title,
        criteria: { narrative: 'Attended the training.' },
      },
    },
    credentialStatus: {
      id: `${statusList}#${status_index}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(status_index),
      statusListCredential: statusList,
    },
  };
}

/** A credential as the claims of a JWT (Open Badges 3.0 section 8.2.4.1, VC-JWT). */
export function jwtClaimsOf(credential: Record<string, unknown>, issuer: string): Record<string, unknown> {
  const { validFrom, validUntil } = credential as { validFrom: string; validUntil?: string };
  const from = seconds(new Date(validFrom));
  return {
    ...{ iss: issuer, jti: credential['id'], nbf: from, iat: from },
    ...(validUntil === undefined ? {} : { exp: seconds(new Date(validUntil)) }),
    ...credential,
  };
}

/** The status list: a bit for each certificate, 1 if it was revoked (Bitstring Status List v1.0 section 3). */
export function statusListOf(portal: string, revoked: readonly number[], now: Date, form: Form): Record<string, unknown> {
  const bits = Buffer.alloc(listBits / 8);
  for (const index of revoked) bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7));
  const id = `${portal}/api/academy/${lists[form]}`;
  return {
    '@context': [contexts[0]],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: portalIssuer(portal),
    validFrom: now.toISOString(),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: `u${gzipSync(bits).toString('base64url')}`,
    },
  };
}
