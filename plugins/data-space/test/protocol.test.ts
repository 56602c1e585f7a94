import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Calls, CONTEXT, Consumer } from './consumer.js';
import { identityCases } from './identity.js';
import { faultsOf } from './message-schemas.js';
import { Wallet } from './wallet.js';
import { act, createWorld, openDefinition, release, type World } from './world.js';

/* The provider, by the cases of the public TCK (MET, CAT, CN, TP: docs/data-space.md lists them), and what the TCK does not try. */

let world: World;
const consumer = new Consumer();
const wallet = new Wallet();
/** A partner about whose requests a steward decides, one whose requests are granted at once, and a second consumer. */
let calls: Calls;
let automatic: Calls;
let stranger: Calls;
let partnerId: string;
let data: string;
let offer: any;

beforeAll(async () => {
  const address = await consumer.listen();
  const hosts = [address, await wallet.listen()];
  const config = { 'data-space': { dcp: { issuers: [wallet.issuer] } } };
  world = await createWorld({ http: { 'data-space': { hosts } }, config });
  const add = async (participant: string, granted: boolean) => {
    const body = { participant, organisation: participant, automatic: granted, byDid: false };
    const answer = await world.steward.post('/api/data-space/partners', body);
    expect(answer.status).toBe(201);
    return answer.body as { id: string; token: string };
  };
  const partner = await add('did:web:consumer.example', false);
  partnerId = partner.id;
  calls = new Calls(world.portal, partner.token);
  automatic = new Calls(world.portal, (await add('did:web:automatic.example', true)).token);
  stranger = new Calls(world.portal, (await add('did:web:stranger.example', false)).token);
  data = (await release(world, openDefinition(world))).release;
  const { body } = await calls.get(`/catalog/datasets/urn:uuid:${data}`);
  offer = { ...body.hasPolicy[0], target: `urn:uuid:${data}` };
});
beforeEach(() => {
  consumer.callbacks.length = 0;
  consumer.answer = { status: 200 };
});
// Every callback of every case, by the schemas of the protocol.
afterEach(() => expect(consumer.faults).toEqual([]));
afterAll(async () => {
  await world?.portal.stop();
  consumer.close();
  wallet.close();
});

let count = 0;
const pid = () => `urn:test:${++count}`;
type Pids = { consumerPid: string; providerPid: string };
const bare = (providerPid: string) => providerPid.replace('urn:uuid:', '');

const contract = (members: object = {}) => ({ consumerPid: pid(), offer, callbackAddress: `${consumer.address}/`, ...members });
async function requested(by = calls, members: object = {}): Promise<Pids> {
  const { status, body } = await by.post('/negotiations/request', 'ContractRequestMessage', contract(members));
  expect({ status, body }).toMatchObject({ status: 201, body: { '@context': [CONTEXT], '@type': 'ContractNegotiation' } });
  return { consumerPid: body.consumerPid, providerPid: body.providerPid };
}
const decide = async ({ providerPid }: Pids, move: string, reason?: string) => {
  const { status, body } = await world.steward.post(`/api/data-space/negotiations/${bare(providerPid)}/${move}`, { reason });
  expect(body).toBeFalsy();
  expect(status).toBe(204);
  await world.portal.drain();
};
const say = async (pids: Pids, path: string, type: string, members: object = {}, by = calls) =>
  (await by.post(`/negotiations/${pids.providerPid}/${path}`, type, { ...pids, ...members })).status;
const accept = (pids: Pids) => say(pids, 'events', 'ContractNegotiationEventMessage', { eventType: 'ACCEPTED' });
const verify = (pids: Pids) => say(pids, 'agreement/verification', 'ContractAgreementVerificationMessage');
const end = (pids: Pids, by = calls) =>
  say(pids, 'termination', 'ContractNegotiationTerminationMessage', { code: 'x', reason: ['enough'] }, by);
const counter = (pids: Pids) => say(pids, 'request', 'ContractRequestMessage', { offer });
const state = async ({ providerPid }: Pids) => (await calls.get(`/negotiations/${providerPid}`)).body.state;
const last = () => consumer.callbacks.at(-1) as { path: string; body: any };

async function finalized(members: object = {}): Promise<{ pids: Pids; agreementId: string }> {
  const pids = await requested(calls, members);
  await decide(pids, 'agree');
  const agreementId: string = last().body.agreement['@id'];
  expect(await verify(pids)).toBe(200);
  await decide(pids, 'finalize');
  return { pids, agreementId };
}

