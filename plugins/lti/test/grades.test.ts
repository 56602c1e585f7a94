import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { endpointOf, launched, launchedForGrading } from './support/flow.js';
import { callService, mediaTypes, scopes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

let world: World;
/** URL of the line items of the context of `step-1`. */
let items: string;
let item: string;
let sub: string;
let token: string;

beforeAll(async () => {
  world = await createWorld();
  ({ items, item, sub, token } = await launchedForGrading(world));
});
afterAll(() => world?.stop());

let tick = Date.now() - 1_000_000;
/** Returns a later time at each call. */
const timestamp = () => {
  tick += 10;
  return new Date(tick).toISOString();
};
const score = (changes: object = {}) => ({
  userId: sub,
  scoreGiven: 8,
  scoreMaximum: 10,
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: timestamp(),
  ...changes,
});
const send = (body: unknown, { to = item, as = token }: { to?: string; as?: string | null } = {}) =>
  callService(`${to}/scores`, as, { method: 'POST', type: mediaTypes.score, body });
const resultsOf = async (address: string, query = '') => (await callService(`${address}/results${query}`, token)).body;
const create = (body: object, as: string | null = token) =>
  callService(items, as, { method: 'POST', type: mediaTypes.lineItem, body });

describe('a score', () => {
  it('is accepted, becomes the result and reaches the launching plugin once', async () => {
    const before = await world.received();
    const sent = score({ comment: 'Goed bezig', scoreGiven: 7.5 });
    expect((await send(sent)).status).toBe(204);
    expect(await resultsOf(item)).toEqual([
      {
        id: expect.stringContaining(`${item}/results`),
        scoreOf: item,
        userId: sub,
        resultScore: 7.5,
        resultMaximum: 10,
        comment: 'Goed bezig',
      },
    ]);
    expect((await world.received()).slice(before.length)).toEqual([
      {
        school: world.school,
        resourceLinkId: 'step-1',
        personId: world.pupil.id,
        scoreGiven: 7.5,
        scoreMaximum: 10,
        activityProgress: 'Completed',
        gradingProgress: 'FullyGraded',
        comment: 'Goed bezig',
        timestamp: sent.timestamp,
        startedAt: null,
        submittedAt: null,
        scoreId: expect.any(String),
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      },
    ]);
  });

  it('may be progress only, which withdraws an earlier score', async () => {
    await send(score());
    const progress = score({
      activityProgress: 'InProgress',
      gradingProgress: 'NotReady',
      scoreGiven: undefined,
      scoreMaximum: undefined,
    });
    expect((await send(progress)).status).toBe(204);
    const [result] = await resultsOf(item);
    expect(result).not.toHaveProperty('resultScore');
    expect((await world.received()).at(-1)).toMatchObject({
      scoreGiven: null,
      scoreMaximum: null,
      activityProgress: 'InProgress',
    });
  });

  it('may follow within the same millisecond', async () => {
    const second = timestamp().replace('Z', '');
    expect((await send(score({ timestamp: `${second}001Z` }))).status).toBe(204);
    expect((await send(score({ timestamp: `${second}002+00:00` }))).status).toBe(204);
  });

  it('is stored each time, the latest as the result', async () => {
    const before = (await world.rows('scores')).length;
    await send(score({ scoreGiven: 3 }));
    await send(score({ scoreGiven: 9 }));
    expect(await world.rows('scores')).toHaveLength(before + 2);
    expect(await resultsOf(item)).toMatchObject([{ resultScore: 9 }]);
  });

  it('may not exceed the maximum if the portal allows no extra credit, apart from rounding errors', async () => {
    const strict = await createWorld({ config: { allowExtraCredit: false } });
    try {
      const claims = await launched(strict);
      const as = await strict.tool.token(scopes.score);
      const give = (scoreGiven: number) =>
        send(score({ scoreGiven, userId: claims.sub }), { to: endpointOf(claims).lineitem as string, as });
      expect(await give(10.01)).toMatchObject({ status: 400, body: { type: '/problems/lti/score-out-of-range' } });
      expect((await give(10.0000001)).status).toBe(204);
    } finally {
      await strict.stop();
    }
  });

  describe('that is wrong changes nothing:', () => {
    let before: unknown;
    const state = async () => ({ scores: await world.rows('scores'), results: await world.rows('results') });
    beforeEach(async () => {
      await send(score());
      before = await state();
    });
    const refused = async (answer: Promise<{ status: number; body: any }>, status: number, type?: string) => {
      const { status: got, body } = await answer;
      expect(got, JSON.stringify(body)).toBe(status);
      if (type !== undefined) expect(body.type).toBe(`/problems/${type}`);
      expect(await state()).toEqual(before);
    };

    it.each([
      ['negative', { scoreGiven: -1 }],
      ['a text', { scoreGiven: '8' }],
      ['of a maximum of zero', { scoreGiven: 0, scoreMaximum: 0 }],
      ['of a negative maximum', { scoreMaximum: -10 }],
      ['without a maximum', { scoreMaximum: undefined }],
      ['without progress', { activityProgress: undefined }],
      ['of an unknown progress', { gradingProgress: 'Guessed' }],
      ['without a time', { timestamp: undefined }],
      ['of a time without a zone', { timestamp: '2026-11-22T10:00:00.000' }],
      ['of a time that is none', { timestamp: 'yesterday' }],
      ['of a time before all time', { timestamp: '0000-01-01T00:00:00Z' }],
      ['of a zone that is none', { timestamp: '2026-11-22T10:00:00+23:59' }],
      ['of a time in more digits than clocks have (attack 4)', { timestamp: `2026-11-26T10:00:00.${'1'.repeat(400)}Z` }],
      ['of tomorrow', { timestamp: new Date(Date.now() + 86_400_000).toISOString() }],
      ['with a NUL', { comment: 'a\0b' }],
      ['of nobody', { userId: '' }],
    ])('%s', async (_, changes) => {
      await refused(send(score(changes)), 400);
    });

    it('a number outside the range of JSON', async () => {
      await refused(send(JSON.stringify(score()).replace('"scoreGiven":8', '"scoreGiven":1e999')), 400);
    });

    it('not newer than the last one', async () => {
      const last = score();
      await send(last);
      before = await state();
      await refused(send({ ...last, scoreGiven: 1 }), 409, 'lti/score-outdated');
      await refused(
        send({ ...last, timestamp: new Date(Date.parse(last.timestamp) - 1).toISOString() }),
        409,
        'lti/score-outdated',
      );
      const sameInstant = last.timestamp.replace(/T(\d\d)/, (_, hour) => `T${String((Number(hour) + 2) % 24).padStart(2, '0')}`);
      if (Number(last.timestamp.slice(11, 13)) < 22)
        await refused(send({ ...last, scoreGiven: 1, timestamp: sameInstant.replace('Z', '+02:00') }), 409);
    });

    it('attack 4: with half a surrogate pair in its comment, repeatedly, and the service stays available', async () => {
      for (let time = 0; time < 12; time++) {
        const answer = await send(
          JSON.stringify(score()).replace('"scoreGiven"', '"comment":"Goed gedaan \\ud83d","scoreGiven"'),
        );
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({
          type: '/problems/validation-failed',
          errors: [{ in: 'body', pointer: '/comment', message: expect.stringContaining('surrogate') }],
        });
      }
      expect((await fetch(`${world.platform.url}/api/lti/jwks`)).status).toBe(200);
    });
    it('for an unknown user', () => refused(send(score({ userId: randomUUID() })), 404));
    it('for a user identified by their internal id', () => refused(send(score({ userId: world.pupil.id })), 404));

    it('for a user that this tool met in another context only', async () => {
      const other = await world.person('pupil', world.school);
      const request = world.request({
        personId: other.id,
        context: { id: 'path-2', title: 'Ander spoor' },
        resourceLinkId: 'step-of-path-2',
      });
      const claims = await launched(world, { request, client: other.client });
      await refused(send(score({ userId: claims.sub })), 404);
    });

    it('for a pupil of another school, whom the tool knows there', async () => {
      const other = await world.person('pupil', world.otherSchool);
      const request = world.request({
        personId: other.id,
        school: world.otherSchool,
        context: { id: 'path-9', title: 'x' },
        resourceLinkId: 'step-9',
      });
      const claims = await launched(world, { request, client: other.client });
      await refused(send(score({ userId: claims.sub })), 404);
    });

    it('with the token of another tool', async () => {
      const toolB = await world.addTool(`rival-${randomUUID()}`);
      await refused(send(score(), { as: await toolB.token(scopes.score) }), 404);
    });

    it('with the token of a tool that is placed in the same context', async () => {
      const key = `neighbour-${randomUUID()}`;
      const toolB = await world.addTool(key);
      await launched(world, { request: world.request({ registration: key, resourceLinkId: `step-of-${key}` }), tool: toolB });
      await refused(send(score(), { as: await toolB.token(scopes.score) }), 404);
    });

    it('without the scope', async () => {
      const answer = send(score(), { as: await world.tool.token(scopes.lineItem) });
      await refused(answer, 403, 'lti/scope-insufficient');
      expect((await answer).headers.get('www-authenticate')).toContain('insufficient_scope');
    });

    it('without a token', async () => {
      await refused(send(score(), { as: null }), 401, 'lti/token-invalid');
      await refused(send(score(), { as: 'made-up' }), 401, 'lti/token-invalid');
    });

    it('with a token that has expired', async () => {
      const as = await world.tool.token(scopes.score);
      await world.platform.work('lti', ({ knex }) => knex('access_tokens').update({ expires_at: new Date(Date.now() - 1000) }));
      await refused(send(score(), { as }), 401, 'lti/token-invalid');
      token = await world.tool.token(scopes.lineItem, scopes.result, scopes.score);
    });

    it('in another media type', () =>
      refused(callService(`${item}/scores`, token, { method: 'POST', type: 'application/json', body: score() }), 415));
    it('malformed', () => refused(send('{"userId":'), 400));
    it('for an unknown line item', () => refused(send(score(), { to: `${items}/${randomUUID()}` }), 404));
    it('in an unknown context', () => refused(send(score(), { to: item.replace('path-1', 'path-0') }), 404));
    it('in a context that the line item is not in', () => refused(send(score(), { to: item.replace('path-1', 'path-2') }), 404));

    it('publishes none of them as events', async () => {
      const accepted = await world.rows('scores', { line_item_id: item.split('/').at(-1) });
      expect(await world.received()).toHaveLength(accepted.length);
    });
  });

  it('of two concurrent scores, the later wins in either order', async () => {
    const [early, late] = [score({ scoreGiven: 1 }), score({ scoreGiven: 2 })];
    const answers = await Promise.all([send(late), send(early)]);
    expect(answers[0].status).toBe(204);
    expect(await resultsOf(item)).toMatchObject([{ resultScore: 2 }]);
  });
});

describe('line items', () => {
  it('are created, read, changed and deleted by their tool', async () => {
    const input = {
      label: ' Toets  ',
      scoreMaximum: 20.5,
      resourceId: 'quiz-1',
      tag: 'grade',
      startDateTime: '2026-09-01T08:00:00+02:00',
      endDateTime: '2026-12-31T23:00:00Z',
    };
    const created = await create(input);
    const expected = {
      ...input,
      label: 'Toets',
      id: created.body.id,
      startDateTime: '2026-09-01T06:00:00.000Z',
      endDateTime: '2026-12-31T23:00:00.000Z',
    };
    expect(created).toMatchObject({ status: 201, body: expected });
    expect(created.headers.get('location')).toBe(created.body.id);
    expect(created.headers.get('content-type')).toBe(mediaTypes.lineItem);

    const read = await callService(created.body.id, await world.tool.token(scopes.lineItemReadOnly));
    expect(read).toMatchObject({ status: 200, body: expected });
    expect(read.headers.get('content-type')).toBe(mediaTypes.lineItem);

    const changed = await callService(created.body.id, token, {
      method: 'PUT',
      type: mediaTypes.lineItem,
      body: { label: 'Toets 2', scoreMaximum: 30 },
    });
    expect(changed).toMatchObject({ status: 200, body: { id: created.body.id, label: 'Toets 2', scoreMaximum: 30 } });
    expect(changed.body).not.toHaveProperty('tag');

    expect((await callService(created.body.id, token, { method: 'DELETE' })).status).toBe(204);
    expect((await callService(created.body.id, token)).status).toBe(404);
  });

  it('can be listed with filters, page by page', async () => {
    for (const number of [1, 2, 3])
      await create({ label: `Deel ${number}`, scoreMaximum: 1, tag: 'part', resourceId: `r-${number}` });
    await create({ label: 'Bij de stap', scoreMaximum: 1, resourceLinkId: 'step-1', tag: 'linked' });
    const list = (query: string) => callService(`${items}?${query}`, token);

    const all = await list('');
    expect(all.headers.get('content-type')).toBe(mediaTypes.lineItems);
    expect(all.headers.get('link')).toBeNull();
    expect((await list('tag=part')).body.map(({ label }: { label: string }) => label)).toEqual(['Deel 1', 'Deel 2', 'Deel 3']);
    expect((await list('resource_id=r-2')).body).toMatchObject([{ label: 'Deel 2' }]);
    expect((await list('resource_link_id=step-1')).body.map(({ label }: { label: string }) => label)).toEqual([
      'Tafel van 7',
      'Bij de stap',
    ]);
    expect((await list('resource_link_id=step-1&tag=linked')).body).toMatchObject([{ label: 'Bij de stap' }]);
    expect((await list('tag=nothing')).body).toEqual([]);

    const labels: string[] = [];
    let next: string | null = `${items}?tag=part&limit=2`;
    for (let pages = 0; next !== null; pages += 1) {
      expect(pages).toBeLessThan(3);
      const page: Awaited<ReturnType<typeof callService>> = await callService(next, token);
      labels.push(...page.body.map(({ label }: { label: string }) => label));
      next = /^<([^>]+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1] ?? null;
    }
    expect(labels).toEqual(['Deel 1', 'Deel 2', 'Deel 3']);
  });

  it('are no longer in the launch once the placement has several', async () => {
    const endpoint = endpointOf(await launched(world));
    expect(endpoint.lineitems).toBe(items);
    expect(endpoint).not.toHaveProperty('lineitem');
  });

  it('of the tool itself do not count as that of the placement', async () => {
    const [own] = (await callService(`${items}?tag=linked`, token)).body;
    const before = await world.received();
    expect((await send(score({ scoreMaximum: 1, scoreGiven: 1 }), { to: own.id })).status).toBe(204);
    expect(await world.received()).toEqual(before);
    expect(await resultsOf(own.id)).toMatchObject([{ resultScore: 1, resultMaximum: 1 }]);
  });

  it.each([
    ['a blank label', { label: '  ', scoreMaximum: 1 }],
    ['no label', { scoreMaximum: 1 }],
    ['a maximum of zero', { label: 'x', scoreMaximum: 0 }],
    ['a negative maximum', { label: 'x', scoreMaximum: -1 }],
    ['no maximum', { label: 'x' }],
    ['a date that is none', { label: 'x', scoreMaximum: 1, endDateTime: '2026-13-01T00:00:00Z' }],
  ])('are not created with %s', async (_, body) => {
    const before = (await world.rows('line_items')).length;
    expect((await create(body)).status).toBe(400);
    expect(await world.rows('line_items')).toHaveLength(before);
  });

  it('are not bound to a resource link of another tool, of another context or to an unknown one', async () => {
    const toolB = await world.addTool('link-owner');
    await launched(world, { request: world.request({ registration: 'link-owner', resourceLinkId: 'link-of-b' }), tool: toolB });
    await launched(world, {
      request: world.request({ context: { id: 'path-3', title: 'x' }, resourceLinkId: 'link-in-path-3' }),
    });
    const before = (await world.rows('line_items')).length;
    for (const resourceLinkId of ['link-of-b', 'link-in-path-3', 'nothing']) {
      expect((await create({ label: 'x', scoreMaximum: 1, resourceLinkId })).status).toBe(404);
    }
    expect(await world.rows('line_items')).toHaveLength(before);
  });

  it('keep their resource link', async () => {
    const put = (resourceLinkId: string) =>
      callService(item, token, {
        method: 'PUT',
        type: mediaTypes.lineItem,
        body: { label: 'Tafel van 7', scoreMaximum: 10, resourceLinkId },
      });
    expect((await put('step-1')).status).toBe(200);
    expect(await put('step-2')).toMatchObject({ status: 400, body: { type: '/problems/lti/resource-link-fixed' } });
  });

  it('of a placement can be deleted only by the portal', async () => {
    const answer = await callService(item, token, { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 405, body: { type: '/problems/lti/line-item-of-placement' } });
    expect(answer.headers.get('allow')).toBe('GET, PUT');
    expect((await callService(item, token)).status).toBe(200);
  });

  it('are created, changed and deleted with the full scope only', async () => {
    const readOnly = await world.tool.token(scopes.lineItemReadOnly, scopes.score, scopes.result);
    const body = { label: 'x', scoreMaximum: 1 };
    expect((await create(body, readOnly)).status).toBe(403);
    expect((await callService(item, readOnly, { method: 'PUT', type: mediaTypes.lineItem, body })).status).toBe(403);
    expect((await callService(item, readOnly, { method: 'DELETE' })).status).toBe(403);
    expect((await callService(items, await world.tool.token(scopes.score))).status).toBe(403);
    expect((await callService(`${item}/results`, await world.tool.token(scopes.lineItem))).status).toBe(403);
  });

  it('do not exist for another tool', async () => {
    const toolB = await world.addTool('curious');
    const as = await toolB.token(scopes.lineItem, scopes.result, scopes.score);
    expect((await callService(items, as)).status).toBe(404);
    await launched(world, {
      request: world.request({ registration: 'curious', resourceLinkId: 'step-of-curious' }),
      tool: toolB,
    });
    expect((await callService(items, as)).body).toMatchObject([{ resourceLinkId: 'step-of-curious' }]);
    expect((await callService(item, as)).status).toBe(404);
    expect((await callService(`${item}/results`, as)).status).toBe(404);
    expect((await callService(item, as, { method: 'DELETE' })).status).toBe(404);
    expect(
      (await callService(item, as, { method: 'PUT', type: mediaTypes.lineItem, body: { label: 'x', scoreMaximum: 1 } })).status,
    ).toBe(404);
  });

  it.each(['limit=0', 'limit=-1', 'limit=many', 'after=x'])('are not listed with %s', async (query) => {
    expect((await callService(`${items}?${query}`, token)).status).toBe(400);
  });
});

describe('results', () => {
  it('are one for each user, filtered and paged', async () => {
    const address = (await create({ label: 'Samen', scoreMaximum: 10 })).body.id;
    const subs = [sub];
    for (let count = 0; count < 2; count += 1) {
      const other = await world.person('pupil', world.school);
      subs.push((await launched(world, { request: world.request({ personId: other.id }), client: other.client })).sub as string);
    }
    for (const [index, userId] of subs.entries()) await send(score({ userId, scoreGiven: index }), { to: address });

    const all = await callService(`${address}/results`, token);
    expect(all.headers.get('content-type')).toBe(mediaTypes.results);
    expect(all.body.map(({ userId }: { userId: string }) => userId)).toEqual(subs);
    expect(await resultsOf(address, `?user_id=${subs[1]}`)).toMatchObject([{ userId: subs[1], resultScore: 1 }]);
    expect(await resultsOf(address, '?user_id=nobody')).toEqual([]);
    const first = await callService(`${address}/results?limit=2`, token);
    expect(first.body).toHaveLength(2);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] as string;
    expect((await callService(next, token)).body).toMatchObject([{ userId: subs[2] }]);
    // The id of each result is its address.
    expect((await callService(all.body[1].id, token)).body).toEqual([all.body[1]]);
  });

  it('of contexts in two schools are available to tokens of the same tool, each in its own school', async () => {
    const other = await world.person('pupil', world.otherSchool);
    const request = world.request({
      personId: other.id,
      school: world.otherSchool,
      context: { id: 'elsewhere', title: 'x' },
      resourceLinkId: 'step-elsewhere',
    });
    const claims = await launched(world, { request, client: other.client });
    const address = endpointOf(claims).lineitem as string;
    expect((await send(score({ userId: claims.sub, scoreGiven: 4 }), { to: address })).status).toBe(204);
    expect(await resultsOf(address)).toMatchObject([{ resultScore: 4 }]);
    expect((await world.received()).at(-1)).toMatchObject({ school: world.otherSchool, personId: other.id });
  });
});

