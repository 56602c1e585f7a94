import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

describe('from composing a path to a score', () => {
  it('a teacher composes a path, gives it to the class, a pupil launches, the score comes back, the teacher sees it', async () => {
    const { teacher, pupils, class3A } = world;
    const [text, exercise] = [await world.activity({ title: 'Uitleg' }), await world.ltiActivity({ title: 'Tafel van 7' })];
    const path = await world.path([text, exercise]);
    expect(path).toMatchObject({
      title: 'Tafels',
      editable: true,
      scope: 'own',
      minutes: 20,
      steps: [{ shownTitle: 'Uitleg' }, { kind: 'lti' }],
    });

    const classes = await teacher.client.get('/api/myway/classes');
    expect(classes.body).toMatchObject([{ id: class3A, name: '3A', pupils: 2 }]);
    const assignment = await world.assign(path.id, { dueOn: '2027-01-15' });
    expect(assignment).toMatchObject({ class: { name: '3A' }, wholeClass: true, dueOn: '2027-01-15' });

    const [pupil] = pupils;
    const mine = await pupil.client.get('/api/myway/my-paths');
    expect(mine.body).toMatchObject([
      { assignmentId: assignment.id, title: 'Tafels', className: '3A', done: 0, total: 2, dueOn: '2027-01-15' },
    ]);
    const address = `/api/myway/my-paths/${assignment.id}`;
    const [first, second] = (await pupil.client.get(address)).body.steps;
    expect(first).toMatchObject({ state: 'todo', next: true, lock: null });
    expect(second).toMatchObject({ state: 'todo', next: false, lock: { reason: 'previous', stepId: first.id, title: 'Uitleg' } });

    expect((await pupil.client.post(`${address}/steps/${first.id}/open`)).body).toEqual({
      kind: 'text',
      markdown: 'Een tekst.',
      language: 'nl',
    });
    const ticked = await pupil.client.post(`${address}/steps/${first.id}/done`);
    expect(ticked.body).toMatchObject({ done: 1, steps: [{ state: 'done' }, { next: true, lock: null }] });

    const opened = await pupil.client.post(`${address}/steps/${second.id}/open`);
    expect(opened.body).toEqual({ kind: 'lti', url: expect.stringContaining('/api/lti/launches/') });
    const launches = await world.platform.work('lti', ({ knex }) => knex('launches').where({ person_id: pupil.id }));
    expect(launches).toMatchObject([
      {
        resource_link_id: `${assignment.id}:${second.id}`,
        context_id: assignment.id,
        return_path: `/mijn-paden/${assignment.id}?terug=${second.id}`,
        request: { role: 'Learner', title: 'Tafel van 7', lineItem: { scoreMaximum: 10 } },
      },
    ]);

    await world.score({ assignmentId: assignment.id, stepId: second.id, pupil });
    const trail = await pupil.client.get(address);
    expect(trail.body).toMatchObject({
      complete: true,
      done: 2,
      steps: [{}, { state: 'done', score: { given: 8, maximum: 10 } }],
    });

    const board = await teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    expect(board.body.steps).toMatchObject([
      { title: 'Uitleg', done: 1 },
      { title: 'Tafel van 7', done: 1 },
    ]);
    expect(board.body.rows).toMatchObject([
      {
        pupil: { familyName: 'Aerts' },
        complete: true,
        done: 2,
        total: 2,
        cells: [{ state: 'done' }, { state: 'done', score: { given: 8, maximum: 10 }, tries: 1 }],
      },
      {
        pupil: { familyName: 'Peeters' },
        complete: false,
        done: 0,
        cells: [
          { state: 'todo', next: true },
          { state: 'todo', locked: true },
        ],
      },
    ]);
    const overview = await teacher.client.get('/api/myway/assignments');
    expect(overview.body).toMatchObject([
      { id: assignment.id, counts: { pupils: 2, complete: 1, busy: 0, notStarted: 1, stuck: 0 } },
    ]);
  });
});

