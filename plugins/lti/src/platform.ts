import { z } from 'zod';
import { serviceScopes } from './scopes.js';

/** Types of content items that the portal takes (Deep Linking 2.0 §3.1). */
export const acceptedTypes = ['ltiResourceLink', 'link'] as const;

export const productFamily = 'ilearn';
/** Version of the portal's LTI platform. */
export const platformVersion = '0.1.0';

/**
 * The variables in custom parameters that the portal answers (LTI 1.3 Core, appendix B). Others are about data that it does not have, such
 * as usernames, addresses and the numbers of a student administration.
 */
export const variableNames = [
  'User.id',
  'Person.name.given',
  'Person.name.family',
  'Person.name.full',
  'Person.email.primary',
  'Membership.role',
  'Context.id',
  'Context.title',
  'Context.label',
  'Context.type',
  'CourseSection.title',
  'CourseTemplate.title',
  'ResourceLink.id',
  'ResourceLink.title',
  'LineItem.title',
  'LineItem.resultValue.max',
  'Message.locale',
  'Message.returnUrl',
  'Message.documentTarget',
  'ToolPlatform.productFamilyCode',
  'ToolPlatform.version',
  'ToolPlatformInstance.guid',
  'ToolPlatformInstance.name',
  'ToolPlatformInstance.url',
] as const;

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
  claims_supported: z.array(z.string()).max(100),
  registration_endpoint: z.string(),
  /** Dynamic Registration 1.0 §3.4. */
  'https://purl.imsglobal.org/spec/lti-platform-configuration': z.object({
    product_family_code: z.string(),
    version: z.string(),
    messages_supported: z.array(z.object({ type: z.string(), placements: z.array(z.string()).max(20).optional() })).max(20),
    variables: z.array(z.string()).max(100),
  }),
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
    scopes_supported: ['openid', ...serviceScopes],
    claims_supported: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
    registration_endpoint: `${portalUrl}/api/lti/register`,
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: productFamily,
      version: platformVersion,
      messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
      variables: [...variableNames],
    },
  };
}