describe('a statement of xAPI', () => {
  const verb = (name: string) => ({ id: `http://adlnet.gov/expapi/verbs/${name}`, display: { en: name } });
  const statement = (changes: object = {}) => ({
    id: randomUUID(),
    actor: { objectType: 'Agent', name: 'Noor', account: { homePage: new URL(item).origin, name: sub } },
    verb: verb('completed'),
    object: { id: 'https://tool.example/exercises/7', definition: { name: { nl: 'Breuken' } } },
    result: { score: { raw: 6, min: 1, max: 11 }, success: true, duration: 'PT5M' },
    timestamp: timestamp(),
    ...changes,
  });
  const tell = (body: unknown, { to = item, as = token, version = '1.0.3' } = {}) =>
    fetch(`${to}/statements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${as}`, 'x-experience-api-version': version },
      body: JSON.stringify(body),
    });
  const latest = async () => (await resultsOf(item))[0];

  it('is a score of the pupil, and reaches the launching plugin; nothing else of it is kept', async () => {
    const sent = statement();
    const answer = await tell(sent);
    expect([answer.status, answer.headers.get('x-experience-api-version')]).toEqual([200, '1.0.3']);
    expect(await answer.json()).toEqual([sent.id]);
    expect(await latest()).toMatchObject({ userId: sub, resultScore: 5, resultMaximum: 10 });
    const told = (await world.received()).at(-1);
    expect(told).toMatchObject({
      scoreGiven: 5,
      scoreMaximum: 10,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
    });
    expect(JSON.stringify(told)).not.toMatch(/Noor|Breuken|PT5M/);
    const count = (await world.received()).length;
    expect((await tell(sent)).status, 'again').toBe(200);
    expect((await world.received()).length, 'once').toBe(count);
  });

  it('has no effect if it is older, or tells less than what is known; of several the latest holds', async () => {
    const old = statement({ result: { score: { scaled: 0.1 } } });
    const at = timestamp();
    const batch = [
      statement({ verb: verb('scored'), result: { score: { scaled: 0.75 } }, timestamp: at }),
      statement({ verb: verb('passed'), result: { success: true }, timestamp: at }),
      statement({ verb: verb('initialized'), result: undefined }),
    ];
    expect((await tell(batch.reverse(), { version: '2.0.0' })).status).toBe(200);
    expect(await latest()).toMatchObject({ resultScore: 0.75, resultMaximum: 1 });
    expect((await tell(old)).status).toBe(200);
    expect(await latest()).toMatchObject({ resultScore: 0.75 });
  });

  it('is refused as a whole where it names people otherwise, tells more, or does not fit', async () => {
    const before = await latest();
    const account = { homePage: new URL(item).origin, name: sub };
    const refusals: [string, object, string?][] = [
      ['a mail address', { actor: { mbox: 'mailto:noor@example.org' } }],
      ['a mail address beside the account', { actor: { account, mbox: 'mailto:noor@example.org' } }],
      ['a group', { actor: { objectType: 'Group', account, member: [{ account }] } }],
      ['an account of elsewhere', { actor: { account: { ...account, homePage: 'https://elsewhere.example' } } }],
      ['another verb', { verb: verb('voided') }],
      ['a verb of elsewhere', { verb: { id: 'https://tool.example/verbs/completed' } }],
      ['a reference', { object: { objectType: 'StatementRef', id: randomUUID() } }],
      ['an answer', { result: { response: 'Het antwoord' } }],
      ['an attachment', { attachments: [{ usageType: 'https://x', display: {}, contentType: 'a/b', length: 1, sha2: 'x' }] }],
      ['a score out of range', { result: { score: { raw: 12, min: 0, max: 10 } } }],
      ['a negative score', { result: { score: { scaled: -0.5 } } }],
      ['a moment without a time zone', { timestamp: '2026-09-01T08:30:00' }],
      ['no time', { timestamp: undefined }],
      ['a verb that every object of JavaScript has', { verb: verb('constructor') }],
      ['another of these', { verb: verb('toString') }],
      ['points whose difference is not finite', { result: { score: { raw: 1e308, min: -1e308, max: 1.7e308 } } }],
      ['points out of nobody knows how many', { result: { score: { raw: 6 } } }],
    ];
    for (const [why, changes] of refusals) expect((await tell([statement(), statement(changes)])).status, why).toBe(400);
    expect((await tell(Array.from({ length: 51 }, () => statement()))).status, 'too many').toBe(400);
    expect((await tell([])).status).toBe(400);
    expect((await tell(statement(), { version: '0.9' })).status).toBe(400);
    expect((await tell(statement({ actor: { account: { ...account, name: randomUUID() } } }))).status, 'nobody').toBe(404);
    expect((await tell(statement(), { as: 'nonsense' })).status).toBe(401);
    expect((await tell(statement(), { to: item.replace(/[^/]+$/, randomUUID()) })).status).toBe(404);
    expect(await latest(), 'nothing of it was kept').toEqual(before);
    const refused = await tell(statement({ actor: { account: { ...account, homePage: 'https://elsewhere.example' } } }));
    expect(await refused.json(), 'the place in a body that is no list').toMatchObject({
      errors: [{ pointer: '/actor/account/homePage' }],
    });
  });

  it('does not let a part stand for the whole', async () => {
    expect((await tell(statement())).status).toBe(200);
    const whole = await latest();
    const question = { id: 'https://tool.example/exercises/7#q3' };
    const part = { object: question, verb: verb('answered'), result: { completion: true, score: { raw: 1, max: 1 } } };
    expect((await tell(statement(part))).status).toBe(200);
    expect((await tell(statement({ ...part, result: { score: { raw: 0, max: 1 } } }))).status).toBe(200);
    expect((await tell(statement({ verb: verb('progressed'), result: { score: { raw: 0, max: 10 } } }))).status).toBe(200);
    expect((await tell(statement({ result: { completion: false, score: { raw: 1, max: 10 } } }))).status).toBe(200);
    const other = await tell([statement(), statement({ object: question, result: { score: { raw: 1, max: 1 } } })]);
    expect([other.status, (await other.json()).type]).toEqual([409, expect.stringContaining('lti/other-activity')]);
    expect(await latest(), 'the grade of the whole holds').toEqual(whole);
  });

  it('keeps what says most, of two at once and of one moment', async () => {
    const tries = Array.from({ length: 4 }, (_, at) => at);
    for (const at of tries) {
      const given = { score: { raw: at, max: 10 } };
      const [earlier, later] = [timestamp(), timestamp()];
      expect((await tell(statement({ result: given, timestamp: earlier }))).status).toBe(200);
      await Promise.all([
        tell(statement({ result: { score: { raw: at + 1, max: 10 } }, timestamp: later })),
        tell(statement({ verb: verb('progressed'), result: undefined, timestamp: later.replace('Z', '0Z') })),
      ]);
      expect(await latest()).toMatchObject({ resultScore: at + 1 });
    }
  });
});
