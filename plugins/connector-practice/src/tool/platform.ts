/** Where the platform is found; all of it follows from its address. */
export interface Platform {
  issuer: string;
  authorizationUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** What the platform calls this tool. */
  clientId: string;
  deploymentId: string;
}

/** @param address the portal's address, with or without a trailing slash */
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
