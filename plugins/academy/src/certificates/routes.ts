import { nothing, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from '../cradle.js';
import type { Certificate } from '../models.js';
import { id } from '../shapes.js';
import { mostCertificates } from './certificates.js';
import { addressesOf, portalIssuer } from './credential.js';
import { pdfOf } from './pdf.js';

const route = routeFor<Cradle>();
const machines = { none: 'People use it.' };
const code = z.object({ code: z.string().regex(/^[2-9A-HJKMNP-Za-hjkmnp-z]{14}$/) });
const reason = z.string().trim().max(500).default('');

const certificate = z.object({
  id: z.uuid(),
  code: z.string(),
  title: z.string(),
  providerName: z.string(),
  holderName: z.string(),
  minutes: z.int().nullable(),
  heldOn: z.string(),
  issuedAt: z.date(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  revokedReason: z.string(),
});
const certificateOf = (row: Certificate): z.input<typeof certificate> => ({
  id: row.id,
  code: row.code,
  title: row.title,
  providerName: row.provider_name,
  holderName: row.holder_name,
  minutes: row.minutes,
  heldOn: row.held_on,
  issuedAt: row.issued_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
  revokedReason: row.revoked_reason,
});
const certificates = z.object({ certificates: z.array(certificate).max(mostCertificates) });
const publicAnswer = { audit: { none: 'Whoever has the number of a certificate may check it; nobody is signed in.' } };
const multikey = z.object({
  id: z.string(),
  type: z.literal('Multikey'),
  controller: z.string(),
  publicKeyMultibase: z.string(),
});
/** A controller document (W3C Controlled Identifiers v1.0) that is the profile of an issuer too. */
const issuer = z.object({
  '@context': z.array(z.string()).max(2),
  id: z.string(),
  type: z.array(z.string()).max(1),
  name: z.string(),
  assertionMethod: z.array(multikey).max(100),
});
async function issuerDocument({ issuerKeys }: Cradle, address: string, name: string): Promise<z.input<typeof issuer>> {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    ...{ id: address, type: ['Profile'], name, assertionMethod: await issuerKeys.multikeys(address) },
  };
}
const documentAnswer = {
  200: { description: 'A credential with a Data Integrity proof (eddsa-rdfc-2022)', contentType: 'application/vc' },
};
const jwtAnswer = { 200: { description: 'A signed credential (VC-JWT)', contentType: 'application/vc+jwt' } };

export const certificateRoutes = [
  route({
    method: 'GET',
    path: '/my-certificates',
    summary: 'Your own certificates, newest first',
    permission: 'academy:enrol',
    machines,
    responses: { 200: certificates },
    handler: async ({ services }) => ({ certificates: (await services.certificates.mine()).map(certificateOf) }),
  }),
  route({
    method: 'GET',
    path: '/my-certificates/:id/pdf',
    summary: 'Your own certificate as a PDF',
    permission: 'academy:enrol',
    machines,
    params: id,
    responses: { 200: { description: 'A PDF of one page', contentType: 'application/pdf' } },
    async handler({ params, services }) {
      const own = await services.certificates.own(params.id);
      const bytes = await pdfOf(own, addressesOf(services.portal.url, own).verify);
      return reply(200, bytes, { 'content-disposition': `attachment; filename="attest-${own.code}.pdf"` });
    },
  }),
  route({
    method: 'GET',
    path: '/desk/events/:id/certificates',
    summary: 'Certificates of an event of your provider',
    permission: 'academy:teach',
    machines,
    params: id,
    responses: { 200: certificates },
    handler: async ({ params, services }) => ({
      certificates: (await services.certificates.ofEvent(params.id)).map(certificateOf),
    }),
  }),
  route({
    method: 'POST',
    path: '/desk/events/:id/certificates',
    summary: 'Issue certificates to those who attended and have none, at most 100 at once',
    permission: 'academy:plan',
    machines,
    params: id,
    responses: { 200: z.object({ issued: z.int(), more: z.boolean() }) },
    handler: ({ params, services }) => services.certificates.issue(params.id),
  }),
  route({
    method: 'POST',
    path: '/desk/certificates/:id/revocation',
    summary: 'Revoke a certificate for ever',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ reason }),
    responses: { 204: nothing('Revoked') },
    handler: async ({ params, body, services }) => void (await services.certificates.revoke(params.id, body.reason)),
  }),
  route({
    method: 'POST',
    path: '/desk/certificates/:id/replacement',
    summary: 'Make another certificate in place of this one',
    permission: 'academy:plan',
    machines,
    params: id,
    body: z.strictObject({ reason }),
    responses: { 201: certificate },
    handler: async ({ params, body, services }) => certificateOf(await services.certificates.reissue(params.id, body.reason)),
  }),
  route({
    method: 'GET',
    path: '/verify/:code',
    summary: 'What a certificate says, and whether it holds',
    permission: 'public',
    ...publicAnswer,
    params: code,
    responses: {
      200: certificate
        .omit({ id: true })
        .extend({ goals: z.string(), issuer: z.string(), replacedBy: z.string().nullable(), erased: z.boolean() }),
    },
    async handler({ params, services }) {
      const { certificate: found, replacedBy } = await services.certificates.verify(params.code);
      const { id: _, ...shown } = certificateOf(found);
      const { issuer: address } = addressesOf(services.portal.url, found);
      return { ...shown, goals: found.goals, issuer: address, replacedBy, erased: found.holder_name === '' };
    },
  }),
  route({
    method: 'GET',
    path: '/verify/:code/credential',
    summary: 'The Open Badges 3.0 credential of a certificate, as a signed JWT',
    permission: 'public',
    ...publicAnswer,
    params: code,
    responses: jwtAnswer,
    handler: async ({ params, services }) => (await services.certificates.verify(params.code)).certificate.jwt,
  }),
  route({
    method: 'GET',
    path: '/verify/:code/document',
    summary: 'The Open Badges 3.0 credential of a certificate, as a document with a proof',
    permission: 'public',
    ...publicAnswer,
    params: code,
    responses: documentAnswer,
    handler: ({ params, services }) => services.certificates.document(params.code),
  }),
  route({
    method: 'GET',
    path: '/issuers/:id',
    summary: 'A provider that issued certificates: profile (Open Badges 3.0) and keys',
    permission: 'public',
    ...publicAnswer,
    params: id,
    responses: { 200: issuer },
    async handler({ params, services }) {
      const name = await services.certificates.issuerName(params.id);
      return issuerDocument(services, `${services.portal.url}/api/academy/issuers/${params.id}`, name);
    },
  }),
  route({
    method: 'GET',
    path: '/issuer',
    summary: 'The portal as the issuer of status lists, with its keys',
    permission: 'public',
    ...publicAnswer,
    responses: { 200: issuer },
    handler: ({ services }) => issuerDocument(services, portalIssuer(services.portal.url), 'i-Learn'),
  }),
  route({
    method: 'GET',
    path: '/status-list',
    summary: 'Which certificates were revoked (Bitstring Status List v1.0), as a signed JWT',
    permission: 'public',
    ...publicAnswer,
    responses: jwtAnswer,
    handler: ({ services }) => services.statusLists.signed('jwt'),
  }),
  route({
    method: 'GET',
    path: '/status-list/data-integrity',
    summary: 'Which certificates were revoked (Bitstring Status List v1.0), as a document with a proof',
    permission: 'public',
    ...publicAnswer,
    responses: documentAnswer,
    handler: ({ services }) => services.statusLists.signed('data-integrity'),
  }),
  route({
    method: 'GET',
    path: '/keys',
    summary: 'Public keys of certificates (RFC 7517)',
    permission: 'public',
    ...publicAnswer,
    responses: {
      200: z.object({
        keys: z
          .array(
            z.object({
              kty: z.literal('RSA'),
              kid: z.string(),
              alg: z.literal('RS256'),
              use: z.literal('sig'),
              n: z.string(),
              e: z.string(),
            }),
          )
          .max(100),
      }),
    },
    handler: async ({ services: { issuerKeys } }) => ({ keys: await issuerKeys.published() }),
  }),
];