test('the schemas refuse what the protocol refuses', () => {
  const whole = { '@context': [CONTEXT], '@type': 'ContractOfferMessage', consumerPid: 'a', providerPid: 'b', offer };
  const constraint = { leftOperand: 'urn:x', operator: 'eq', rightOperand: 'y' };
  const edited = (changes: object) => ({ ...whole, offer: { ...offer, ...changes } });
  expect(faultsOf(whole)).toEqual([]);
  expect(faultsOf(edited({ permission: [{ action: 'use', constraint: [constraint] }] }))).toEqual([]);
  for (const wrong of [
    { ...whole, callbackAddress: 'https://x' },
    { ...whole, '@context': CONTEXT },
    { ...whole, '@context': [] },
    { ...whole, '@type': 'ContractOffer' },
    edited({ permission: [] }),
    edited({ '@type': 'Set' }),
    edited({ target: undefined }),
    edited({ permission: [{ action: 'use', constraint: [{ ...constraint, rightOperand: 7 }] }] }),
    edited({ permission: [{ action: 'use', constraint: [{ ...constraint, operator: '=' }] }] }),
  ])
    expect(faultsOf(JSON.parse(JSON.stringify(wrong))).length, JSON.stringify(wrong)).toBeGreaterThan(0);
});

describe('metadata and catalogue', () => {
  test('MET:01-01 versions have 2025-1 with path and binding, without a context and without a token', async () => {
    const { status, body } = await new Calls(world.portal, null).call('GET', '/.well-known/dspace-version');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { protocolVersions: [{ version: '2025-1', path: '/dsp/2025-1', binding: 'HTTPS' }] },
    });
    expect(body['@context']).toBeUndefined();
  });

  test('CAT:01-01 the catalogue has the data set, with an offer that has no target', async () => {
    const { status, body } = await calls.post('/catalog/request', 'CatalogRequestMessage');
    expect(status).toBe(200);
    expect(body).toMatchObject({ '@type': 'Catalog', participantId: expect.any(String), '@id': expect.any(String) });
    expect(body.service[0]).toMatchObject({ '@type': 'DataService', endpointURL: expect.stringMatching(/\/dsp\/2025-1$/) });
    const found = body.dataset.find((each: any) => each['@id'] === `urn:uuid:${data}`);
    expect(found.hasPolicy[0]).not.toHaveProperty('target');
    expect(found.distribution[0]).toMatchObject({ format: 'HttpData-PULL', accessService: { '@type': 'DataService' } });
    // Empty lists and bare numbers are invalid (ODRL in the protocol's schemas); contexts of others cannot be resolved by its test kit.
    expect(JSON.stringify(body)).not.toMatch(/\[\]|"rightOperand":\d/);
    expect(body['@context']).toEqual([CONTEXT]);
  });

  test('CAT:01-02 a data set by its id', async () => {
    const { status, body } = await calls.get(`/catalog/datasets/urn:uuid:${data}`);
    expect({ status, body }).toMatchObject({ status: 200, body: { '@id': `urn:uuid:${data}`, '@context': [CONTEXT] } });
  });

  test('CAT:01-03 an unknown data set is a CatalogError; a filter is refused', async () => {
    for (const id of ['urn:uuid:00000000-0000-4000-8000-000000000000', 'nonsense']) {
      const { status, body } = await calls.get(`/catalog/datasets/${id}`);
      expect({ status, body }).toMatchObject({
        status: 404,
        body: { '@type': 'CatalogError', code: expect.any(String), reason: [expect.any(String)] },
      });
    }
    const { status, body } = await calls.post('/catalog/request', 'CatalogRequestMessage', { filter: ['x'] });
    expect({ status, body }).toMatchObject({ status: 400, body: { '@type': 'CatalogError' } });
  });

  test('a draft is not in the catalogue, and nothing is without a token', async () => {
    const { release: draft } = await release(world, openDefinition(world), 'approved');
    expect((await calls.get(`/catalog/datasets/urn:uuid:${draft}`)).status).toBe(404);
    const { body } = await calls.post(
      '/negotiations/request',
      'ContractRequestMessage',
      contract({ offer: { ...offer, '@id': `urn:i-learn:offer:${draft}` } }),
    );
    expect(body['@type']).toBe('ContractNegotiationError');
    for (const token of [null, 'x'.repeat(40)]) {
      const answer = await new Calls(world.portal, token).post('/catalog/request', 'CatalogRequestMessage');
      expect(answer).toMatchObject({ status: 401, body: { '@type': 'CatalogError' } });
    }
  });
});

