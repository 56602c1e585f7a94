import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type CryptoKey, decodeJwt, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

type Claims = Record<string, any>;
interface Key {
  privateKey: CryptoKey;
  jwk: JWK;
}

const makeKey = async (alg: string): Promise<Key> => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: await exportJWK(publicKey) };
};
const seconds = (days = 0) => Math.floor(Date.now() / 1_000) + Math.round(days * 86_400);
const iso = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

/**
 * What a participant of a data space with DCP has: the documents of its DID and of an authority, a service that shows its credentials, and the list of
 * those that the authority took back. It knows the specifications, and nothing of the portal's code.
 */
export class Wallet {
  #server: Server | undefined;
  #port = 0;
  holderKey!: Key;
  issuerKey!: Key;
  /** A key that no document has. */
  strangeKey!: Key;
  /** Paths that were asked for. */
  readonly requests: string[] = [];
  /** The token with which the portal asked for credentials last. */
  askedWith = '';
  /** Changes for one case. */
  changes: {
    document?: (document: Claims) => Claims;
    present?: () => Promise<unknown[]>;
    status?: () => Promise<string>;
    redirect?: boolean;
    /** Path that answers 503. */
    failing?: string;
  } = {};

  async listen(): Promise<string> {
    [this.holderKey, this.issuerKey, this.strangeKey] = await Promise.all([
      makeKey('ES256'),
      makeKey('Ed25519'),
      makeKey('ES256'),
    ]);
    this.#server = createServer(async (request, response) => {
      const path = request.url ?? '';
      this.requests.push(path);
      let text = '';
      for await (const part of request) text += part;
      const send = (type: string, body: string) => response.writeHead(200, { 'content-type': type }).end(body);
      if (path === this.changes.failing) response.writeHead(503).end();
      else if (path === '/holder/did.json' && this.changes.redirect === true)
        response.writeHead(302, { location: '/issuer/did.json' }).end();
      else if (path === '/holder/did.json')
        send('application/json', JSON.stringify((this.changes.document ?? ((all) => all))(this.document())));
      else if (path === '/issuer/did.json')
        send('application/json', JSON.stringify(documentOf(this.issuer, [this.issuerKey.jwk], { assertionMethod: ['#key-1'] })));
      else if (path === '/holder/credentials/presentations/query' && request.method === 'POST') {
        this.askedWith = (request.headers.authorization ?? '').replace('Bearer ', '');
        const query = JSON.parse(text);
        if (query.type !== 'PresentationQueryMessage' || decodeJwt(this.askedWith)['token'] !== 'opens-it')
          response.writeHead(401).end();
        else {
          const presentation = await (
            this.changes.present ?? (async () => [await this.presentation([await this.credential()])])
          )();
          const context = ['https://w3id.org/dspace-dcp/v1.0/dcp.jsonld'];
          send('application/json', JSON.stringify({ '@context': context, type: 'PresentationResponseMessage', presentation }));
        }
      } else if (path === '/issuer/status')
        send('application/vc+jwt', await (this.changes.status ?? (() => this.statusList()))());
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, 'localhost', resolve));
    this.#port = (this.#server?.address() as AddressInfo).port;
    return this.address;
  }

  close(): void {
    this.#server?.close();
  }

  get address(): string {
    return `http://localhost:${this.#port}`;
  }

  get holder(): string {
    return `did:web:localhost%3A${this.#port}:holder`;
  }

  get issuer(): string {
    return `did:web:localhost%3A${this.#port}:issuer`;
  }

  document(): Claims {
    const uses = { capabilityInvocation: [`${this.holder}#key-1`], authentication: ['#key-1'] };
    const service = [{ id: '#credentials', type: 'CredentialService', serviceEndpoint: `${this.address}/holder/credentials` }];
    return { ...documentOf(this.holder, [this.holderKey.jwk], uses), service };
  }

  /** A self-issued ID token for a portal. */
  token(aud: string, changes: Claims = {}, { key = this.holderKey, ...header }: Claims = {}): Promise<string> {
    const claims = {
      iss: this.holder,
      sub: this.holder,
      aud,
      jti: crypto.randomUUID(),
      iat: seconds(),
      exp: seconds() + 300,
      token: 'opens-it',
    };
    return sign({ ...claims, ...changes }, key, { alg: 'ES256', kid: `${this.holder}#key-1`, ...header });
  }

  /** Credentials in a presentation of the data model 2.0, or 1.1. */
  presentation(
    credentials: string[],
    changes: Claims = {},
    { key = this.holderKey, model = '2.0', ...header }: Claims = {},
  ): Promise<string> {
    const type = ['VerifiablePresentation'];
    const { aud } = { aud: decodeJwt(this.askedWith).iss };
    const content =
      model === '2.0'
        ? {
            type,
            verifiableCredential: credentials.map((one) => ({
              type: 'EnvelopedVerifiableCredential',
              id: `data:application/vc+jwt,${one}`,
            })),
          }
        : { vp: { type, verifiableCredential: credentials } };
    const claims = { iss: this.holder, aud, exp: seconds() + 60, ...content, ...changes };
    return sign(claims, key, { alg: 'ES256', kid: `${this.holder}#key-1`, ...header });
  }

  /** The credential of a member, of the data model 2.0. */
  credential(changes: Claims = {}, { key = this.issuerKey, ...header }: Claims = {}): Promise<string> {
    const claims = {
      type: ['VerifiableCredential', 'MembershipCredential'],
      issuer: this.issuer,
      credentialSubject: { id: this.holder },
      validFrom: iso(-1),
      validUntil: iso(30),
      credentialStatus: this.statusEntry(7),
      ...changes,
    };
    return sign(claims, key, { alg: 'Ed25519', kid: `${this.issuer}#key-1`, ...header });
  }

  /** The same of the data model 1.1. */
  olderCredential(changes: Claims = {}): Promise<string> {
    const vc = {
      type: ['VerifiableCredential', 'MembershipCredential'],
      credentialSubject: { id: this.holder },
      issuanceDate: iso(-1),
    };
    const claims = { iss: this.issuer, sub: this.holder, nbf: seconds(-1), exp: seconds(30), vc: { ...vc, ...changes } };
    return sign(claims, this.issuerKey, { alg: 'Ed25519', kid: '#key-1' });
  }

  statusEntry(at: number, changes: Claims = {}): Claims {
    const entry = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation', statusListIndex: String(at) };
    return { ...entry, statusListCredential: `${this.address}/issuer/status`, ...changes };
  }

  /** The list of the authority, in which some credentials are taken back. */
  statusList(back: number[] = [], changes: Claims = {}, { key = this.issuerKey, alg = 'Ed25519' } = {}): Promise<string> {
    const bits = Buffer.alloc(16 * 1_024);
    for (const at of back) bits[at >> 3] = (bits[at >> 3] ?? 0) | (128 >> (at & 7));
    const credentialSubject = {
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: `u${gzipSync(bits).toString('base64url')}`,
    };
    const type = ['VerifiableCredential', 'BitstringStatusListCredential'];
    return sign({ type, issuer: this.issuer, credentialSubject, ...changes }, key, {
      alg,
      kid: `${this.issuer}#key-1`,
    });
  }
}

function sign(claims: Claims, { privateKey }: Key, header: Claims): Promise<string> {
  const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const { kid, ...rest } = header;
  return new SignJWT(given)
    .setProtectedHeader({ ...rest, ...(kid === undefined ? {} : { kid }) } as { alg: string })
    .sign(privateKey);
}

export function documentOf(id: string, keys: JWK[], uses: Claims): Claims {
  const verificationMethod = keys.map((publicKeyJwk, at) => ({
    id: `${id}#key-${at + 1}`,
    type: 'JsonWebKey2020',
    controller: id,
    publicKeyJwk,
  }));
  return { '@context': ['https://www.w3.org/ns/did/v1'], id, verificationMethod, ...uses };
}
