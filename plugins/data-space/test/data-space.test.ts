import { addDays, periodOf } from '@ilearn/plugin-cube';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDcat } from '../../../core/test/support/dcat-ap.js';
import { erase } from '../../../core/test/support/erase.js';
import { study, studyCases } from './studies.js';
import { act, billion, createWorld, linesOf, openDefinition, question, release, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.portal.stop());

const inside = <T>(work: (services: any) => Promise<T>): Promise<T> => world.portal.work('data-space', work);
const budget = () =>
  inside(({ knex }) => knex('budgets').sum('epsilon_spent as epsilon').first()).then(({ epsilon }) => Number(epsilon));

describe('open data', () => {
  test('shows what suppression does, is approved, published, and downloaded by everybody', async () => {
    const { dataSet, release: id } = await release(world, openDefinition(world), 'draft');
    const { body } = await world.steward.get(`/api/data-space/releases/${id}/preview`);
    expect(body).toEqual({
      tier: 'open',
      marks: { shown: 1, small: 1, hidden: 1, withheld: 0 },
      risk: { prosecutor: 1 / 118, journalist: 1 / 118, marketer: 1 / 118, singledOut: 0 },
    });
    const publish = () => world.steward.post(`/api/data-space/releases/${id}/publish`, {});
    expect(await publish(), 'without approval').toMatchObject({
      status: 409,
      body: { type: expect.stringContaining('other-state') },
    });
    expect((await world.steward.post(`/api/data-space/releases/${id}/approve`, {})).status).toBe(204);
    const answers = await Promise.all([publish(), publish()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const { body: list } = await world.portal.client().get('/api/data-space/open');
    expect(list.releases).toMatchObject([{ id, dataSet, version: 1, state: 'published', rows: 3 }]);
    const table = await world.portal.client().get(`/api/data-space/open/${id}/table`);
    expect(table.headers.get('content-type')).toContain('text/csv');
    expect(table.body).toContain('limburg');
    expect(await linesOf(world, id)).toEqual([
      expect.arrayContaining(['antwerpen', 'small', '']),
      expect.arrayContaining(['brussel', 'hidden', '']),
      expect.arrayContaining(['limburg', 'shown', '120']),
    ]);
  });

  test('figures of a school are in none, and what is no draft is not told', async () => {
    for (const by of ['school', 'group']) {
      const body = { title: 'x', description: 'x', definition: openDefinition(world, { by }) };
      expect((await world.steward.post('/api/data-space/data-sets', body)).status).toBe(400);
    }
    const { release: draft } = await release(world, openDefinition(world), 'approved');
    expect((await world.portal.client().get(`/api/data-space/open/${draft}/table`)).status).toBe(404);
    expect((await world.steward.delete(`/api/data-space/releases/${draft}`)).status).toBe(204);
    const nothing = openDefinition(world, { measures: ['tickets'] });
    const { release: empty } = await release(world, nothing, 'approved');
    expect((await world.steward.post(`/api/data-space/releases/${empty}/publish`, {})).status).toBe(409);
    expect((await world.steward.delete(`/api/data-space/releases/${empty}`)).status, 'and is an approved draft again').toBe(204);
  });

  test('a published version never changes: neither by a route nor by SQL', async () => {
    const { dataSet, release: id } = await release(world, openDefinition(world));
    expect((await world.steward.delete(`/api/data-space/releases/${id}`)).status).toBe(409);
    for (const change of [{ content: 'x' }, { sha256: 'x' }, { version: 9 }, { state: 'draft' }])
      await expect(inside(({ knex }) => knex('releases').where({ id }).update(change))).rejects.toThrow(/never changes/);
    await expect(inside(({ knex }) => knex('releases').where({ id }).delete())).rejects.toThrow(/stays/);
    const { release: draft } = await release(world, openDefinition(world), 'draft');
    for (const state of ['preparing', 'published', 'draft'])
      await expect(inside(({ knex }) => knex('releases').where({ id: draft }).update({ state }))).rejects.toThrow(
        /one state to the next|check/,
      );
    const next = await world.steward.post(`/api/data-space/data-sets/${dataSet}/releases`, {
      definition: openDefinition(world, { by: 'all' }),
    });
    const { body } = await world.steward.get('/api/data-space/releases');
    expect(body.releases.find((each: { id: string }) => each.id === next.body.release)).toMatchObject({
      version: 2,
      state: 'draft',
    });
    const other = { definition: { tier: 'research', questions: [question(world)] } };
    expect((await world.steward.post(`/api/data-space/data-sets/${dataSet}/releases`, other)).status).toBe(422);
  });

  test('a withdrawn version is given to nobody, stays as it was, and cannot come back', async () => {
    const { release: id } = await release(world, openDefinition(world));
    const everybody = world.portal.client();
    expect((await everybody.get(`/api/data-space/open/${id}/table`)).status).toBe(200);
    const withdraw = (who: { post: typeof world.steward.post }, body: object = { reason: 'A school can be recognised.' }) =>
      who.post(`/api/data-space/releases/${id}/withdraw`, body);
    expect((await withdraw(world.principal)).status).toBe(403);
    expect((await withdraw(world.steward, { reason: ' ' })).status).toBe(400);
    const answers = await Promise.all([withdraw(world.steward), withdraw(world.steward)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await everybody.get(`/api/data-space/open/${id}/table`)).status).toBe(404);
    for (const path of ['open', 'catalog'])
      expect(JSON.stringify((await everybody.get(`/api/data-space/${path}`)).body)).not.toContain(id);
    expect(await linesOf(world, id)).toHaveLength(3);
    const { body } = await world.steward.get('/api/data-space/releases');
    const listed = body.releases.find((each: { id: string }) => each.id === id);
    expect(listed).toMatchObject({ state: 'published', withdrawnAt: expect.any(String) });
    expect((await world.steward.post(`/api/data-space/releases/${id}/publish`, {})).status).toBe(409);
    const { release: draft } = await release(world, openDefinition(world), 'draft');
    expect((await world.steward.post(`/api/data-space/releases/${draft}/withdraw`, { reason: 'x' })).status).toBe(409);
    await expect(inside(({ knex }) => knex('data_sets').update({ tier: 'research' }))).rejects.toThrow(/never changes/);
  });

  test('the catalogue (DCAT-AP) names each version, its publisher and a download that answers', async () => {
    const client = world.portal.client();
    const { body } = await client.get('/api/data-space/catalog');
    expect(typeof body['@context'], 'no context of elsewhere').toBe('object');
    expect(body['dct:publisher']['foaf:name']).toBe('i-Learn');
    expect(body['dcat:service']).toMatchObject({ 'dcat:endpointURL': expect.anything(), 'dct:title': expect.anything() });
    expect(body['dcat:dataset'].length).toBeGreaterThan(0);
    await checkDcat(body);
    for (const each of body['dcat:dataset']) {
      expect(each).toMatchObject({ 'dct:title': expect.anything(), 'dct:description': expect.anything() });
      const { pathname } = new URL(each['dcat:distribution']['dcat:accessURL']['@id']);
      expect((await client.get(pathname)).status).toBe(200);
    }
  });

  test('is decided by people of the whole portal, whatever somebody is in a school', async () => {
    const asked = [
      ['get', '/releases'],
      ['post', '/data-sets', { title: 'x', description: 'x', definition: openDefinition(world) }],
    ] as const;
    for (const [method, path, body] of asked) {
      expect((await (world.principal as any)[method](`/api/data-space${path}`, body)).status).toBe(403);
      expect((await (world.portal.client() as any)[method](`/api/data-space${path}`, body)).status).toBe(401);
    }
    const schoolSteward = '00000000-0000-4000-8000-000000000009';
    await world.portal.grant(schoolSteward, [{ tenant: world.schools[0]?.id as string, role: 'data-steward' }]);
    const client = await world.portal.signIn(schoolSteward);
    const some = schoolSteward;
    const described = { title: 'x', description: 'x', definition: openDefinition(world) };
    const partner = { participant: 'did:web:x.example', organisation: 'x' };
    const routes: [path: string, body?: object][] = [
      ['data-sets', described],
      [`data-sets/${some}/releases`, { definition: described.definition }],
      ...['approve', 'publish'].map((act): [string, object] => [`releases/${some}/${act}`, {}]),
      [`releases/${some}/withdraw`, { reason: 'x' }],
      ['partners', partner],
      ...['token', 'stop'].map((act): [string, object] => [`partners/${some}/${act}`, {}]),
      ...['offer', 'agree', 'finalize', 'terminate'].map((move): [string, object] => [`negotiations/${some}/${move}`, {}]),
      [`agreements/${some}/end`, {}],
      ...['start', 'suspend', 'complete', 'terminate'].map((move): [string, object] => [`transfers/${some}/${move}`, {}]),
      ['studies', study(some)],
      ...['approve', 'end'].map((move): [string, object] => [`studies/${some}/${move}`, {}]),
      [`studies/${some}/schools`, { numbers: ['123456'] }],
    ];
    for (const [path, body] of routes) expect((await client.post(`/api/data-space/${path}`, body)).status, path).toBe(403);
    const reads = [
      'releases',
      `releases/${some}/preview`,
      'partners',
      'negotiations',
      'transfers',
      'studies',
      `studies/${some}/deliveries`,
    ];
    for (const path of reads) expect((await client.get(`/api/data-space/${path}`)).status, path).toBe(403);
    for (const path of ['releases', 'studies'])
      expect((await client.delete(`/api/data-space/${path}/${some}`)).status, path).toBe(403);
  });
});

describe('answers with noise', () => {
  test('count pupils by events, not staff, and cost what they say', async () => {
    const [first] = world.pupils as [{ id: string; school: string }];
    for (const role of ['Learner', 'Learner'] as const) {
      await world.portal.work('lti', ({ events }) =>
        events.publish('launched', {
          school: first.school,
          personId: first.id,
          role,
          tool: 'maths',
          toolName: 'Maths',
          released: [],
        }),
      );
    }
    await world.portal.drain();
    const rows = await inside(({ knex }) => knex('activity').select('person_id', 'measure', 'item', 'amount'));
    expect(rows).toEqual([{ person_id: first.id, measure: 'launches', item: 'maths', amount: 2 }]);
    await inside(({ knex }) => knex('activity').delete());
  });

  test('are paid once, drawn once, and the same for whoever asks again: averaging tells nothing', async () => {
    await act(world, world.pupils);
    const before = await budget();
    const definition = { tier: 'research', questions: [question(world)] };
    const { release: first } = await release(world, definition, 'draft');
    const { body: preview } = await world.steward.get(`/api/data-space/releases/${first}/preview`);
    expect(preview.questions).toMatchObject([{ paid: false, expectedError: expect.any(Number) }]);
    expect(preview.budgets).toMatchObject([{ cost: { epsilon: billion / 2, delta: 0 } }]);
    expect(await budget(), 'a preview costs nothing').toBe(before);
    const { release: one } = await release(world, definition);
    const lines = await linesOf(world, one);
    expect(lines).toHaveLength(7);
    expect(await budget()).toBe(before + billion / 2);
    for (let n = 0; n < 3; n++) {
      const { release: again } = await release(world, definition);
      expect(await linesOf(world, again)).toEqual(lines);
    }
    expect(await budget()).toBe(before + billion / 2);
  });

  test('are about the pupils of all schools', async () => {
    const { release: id } = await release(world, { tier: 'research', questions: [question(world, { epsilon: 2 * billion })] });
    const line = (await linesOf(world, id)).find(([, , , , group]) => group === 'unknown');
    // Once in 12,000 times the noise is more.
    expect(Math.abs(Number(line?.[5]) - world.pupils.length)).toBeLessThanOrEqual(4);
  });

  test('stay when somebody is erased: two releases tell nothing about the one', async () => {
    const definition = { tier: 'research', questions: [question(world, { epsilon: 400_000_000 })] };
    const lines = await linesOf(world, (await release(world, definition)).release);
    const [gone] = world.pupils.slice(-1) as [{ id: string }];
    await erase(world.portal, gone.id);
    expect(await inside(({ knex }) => knex('activity').where({ person_id: gone.id }).select('measure'))).toEqual([]);
    expect(await linesOf(world, (await release(world, definition)).release)).toEqual(lines);
  });

  test('are about nobody who objected or is restricted, and count them again afterwards', async () => {
    const [one] = world.pupils as [{ id: string; school: string }];
    const decided = (what: (privacy: any) => Promise<unknown>) => world.portal.work('office', ({ privacy }) => what(privacy));
    const seen = () =>
      inside(async ({ activity }) => {
        let pupils = 0;
        for await (const _ of activity.pupils({ grain: 'month', startsOn: world.month, endsOn: world.month }, 'launches', 'tool'))
          pupils++;
        return pupils;
      });
    const rows = () => inside(({ knex }) => knex('activity').where({ person_id: one.id }).select('measure'));
    const all = await seen();
    const decisions = [
      [(privacy: any) => privacy.object(one.id, 'reports'), (privacy: any) => privacy.withdrawObjection(one.id, 'reports')],
      [(privacy: any) => privacy.restrict(one.id, 'accuracy'), (privacy: any) => privacy.endRestriction(one.id)],
    ] as const;
    for (const [decide, undo] of decisions) {
      await decided(decide);
      expect(await seen()).toBe(all - 1);
      await inside(({ activity }) => activity.add({ school: one.school, personId: one.id, measure: 'launches', item: 'late' }));
      expect(await rows(), 'nothing of them is seen').toEqual([]);
      await decided(undo);
      expect(await seen()).toBe(all);
      expect(await rows(), 'and nothing was stored meanwhile').toHaveLength(1);
    }
  });

  test('are drawn one by one: what was drawn stays when a later draw fails, and the release can be drawn again', async () => {
    const asked = [question(world, { epsilon: 1_000_001 }), question(world, { epsilon: 1_000_002 })];
    const { release: id } = await release(world, { tier: 'research', questions: asked }, 'approved');
    const before = await budget();
    const drawn = await inside(async ({ knex, answers, releases }) => {
      await knex('releases').where({ id }).update({ state: 'preparing' });
      for (const each of asked) await answers.pay(each);
      await releases.answer(id);
      return [await answers.isDrawn(asked[0]), await answers.isDrawn(asked[1])];
    });
    expect(drawn).toEqual([true, false]);
    await world.portal.drain();
    const lines = await linesOf(world, id);
    expect(lines).toHaveLength(14);
    expect(await budget(), 'paid once').toBe(before + 2_000_003);
    const { release: failed } = await release(world, { tier: 'research', questions: asked }, 'approved');
    await inside(({ knex }) => knex('releases').where({ id: failed }).update({ state: 'preparing' }));
    expect((await world.steward.post(`/api/data-space/releases/${failed}/publish`, {})).status).toBe(202);
    await world.portal.drain();
    expect(await linesOf(world, failed)).toEqual(lines);
    expect(await budget()).toBe(before + 2_000_003);
  });

  test('a question that was answered needs no data any more, and is answered alike when its period is long over', async () => {
    const asked = question(world, { epsilon: 1_000_003 });
    const lines = await linesOf(world, (await release(world, { tier: 'research', questions: [asked] })).release);
    const old = { ...asked, startsOn: '2020-10-01' };
    const again = async (each: object) => {
      const body = { title: 'x', description: 'x', definition: { tier: 'research', questions: [each] } };
      return (await world.steward.post('/api/data-space/data-sets', body)).status;
    };
    expect(await again(old), 'never asked').toBe(409);
    await inside(({ knex }) =>
      knex.raw(
        `insert into answers (question, snapshot, epsilon, delta, groups)
         select question, 'month 2020-10-01', epsilon, delta, groups from answers where epsilon = 1000003`,
      ),
    );
    const { release: id } = await release(world, { tier: 'research', questions: [old] });
    expect((await linesOf(world, id)).map((line) => line[5])).toEqual(lines.map((line) => line[5]));
    const twice = { title: 'x', description: 'x', definition: { tier: 'research', questions: [asked, asked] } };
    expect((await world.steward.post('/api/data-space/data-sets', twice)).status).toBe(400);
  });

  test('are no open data', async () => {
    const { release: id } = await release(world, { tier: 'research', questions: [question(world)] });
    expect((await world.portal.client().get(`/api/data-space/open/${id}/table`)).status).toBe(404);
  });

  test('count a pupil of two schools once, and no more than the bound', async () => {
    const { amounts, asked } = await inside(async ({ activity, knex }) => {
      const [one] = world.pupils as [{ id: string; school: string }];
      const other = world.schools[1]?.id;
      await knex('activity').insert({
        month: world.month,
        school_id: other,
        person_id: one.id,
        measure: 'launches',
        item: 'maths',
        amount: 90,
      });
      const period = { grain: 'month', startsOn: world.month, endsOn: world.month };
      const found = [];
      for await (const each of activity.pupils(period, 'launches', 'tool')) found.push(each);
      return { amounts: found, asked: one };
    });
    expect(asked).toBeDefined();
    // Seven pupils are left, each comes once; one of them with what two schools counted.
    expect(amounts).toHaveLength(7);
    expect(
      amounts
        .flat()
        .map(([, amount]: [string, number]) => amount)
        .sort((a: number, b: number) => b - a)[0],
    ).toBe(91);
  });

  test.each([
    ['a day that begins no month', { startsOn: '2026-09-02' }],
    ['a pupil who counts twice', { most: 2 }],
    ['no budget', { epsilon: 0 }],
    ['a fraction', { epsilon: 0.5 }],
    ['delta where groups are public', { delta: 5 }],
    ['tools without delta', { by: 'tool' }],
    ['steps by tool', { measure: 'steps-done', by: 'tool', delta: 5 }],
  ])('%s is refused', async (_, changes) => {
    const definition = { tier: 'research', questions: [question(world, changes)] };
    const { status } = await world.steward.post('/api/data-space/data-sets', { title: 'x', description: 'x', definition });
    expect(status).toBe(400);
  });

  test('a period that is not over is refused', async () => {
    const today: string = await inside(({ calendar }) => calendar.today());
    const definition = { tier: 'research', questions: [question(world, { startsOn: `${today.slice(0, 7)}-01` })] };
    const answer = await world.steward.post('/api/data-space/data-sets', { title: 'x', description: 'x', definition });
    expect(answer).toMatchObject({ status: 409, body: { type: expect.stringContaining('period-not-ready') } });
    const earlier = periodOf('month', addDays(world.month, -1)).startsOn;
    const unpublished = { tier: 'research', questions: [question(world, { startsOn: earlier })] };
    const other = { title: 'x', description: 'x', definition: unpublished };
    expect((await world.steward.post('/api/data-space/data-sets', other)).status, 'over, but not in the reports').toBe(409);
  });
});

describe('rows for partners under contract', () => {
  const rows = (changes: object = {}) => ({
    ...{ tier: 'microdata', tool: 'chess', by: 'none', grain: 'month', startsOn: world.month, k: 10, l: 2, ...changes },
  });

  test('have a band and a place, in classes of k, and nothing that joins them; a tool and a month come once', async () => {
    const [first, second] = world.schools as [{ id: string }, { id: string }];
    const players = Array.from({ length: 24 }, (_, at) => ({ id: crypto.randomUUID(), at }));
    await act(
      world,
      players.map(({ id, at }) => ({ id, school: first.id, item: 'chess', amount: [1, 3, 30][at % 3] as number })),
    );
    // One of them in two schools is one row still; another tool is in none.
    await act(world, [{ id: players[0]?.id as string, school: second.id, item: 'chess', amount: 9 }]);
    await act(world, [{ id: players[1]?.id as string, school: first.id, item: 'go', amount: 9 }]);
    const { release: draft } = await release(world, rows(), 'draft');
    const { body } = await world.steward.get(`/api/data-space/releases/${draft}/preview`);
    expect(body).toMatchObject({ tier: 'microdata', kept: 20, dropped: 0, risk: { prosecutor: 1 / 20, singledOut: 0 } });
    const { release: id } = await release(world, rows());
    const lines = await linesOf(world, id);
    expect(lines, 'a multiple of 5').toHaveLength(20);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([6]));
    for (const line of lines) expect(['1', '2-4', '25+', '10-24']).toContain(line.at(-1));
    expect(lines.flat().join(' ')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    expect(
      [...lines].sort((one, other) => (one.join() < other.join() ? -1 : 1)),
      'sorted by content',
    ).toEqual(lines);
    expect((await world.portal.client().get(`/api/data-space/open/${id}/table`)).status).toBe(404);
    for (const again of [rows({ by: 'region' }), rows({ k: 11 })]) {
      const { release: other } = await release(world, again, 'approved');
      const answer = await world.steward.post(`/api/data-space/releases/${other}/publish`, {});
      expect(answer).toMatchObject({ status: 409, body: { type: expect.stringContaining('released-before') } });
    }
  });

  test('are none of a place, or a tool, that the reports hide, which would tell how many pupils another one has', async () => {
    const { id: school } = world.schools[0] as { id: string };
    const kept = async (tool: string, by: string) => {
      const { release: draft } = await release(world, rows({ tool, by }), 'draft');
      return (await world.steward.get(`/api/data-space/releases/${draft}/preview`)).body.kept;
    };
    for (const item of ['draughts', 'ludo', 'dominoes'])
      await act(
        world,
        Array.from({ length: 24 }, (_, at) => ({ id: crypto.randomUUID(), school, item, amount: [1, 3, 30][at % 3] as number })),
      );
    const places = ['region', 'level', 'none'];
    expect(await Promise.all(places.map((by) => kept('draughts', by))), 'hidden in the region').toEqual([0, 20, 20]);
    expect(await Promise.all(places.map((by) => kept('ludo', by))), 'hidden as a whole').toEqual([0, 0, 0]);
    expect(await Promise.all(places.map((by) => kept('dominoes', by))), 'told as a whole only').toEqual([20, 20, 20]);
  });

  test('are none where too few pupils, or all alike, used the tool', async () => {
    const { id: school } = world.schools[0] as { id: string };
    const few = Array.from({ length: 9 }, (_, at) => ({ id: crypto.randomUUID(), school, item: 'rare', amount: at + 1 }));
    const alike = Array.from({ length: 12 }, () => ({ id: crypto.randomUUID(), school, item: 'alike', amount: 1 }));
    await act(world, [...few, ...alike]);
    for (const tool of ['rare', 'alike']) {
      const { release: id } = await release(world, rows({ tool }));
      expect(await linesOf(world, id).then((lines) => lines.filter((line) => line.length > 1))).toEqual([]);
    }
    for (const weak of [{ k: 9 }, { l: 1 }, { by: 'school' }, { grain: 'week' }]) {
      const body = { title: 'x', description: 'x', definition: rows(weak) };
      expect((await world.steward.post('/api/data-space/data-sets', body)).status).toBe(400);
    }
  });
});

describe('the budget', () => {
  /** What was granted and what was booked; a ledger that loses an update books less. */
  async function race(scope: string, charge: (at: number) => Promise<unknown>) {
    const granted = (await Promise.allSettled(Array.from({ length: 12 }, (_, at) => charge(at)))).filter(
      ({ status }) => status === 'fulfilled',
    ).length;
    const { spent } = await inside(({ ledger }) => ledger.of(scope));
    return { granted, spent: spent.epsilon };
  }

  test('is never overdrawn or undercharged, however many ask at once', async () => {
    const cost = { epsilon: 900_000_000, delta: 1 };
    const { granted, spent } = await race('2001-09-01', () => inside(({ ledger }) => ledger.charge('2001-09-01', cost)));
    // The cap is ε 4.
    expect({ granted, spent }).toEqual({ granted: 4, spent: 4 * cost.epsilon });
    await inside(({ ledger }) => ledger.charge('2001-09-01', { epsilon: 400_000_000, delta: 0 }));
    await expect(inside(({ ledger }) => ledger.charge('2001-09-01', { epsilon: 1, delta: 0 }))).rejects.toMatchObject({
      status: 409,
    });
  });

  test('the check refuses a ledger that reads, then writes', async () => {
    const scope = '2002-09-01';
    await inside(({ ledger }) => ledger.charge(scope, { epsilon: 1, delta: 0 }));
    const read = await Promise.all(Array.from({ length: 12 }, () => inside(({ ledger }) => ledger.of(scope))));
    const { granted, spent } = await race(scope, (at) =>
      inside(({ knex }) =>
        knex('budgets')
          .where({ scope })
          .update({ epsilon_spent: (read[at]?.spent.epsilon ?? 0) + 900_000_000 }),
      ),
    );
    expect(spent).not.toBe(1 + granted * 900_000_000);
  });

  test('is never given back, and tiny costs add up', async () => {
    for (const [scope, cost] of [['2003-09-01', { epsilon: 1, delta: 0 }]] as const) {
      for (let n = 0; n < 5; n++) await inside(({ ledger }) => ledger.charge(scope, cost));
      expect((await inside(({ ledger }) => ledger.of(scope))).spent.epsilon).toBe(5);
      await expect(inside(({ knex }) => knex('budgets').where({ scope }).update({ epsilon_spent: 0 }))).rejects.toThrow(
        /never given back/,
      );
      await expect(inside(({ knex }) => knex('budgets').where({ scope }).delete())).rejects.toThrow(/never given back/);
    }
    for (const cost of [
      { epsilon: 0, delta: 0 },
      { epsilon: -1, delta: 0 },
      { epsilon: 0.5, delta: 0 },
      { epsilon: Number.NaN, delta: 0 },
    ])
      await expect(inside(({ ledger }) => ledger.charge('2003-09-01', cost))).rejects.toThrow(RangeError);
  });

  test('a release that cannot be paid costs nothing, and stays approved', async () => {
    const asked = question(world, { epsilon: 3 * billion });
    const { release: id } = await release(
      world,
      { tier: 'research', questions: [asked, { ...asked, epsilon: 3 * billion + 1 }] },
      'approved',
    );
    const before = await budget();
    const answer = await world.steward.post(`/api/data-space/releases/${id}/publish`, {});
    expect(answer).toMatchObject({ status: 409, body: { type: expect.stringContaining('budget-spent') } });
    expect(await budget()).toBe(before);
    expect((await world.steward.delete(`/api/data-space/releases/${id}`)).status).toBe(204);
  });
});

describe('a study', () => studyCases(() => world));
