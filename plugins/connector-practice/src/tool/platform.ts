/** The platform and its endpoints, which are derived from its address. */
export interface Platform {
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** The client id of this tool at the platform. */
  clientId: string;
  deploymentId: string;
}

/** @param address address of the portal, with or without a trailing slash */
export function platformAt(address: string, clientId: string, deploymentId: string): Platform {
  const issuer = address.replace(/\/+$/, '');
  return {
    issuer,
    authorizationUrl: `${issuer}/api/lti/auth`,
    tokenUrl: `${issuer}/api/lti/token`,
    jwksUrl: `${issuer}/api/lti/jwks`,
    clientId,
    deploymentId,
  };
}
