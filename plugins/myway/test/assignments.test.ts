import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const give = (pathId: string, body: Record<string, unknown>, by = world.teacher) =>
  by.client.post(`/api/myway/paths/${pathId}/assignments`, body);

describe('assigning a path', () => {
  it('reaches the pupils who are in the class now, including those who join later', async () => {
    const path = await world.path([await world.activity()]);
    const assignment = await world.assign(path.id);
    const late = await world.person('pupil', world.school, 'Zeger');
    const has = async () => (await late.client.get('/api/myway/my-paths')).body.map((trail: any) => trail.assignmentId);
    expect(await has()).not.toContain(assignment.id);
    await world.platform.work('directory', ({ knex }) =>
      knex('enrolments').insert({ school_id: world.school, class_id: world.class3A, person_id: late.id, role: 'pupil' }),
    );
    expect(await has()).toContain(assignment.id);
    await world.platform.work('directory', ({ knex }) => knex('enrolments').where({ person_id: late.id }).delete());
    expect(await has()).not.toContain(assignment.id);
  });

  it('reaches only the chosen pupils, and only they are on the board', async () => {
    const path = await world.path([await world.activity()]);
    const [chosen, other] = world.pupils;
    const assignment = await world.assign(path.id, { pupilIds: [chosen.id, chosen.id] });
    const has = async (pupil: typeof chosen) =>
      (await pupil.client.get('/api/myway/my-paths')).body.map((trail: any) => trail.assignmentId);
    expect(await has(chosen)).toContain(assignment.id);
    expect(await has(other)).not.toContain(assignment.id);
    const board = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    expect(board.body.rows.map((row: any) => row.pupil.id)).toEqual([chosen.id]);
  });

  it('works for a group as for a class', async () => {
    const group = await world.group({
      school: world.school,
      name: 'Plusgroep',
      kind: 'group',
      teachers: [world.teacher],
      pupils: [world.pupils[1]],
    });
    const path = await world.path([await world.activity()]);
    expect(await world.assign(path.id, { classId: group })).toMatchObject({ class: { name: 'Plusgroep', kind: 'group' } });
  });

  it('is refused for a class that the teacher does not teach, whoever teaches it', async () => {
    const path = await world.path([await world.activity()]);
    for (const classId of [world.class3B, world.strangeClass, randomUUID()]) {
      expect((await give(path.id, { classId })).status).toBe(404);
      expect((await world.teacher.client.get(`/api/myway/classes/${classId}/pupils`)).status).toBe(404);
    }
    expect((await world.teacher.client.get(`/api/myway/classes/${world.class3A}/pupils`)).body).toMatchObject([
      { familyName: 'Aerts' },
      { familyName: 'Peeters' },
    ]);
  });

  it('is refused for a pupil who is not in the class, and nobody gets it', async () => {
    const path = await world.path([await world.activity()]);
    const answer = await give(path.id, { classId: world.class3A, pupilIds: [world.pupils[0].id, world.otherPupil.id] });
    expect(answer).toMatchObject({
      status: 422,
      body: { type: '/problems/myway/pupil-unknown', errors: [{ pointer: '/pupilIds/1' }] },
    });
    expect((await world.teacher.client.get('/api/myway/assignments')).body.some((each: any) => each.path.id === path.id)).toBe(
      false,
    );
  });

  it('is refused a second time for the same pupils, even concurrently, and allowed again after the end', async () => {
    const path = await world.path([await world.activity()]);
    const answers = await Promise.all([1, 2].map(() => give(path.id, { classId: world.class3A })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect((await give(path.id, { classId: world.class3A, pupilIds: [world.pupils[0].id] })).body.type).toBe(
      '/problems/myway/already-given',
    );
    const made = answers.find((answer) => answer.status === 201)?.body;
    await world.teacher.client.patch(`/api/myway/assignments/${made.id}`, { ended: true });
    expect((await give(path.id, { classId: world.class3A })).status).toBe(201);
  });

  it('is refused for a colleague’s path; a copy can be assigned', async () => {
    const path = await world.path([await world.activity()]);
    expect(await give(path.id, { classId: world.class3B }, world.colleague)).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/copy-first' },
    });
    const copy = await world.colleague.client.post(`/api/myway/paths/${path.id}/copy`, {});
    expect((await give(copy.body.id, { classId: world.class3B }, world.colleague)).status).toBe(201);
  });

  it('is refused if it has no step that pupils can do', async () => {
    const empty = await world.path([await world.activity({ teacherOnly: true }), await world.activity({ available: false })]);
    expect(await give(empty.id, { classId: world.class3A })).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/nothing-for-pupils' },
    });
  });

  it('accepts only a date as due date', async () => {
    const path = await world.path([await world.activity()]);
    for (const dueOn of ['2027-02-30', 'morgen', '2027-01-01T00:00:00Z', 5]) {
      expect((await give(path.id, { classId: world.class3A, dueOn })).status).toBe(400);
    }
    const assignment = await world.assign(path.id, { dueOn: '2027-01-31' });
    const changed = await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, { dueOn: null });
    expect(changed.body).toMatchObject({ dueOn: null, endedAt: null });
    expect((await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, {})).status).toBe(400);
  });
});