test('lists have pages: what needs a decision comes first, and nothing is out of reach', async () => {
  const open = await requested();
  // More than a page of agreements that are over, all of them later.
  await world.portal.work('data-space', ({ knex }) =>
    knex.raw(
      `insert into negotiations (partner_id, release_id, consumer_pid, callback, state, created_at)
       select ?, ?, 'urn:test:over:' || n, 'https://consumer.example', 'TERMINATED', now() + interval '1 minute'
         from generate_series(1, 130) n`,
      [partnerId, data],
    ),
  );
  const pages: any[] = [];
  for (let after: string | null = ''; after !== null; after = pages.at(-1).next) {
    const path = `/api/data-space/negotiations${after === '' ? '' : `?after=${encodeURIComponent(after)}`}`;
    pages.push((await world.steward.get(path)).body);
  }
  const ids = pages.flatMap(({ negotiations }) => negotiations.map(({ id }: { id: string }) => id));
  expect(ids[0]).toBe(bare(open.providerPid));
  expect(pages.map(({ negotiations }) => negotiations.length)).toEqual([100, ids.length - 100]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(130);
  expect(await end(open)).toBe(200);
  await world.portal.work('data-space', ({ knex }) =>
    knex('negotiations').where('consumer_pid', 'like', 'urn:test:over:%').delete(),
  );
});

test('the catalogue has pages: a version beyond the first hundred is found by the link to the next', async () => {
  const copies = await world.portal.work('data-space', async ({ knex }) => {
    const { rows } = await knex.raw(
      `insert into releases (data_set_id, version, definition, state, content, row_count, sha256, published_at)
       select data_set_id, 1000 + n, definition, 'published', content, row_count, sha256, published_at + n * interval '1 second'
         from releases, generate_series(1, 130) n where id = ? returning id`,
      [data],
    );
    return rows.map(({ id }: { id: string }) => `urn:uuid:${id}`) as string[];
  });
  const request = { '@context': [CONTEXT], '@type': 'CatalogRequestMessage' };
  const seen: string[] = [];
  let path: string | undefined = '/api/data-space/dsp/2025-1/catalog/request';
  while (path !== undefined) {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${calls.token}` };
    const answer: Response = await fetch(`${world.portal.url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
    });
    expect(answer.status).toBe(200);
    const body: any = await answer.json();
    seen.push(...body.dataset.map((each: any) => each['@id']));
    path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining([...copies, `urn:uuid:${data}`]));
});

