import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that behaves as Smartschool's OAuth 2.0 does in its public clients: `/OAuth`, `/OAuth/index/token` and `/Api/V1/fulluserinfo`,
 * without id_token. It checks PKCE where it is sent.
 */
export class Smartschool {
  readonly #server: Server;
  readonly #codes = new Map<string, { challenge: string | null; redirectUri: string }>();
  readonly #tokens = new Set<string>();
  client = { id: '', secret: '', redirectUri: '' };
  /** Answer of `/Api/V1/fulluserinfo`. */
  userInfo: Record<string, unknown> = {};

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<Smartschool> {
    const server = createServer();
    const own = new Smartschool(server);
    server.on('request', async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const url = new URL(request.url ?? '/', 'http://smartschool.invalid');
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (url.pathname === '/OAuth') {
        const { searchParams: given } = url;
        if (given.get('redirect_uri') !== own.client.redirectUri || given.get('client_id') !== own.client.id)
          return send(400, {});
        const code = randomUUID();
        own.#codes.set(code, { challenge: given.get('code_challenge'), redirectUri: own.client.redirectUri });
        const to = new URL(own.client.redirectUri);
        to.searchParams.set('code', code);
        to.searchParams.set('state', given.get('state') ?? '');
        return response.writeHead(302, { location: to.href }).end();
      }
      if (url.pathname === '/OAuth/index/token' && request.method === 'POST') {
        const given = new URLSearchParams(Buffer.concat(parts).toString());
        const code = own.#codes.get(given.get('code') ?? '');
        own.#codes.delete(given.get('code') ?? '');
        const verified =
          createHash('sha256')
            .update(given.get('code_verifier') ?? '')
            .digest('base64url') === code?.challenge;
        const known = given.get('client_id') === own.client.id && given.get('client_secret') === own.client.secret;
        if (code === undefined || !known || !verified || given.get('redirect_uri') !== code.redirectUri) {
          return send(400, { error: 'invalid_grant' });
        }
        const token = randomUUID();
        own.#tokens.add(token);
        return send(200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
      }
      if (url.pathname === '/Api/V1/fulluserinfo') {
        const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
        return own.#tokens.has(token) ? send(200, own.userInfo) : send(401, {});
      }
      return send(404, {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return own;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
