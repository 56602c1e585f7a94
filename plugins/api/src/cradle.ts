import type { Apps } from './apps/apps.js';
import type { Credentials } from './apps/credentials.js';
import type { Dependencies } from './dependencies.js';
import type { Grants } from './grants/grants.js';
import type { Sandbox } from './grants/sandbox.js';
import type { AccessTokens } from './tokens/access-tokens.js';
import type { ClientAuthentication } from './tokens/client-authentication.js';
import type { Reach } from './tokens/reach.js';
import type { Usage } from './usage/usage.js';
import type { Deliveries } from './webhooks/deliveries.js';
import type { Endpoints } from './webhooks/endpoints.js';

/** The services that routes, jobs and commands can resolve, by their name in the container. */
export interface Cradle extends Dependencies {
  apps: Apps;
  credentials: Credentials;
  grants: Grants;
  sandbox: Sandbox;
  accessTokens: AccessTokens;
  clientAuthentication: ClientAuthentication;
  reach: Reach;
  usage: Usage;
  endpoints: Endpoints;
  deliveries: Deliveries;
}