describe('contract negotiation', () => {
  test('CN:01-01 request, offer, consumer terminates', async () => {
    const pids = await requested();
    expect(await state(pids)).toBe('REQUESTED');
    await decide(pids, 'offer');
    expect(last()).toMatchObject({
      path: `/negotiations/${encodeURIComponent(pids.consumerPid)}/offers`,
      body: {
        '@context': [CONTEXT],
        '@type': 'ContractOfferMessage',
        ...pids,
        offer: { '@type': 'Offer', target: `urn:uuid:${data}` },
      },
    });
    expect(await end(pids)).toBe(200);
    expect(await state(pids)).toBe('TERMINATED');
  });

  test('CN:01-02 offer, counter-offer, provider terminates', async () => {
    const pids = await requested();
    await decide(pids, 'offer');
    expect(await counter(pids)).toBe(200);
    expect(await state(pids)).toBe('REQUESTED');
    await decide(pids, 'terminate', 'Not for this purpose.');
    expect(last()).toMatchObject({
      path: expect.stringMatching(/\/termination$/),
      body: { ...pids, reason: ['Not for this purpose.'] },
    });
    expect(await state(pids)).toBe('TERMINATED');
  });

  test('CN:01-03 offer, accepted, agreed, verified, finalized', async () => {
    const pids = await requested();
    await decide(pids, 'offer');
    expect(await accept(pids)).toBe(200);
    expect(await state(pids)).toBe('ACCEPTED');
    await decide(pids, 'agree');
    const { assigner, assignee, target, timestamp } = last().body.agreement;
    expect({ assignee, target }).toEqual({ assignee: 'did:web:consumer.example', target: `urn:uuid:${data}` });
    expect(assigner).toMatch(/^did:web:.*:api:data-space$/);
    expect(Number.isNaN(Date.parse(timestamp))).toBe(false);
    expect(await verify(pids)).toBe(200);
    expect(await state(pids)).toBe('VERIFIED');
    await decide(pids, 'finalize');
    expect(last()).toMatchObject({ path: expect.stringMatching(/\/events$/), body: { ...pids, eventType: 'FINALIZED' } });
    expect(await state(pids)).toBe('FINALIZED');
  });

  test('CN:01-04 agreed at once, verified, finalized; CN:03-01 and then nobody terminates', async () => {
    const { pids } = await finalized();
    expect(await state(pids)).toBe('FINALIZED');
    expect(await end(pids)).toBe(400);
    expect((await world.steward.post(`/api/data-space/negotiations/${bare(pids.providerPid)}/terminate`, {})).status).toBe(400);
    expect(await state(pids)).toBe('FINALIZED');
  });

  test.each([
    ['CN:02-01 the provider terminates on request', [], 'provider'],
    ['CN:02-02 the consumer terminates in REQUESTED', [], 'consumer'],
    ['CN:02-03 agreed, the consumer terminates', ['agree'], 'consumer'],
    ['CN:02-04 offered, the consumer terminates', ['offer'], 'consumer'],
    ['CN:02-05 offered, the provider terminates', ['offer'], 'provider'],
    ['CN:02-06 accepted, the provider terminates', ['offer', 'accept'], 'provider'],
    ['CN:02-07 verified, the provider terminates', ['agree', 'verify'], 'provider'],
  ])('%s', async (_, moves, by) => {
    const pids = await requested();
    for (const move of moves) {
      if (move === 'accept') expect(await accept(pids)).toBe(200);
      else if (move === 'verify') expect(await verify(pids)).toBe(200);
      else await decide(pids, move);
    }
    if (by === 'provider') await decide(pids, 'terminate');
    else expect(await end(pids)).toBe(200);
    expect(await state(pids)).toBe('TERMINATED');
    expect(await end(pids), 'a final state is final').toBe(400);
  });

  test('CN:03-02 offered, verification is refused; CN:03-03 accepted too; CN:03-04 so is a second counter-offer', async () => {
    const pids = await requested();
    await decide(pids, 'offer');
    expect(await verify(pids)).toBe(400);
    expect(await counter(pids)).toBe(200);
    expect(await counter(pids)).toBe(400);
    await decide(pids, 'offer');
    expect(await accept(pids)).toBe(200);
    expect(await verify(pids)).toBe(400);
    expect(await state(pids)).toBe('ACCEPTED');
  });

  test('only what was offered can be asked for', async () => {
    const edits = [
      { offer: { ...offer, permission: [{ action: 'use' }] } },
      { offer: { ...offer, prohibition: undefined } },
      { offer: { ...offer, target: 'urn:uuid:00000000-0000-4000-8000-000000000000' } },
      { offer: { ...offer, '@id': 'urn:i-learn:offer:nonsense' } },
      { offer: { ...offer, obligation: [{ action: 'inform' }] } },
      { offer: { ...offer, 'odrl:permission': [{ action: 'sell' }] } },
    ];
    for (const edit of edits) {
      const { status, body } = await calls.post('/negotiations/request', 'ContractRequestMessage', contract(edit));
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { '@type': 'ContractNegotiationError', consumerPid: expect.any(String), providerPid: expect.any(String) },
      });
    }
    for (const broken of [
      { consumerPid: undefined },
      { '@context': 'x' },
      { '@type': 'OfferMessage' },
      { callbackAddress: undefined },
    ]) {
      const { status, body } = await calls.post('/negotiations/request', 'ContractRequestMessage', contract(broken));
      expect({ status, body }).toMatchObject({ status: 400, body: { '@type': 'ContractNegotiationError' } });
    }
  });

  test('the portal calls no private address, and none with a query or fragment', async () => {
    for (const callbackAddress of [
      'http://192.168.1.9:1/',
      'https://10.0.0.1/',
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      `${consumer.address}/?a=1`,
      `${consumer.address}/#`,
      'x',
    ]) {
      const { status, body } = await calls.post('/negotiations/request', 'ContractRequestMessage', contract({ callbackAddress }));
      expect({ status, body }, callbackAddress).toMatchObject({ status: 400, body: { '@type': 'ContractNegotiationError' } });
    }
  });

  test('a second consumer neither sees nor drives a process; mixed pids are refused', async () => {
    const pids = await requested();
    expect((await stranger.get(`/negotiations/${pids.providerPid}`)).status).toBe(404);
    expect(await end(pids, stranger)).toBe(404);
    expect(await end({ ...pids, consumerPid: 'urn:test:other' })).toBe(400);
    expect(await state(pids)).toBe('REQUESTED');
    expect((await calls.get('/negotiations/urn:uuid:00000000-0000-4000-8000-000000000000')).body['@type']).toBe(
      'ContractNegotiationError',
    );
  });

  test('the same request again finds what it began; two messages at once move once', async () => {
    const again = contract();
    const answers = await Promise.all([1, 2, 3].map(() => calls.post('/negotiations/request', 'ContractRequestMessage', again)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.providerPid)).size).toBe(1);
    const other = await calls.post('/negotiations/request', 'ContractRequestMessage', {
      ...again,
      callbackAddress: `${consumer.address}/x`,
    });
    expect(other.status).toBe(400);
    const pids = answers[0]?.body as Pids;
    await decide(pids, 'offer');
    const both = await Promise.all([
      accept({ consumerPid: pids.consumerPid, providerPid: pids.providerPid }),
      accept({ consumerPid: pids.consumerPid, providerPid: pids.providerPid }),
    ]);
    expect(both.sort()).toEqual([200, 400]);
  });

  test('a partner whose requests are granted needs no person', async () => {
    const pids = await requested(automatic);
    await world.portal.drain();
    expect(last().body['@type']).toBe('ContractAgreementMessage');
    expect(await say(pids, 'agreement/verification', 'ContractAgreementVerificationMessage', {}, automatic)).toBe(200);
    await world.portal.drain();
    expect(last().body).toMatchObject({ eventType: 'FINALIZED' });
  });

  test('rows about pupils are granted by a person, to that partner too, and are nowhere but in a transfer', async () => {
    const id = await microdata();
    const { body } = await automatic.get(`/catalog/datasets/urn:uuid:${id}`);
    const offered = { ...body.hasPolicy[0], target: `urn:uuid:${id}` };
    const asked = contract({ offer: offered });
    const { status, body: begun } = await automatic.post('/negotiations/request', 'ContractRequestMessage', asked);
    expect({ status, state: begun.state }).toEqual({ status: 201, state: 'REQUESTED' });
    expect((await world.portal.client().get(`/api/data-space/open/${id}/table`)).status).toBe(404);
    const { body: open } = await world.portal.client().get('/api/data-space/open');
    expect(open.releases.map((each: { id: string }) => each.id)).not.toContain(id);
  });
});

