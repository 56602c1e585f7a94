import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { importJWK, type JWK, jwtVerify } from 'jose';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { forgetDocuments } from '../dist/identity/documents.js';
import { Calls, type Consumer } from './consumer.js';
import { documentOf, type Wallet } from './wallet.js';
import type { World } from './world.js';

/** Cases about partners that prove who they are by a DID and credentials (DCP 1.0.1), in a portal that other tests share. */
export function identityCases(worldOf: () => World, wallet: Wallet, consumer: Consumer): void {
  let world: World;
  let own: string;
  let partner: { id: string; token: string | null };
  const askAgain = (token: string) => new Calls(world.portal, token).post('/catalog/request', 'CatalogRequestMessage');
  /** Of a portal that knows no documents yet. */
  const ask = (token: string) => {
    forgetDocuments();
    return askAgain(token);
  };
  const statusOf = async (token: string) => (await ask(token)).status;
  const day = 86_400;
  const now = () => Math.floor(Date.now() / 1_000);

  beforeAll(async () => {
    world = worldOf();
    own = (await world.portal.client().get('/api/data-space/did.json')).body.id;
    const body = { participant: wallet.holder, organisation: 'Universiteit met een DID', automatic: true };
    partner = (await world.steward.post('/api/data-space/partners', body)).body;
  });
  afterEach(() => {
    wallet.changes = {};
  });

  test('the portal says who it is, and how others prove who they are', async () => {
    const { body } = await world.portal.client().get('/api/data-space/.well-known/dspace-version');
    expect(body.protocolVersions[0]).toMatchObject({ identifierType: 'did:web', auth: { protocol: 'DCP', version: '1.0' } });
    const { body: document } = await world.portal.client().get('/api/data-space/did.json');
    expect(document.id).toBe(`did:web:${new URL(world.portal.url).host.replace(':', '%3A')}:api:data-space`);
    expect(document.capabilityInvocation).toEqual([document.verificationMethod[0].id]);
    expect(document.verificationMethod[0].publicKeyJwk).not.toHaveProperty('d');
  });

  test('a credential of the data model 2.0 or 1.1 is believed; the portal asks for it in its own name', async () => {
    const { status, body } = await ask(await wallet.token(own));
    expect({ status, body }).toMatchObject({ status: 200, body: { '@type': 'Catalog', participantId: own } });
    const { body: document } = await world.portal.client().get('/api/data-space/did.json');
    const key = await importJWK(document.verificationMethod[0].publicKeyJwk as JWK, 'ES256');
    const { payload } = await jwtVerify(wallet.askedWith, key, { audience: wallet.holder, issuer: own, subject: own });
    expect(payload).toMatchObject({ token: 'opens-it', jti: expect.any(String), exp: expect.any(Number) });
    wallet.changes.present = async () => [await wallet.presentation([await wallet.olderCredential()], {}, { model: '1.1' })];
    expect(await statusOf(await wallet.token(own))).toBe(200);
    expect(await statusOf(await wallet.token(own, {}, { kid: undefined })), 'the only key needs no name').toBe(200);
  });

  test('negotiates like any partner, and is called back by a portal that says who it is', async () => {
    const { body: catalogue } = await ask(await wallet.token(own));
    const [found] = catalogue.dataset;
    const offer = { ...found.hasPolicy[0], target: found['@id'] };
    const message = { consumerPid: 'urn:test:dcp', offer, callbackAddress: consumer.address };
    const post = async (path: string, type: string, members: object) =>
      new Calls(world.portal, await wallet.token(own)).post(path, type, members);
    const { status, body } = await post('/negotiations/request', 'ContractRequestMessage', message);
    expect({ status, state: body.state }).toEqual({ status: 201, state: 'AGREED' });
    const looked = new Calls(world.portal, await wallet.token(own));
    expect((await looked.get(`/negotiations/${body.providerPid}`)).body.state).toBe('AGREED');
    expect((await looked.get(`/negotiations/${body.providerPid}`)).status, 'looking needs a token of its own each time').toBe(
      401,
    );
    await world.portal.drain();
    const { body: told, authorization } = consumer.callbacks.at(-1) as { body: any; authorization: string };
    expect(told.agreement).toMatchObject({ assigner: own, assignee: wallet.holder });
    const { body: document } = await world.portal.client().get('/api/data-space/did.json');
    const key = await importJWK(document.verificationMethod[0].publicKeyJwk as JWK, 'ES256');
    await jwtVerify(authorization.replace('Bearer ', ''), key, { audience: wallet.holder, issuer: own });
  });

  test('a token counts once, also of two at the same moment', async () => {
    const token = await wallet.token(own);
    expect((await Promise.all([statusOf(token), statusOf(token)])).sort()).toEqual([200, 401]);
    expect(await ask(token)).toMatchObject({
      status: 401,
      body: { '@type': 'CatalogError', reason: [expect.stringContaining('replay')] },
    });
    const again = await wallet.token(own, { jti: 'the same' });
    expect([await statusOf(again), await statusOf(await wallet.token(own, { jti: 'the same', exp: now() + 200 }))]).toEqual([
      200, 401,
    ]);
  });

  test('nothing is fetched for who is no partner, and nothing is believed of a token without a signature', async () => {
    const before = wallet.requests.length;
    const stranger = `did:web:localhost%3A1:nobody`;
    expect(await statusOf(await wallet.token(own, { iss: stranger, sub: stranger }))).toBe(401);
    for (const nonsense of ['a.b.c', 'eyJhbGciOiJub25lIn0.e30.x', `${'x'.repeat(8_000)}.y.z`])
      expect(await statusOf(nonsense)).toBe(401);
    expect(wallet.requests.length).toBe(before);
  });

  /** Each case fails at the check that it is about. */
  const refusedBy = async (check: string, token: string) =>
    expect(await ask(token)).toMatchObject({
      status: 401,
      body: { '@type': 'CatalogError', reason: [expect.stringMatching(new RegExp(`^${check}: `))] },
    });

  const refusedTokens: [string, () => Promise<string>][] = [
    ['for another portal', () => wallet.token('did:web:elsewhere.example')],
    ['for others too', () => wallet.token(own, { aud: [own, 'did:web:elsewhere.example'] })],
    ['about several', () => wallet.token(own, { sub: [wallet.holder] })],
    ['whose kid is a number', () => wallet.token(own, {}, { kid: 5 })],
    ['of another issuer', () => wallet.token(own, { iss: 'did:web:elsewhere.example' })],
    ['that is over', () => wallet.token(own, { iat: now() - 400, exp: now() - 100 })],
    ['that holds for a day', () => wallet.token(own, { exp: now() + day })],
    ['without an end', () => wallet.token(own, { exp: undefined })],
    ['without a beginning', () => wallet.token(own, { iat: undefined })],
    ['of tomorrow', () => wallet.token(own, { iat: now() + day, exp: now() + day + 60 })],
    ['that holds from tomorrow on', () => wallet.token(own, { nbf: now() + day })],
    ['without a jti', () => wallet.token(own, { jti: undefined })],
    ['that opens no credentials', () => wallet.token(own, { token: undefined })],
    ['that opens nothing', () => wallet.token(own, { token: 'opens nothing' })],
    ['that brings its own key', () => wallet.token(own, { sub_jwk: wallet.holderKey.jwk })],
    ['of another key', () => wallet.token(own, {}, { key: wallet.strangeKey })],
    ['of a key that the DID does not have', () => wallet.token(own, {}, { kid: `${wallet.holder}#key-9` })],
    [
      'of the key of another DID',
      () => wallet.token(own, {}, { kid: `${wallet.issuer}#key-1`, key: wallet.issuerKey, alg: 'Ed25519' }),
    ],
    [
      'without a signature',
      async () => {
        const [, claims] = (await wallet.token(own)).split('.');
        return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.e30`;
      },
    ],
    [
      'whose secret is the public key',
      async () => {
        const [, claims] = (await wallet.token(own)).split('.');
        const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: `${wallet.holder}#key-1` })).toString('base64url');
        const signature = createHmac('sha256', JSON.stringify(wallet.holderKey.jwk))
          .update(`${head}.${claims}`)
          .digest('base64url');
        return `${head}.${claims}.${signature}`;
      },
    ],
  ];
  test.each(refusedTokens)('a token %s is refused', async (what, make) => {
    await refusedBy(/of (a|the) key|kid/.test(what) ? 'key' : what === 'that opens nothing' ? 'did' : 'token', await make());
  });

  const refusedDocuments: [string, Wallet['changes']][] = [
    ['is about another DID', { document: (all) => ({ ...all, id: wallet.issuer }) }],
    ['does not let the key be used for this', { document: (all) => ({ ...all, capabilityInvocation: [] }) }],
    ['does not let the key sign presentations', { document: (all) => ({ ...all, authentication: [] }) }],
    [
      'has the key of another controller',
      {
        document: (all) => ({
          ...all,
          verificationMethod: all['verificationMethod'].map((each: object) => ({ ...each, controller: wallet.issuer })),
        }),
      },
    ],
    [
      'has a shared secret',
      { document: () => ({ ...wallet.document(), ...documentOf(wallet.holder, [{ kty: 'oct', k: 'AAAA' }], {}) }) },
    ],
    ['names no credential service', { document: (all) => ({ ...all, service: [] }) }],
    [
      'names a service on a private network',
      {
        document: (all) => ({ ...all, service: [{ type: 'CredentialService', serviceEndpoint: 'http://10.0.0.1/' }] }),
      },
    ],
    ['is somewhere else', { redirect: true }],
  ];
  test.each(refusedDocuments)('a DID whose document %s is refused', async (what, changes) => {
    wallet.changes = changes;
    await refusedBy(
      /key|secret/.test(what) ? 'key' : what.includes('no credential service') ? 'service' : 'did',
      await wallet.token(own),
    );
  });

  test('of several keys a token names its own', async () => {
    const keys = [wallet.holderKey.jwk, wallet.strangeKey.jwk];
    wallet.changes.document = (all) => ({
      ...all,
      ...documentOf(wallet.holder, keys, {}),
      capabilityInvocation: ['#key-1', '#key-2'],
    });
    expect(await statusOf(await wallet.token(own, {}, { kid: undefined }))).toBe(401);
    expect(await statusOf(await wallet.token(own))).toBe(200);
  });

  const shown = (make: () => Promise<string>) => async () => [await wallet.presentation([await make()])];
  const status = (entry: () => object) => shown(() => wallet.credential({ credentialStatus: entry() }));
  const refusedCredentials: [string, Wallet['changes']][] = [
    ['no presentation', { present: async () => [] }],
    ['a presentation of nothing', { present: async () => [await wallet.presentation([])] }],
    ['a presentation that is no token', { present: async () => [{ type: 'VerifiablePresentation' }] }],
    [
      'a presentation for another portal',
      {
        present: async () => [await wallet.presentation([await wallet.credential()], { aud: 'did:web:elsewhere.example' })],
      },
    ],
    [
      'the presentation of somebody else',
      { present: async () => [await wallet.presentation([await wallet.credential()], { iss: wallet.issuer })] },
    ],
    [
      'a presentation for others too',
      {
        present: async () => [
          await wallet.presentation([await wallet.credential()], { aud: [own, 'did:web:elsewhere.example'] }),
        ],
      },
    ],
    [
      'a presentation without an end',
      { present: async () => [await wallet.presentation([await wallet.credential()], { exp: undefined })] },
    ],
    [
      'a presentation with another holder',
      {
        present: async () => [await wallet.presentation([await wallet.credential()], { holder: wallet.issuer })],
      },
    ],
    [
      'a presentation of another key',
      {
        present: async () => [await wallet.presentation([await wallet.credential()], {}, { key: wallet.strangeKey })],
      },
    ],
    [
      'a presentation that is over',
      {
        present: async () => [await wallet.presentation([await wallet.credential()], { exp: now() - 100 })],
      },
    ],
    [
      'a credential about somebody else',
      { present: shown(() => wallet.credential({ credentialSubject: { id: wallet.issuer } })) },
    ],
    [
      'a credential about somebody else too',
      {
        present: shown(() => wallet.credential({ credentialSubject: [{ id: wallet.holder }, { id: wallet.issuer }] })),
      },
    ],
    ['a credential about nobody', { present: shown(() => wallet.credential({ credentialSubject: {} })) }],
    [
      'a credential of its own',
      {
        present: shown(() =>
          wallet.credential({ issuer: wallet.holder }, { key: wallet.holderKey, alg: 'ES256', kid: `${wallet.holder}#key-1` }),
        ),
      },
    ],
    [
      'a credential that names a trusted issuer, and was signed by its holder',
      {
        present: shown(() => wallet.credential({}, { key: wallet.holderKey, alg: 'ES256', kid: `${wallet.holder}#key-1` })),
      },
    ],
    ['a credential of two issuers', { present: shown(() => wallet.credential({ iss: wallet.holder })) }],
    ['a credential that is over', { present: shown(() => wallet.credential({ validUntil: '2020-01-01T00:00:00Z' })) }],
    ['a credential that never ends', { present: shown(() => wallet.credential({ validUntil: undefined })) }],
    ['a credential whose end is no date', { present: shown(() => wallet.credential({ validUntil: 'soon' })) }],
    ['a credential of tomorrow', { present: shown(() => wallet.credential({ validFrom: '2090-01-01T00:00:00Z' })) }],
    ['a credential of another kind', { present: shown(() => wallet.credential({ type: ['VerifiableCredential', 'Other'] })) }],
    [
      'a good credential beside a bad one',
      {
        present: async () => [
          await wallet.presentation([await wallet.credential(), await wallet.credential({ validUntil: '2020-01-01T00:00:00Z' })]),
        ],
      },
    ],
    ['a credential that was taken back', { status: () => wallet.statusList([7]) }],
    ['a credential beyond the list', { present: status(() => wallet.statusEntry(9_999_999)) }],
    ['a status of an unknown kind', { present: status(() => ({ ...wallet.statusEntry(7), type: 'OtherStatus' })) }],
    [
      'a status of another purpose than the list',
      { present: status(() => wallet.statusEntry(7, { statusPurpose: 'suspension' })) },
    ],
    ['a status of two bits', { present: status(() => wallet.statusEntry(7, { statusSize: 2 })) }],
    ['a status list of yesterday', { status: () => wallet.statusList([], { validUntil: '2020-01-01T00:00:00Z' }) }],
    ['a status list of tomorrow', { status: () => wallet.statusList([], { validFrom: '2090-01-01T00:00:00Z' }) }],
    ['a status list of another address', { status: () => wallet.statusList([], { id: 'https://elsewhere.example/list' }) }],
    ['a status list of somebody else', { status: () => wallet.statusList([], { issuer: wallet.holder }) }],
    ['a status list of another key', { status: () => wallet.statusList([], {}, { key: wallet.strangeKey, alg: 'ES256' }) }],
    ['a status list that is none', { status: async () => 'nonsense' }],
    [
      'a status list that unpacks to much more',
      {
        status: () =>
          wallet.statusList([], {
            credentialSubject: {
              statusPurpose: 'revocation',
              encodedList: `u${gzipSync(Buffer.alloc(64 * 1_024 * 1_024)).toString('base64url')}`,
            },
          }),
      },
    ],
    [
      'a status list that is too long',
      {
        status: () =>
          wallet.statusList([], { credentialSubject: { statusPurpose: 'revocation', encodedList: `u${'A'.repeat(500_000)}` } }),
      },
    ],
  ];
  const checks: [RegExp, string][] = [
    [/presentation of another key|presentation that is over|list of another key|list that is none/, 'token'],
    [/list that is too long/, 'did'],
    [/signed by its holder/, 'key'],
    [/presentation of nothing|status of an unknown kind/, 'credential'],
    [/presentation/, 'presentation'],
    [/status|taken back|beyond the list/, 'status'],
    [/credential/, 'credential'],
  ];
  test.each(refusedCredentials)('who shows %s is refused', async (what, changes) => {
    wallet.changes = changes;
    await refusedBy((checks.find(([pattern]) => pattern.test(what)) ?? ['', ''])[1], await wallet.token(own));
  });

  test('has no bearer token beside its DID, unless a steward says so', async () => {
    expect(partner.token).toBeNull();
    const renew = (body: object) => world.steward.post(`/api/data-space/partners/${partner.id}/token`, body);
    const given: string = (await renew({ byDid: false })).body.token;
    expect(await statusOf(given)).toBe(200);
    expect((await renew({})).body).toEqual({ token: null });
    expect(await statusOf(given), 'taken away').toBe(401);
    expect(await statusOf(await wallet.token(own)), 'its DID still counts').toBe(200);
    const other = { participant: 'https://no-did.example', organisation: 'Zonder DID', byDid: true };
    expect((await world.steward.post('/api/data-space/partners', other)).status).toBe(409);
  });

  test('whoever knows its DID makes the portal fetch nothing more; a new key is found all the same', async () => {
    expect(await statusOf(await wallet.token(own))).toBe(200);
    const before = wallet.requests.length;
    for (let count = 0; count < 8; count++)
      expect((await askAgain(await wallet.token(own, {}, { key: wallet.strangeKey }))).status).toBe(401);
    expect(wallet.requests.length).toBe(before);
    expect((await askAgain(await wallet.token(own, {}, { kid: `${wallet.holder}#key-9` }))).status).toBe(401);
    expect(wallet.requests.length, 'the document has just been fetched').toBe(before);
  });

  test('an outage is no false identity: the message may be sent again', async () => {
    for (const failing of ['/holder/did.json', '/issuer/status', '/holder/credentials/presentations/query']) {
      wallet.changes = { failing };
      const { status, body, headers } = await ask(await wallet.token(own));
      expect({ status, retry: headers?.get('retry-after'), type: body['@type'] }, failing).toEqual({
        status: 503,
        retry: '30',
        type: 'CatalogError',
      });
      wallet.changes = {};
      expect(await statusOf(await wallet.token(own))).toBe(200);
    }
  });

  test('a partner who is stopped is asked nothing any more', async () => {
    expect((await world.steward.post(`/api/data-space/partners/${partner.id}/stop`, {})).status).toBe(204);
    const before = wallet.requests.length;
    expect(await statusOf(await wallet.token(own))).toBe(401);
    expect(wallet.requests.length).toBe(before);
  });
}