describe('content D7: a pupil has a path only once, through any class or group', () => {
  const group = (pupils = [world.pupils[1]]) =>
    world.group({ school: world.school, name: 'Plusgroep', kind: 'group', teachers: [world.teacher], pupils });

  it('content D7: is refused for the class if one pupil has it already, and the answer names the pupil', async () => {
    const path = await world.path([await world.activity()]);
    const [one, other] = world.pupils;
    await world.assign(path.id, { pupilIds: [one.id] });
    const refused = await give(path.id, { classId: world.class3A });
    expect(refused).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/already-given-to-some', pupilIds: [one.id] },
    });
    expect((await give(path.id, { classId: world.class3A, pupilIds: [other.id] })).status).toBe(201);
    expect((await give(path.id, { classId: world.class3A })).body.type).toBe('/problems/myway/already-given');
  });

  it('is refused for a group with a pupil of the class that has it, and vice versa', async () => {
    const [first, second] = [await world.path([await world.activity()]), await world.path([await world.activity()])];
    const classId = await group();
    await world.assign(first.id);
    expect((await give(first.id, { classId })).body.type).toBe('/problems/myway/already-given');
    await world.assign(second.id, { classId });
    expect((await give(second.id, { classId: world.class3A })).body).toMatchObject({ pupilIds: [world.pupils[1].id] });
  });

  it('is refused if reopening an ended assignment would duplicate a newer one', async () => {
    const path = await world.path([await world.activity()]);
    const old = await world.assign(path.id);
    const ended = (value: boolean) => world.teacher.client.patch(`/api/myway/assignments/${old.id}`, { ended: value });
    await ended(true);
    expect((await ended(false)).status).toBe(200);
    await ended(true);
    await world.assign(path.id, { pupilIds: [world.pupils[0].id] });
    expect(await ended(false)).toMatchObject({ status: 409, body: { pupilIds: [world.pupils[0].id] } });
  });

  it('holds for any order of assigning and ending, also concurrently', async () => {
    const groupId = await group([...world.pupils]);
    const activity = await world.activity();
    const pupilIds = world.pupils.map(({ id }) => id);
    const targets = [
      { classId: world.class3A },
      { classId: groupId },
      ...[world.class3A, groupId].flatMap((classId) => pupilIds.map((id) => ({ classId, pupilIds: [id] }))),
    ];
    const moves = fc.array(fc.record({ target: fc.nat(targets.length - 1), ends: fc.boolean() }), { minLength: 2, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(moves, fc.boolean(), async (list, together) => {
        const path = await world.path([activity]);
        const play = async ({ target, ends }: (typeof list)[number]) => {
          const given = await give(path.id, targets[target] as object);
          expect([201, 409]).toContain(given.status);
          if (given.status === 201 && ends)
            await world.teacher.client.patch(`/api/myway/assignments/${given.body.id}`, { ended: true });
        };
        if (together) await Promise.all(list.map(play));
        else for (const move of list) await play(move);
        for (const { client } of world.pupils) {
          const trails = (await client.get('/api/myway/my-paths')).body as { title: string; assignmentId: string }[];
          const running = await world.platform.work('myway', ({ knex }) =>
            knex('assignments')
              .whereIn(
                'id',
                trails.map((trail) => trail.assignmentId),
              )
              .where({ path_id: path.id })
              .pluck('id'),
          );
          expect(running.length).toBeLessThanOrEqual(1);
        }
        await world.teacher.client.delete(`/api/myway/paths/${path.id}?end=true`);
      }),
      { numRuns: 12 },
    );
  });
});

