/** For plugins of sign-in providers: `import { defineSignIn, oidcProtocol } from '@ilearn/plugin-sign-in-oidc/provider'`. */

export { nameOf } from './generic.js';
export { checkProvider, type ProviderCheck } from './protocols/conformance.js';
export type { RealmKind } from './protocols/contribution.js';
export { type ConfiguredProvider, defineSignIn, type SignInPlugin } from './protocols/define-sign-in.js';
export { type Claims, type OidcOptions, oidcProtocol, refusalOf } from './protocols/oidc.js';
export * from './protocols/protocol.js';
export { consumerTenant, isRealm, platform } from './schools/realm.js';