/** A published table of rows about pupils. */
async function microdata(): Promise<string> {
  const { id: school } = world.schools[0] as { id: string };
  const players = Array.from({ length: 12 }, (_, at) => ({
    id: crypto.randomUUID(),
    school,
    item: 'chess',
    amount: 1 + (at % 3) * 10,
  }));
  await act(world, players);
  const rows = { tier: 'microdata', tool: 'chess', by: 'none', grain: 'month', startsOn: world.month, k: 10, l: 2 };
  return (await release(world, rows)).release;
}

describe('transfer', () => {
  let agreementId: string;
  beforeAll(async () => {
    ({ agreementId } = await finalized());
  });

  const asked = (members: object = {}) => ({
    consumerPid: pid(),
    agreementId,
    format: 'HttpData-PULL',
    callbackAddress: consumer.address,
    ...members,
  });
  async function begun(): Promise<Pids> {
    const { status, body } = await calls.post('/transfers/request', 'TransferRequestMessage', asked());
    expect({ status, body }).toMatchObject({ status: 201, body: { '@type': 'TransferProcess', state: 'REQUESTED' } });
    return { consumerPid: body.consumerPid, providerPid: body.providerPid };
  }
  const move = async ({ providerPid }: Pids, to: string) => {
    expect((await world.steward.post(`/api/data-space/transfers/${bare(providerPid)}/${to}`, {})).status).toBe(204);
    await world.portal.drain();
  };
  const types = {
    start: 'TransferStartMessage',
    suspension: 'TransferSuspensionMessage',
    completion: 'TransferCompletionMessage',
    termination: 'TransferTerminationMessage',
  };
  const tell = async (pids: Pids, path: keyof typeof types, by = calls) => {
    const { status } = await by.post(`/transfers/${pids.providerPid}/${path}`, types[path], pids);
    await world.portal.drain();
    return status;
  };
  const at = async ({ providerPid }: Pids) => (await calls.get(`/transfers/${providerPid}`)).body.state;
  const lastAddress = () => {
    const { dataAddress } = last().body;
    const token = dataAddress.endpointProperties.find(({ name }: any) => name === 'authorization').value;
    return { endpoint: dataAddress.endpoint as string, token: token as string };
  };
  const fetched = async ({ endpoint, token }: { endpoint: string; token: string }) => {
    const answer = await fetch(endpoint, { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, text: await answer.text() };
  };

  test('TP:01-01 started, data are fetched, the provider terminates, the token is dead', async () => {
    const pids = await begun();
    await move(pids, 'start');
    expect(last()).toMatchObject({
      path: `/transfers/${encodeURIComponent(pids.consumerPid)}/start`,
      body: { '@type': 'TransferStartMessage', ...pids, dataAddress: { '@type': 'DataAddress', endpointType: 'HttpData-PULL' } },
    });
    const address = lastAddress();
    expect(await fetched(address)).toMatchObject({ status: 200, text: expect.stringContaining('limburg') });
    expect((await fetched({ ...address, token: `${address.token.slice(0, -2)}xx` })).status).toBe(403);
    await move(pids, 'terminate');
    expect(await at(pids)).toBe('TERMINATED');
    expect((await fetched(address)).status).toBe(403);
  });

  test('TP:01-02 started, the provider completes; TP:02-02 the consumer completes', async () => {
    const one = await begun();
    await move(one, 'start');
    const address = lastAddress();
    await move(one, 'complete');
    expect(last().body['@type']).toBe('TransferCompletionMessage');
    expect((await fetched(address)).status).toBe(403);
    const other = await begun();
    await move(other, 'start');
    expect(await tell(other, 'completion')).toBe(200);
    expect([await at(one), await at(other)]).toEqual(['COMPLETED', 'COMPLETED']);
  });

  test('TP:01-03 started, suspended, terminated; TP:01-04 suspended, started anew with another token, completed', async () => {
    const one = await begun();
    await move(one, 'start');
    const first = lastAddress();
    await move(one, 'suspend');
    expect((await fetched(first)).status).toBe(403);
    expect(await tell(one, 'start'), 'a consumer cannot undo it').toBe(400);
    await move(one, 'start');
    const second = lastAddress();
    expect(second.token).not.toBe(first.token);
    expect([(await fetched(first)).status, (await fetched(second)).status]).toEqual([403, 200]);
    await move(one, 'complete');
    const other = await begun();
    for (const to of ['start', 'suspend', 'terminate']) await move(other, to);
    expect([await at(one), await at(other)]).toEqual(['COMPLETED', 'TERMINATED']);
  });

  test('TP:01-05 the provider terminates on request; TP:02-05 the consumer does', async () => {
    const one = await begun();
    await move(one, 'terminate');
    const other = await begun();
    expect(await tell(other, 'termination')).toBe(200);
    expect([await at(one), await at(other)]).toEqual(['TERMINATED', 'TERMINATED']);
  });

  test('TP:02-01 started, the consumer terminates; TP:02-03 suspends, terminates; TP:02-04 suspends, starts, completes', async () => {
    const [one, two, three] = [await begun(), await begun(), await begun()] as [Pids, Pids, Pids];
    for (const each of [one, two, three]) await move(each, 'start');
    expect(await tell(one, 'termination')).toBe(200);
    expect([await tell(two, 'suspension'), await tell(two, 'termination')]).toEqual([200, 200]);
    expect([await tell(three, 'suspension'), await tell(three, 'start'), await tell(three, 'completion')]).toEqual([
      200, 200, 200,
    ]);
    expect([await at(one), await at(two), await at(three)]).toEqual(['TERMINATED', 'TERMINATED', 'COMPLETED']);
  });

  test('TP:03-01 to 03-06 what is not possible is refused, and changes nothing', async () => {
    const one = await begun();
    expect([await tell(one, 'completion'), await tell(one, 'suspension'), await tell(one, 'start')]).toEqual([400, 400, 400]);
    expect(await at(one)).toBe('REQUESTED');
    for (const to of ['start', 'suspend']) await move(one, to);
    expect(await tell(one, 'completion')).toBe(400);
    expect(await at(one)).toBe('SUSPENDED');
    await move(one, 'terminate');
    expect([await tell(one, 'start'), await tell(one, 'suspension'), await tell(one, 'completion')]).toEqual([400, 400, 400]);
    expect(await at(one)).toBe('TERMINATED');
  });

  test('needs an agreement of this partner that holds, and ends with it, within the same moment', async () => {
    const unverified = await requested();
    await decide(unverified, 'agree');
    const { '@id': early } = last().body.agreement;
    for (const members of [
      { agreementId: early },
      { agreementId: 'urn:uuid:00000000-0000-4000-8000-000000000000' },
      { format: 'HttpData-PUSH' },
      { dataAddress: {} },
    ]) {
      const answer = await calls.post('/transfers/request', 'TransferRequestMessage', asked(members));
      expect(answer).toMatchObject({ status: 400, body: { '@type': 'TransferError', consumerPid: expect.any(String) } });
    }
    expect((await stranger.post('/transfers/request', 'TransferRequestMessage', asked())).status).toBe(400);
    const own = await finalized();
    const { body } = await calls.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: own.agreementId }));
    await move(body, 'start');
    const address = lastAddress();
    expect((await stranger.get(`/transfers/${body.providerPid}`)).status).toBe(404);
    const until = (ends: string) =>
      world.portal.work('data-space', ({ knex }) =>
        knex('agreements')
          .where({ id: bare(own.agreementId) })
          .update({ ends_at: knex.raw(`now() + interval '${ends}'`) }),
      );
    await until('-1 second');
    expect((await fetched(address)).status, 'expired').toBe(403);
    await until('1 day');
    expect((await fetched(address)).status).toBe(200);
    expect((await world.steward.post(`/api/data-space/agreements/${bare(own.agreementId)}/end`, {})).status).toBe(204);
    expect((await fetched(address)).status, 'ended by the portal').toBe(403);
    expect(await at(body), 'and the consumer is told').toBe('TERMINATED');
    await world.portal.drain();
    expect(last().body['@type']).toBe('TransferTerminationMessage');
    expect(
      (await calls.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: own.agreementId }))).status,
    ).toBe(400);
  });

  test('ends with the withdrawal of the data: no token, no start, no new transfer, and nothing in the catalogue', async () => {
    const { release: id } = await release(world, openDefinition(world));
    const { body: found } = await calls.get(`/catalog/datasets/urn:uuid:${id}`);
    const offered = { ...found.hasPolicy[0], target: `urn:uuid:${id}` };
    const own = await finalized({ offer: offered });
    const { body } = await calls.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: own.agreementId }));
    await move(body, 'start');
    const address = lastAddress();
    expect((await fetched(address)).status).toBe(200);
    expect((await world.steward.post(`/api/data-space/releases/${id}/withdraw`, { reason: 'A fault.' })).status).toBe(204);
    expect((await fetched(address)).status).toBe(403);
    await move(body, 'suspend');
    expect((await world.steward.post(`/api/data-space/transfers/${bare(body.providerPid)}/start`, {})).status).toBe(400);
    const again = await calls.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: own.agreementId }));
    const anew = await calls.post('/negotiations/request', 'ContractRequestMessage', contract({ offer: offered }));
    expect([again.status, anew.status]).toEqual([400, 400]);
    expect((await calls.get(`/catalog/datasets/urn:uuid:${id}`)).status).toBe(404);
  });

  test('a partner gets another token: the old one and those of its transfers are dead, its agreements stay', async () => {
    const partner = { participant: 'did:web:leaky.example', organisation: 'Leaky', automatic: true, byDid: false };
    const { body: leaky } = await world.steward.post('/api/data-space/partners', partner);
    const old = new Calls(world.portal, leaky.token);
    const pids = await requested(old);
    await world.portal.drain();
    const { '@id': held } = last().body.agreement;
    expect(await say(pids, 'agreement/verification', 'ContractAgreementVerificationMessage', {}, old)).toBe(200);
    const { body: begun } = await old.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: held }));
    await world.portal.drain();
    const address = lastAddress();
    expect((await fetched(address)).status).toBe(200);
    const renew = (who = world.steward) => who.post(`/api/data-space/partners/${leaky.id}/token`, { byDid: false });
    expect((await renew(world.principal)).status).toBe(403);
    const { status, body } = await renew();
    expect(status).toBe(201);
    await world.portal.drain();
    expect((await fetched(address)).status).toBe(403);
    expect((await old.get(`/transfers/${begun.providerPid}`)).status).toBe(401);
    const renewed = new Calls(world.portal, body.token);
    expect((await renewed.get(`/transfers/${begun.providerPid}`)).body.state).toBe('SUSPENDED');
    await move(begun, 'start');
    expect((await fetched(lastAddress())).status).toBe(200);
    const rotated = await world.steward.post(`/api/data-space/partners/${leaky.id}/token`, { overlapDays: 14, byDid: false });
    const next = new Calls(world.portal, rotated.body.token);
    for (const both of [renewed, next]) expect((await both.get(`/transfers/${begun.providerPid}`)).body.state).toBe('STARTED');
    expect((await fetched(lastAddress())).status, 'nothing stops').toBe(200);
    await world.portal.work('data-space', ({ knex }) =>
      knex('partners').where({ id: leaky.id }).update({ old_token_until: knex.fn.now() }),
    );
    expect((await renewed.get(`/transfers/${begun.providerPid}`)).status, 'the overlap is over').toBe(401);
    expect((await next.get(`/transfers/${begun.providerPid}`)).status).toBe(200);
    expect((await world.steward.post(`/api/data-space/partners/${leaky.id}/stop`, {})).status).toBe(204);
    expect((await renew()).status, 'stopped for good').toBe(404);
  });

  test('a consumer who fails is told again; an agreement also after it was verified, and the state stays', async () => {
    consumer.answer = { status: 500 };
    const told = (type: string) => consumer.callbacks.filter(({ body }) => body['@type'] === type).length;
    const pids = await requested();
    const agreed = await world.steward.post(`/api/data-space/negotiations/${bare(pids.providerPid)}/agree`, {});
    const transfer = await begun();
    const started = await world.steward.post(`/api/data-space/transfers/${bare(transfer.providerPid)}/start`, {});
    expect([agreed.status, started.status]).toEqual([204, 204]);
    await expect.poll(() => told('ContractAgreementMessage') * told('TransferStartMessage')).toBeGreaterThan(0);
    expect([await state(pids), await at(transfer)]).toEqual(['AGREED', 'STARTED']);
    expect(await verify(pids)).toBe(200);
    consumer.callbacks.length = 0;
    // What it answers is not read.
    consumer.answer = { status: 200, body: '<html>' };
    await world.portal.drain();
    expect([told('ContractAgreementMessage'), told('TransferStartMessage')]).toEqual([1, 1]);
    expect([await state(pids), await at(transfer)]).toEqual(['VERIFIED', 'STARTED']);
    const { body } = consumer.callbacks.find((each) => each.body['@type'] === 'ContractAgreementMessage') as { body: any };
    await decide(pids, 'finalize');
    const asking = asked({ agreementId: body.agreement['@id'] });
    expect((await calls.post('/transfers/request', 'TransferRequestMessage', asking)).status).toBe(201);
  });

  test('an agreement that is over ends its transfers, of which the consumer is told', async () => {
    const own = await finalized();
    const { body } = await calls.post('/transfers/request', 'TransferRequestMessage', asked({ agreementId: own.agreementId }));
    await move(body, 'start');
    const endExpired = () => world.portal.work('data-space', ({ transfers }) => transfers.endExpired());
    await endExpired();
    expect(await at(body)).toBe('STARTED');
    await world.portal.work('data-space', ({ knex }) =>
      knex('agreements')
        .where({ id: bare(own.agreementId) })
        .update({ ends_at: knex.fn.now() }),
    );
    await endExpired();
    await world.portal.drain();
    expect(await at(body)).toBe('TERMINATED');
    expect(last().body['@type']).toBe('TransferTerminationMessage');
  });

  test('a partner who is stopped gets nothing more', async () => {
    const waiting = await requested();
    const pids = await begun();
    await move(pids, 'start');
    const address = lastAddress();
    expect((await world.steward.post(`/api/data-space/partners/${partnerId}/stop`, {})).status).toBe(204);
    const decided = await world.steward.post(`/api/data-space/negotiations/${bare(waiting.providerPid)}/agree`, {});
    expect(decided.status, 'nothing is agreed with it').toBe(400);
    expect((await fetched(address)).status).toBe(403);
    expect((await calls.get(`/transfers/${pids.providerPid}`)).status).toBe(401);
    const open = await world.portal.work('data-space', async ({ knex }) => [
      ...(await knex('transfers').where({ partner_id: partnerId }).whereNotIn('state', ['COMPLETED', 'TERMINATED'])),
      ...(await knex('negotiations').where({ partner_id: partnerId }).whereNotIn('state', ['FINALIZED', 'TERMINATED'])),
    ]);
    expect(open).toEqual([]);
  });

  test('only people of the whole portal decide', async () => {
    for (const path of ['/partners', '/negotiations', '/transfers'])
      expect((await world.principal.get(`/api/data-space${path}`)).status).toBe(403);
  });
});

describe('a partner with a DID and credentials', () => identityCases(() => world, wallet, consumer));