describe('content D2: a path assigned to a group that is removed', () => {
  const given = async () => {
    const classId = await world.group({
      school: world.school,
      name: 'Even',
      kind: 'group',
      teachers: [world.teacher],
      pupils: [world.pupils[0]],
    });
    const path = await world.path([await world.activity()]);
    return { classId, path, assignment: await world.assign(path.id, { classId }) };
  };
  const endedAt = (id: string) =>
    world.platform.work('myway', async ({ knex }) => (await knex('assignments').where({ id }).first('ended_at')).ended_at);

  it('content D2: ends with the group, so that the path can be removed; results are kept', async () => {
    const { classId, path, assignment } = await given();
    const [pupil] = world.pupils;
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}/done`);
    expect((await world.teacher.client.delete(`/api/directory/groups/${classId}`)).status).toBe(204);
    await world.platform.drain();
    expect(await endedAt(assignment.id)).not.toBeNull();
    expect((await world.teacher.client.delete(`/api/myway/paths/${path.id}`)).status).toBe(204);
    const results = await world.platform.work('myway', ({ knex }) => knex('results').where({ assignment_id: assignment.id }));
    expect(results).toHaveLength(1);
  });

  it.each([
    ['the class is gone', (classId: string) => ({ table: 'classes', where: { id: classId }, change: { active: false } })],
    [
      'its teacher left the class',
      (classId: string) => ({ table: 'enrolments', where: { class_id: classId, role: 'teacher' }, change: { active: false } }),
    ],
  ])('can be removed when %s: its owner removes the path and ends all its assignments', async (_, of) => {
    const { classId, path, assignment } = await given();
    const { table, where, change } = of(classId);
    await world.platform.work('directory', ({ knex }) => knex(table).where(where).update(change));
    expect(await world.teacher.client.delete(`/api/myway/paths/${path.id}`)).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/path-in-use' },
    });
    expect(await endedAt(assignment.id)).toBeNull();
    expect((await world.colleague.client.delete(`/api/myway/paths/${path.id}?end=true`)).status).toBe(403);
    expect(await endedAt(assignment.id)).toBeNull();
    expect((await world.teacher.client.delete(`/api/myway/paths/${path.id}?end=true`)).status).toBe(204);
    expect(await endedAt(assignment.id)).not.toBeNull();
  });
});

describe('following a class', () => {
  it('is open to its teachers: colleagues, the principal, the ICT coordinator and other schools find nothing', async () => {
    const path = await world.path([await world.activity()]);
    const assignment = await world.assign(path.id);
    const [pupil] = world.pupils;
    const addresses = ['progress', `pupils/${pupil.id}`].map((end) => `/api/myway/assignments/${assignment.id}/${end}`);
    const step = `/api/myway/assignments/${assignment.id}/pupils/${pupil.id}/steps/${path.steps[0].id}`;

    for (const { client } of [world.teacher, world.coTeacher]) {
      for (const address of addresses) expect((await client.get(address)).status).toBe(200);
      expect((await client.get('/api/myway/assignments')).body.some((each: any) => each.id === assignment.id)).toBe(true);
    }
    for (const { client } of [world.colleague, world.stranger]) {
      for (const address of addresses) expect((await client.get(address)).status).toBe(404);
      expect((await client.put(step, { state: 'done' })).status).toBe(404);
      expect((await client.patch(`/api/myway/assignments/${assignment.id}`, { ended: true })).status).toBe(404);
      expect((await client.get('/api/myway/assignments')).body.some((each: any) => each.id === assignment.id)).toBe(false);
    }
    for (const role of ['principal', 'ict-coordinator', 'portal-administrator']) {
      const { client } = await world.person(role, role === 'portal-administrator' ? null : world.school);
      for (const address of [...addresses, '/api/myway/assignments']) expect((await client.get(address)).status).toBe(403);
    }
  });

  it('finds only pupils and steps of the assignment', async () => {
    const [path, other] = [await world.path([await world.activity()]), await world.path([await world.activity()])];
    const assignment = await world.assign(path.id);
    const address = (pupilId: string, stepId: string) =>
      `/api/myway/assignments/${assignment.id}/pupils/${pupilId}/steps/${stepId}`;
    const put = async (pupilId: string, stepId: string) =>
      (await world.teacher.client.put(address(pupilId, stepId), { state: 'done' })).status;
    expect(await put(world.otherPupil.id, path.steps[0].id)).toBe(404);
    expect(await put(world.pupils[0].id, other.steps[0].id)).toBe(404);
    expect(await put(world.pupils[0].id, path.steps[0].id)).toBe(200);
    expect((await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/pupils/${world.otherPupil.id}`)).status).toBe(
      404,
    );
  });
});