describe('ux 5: the page of a class and of a pupil', () => {
  const ofClass = (who: Person, id = world.class3A) => who.client.get(`/api/myway/classes/${id}/progress`);
  const ofPupil = (who: Person, of: Person) => who.client.get(`/api/myway/pupils/${of.id}/progress`);

  it('shows teachers of the class where each pupil is, and how the pupil gets on', async () => {
    const { teacher, coTeacher, pupils } = world;
    const [aerts, peeters] = pupils;
    const path = await world.path([await world.activity({ title: 'Eerst' }), await world.ltiActivity({ title: 'Dan' })]);
    const assignment = await world.assign(path.id);
    const step = `/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}`;
    await aerts.client.post(`${step}/done`);

    for (const who of [teacher, coTeacher]) {
      const { body } = await ofClass(who);
      const line = body.lines.find(({ id }: { id: string }) => id === assignment.id);
      expect(line).toMatchObject({
        counts: { pupils: 2, complete: 0, busy: 1, notStarted: 1, stuck: 0 },
        stations: [
          { title: 'Eerst', done: 1 },
          { title: 'Dan', done: 0 },
        ],
        places: [
          { pupilId: aerts.id, at: 1, stuck: false },
          { pupilId: peeters.id, at: 0, stuck: false },
        ],
      });
      expect(body).toMatchObject({ taught: true, more: false, pupils: [{ id: aerts.id, status: 'busy' }, { id: peeters.id }] });
    }
    for (let tries = 0; tries < 3; tries++) {
      await world.score({
        assignmentId: assignment.id,
        stepId: path.steps[1].id,
        pupil: aerts,
        scoreGiven: 1,
        timestamp: new Date(Date.now() + tries).toISOString(),
      });
    }
    const after = (await ofClass(teacher)).body;
    expect(after.lines.find(({ id }: { id: string }) => id === assignment.id).places).toMatchObject([
      { pupilId: aerts.id, at: 2, stuck: true },
      { pupilId: peeters.id, at: 0 },
    ]);
    expect(after.pupils).toMatchObject([{ status: 'stuck' }, { lastActiveAt: null }]);

    const given = await world.assign((await world.path([await world.activity({ title: 'Alleen' })])).id, {
      pupilIds: [peeters.id],
    });
    await teacher.client.patch(`/api/myway/assignments/${assignment.id}`, { ended: true });
    const whole = async (of: Person) => (await ofPupil(teacher, of)).body;
    const first = (await whole(peeters)).paths.map((each: any) => [each.assignment.id, each.assignment.endedAt === null]);
    expect(first[0]).toEqual([given.id, true]);
    expect(first).toContainEqual([assignment.id, false]);
    const ofAerts = await whole(aerts);
    expect(ofAerts.paths.map((each: any) => each.assignment.id)).not.toContain(given.id);
    expect(ofAerts.paths.find((each: any) => each.assignment.id === assignment.id)).toMatchObject({
      done: 2,
      total: 2,
      stuck: true,
      cells: [{ state: 'done' }, { state: 'done', low: true, tries: 3 }],
    });
    // Only whoever the path was given to is on its line.
    const some = (await ofClass(teacher)).body.lines.find(({ id }: { id: string }) => id === given.id);
    expect(some.places.map(({ pupilId }: { pupilId: string }) => pupilId)).toEqual([peeters.id]);
  });

  it('shows nothing to colleagues who do not teach the class, to pupils and to another school', async () => {
    const { colleague, stranger, pupils, otherPupil } = world;
    expect((await ofClass(colleague)).body).toEqual({ taught: false, lines: [], more: false, pupils: [] });
    expect((await ofPupil(colleague, pupils[0])).body).toEqual({ taught: false, paths: [], more: false });
    expect((await ofClass(stranger)).status).toBe(404);
    expect((await ofPupil(stranger, pupils[0])).status).toBe(404);
    for (const pupil of [...pupils, otherPupil]) {
      expect((await ofClass(pupil)).status).toBe(403);
      expect((await ofPupil(pupil, pupils[0])).status).toBe(403);
    }
    const principal = await world.person('principal', world.school);
    expect((await ofPupil(principal, pupils[0])).status).toBe(403);
  });

  it('shares no path of a group with a teacher who only teaches the class', async () => {
    const { teacher, coTeacher, pupils, school } = world;
    const group = await world.group({ school, name: 'Extra hulp', kind: 'group', teachers: [teacher], pupils: [pupils[0]] });
    const path = await world.path([await world.activity()], { title: 'Voor wie hulp krijgt' });
    await world.assign(path.id, { classId: group });
    const titles = async (who: Person) =>
      (await ofPupil(who, pupils[0])).body.paths.map((each: any) => each.assignment.path.title);
    expect(await titles(teacher)).toContain('Voor wie hulp krijgt');
    expect(await titles(coTeacher)).not.toContain('Voor wie hulp krijgt');
  });
});

