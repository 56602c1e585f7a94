import { z } from 'zod';

export const agsScopes = {
  lineItem: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  lineItemReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
  resultReadOnly: 'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
  score: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
} as const;

export type AgsScope = (typeof agsScopes)[keyof typeof agsScopes];

/** Endpoints and capabilities of the platform; names as in OpenID Connect Discovery 1.0 §3. */
export const platformConfiguration = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  token_endpoint_auth_methods_supported: z.array(z.string()).max(100),
  token_endpoint_auth_signing_alg_values_supported: z.array(z.string()).max(100),
  response_types_supported: z.array(z.string()).max(100),
  response_modes_supported: z.array(z.string()).max(100),
  subject_types_supported: z.array(z.string()).max(100),
  id_token_signing_alg_values_supported: z.array(z.string()).max(100),
  scopes_supported: z.array(z.string()).max(100),
});

/** @param portalUrl address of the portal, without a trailing slash; also the issuer */
export function platformEndpoints(portalUrl: string): z.output<typeof platformConfiguration> {
  return {
    issuer: portalUrl,
    authorization_endpoint: `${portalUrl}/api/lti/auth`,
    token_endpoint: `${portalUrl}/api/lti/token`,
    jwks_uri: `${portalUrl}/api/lti/jwks`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['id_token'],
    response_modes_supported: ['form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', ...Object.values(agsScopes)],
  };
}