describe('lists that are longer than a page', () => {
  it('can be read completely, page by page, by the teacher and the pupil', async () => {
    const path = await world.path([await world.activity()]);
    const reader = await world.person('teacher', world.school);
    const pupil = await world.person('pupil', world.school);
    const classId = await world.group({ school: world.school, name: '6L', teachers: [reader], pupils: [pupil] });
    const made: string[] = await world.platform.work('myway', ({ knex }) =>
      knex('assignments')
        .insert(
          Array.from({ length: 205 }, () => ({
            school_id: world.school,
            path_id: path.id,
            class_id: classId,
            whole_class: true,
          })),
        )
        .returning('id')
        .then((rows: { id: string }[]) => rows.map(({ id }) => id)),
    );
    const read = async (client: typeof reader.client, address: string, size: number, idOf: (row: any) => string) => {
      const ids: string[] = [];
      for (let page: any[] | undefined; page === undefined || page.length === size; ) {
        page = (await client.get(`${address}?offset=${ids.length}`)).body as any[];
        ids.push(...page.map(idOf));
      }
      return ids.sort();
    };
    expect(await read(reader.client, '/api/myway/assignments', 100, ({ id }) => id)).toEqual(made.sort());
    expect(await read(pupil.client, '/api/myway/my-paths', 200, ({ assignmentId }) => assignmentId)).toEqual(made);
    expect((await reader.client.get('/api/myway/assignments?offset=-1')).status).toBe(400);
  });
});