describe('a pupil’s step', () => {
  const given = async (over: Record<string, unknown> = {}, ...activities: string[]) => {
    const path = await world.path(activities, over);
    const assignment = await world.assign(path.id);
    return { path, assignment, steps: path.steps, address: `/api/myway/my-paths/${assignment.id}` };
  };

  it('that is locked cannot be opened, and the answer names the step to do first', async () => {
    const { steps, address } = await given({}, await world.activity({ title: 'Eerst' }), await world.ltiActivity());
    const [pupil] = world.pupils;
    for (const verb of ['open', 'done']) {
      const answer = await pupil.client.post(`${address}/steps/${steps[1].id}/${verb}`);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        type: '/problems/myway/step-locked',
        detail: 'First do "Eerst".',
        stepId: steps[0].id,
      });
    }
    expect((await pupil.client.get(address)).body.steps).toMatchObject([{ state: 'todo' }, { state: 'todo' }]);
    const launches = await world.platform.work('lti', ({ knex }) =>
      knex('launches').whereLike('resource_link_id', `%${steps[1].id}`),
    );
    expect(launches).toEqual([]);
  });

  it('can be opened in any order on a free path', async () => {
    const { steps, address } = await given({ sequence: 'free' }, await world.activity(), await world.activity());
    expect((await world.pupils[0].client.post(`${address}/steps/${steps[1].id}/open`)).status).toBe(200);
  });

  it('that is a link returns its address, and is completed by the pupil', async () => {
    const link = await world.activity({ content: { kind: 'link', url: 'https://example.org/spel' } });
    const { steps, address } = await given({}, link);
    const [pupil] = world.pupils;
    expect((await pupil.client.post(`${address}/steps/${steps[0].id}/open`)).body).toEqual({
      kind: 'link',
      url: 'https://example.org/spel',
    });
    expect((await pupil.client.get(address)).body.steps[0]).toMatchObject({ state: 'started' });
    expect((await pupil.client.post(`${address}/steps/${steps[0].id}/done`)).body).toMatchObject({ complete: true });
  });

  it('that a tool scores cannot be completed by the pupil', async () => {
    const { steps, address } = await given({}, await world.ltiActivity());
    const answer = await world.pupils[0].client.post(`${address}/steps/${steps[0].id}/done`);
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/myway/step-scored' } });
  });

  it('is not shown when it is for teachers only, and not launched when it is not available', async () => {
    const secret = await world.activity({ title: 'Correctiesleutel', teacherOnly: true });
    const gone = await world.ltiActivity({ title: 'Oude tool', available: false });
    const { steps, address } = await given({}, secret, gone, await world.activity({ title: 'Laatste' }));
    const { client } = world.pupils[0];
    const trail = (await client.get(address)).body;
    expect(trail.steps).toMatchObject([
      { title: 'Oude tool', lock: { reason: 'unavailable' }, next: false },
      { title: 'Laatste', lock: null, next: true },
    ]);
    expect(JSON.stringify(trail)).not.toContain('Correctiesleutel');
    expect((await client.post(`${address}/steps/${steps[0].id}/open`)).status).toBe(404);
    expect(await client.post(`${address}/steps/${steps[1].id}/open`)).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/step-unavailable' },
    });
    const board = await world.teacher.client.get(address.replace('my-paths', 'assignments').concat('/progress'));
    expect(board.body.steps).toMatchObject([
      { title: 'Oude tool', available: false },
      { title: 'Laatste', available: true },
    ]);
  });

  it('is not available if its tool was removed', async () => {
    const lost = await world.ltiActivity({
      content: {
        kind: 'lti',
        lti: { registration: 'nowhere', targetLinkUri: 'http://localhost:1/', custom: {}, scoreMaximum: 1 },
      },
    });
    const { steps, address } = await given({}, lost);
    const answer = await world.pupils[0].client.post(`${address}/steps/${steps[0].id}/open`);
    expect(answer).toMatchObject({ status: 409, body: { type: '/problems/myway/step-unavailable' } });
    expect((await world.pupils[0].client.get(address)).body.steps[0].state).toBe('todo');
  });

  it('of someone else’s assignment is not found: another class, another school, not among the chosen, ended, or not assigned', async () => {
    const path = await world.path([await world.activity()]);
    const chosen = await world.assign(path.id, { pupilIds: [world.pupils[0].id] });
    const step = path.steps[0].id;
    const probes = (id: string, stepId = step) => [
      ['GET', `/api/myway/my-paths/${id}`],
      ['POST', `/api/myway/my-paths/${id}/steps/${stepId}/open`],
      ['POST', `/api/myway/my-paths/${id}/steps/${stepId}/done`],
    ];
    for (const pupil of [world.pupils[1], world.otherPupil, world.strangePupil]) {
      for (const [method, address] of probes(chosen.id)) {
        expect((await pupil.client.request(method as string, address as string)).status).toBe(404);
      }
      expect(JSON.stringify((await pupil.client.get('/api/myway/my-paths')).body)).not.toContain(chosen.id);
    }
    const foreign = await world.path([await world.activity()]);
    expect((await world.pupils[0].client.post(`/api/myway/my-paths/${chosen.id}/steps/${foreign.steps[0].id}/open`)).status).toBe(
      404,
    );
    await world.teacher.client.patch(`/api/myway/assignments/${chosen.id}`, { ended: true });
    for (const [method, address] of probes(chosen.id)) {
      expect((await world.pupils[0].client.request(method as string, address as string)).status).toBe(404);
    }
    const results = await world.platform.work('myway', ({ knex }) => knex('results').where({ assignment_id: chosen.id }));
    expect(results).toEqual([]);
  });

  it('is not found by teachers, and is refused to visitors', async () => {
    const { steps, address } = await given({}, await world.activity());
    expect((await world.teacher.client.post(`${address}/steps/${steps[0].id}/open`)).status).toBe(404);
    expect((await world.platform.client().get(address)).status).toBe(401);
  });
});
