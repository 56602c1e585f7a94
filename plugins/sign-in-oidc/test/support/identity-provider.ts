import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as jose from 'jose';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

export interface Client {
  id: string;
  secret?: string;
  /** Public key of a client that authenticates by `private_key_jwt`. */
  jwk?: jose.JWK;
  redirectUri: string;
}

/**
 * `oidc-provider` with one client and one person who is signed in. What it issues can be changed as an attacker, or a provider with its own
 * ways, would: each token is signed anew after `alter`.
 */
export class IdentityProvider {
  readonly #server: Server;
  #provider: Provider | null = null;
  #keys: { kid: string; key: CryptoKey; jwk: jose.JWK }[] = [];
  /** Of whoever signs in next; `sub` is the account. */
  claims: Record<string, unknown> = { sub: 'someone' };
  /** Changes the claims of an id_token just before it is signed. */
  alter: (claims: Record<string, unknown>) => void = () => {};
  /** Changes the metadata. */
  metadata: (metadata: Record<string, unknown>) => void = () => {};
  /** Whether its answers have the parameter `iss` (RFC 9207). */
  namesItself = true;
  /** Answers every request with this status, if it is set. */
  down: number | null = null;
  requests: string[] = [];

  private constructor(
    server: Server,
    private readonly host: string,
  ) {
    this.#server = server;
  }

  /** Listens before its client is known, since the portal's address and the provider's need each other. */
  static async listen(host = '127.0.0.1'): Promise<IdentityProvider> {
    const server = createServer();
    const own = new IdentityProvider(server, host);
    server.on('request', (request, response) => {
      own.requests.push(`${request.method} ${request.url?.split('?')[0]}`);
      if (own.down !== null) return void response.writeHead(own.down).end('down');
      // Asks to choose an account, as Google and Microsoft know it; this server has one account.
      request.url = request.url?.replace('prompt=select_account', '');
      void own.#provider?.callback()(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    await own.rotate();
    return own;
  }

  get issuer(): string {
    return `http://${this.host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on tokens are signed with a new key; the old one is not published any more. */
  async rotate(): Promise<void> {
    const { publicKey, privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
    const kid = `key-${Math.random().toString(36).slice(2)}`;
    this.#keys = [{ kid, key: privateKey, jwk: { ...(await jose.exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }];
  }

  async sign(claims: Record<string, unknown>, { typ, key }: { typ?: string; key?: CryptoKey } = {}): Promise<string> {
    const [{ kid, key: own }] = this.#keys as [{ kid: string; key: CryptoKey }];
    return new jose.SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid, ...(typ === undefined ? {} : { typ }) })
      .sign(key ?? own);
  }

  serve({ id, secret, jwk, redirectUri }: Client, logoutUri?: string): void {
    const scopes = ['openid', 'profile', 'email', 'vo'];
    const configuration: Configuration = {
      clients: [
        {
          client_id: id,
          redirect_uris: [redirectUri],
          grant_types: ['authorization_code'],
          response_types: ['code'],
          ...(logoutUri === undefined ? {} : { post_logout_redirect_uris: [logoutUri] }),
          ...(jwk === undefined
            ? { client_secret: secret as string, token_endpoint_auth_method: 'client_secret_post' }
            : { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }),
        },
      ],
      scopes,
      claims: { openid: ['sub'], profile: ['name'], vo: ['vo_orgcode'] },
      cookies: { keys: ['a test'] },
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, accountId) => ({ accountId, claims: () => ({ ...this.claims, sub: accountId }) }),
      loadExistingGrant: async (ctx: KoaContextWithOIDC) => {
        const grant = new ctx.oidc.provider.Grant({
          clientId: ctx.oidc.client?.clientId as string,
          accountId: ctx.oidc.session?.accountId as string,
        });
        grant.addOIDCScope(scopes.join(' '));
        await grant.save();
        return grant;
      },
    } as Configuration;
    const provider = new Provider(this.issuer, configuration);
    provider.use(async (ctx, next) => {
      if (ctx.path.startsWith('/interaction/')) {
        const result = { login: { accountId: String(this.claims.sub), remember: false } };
        ctx.respond = false;
        return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
      }
      await next();
      const body = ctx.body as Record<string, unknown> | undefined;
      const location = ctx.response.get('location') ?? '';
      // Microsoft does not name itself in the answer.
      if (this.namesItself === false && location.includes('iss=')) ctx.set('location', location.replace(/&iss=[^&]*/, ''));
      if (ctx.path === '/jwks') ctx.body = { keys: this.#keys.map(({ jwk: each }) => each) };
      else if (ctx.path === '/.well-known/openid-configuration') this.metadata(body as Record<string, unknown>);
      else if (ctx.path === '/token' && typeof body?.id_token === 'string') {
        const claims: Record<string, unknown> = { ...jose.decodeJwt(body.id_token), ...this.claims };
        this.alter(claims);
        body.id_token = await this.sign(claims);
      }
      return undefined;
    });
    this.#provider = provider;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