describe('another school', () => {
  it('sees nothing of this one on any GET route', async () => {
    const path = await world.path([await world.activity()], { title: 'Geheim pad' });
    const assignment = await world.assign(path.id);
    const [pupil] = world.pupils;
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${path.steps[0].id}/done`);
    const marks = ['Geheim pad', path.id, assignment.id, pupil.id, 'Aerts', world.class3A];
    const fill = (route: string) =>
      route
        .replace('/my-paths/:assignmentId', `/my-paths/${assignment.id}`)
        .replace('/assignments/:id', `/assignments/${assignment.id}`)
        .replace(':assignmentId', assignment.id)
        .replace(':version', '1')
        .replace(':fileId', path.id)
        .replace('/paths/:id', `/paths/${path.id}`)
        .replace('/dead-activities/:id', `/dead-activities/${path.steps[0].activityId}`)
        .replace('/classes/:id', `/classes/${world.class3A}`)
        .replace('/pupils/:id', `/pupils/${pupil.id}`)
        .replace(':pupilId', pupil.id)
        .replace(':stepId', path.steps[0].id)
        .replace(/^\/search\/[\w-]+$/, '$&?q=geheim');
    const { default: myway } = await import('@ilearn/plugin-myway');
    const routes = (myway.routes ?? []).filter((route) => route.method === 'GET').map((route) => `/api/myway${fill(route.path)}`);
    expect(routes.length).toBeGreaterThan(8);
    for (const address of [
      ...routes,
      '/api/myway/paths?scope=school',
      '/api/myway/paths?scope=shared',
      '/api/myway/assignments?ended=true',
    ]) {
      expect(address).not.toContain(':');
      for (const { client } of [world.stranger, world.strangePupil]) {
        const answer = await client.get(address);
        expect([200, 403, 404]).toContain(answer.status);
        const { instance: _address, ...told } = answer.body;
        for (const mark of marks)
          expect(JSON.stringify(Array.isArray(answer.body) ? answer.body : told), address).not.toContain(mark);
      }
    }
  });
});

describe('the service for other plugins', () => {
  it('creates a path for an owner and assigns it to one of their classes', async () => {
    const id = await world.activity({ title: 'Van de demo' });
    const assignmentId = await world.platform.work('myway', async ({ paths }) => {
      const pathId = await paths.create({
        school: world.school,
        ownerId: world.teacher.id,
        title: 'Voorbeeld',
        description: '',
        activityIds: [id],
      });
      return paths.assignToClass({ pathId, classId: world.class3A, byPersonId: world.teacher.id, dueOn: '2027-03-01' });
    });
    expect((await world.pupils[0].client.get(`/api/myway/my-paths/${assignmentId}`)).body).toMatchObject({
      title: 'Voorbeeld',
      dueOn: '2027-03-01',
    });
    await expect(
      world.platform.work('myway', async ({ paths }) => {
        const pathId = await paths.create({
          school: world.school,
          ownerId: world.teacher.id,
          title: 'Fout',
          description: '',
          activityIds: [id],
        });
        return paths.assignToClass({ pathId, classId: world.class3B, byPersonId: world.teacher.id });
      }),
    ).rejects.toThrow();
    expect((await world.teacher.client.get('/api/myway/paths?q=Fout')).body.total).toBe(0);
  });
});

describe('the turn of the school year', () => {
  it('lets running paths go along with the class, once, and undoing brings them back with what was done', async () => {
    const { platform, school, teacher, colleague, pupils } = world;
    const [pupil] = pupils;
    const path = await world.path([await world.activity(), await world.activity()]);
    const own = await world.assign(path.id);
    const copy = (await colleague.client.post(`/api/myway/paths/${path.id}/copy`, {})).body;
    await world.assign(copy.id, { classId: world.class3B }, colleague);
    const inClass = (id: string) =>
      platform.work('myway', ({ knex }) =>
        knex('assignments').where({ class_id: id }).whereNull('ended_at').orderBy('id').pluck('id'),
      );
    const before = [await inClass(world.class3A), await inClass(world.class3B)];
    // The next school year begins today.
    await platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: school })
        .update({ starts_on: knex.raw("current_date - interval '1 year'") }),
    );
    const principal = await world.person('principal', school);
    const address = `/api/directory/schools/${school}/rollover`;
    const seen = (await principal.client.get(address)).body;
    const classes = [world.class3A, world.class3B].map((id) => ({ id, goes: { outcome: 'to', name: '4A' } }));
    const choices = { version: seen.version, teachers: 'along', paths: true, classes, pupils: [] };
    expect((await principal.client.put(address, choices)).status).toBe(204);
    const { version } = (await principal.client.get(address)).body;
    expect((await principal.client.post(`${address}/apply`, { version })).status).toBe(204);
    await platform.drain();

    const [made] = (await teacher.client.get('/api/directory/classes')).body.classes.filter(({ name }: any) => name === '4A');
    // A class has a path once: of assignments of one path in both classes, one goes along.
    const paths = await platform.work('myway', ({ knex }) =>
      knex('assignments').whereRaw('id = any(?::uuid[])', [before.flat()]).distinct('path_id').pluck('path_id'),
    );
    expect((await inClass(made.id)).length).toBe(paths.length);
    const [step] = (await pupil.client.get(`/api/myway/my-paths/${own.id}`)).body.steps;
    expect((await pupil.client.post(`/api/myway/my-paths/${own.id}/steps/${step.id}/done`)).status).toBeLessThan(300);
    expect((await colleague.client.get(`/api/myway/assignments/${own.id}/progress`)).status).toBe(200);

    expect((await principal.client.post(`${address}/undo`, { to: seen.to })).status).toBe(200);
    await platform.drain();
    expect([await inClass(world.class3A), await inClass(world.class3B)]).toEqual(before);
    expect((await colleague.client.get(`/api/myway/assignments/${own.id}/progress`)).status).toBe(404);
    await platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: school })
        .update({ starts_on: knex.raw('current_date - 80') }),
    );
    const { body } = await teacher.client.get(`/api/myway/assignments/${own.id}/progress`);
    expect(body.rows.find((row: any) => row.pupil.id === pupil.id)).toMatchObject({ done: 1 });

    // What is given to a class of next year is not lost by undoing: its pupils take it back along.
    await platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: school })
        .update({ starts_on: knex.raw("current_date - interval '1 year'") }),
    );
    const again = (await principal.client.get(address)).body;
    const apart = [world.class3A, world.class3B].map((id, at) => ({ id, goes: { outcome: 'to', name: `4${'AB'[at]}` } }));
    expect(
      (await principal.client.put(address, { ...choices, version: again.version, classes: apart, paths: false })).status,
    ).toBe(204);
    expect(
      (await principal.client.post(`${address}/apply`, { version: (await principal.client.get(address)).body.version })).status,
    ).toBe(204);
    await platform.drain();
    const [next] = (await teacher.client.get('/api/directory/classes')).body.classes.filter(({ name }: any) => name === '4A');
    const late = await world.path([await world.activity()]);
    const given = await world.assign(late.id, { classId: next.id });
    expect((await principal.client.post(`${address}/undo`, { to: again.to })).status).toBe(200);
    await platform.drain();
    expect(await inClass(world.class3A)).toEqual([...before[0], given.id].sort());
    await platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: school })
        .update({ starts_on: knex.raw('current_date - 80') }),
    );
    expect((await teacher.client.get(`/api/myway/assignments/${given.id}/progress`)).status).toBe(200);

    // A class that the school's own data brought stays, with what was given to it.
    const brought = await world.group({ school, name: '4Z', teachers: [teacher], pupils });
    await platform.work('directory', ({ knex }) =>
      knex('classes').where({ id: brought }).update({ school_year: again.to, sourced_id: '4z' }),
    );
    await platform.work('directory', ({ knex }) =>
      knex('school_years')
        .where({ school_id: school })
        .update({ starts_on: knex.raw("current_date - interval '1 year'") }),
    );
    const fromFiles = (await principal.client.get(address)).body;
    expect(fromFiles.delivered).toBe(true);
    expect((await principal.client.post(`${address}/apply`, { version: fromFiles.version })).status).toBe(204);
    await platform.drain();
    const real = await world.assign((await world.path([await world.activity()])).id, { classId: brought });
    expect((await principal.client.post(`${address}/undo`, { to: fromFiles.to })).status).toBe(200);
    await platform.drain();
    expect(await inClass(brought)).toContain(real.id);
  });
});
