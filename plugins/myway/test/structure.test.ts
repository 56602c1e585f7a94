import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const quiz = {
  kind: 'quiz',
  questions: [
    { kind: 'choice', text: 'Welke zijn even?', options: ['1', '2', '4'].map((text) => ({ text, right: text !== '1' })) },
    { kind: 'number', text: 'Hoeveel is 0,1 + 0,2?', answer: 0.3 },
    { kind: 'word', text: 'Hoofdstad van België?', answers: ['Brussel', 'Bruxelles'] },
  ],
};
const task = { kind: 'task', text: 'Maak een tekening.', maximum: 10 };
const moment = { kind: 'moment', text: 'Kom even langs.' };

/** A path of the teacher's with these steps and blocks. */
async function structured(steps: object[], blocks: object[] = [], over: object = {}) {
  const path = await world.path([]);
  const { status, body } = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    version: path.version,
    title: 'Gebouwd',
    description: '',
    sequence: 'in-order',
    steps,
    blocks,
    ...over,
  });
  return { status, body, path };
}
async function given(steps: object[], blocks: object[] = [], over: object = {}) {
  const { status, body } = await structured(steps, blocks, over);
  expect(status, JSON.stringify(body)).toBe(200);
  const { id } = await world.assign(body.id);
  return { id, path: body, ids: body.steps.map((step: any) => step.id) as string[], my: `/api/myway/my-paths/${id}` };
}
const trailOf = async (person: Person, address: string) =>
  (await person.client.get(address)).body.steps.map(({ title, state, next, lock }: any) =>
    [title, state, next ? 'next' : (lock?.reason ?? '')].join(' ').trim(),
  );

describe('a path with blocks', () => {
  it('is stored with its structure, and copied with it', async () => {
    const { path } = await given(
      [
        { ref: 'q', content: quiz, title: 'Vragen' },
        { ref: 'a', content: moment, title: 'Moment', block: 'b', arm: 'low' },
        { ref: 't', content: task, title: 'Taak', after: ['q'] },
      ],
      [
        {
          id: 'b',
          kind: 'branch',
          title: 'Hoe ging het?',
          on: 'score',
          step: 'q',
          arms: [
            { id: 'low', title: 'Samen' },
            { id: 'high', title: 'Alleen', from: 0.5 },
          ],
        },
      ],
    );
    const [q, a, t] = path.steps;
    expect(path).toMatchObject({
      blocks: [{ step: q.id, tries: 3 }],
      steps: [{ kind: 'quiz' }, { arm: 'low' }, { after: [q.id] }],
    });
    expect(a).toMatchObject({ kind: 'moment', shownTitle: 'Moment', activityId: null, available: true });
    const copy = (await world.teacher.client.post(`/api/myway/paths/${path.id}/copy`, {})).body;
    expect(copy.blocks[0].step).toBe(copy.steps[0].id);
    expect(copy.steps[2].after).toEqual([copy.steps[0].id]);
    expect(copy.steps[0].id).not.toBe(q.id);
    // A change keeps ids, also where other steps name them.
    const steps = path.steps.map(({ id, activityId, content, title, note, required, after, block, arm }: any) => ({
      ...{ id, activityId, content, title, note, required, after, block, arm },
    }));
    const again = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
      ...path,
      steps: [...steps.slice(0, 2), { ...steps[2], title: 'Andere naam' }],
    });
    expect(again.body.steps.map(({ id }: any) => id)).toEqual([q.id, a.id, t.id]);
    expect(again.body.blocks).toEqual(path.blocks);
  });

  it('is refused where it contradicts itself, with the place, and nothing is stored', async () => {
    const a = { ref: 'a', content: moment, title: 'A' };
    const b = { ref: 'b', content: moment, title: 'B' };
    const c = { ref: 'c', content: moment, title: 'C' };
    const arms = [
      { id: 'x', title: 'X' },
      { id: 'y', title: 'Y', from: 0.5 },
    ];
    const branch = { id: 'b', kind: 'branch', title: '', on: 'score', step: 'a', arms };
    const choice = { id: 'c', kind: 'choice', title: '', pick: 1 };
    const cases: [string, object[], object[]][] = [
      [
        '/steps/0',
        [
          { ...a, after: ['b'] },
          { ...b, after: ['a'] },
        ],
        [],
      ],
      ['/steps/0', [{ ...a, after: ['b'] }, b], []],
      ['/steps/0', [{ ...a, after: ['nobody'] }], []],
      ['/steps/0', [{ ...a, block: 'c' }], []],
      ['/steps/1', [a, { ...b, block: 'b' }], [branch]],
      ['/steps/0', [{ ...a, block: 'c', arm: 'x' }], [choice]],
      ['/blocks/0', [{ ...a, block: 'c' }, b, { ...c, block: 'c' }], [choice]],
      ['/blocks/0', [a, { ...b, block: 'b', arm: 'x' }], [{ ...branch, step: 'b' }]],
      ['/blocks/0', [a, { ...b, block: 'b', arm: 'x' }], [{ ...branch, step: 'nobody' }]],
      ['/blocks/0', [a], [{ ...branch, on: 'teacher' }]],
      ['/blocks/0', [a], [{ ...branch, arms: [arms[1], arms[0]] }]],
      ['/blocks/0', [a], [choice, choice]],
      ['/steps/0/title', [{ ref: 'a', content: moment }], []],
      ['/steps/0', [{ ref: 'a', title: 'Niets' }], []],
      [
        '/steps/0',
        [
          {
            ref: 'a',
            title: 'V',
            content: {
              kind: 'quiz',
              questions: [
                {
                  kind: 'choice',
                  text: '?',
                  options: [
                    { text: '1', right: false },
                    { text: '2', right: false },
                  ],
                },
              ],
            },
          },
        ],
        [],
      ],
    ];
    for (const [pointer, steps, blocks] of cases) {
      const { status, body, path } = await structured(steps, blocks);
      expect(status, JSON.stringify([steps, body])).toBe(422);
      expect(body.errors.map((each: any) => each.pointer)).toContain(pointer);
      expect((await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body).toMatchObject({ version: 1, steps: [] });
    }
  });

  it('lets a pupil choose two of three steps', async () => {
    const texts = await Promise.all([1, 2, 3].map((nth) => world.activity({ title: `Keuze ${nth}` })));
    const end = await world.activity({ title: 'Einde' });
    const { my, ids } = await given(
      [...texts.map((activityId) => ({ activityId, block: 'c' })), { activityId: end }],
      [{ id: 'c', kind: 'choice', title: 'Kies er twee', pick: 2 }],
    );
    const [pupil] = world.pupils;
    expect(await trailOf(pupil, my)).toEqual(['Keuze 1 todo next', 'Keuze 2 todo', 'Keuze 3 todo', 'Einde todo choice']);
    expect((await pupil.client.get(my)).body).toMatchObject({
      total: 3,
      done: 0,
      blocks: [{ kind: 'choice', pick: 2, done: 0 }],
    });
    await pupil.client.post(`${my}/steps/${ids[2]}/done`);
    expect((await pupil.client.post(`${my}/steps/${ids[3]}/done`)).status).toBe(409);
    await pupil.client.post(`${my}/steps/${ids[0]}/done`);
    expect(await trailOf(pupil, my)).toEqual(['Keuze 1 done', 'Keuze 2 todo', 'Keuze 3 done', 'Einde todo next']);
    expect((await pupil.client.post(`${my}/steps/${ids[3]}/done`)).body).toMatchObject({ complete: true, done: 3, total: 3 });
  });

  it('waits for the teacher’s choice, which only teachers of the class make, and which can be taken back', async () => {
    const [easy, hard] = [await world.activity({ title: 'Rustig' }), await world.activity({ title: 'Pittig' })];
    const { id, my } = await given(
      [
        { activityId: easy, block: 'b', arm: 'easy' },
        { activityId: hard, block: 'b', arm: 'hard' },
      ],
      [
        {
          id: 'b',
          kind: 'branch',
          title: 'Niveau',
          on: 'teacher',
          arms: [
            { id: 'easy', title: 'Rustig' },
            { id: 'hard', title: 'Pittig' },
          ],
        },
      ],
    );
    const [pupil] = world.pupils;
    const { body } = await pupil.client.get(my);
    expect(body).toMatchObject({
      steps: [],
      complete: false,
      blocks: [{ kind: 'branch', lock: { reason: 'teacher', title: 'Niveau' } }],
    });
    const address = `/api/myway/assignments/${id}/pupils/${pupil.id}/branches`;
    for (const [who, status] of [
      [world.colleague, 404],
      [world.stranger, 404],
      [pupil, 403],
    ] as const) {
      expect((await who.client.get(address)).status).toBe(status);
      expect((await who.client.put(`${address}/b`, { arm: 'hard' })).status).toBe(status);
    }
    expect((await world.coTeacher.client.put(`${address}/b`, { arm: 'none' })).status).toBe(422);
    const chosen = await world.coTeacher.client.put(`${address}/b`, { arm: 'hard' });
    expect(chosen.body.branches).toMatchObject([{ block: 'b', taken: 'hard', chosen: true }]);
    expect(await trailOf(pupil, my)).toEqual(['Pittig todo next']);
    expect(await trailOf(world.pupils[1], my)).toEqual([]);
    await world.teacher.client.put(`${address}/b`, { arm: null });
    expect(await trailOf(pupil, my)).toEqual([]);
  });
});

it('a way of a branch may hold several choices, each of which holds up what comes behind it', async () => {
  const way = { block: 'b', arm: 'far' };
  const moments = (block: string, ...titles: string[]) => titles.map((title) => ({ content: moment, title, block }));
  const branch = {
    ...{ id: 'b', kind: 'branch', title: '', on: 'score', step: 'q' },
    arms: [
      { id: 'near', title: 'Nog eens' },
      { id: 'far', title: 'Verder', from: 0.5 },
    ],
  };
  const [one, two] = [
    { id: 'one', kind: 'choice', title: '', pick: 1, within: way },
    { id: 'two', kind: 'choice', title: '', pick: 2, within: way },
  ];
  const steps = [
    { ref: 'q', content: quiz, title: 'Vragen' },
    ...moments('one', 'A', 'B'),
    ...moments('two', 'C', 'D', 'E'),
    { content: moment, title: 'Slot' },
  ];
  const { id, my, ids, path } = await given(steps, [branch, one, two]);
  expect(path.blocks[1]).toMatchObject({ within: way });
  const [pupil] = world.pupils;
  // Before it is decided, nothing is told of what is on a way.
  expect(await trailOf(pupil, my)).toEqual(['Vragen todo next', 'Slot todo previous']);
  expect((await pupil.client.get(my)).body.blocks).toMatchObject([{ id: 'b', kind: 'branch', position: 1 }]);
  await pupil.client.post(`${my}/steps/${ids[0]}/answers`, { answers: [[1, 2], '0,3', 'Brussel'] });
  const locks = async () =>
    (await pupil.client.get(my)).body.steps.map(({ lock, state }: any) =>
      lock === null ? state : [lock.reason, lock.left].join(' '),
    );
  expect(await locks()).toEqual(['done', 'todo', 'todo', 'choice 1', 'choice 1', 'choice 1', 'choice 1']);
  const tick = (nth: number) =>
    world.teacher.client.put(`/api/myway/assignments/${id}/pupils/${pupil.id}/steps/${ids[nth]}`, { state: 'done' });
  expect((await tick(2)).status).toBe(200);
  expect(await locks()).toEqual(['done', 'todo', 'done', 'todo', 'todo', 'todo', 'choice 2']);
  await tick(3);
  await tick(5);
  expect(await locks()).toEqual(['done', 'todo', 'done', 'done', 'todo', 'done', 'todo']);
  await tick(6);
  expect((await pupil.client.get(my)).body).toMatchObject({ complete: true, total: 5, done: 5 });

  const wrong = (within: object, arms: object[] = branch.arms) =>
    structured(steps, [{ ...branch, arms }, { ...one, within }, two]);
  for (const within of [
    { block: 'b', arm: 'nowhere' },
    { block: 'two', arm: 'far' },
    { block: 'none', arm: 'far' },
  ])
    expect((await wrong(within)).body.errors[0]).toMatchObject({ pointer: '/blocks/1' });
  const picks = branch.arms.map((arm) => ({ ...arm, pick: 1 }));
  expect((await wrong(way, picks)).body.errors[0].message).toContain('A choice stands');
});

it('a way of a branch may let the pupil choose some of its steps, which holds up what comes after it', async () => {
  const { my, ids } = await given(
    [
      { ref: 'q', content: quiz, title: 'Vragen' },
      { content: task, title: 'Tekenen', block: 'b', arm: 'low' },
      { content: task, title: 'Schrijven', block: 'b', arm: 'low' },
      { content: task, title: 'Pittig', block: 'b', arm: 'high' },
      { content: moment, title: 'Slot' },
    ],
    [
      {
        id: 'b',
        kind: 'branch',
        title: 'Voor de leraar',
        on: 'score',
        step: 'q',
        arms: [
          { id: 'low', title: 'Samen', pick: 1 },
          { id: 'high', title: 'Alleen', from: 0.5 },
        ],
      },
    ],
  );
  const [pupil] = world.pupils;
  await pupil.client.post(`${my}/steps/${ids[0]}/answers`, { answers: [[0], null, null] });
  expect(await trailOf(pupil, my)).toEqual(['Vragen done', 'Tekenen todo next', 'Schrijven todo', 'Slot todo choice']);
  const before = (await pupil.client.get(my)).body;
  expect(before).toMatchObject({ done: 1, total: 3, blocks: [{ kind: 'choice', pick: 1, done: 0, title: '' }] });
  const body = new FormData();
  body.set('text', 'Een verhaal');
  expect((await pupil.client.request('POST', `${my}/steps/${ids[2]}/work`, { multipart: body })).status).toBe(200);
  expect(await trailOf(pupil, my)).toEqual(['Vragen done', 'Tekenen todo', 'Schrijven done', 'Slot todo next']);
  expect((await pupil.client.get(my)).body).toMatchObject({ done: 2, total: 3 });
  // On the other way nothing is to be chosen.
  const [, other] = world.pupils;
  await other.client.post(`${my}/steps/${ids[0]}/answers`, { answers: [[1, 2], '0.3', 'Brussel'] });
  expect(await trailOf(other, my)).toEqual(['Vragen done', 'Pittig todo next', 'Slot todo previous']);
});

describe('a quiz', () => {
  it('is marked by the portal, which does not tell the answers before', async () => {
    const { my, ids, path } = await given([{ content: quiz, title: 'Vragen' }]);
    const [pupil] = world.pupils;
    const step = `${my}/steps/${ids[0]}`;
    const opened = (await pupil.client.post(`${step}/open`)).body;
    expect(opened).toEqual({
      kind: 'quiz',
      questions: [
        { kind: 'choice', text: 'Welke zijn even?', options: ['1', '2', '4'], several: true },
        { kind: 'number', text: 'Hoeveel is 0,1 + 0,2?' },
        { kind: 'word', text: 'Hoofdstad van België?' },
      ],
    });
    expect((await pupil.client.post(`${step}/done`)).status).toBe(409);
    expect((await pupil.client.post(`${step}/answers`, { answers: [] })).status).toBe(422);
    const first = await pupil.client.post(`${step}/answers`, { answers: [[1, 2], '0,3', 'antwerpen'] });
    expect(first.body).toMatchObject({
      score: { given: 2, maximum: 3 },
      answers: [{ right: true }, { right: true }, { right: false, solution: 'Brussel' }],
      trail: { complete: true, steps: [{ state: 'done', score: { given: 2, maximum: 3 }, tries: 1 }] },
    });
    const second = await pupil.client.post(`${step}/answers`, { answers: [[0, 1, 2], null, ' bruxelles '] });
    expect(second.body).toMatchObject({ score: { given: 1 }, trail: { steps: [{ tries: 2, score: { given: 1 } }] } });
    // A device that did not get the response sends the same attempt again: it counts once. Other answers are another attempt.
    const attempt = crypto.randomUUID();
    const send = async (answers: unknown[], who = pupil) =>
      (await who.client.post(`${step}/answers`, { answers, attempt })).body.trail.steps[0].tries;
    expect([
      await send([[1, 2], '0.3', null]),
      await send([[1, 2], '0.3', null]),
      await send([[1, 2], '0.3', 'Brussel']),
    ]).toEqual([3, 3, 4]);
    expect(await send([[1, 2], '0.3', null], world.pupils[1])).toBe(1);
    expect((await pupil.client.post(`${step}/answers`, { answers: [[1], '1', ''], attempt: 'x' })).status).toBe(400);
    // Pupils cannot read the path, where the answers are.
    expect((await pupil.client.get(`/api/myway/paths/${path.id}`)).status).toBe(403);
  });
});

describe('a task', () => {
  const form = (text: string, ...files: [name: string, content: string][]) => {
    const data = new FormData();
    data.set('text', text);
    for (const [name, content] of files) data.append('files', new Blob([content], { type: 'text/plain' }), name);
    return data;
  };

  it('is handed in with files, answered by the teacher, and sent back for a better version', async () => {
    const { id, my, ids } = await given([
      { content: task, title: 'Tekening' },
      { content: moment, title: 'Samen' },
    ]);
    const [pupil, other] = world.pupils;
    const step = `${my}/steps/${ids[0]}`;
    expect((await pupil.client.get(`${step}/work`)).body).toEqual({
      handedIn: null,
      answered: false,
      comment: null,
      score: null,
      again: false,
    });
    const handIn = (data: FormData) => pupil.client.request('POST', `${step}/work`, { multipart: data });
    expect((await handIn(form(' '))).status).toBe(422);
    const answer = await handIn(form('Klaar!', ['tekening.txt', 'een boom']));
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.body).toMatchObject({
      handedIn: { text: 'Klaar!', files: [{ name: 'tekening.txt', type: 'text/plain', bytes: 8 }] },
      answered: false,
    });
    // The pupil goes on: nobody waits for the teacher's answer.
    expect(await trailOf(pupil, my)).toEqual(['Tekening done', 'Samen todo next']);
    expect((await pupil.client.get(my)).body.steps[0].marking).toBe('pending');

    const [file] = answer.body.handedIn.files;
    for (const [who, address, status] of [
      [pupil, `/api/myway/work/${file.id}`, 200],
      [other, `/api/myway/work/${file.id}`, 404],
      [world.coTeacher, `/api/myway/pupil-work/${file.id}`, 200],
      [world.colleague, `/api/myway/pupil-work/${file.id}`, 404],
      [world.stranger, `/api/myway/pupil-work/${file.id}`, 404],
      [pupil, `/api/myway/pupil-work/${file.id}`, 403],
    ] as const) {
      expect((await who.client.get(address)).status, address).toBe(status);
    }

    const ofPupil = `/api/myway/assignments/${id}/pupils/${pupil.id}/steps/${ids[0]}`;
    const feedback = (body: object, who = world.teacher) => who.client.post(`${ofPupil}/feedback`, body);
    expect((await world.teacher.client.get(`${ofPupil}/work`)).body).toMatchObject({ handedIn: { text: 'Klaar!' } });
    expect((await feedback({ score: 11 })).status).toBe(422);
    expect((await feedback({ score: 8 }, world.colleague)).status).toBe(404);
    expect((await feedback({ comment: 'Kleur de boom nog.', again: true })).body).toMatchObject({ answered: true, again: true });
    expect((await pupil.client.get(my)).body.steps[0]).toMatchObject({
      state: 'started',
      marking: null,
      comment: 'Kleur de boom nog.',
    });

    const better = await handIn(form('Nu met kleur', ['boom.txt', 'groen']));
    expect(better.body).toMatchObject({ handedIn: { files: [{ name: 'boom.txt' }] }, answered: false });
    expect((await pupil.client.get(`/api/myway/work/${file.id}`)).status).toBe(404);
    expect((await feedback({ comment: 'Mooi!', score: 8 })).body).toMatchObject({
      answered: true,
      again: false,
      score: { given: 8, maximum: 10 },
    });
    expect((await pupil.client.get(my)).body.steps[0]).toMatchObject({
      state: 'done',
      score: { given: 8, maximum: 10 },
      comment: 'Mooi!',
      tries: 1,
    });

    // Nothing of the other pupil's can be answered, and the moment is the teacher's to mark.
    const empty = `/api/myway/assignments/${id}/pupils/${other.id}/steps/${ids[0]}`;
    expect((await world.teacher.client.post(`${empty}/feedback`, { comment: 'Hallo' })).status).toBe(409);
    expect((await pupil.client.post(`${my}/steps/${ids[1]}/done`)).status).toBe(409);
    await world.teacher.client.put(`/api/myway/assignments/${id}/pupils/${pupil.id}/steps/${ids[1]}`, { state: 'done' });
    expect((await pupil.client.get(my)).body.complete).toBe(true);

    // A reset removes the work.
    await world.teacher.client.put(ofPupil, { state: 'todo' });
    expect((await world.teacher.client.get(`${ofPupil}/work`)).body.handedIn).toBeNull();
  });
});

describe('a path as a file', () => {
  const branch = {
    id: 'b',
    kind: 'branch',
    title: 'Hoe ging het?',
    on: 'score',
    step: 'q',
    arms: [
      { id: 'low', title: 'Samen', again: true },
      { id: 'high', title: 'Alleen', from: 0.5 },
    ],
  };

  it('is read again from JSON and from a Common Cartridge; what is lost is said', async () => {
    const [textId, linkId, toolId] = [
      await world.activity({ title: 'Uitleg & meer' }),
      await world.activity({ title: 'Een site', content: { kind: 'link', url: 'https://example.org/les?a=1&b=2' } }),
      await world.ltiActivity({ title: 'Oefening' }),
    ];
    const { path } = await given(
      [
        { activityId: textId },
        { activityId: linkId, required: false },
        { ref: 'q', content: quiz, title: 'Vragen' },
        { content: moment, title: 'Moment', block: 'b', arm: 'low' },
        { activityId: toolId, block: 'b', arm: 'high' },
        { content: task, title: 'Taak', after: ['q'] },
      ],
      [branch],
      { description: 'Om mee te nemen' },
    );
    const address = `/api/myway/paths/${path.id}`;
    const file = (await world.teacher.client.get(`${address}/file`)).body;
    expect((await world.stranger.client.get(`${address}/file`)).status).toBe(404);
    const { bytes: cartridge } = await world.teacher.client.get(`${address}/cartridge`);
    const files = unzipSync(cartridge);
    const manifest = strFromU8(files['imsmanifest.xml'] as Uint8Array);
    expect(manifest).toContain('<schemaversion>1.4.0</schemaversion>');
    expect(manifest).toContain('Uitleg &#38; meer');
    // Every resource that is named is in the zip.
    for (const [, name] of manifest.matchAll(/<file href="([^"]+)"/g)) expect(Object.keys(files)).toContain(name);
    expect(strFromU8(files['R2/link.xml'] as Uint8Array)).toContain('href="https://example.org/les?a=1&#38;b=2"');

    const losses = async (format: string) =>
      (await world.teacher.client.get(`${address}/file-losses?format=${format}`)).body.lost.map(({ code }: any) => code);
    expect(await losses('json')).toEqual(['tool']);
    expect(new Set(await losses('cartridge'))).toEqual(
      new Set(['order', 'branch', 'formatting', 'optional', 'quiz', 'moment', 'prerequisite']),
    );

    const send = (bytes: Uint8Array, who: Person = world.teacher) =>
      who.client.request('POST', '/api/myway/path-files', {
        raw: Buffer.from(bytes),
        headers: { 'content-type': 'application/octet-stream' },
      });
    const plain = ({ steps, blocks }: any) => {
      const nameOf = new Map(steps.map(({ id }: any, index: number) => [id, index]));
      return JSON.stringify([
        steps.map(({ activityId, content, title, required, after, block, arm }: any) => [
          activityId,
          content,
          title,
          required,
          after.map((id: string) => nameOf.get(id)),
          block,
          arm,
        ]),
        blocks.map((block: any) => ({ ...block, step: nameOf.get(block.step) })),
      ]);
    };
    for (const bytes of [strToU8(JSON.stringify(file)), cartridge]) {
      const { status, body } = await send(bytes);
      expect(status, JSON.stringify(body)).toBe(201);
      expect(body).toMatchObject({ lost: [], path: { title: path.title, description: 'Om mee te nemen', scope: 'own' } });
      expect(plain(body.path)).toBe(plain(path));
    }

    // In another portal the activities have other ids: links and texts are added for the school, a tool's exercise is left out.
    const foreign = JSON.parse(JSON.stringify(file).replace(/"id":"[0-9a-f]{8}-/g, '"id":"00000000-'));
    const { body } = await send(strToU8(JSON.stringify(foreign)), world.stranger);
    expect(body).toMatchObject({
      lost: [{ code: 'tool', title: 'Oefening' }],
      path: {
        steps: [
          { kind: 'text', shownTitle: 'Uitleg & meer' },
          { kind: 'link' },
          { kind: 'quiz' },
          { kind: 'moment' },
          { kind: 'task' },
        ],
      },
    });
  });

  it('is refused where it is no path, and nothing is made', async () => {
    const send = (raw: Buffer) =>
      world.teacher.client.request('POST', '/api/myway/path-files', {
        raw,
        headers: { 'content-type': 'application/octet-stream' },
      });
    const before = (await world.teacher.client.get('/api/myway/paths')).body.total;
    const valid = {
      format: 'ilearn-path',
      formatVersion: 1,
      title: 'T',
      description: '',
      language: 'nl',
      sequence: 'free',
      blocks: [],
      steps: [],
    };
    const step = {
      key: 'a',
      activity: null,
      content: moment,
      title: 'A',
      note: '',
      required: true,
      after: [],
      block: null,
      arm: null,
    };
    for (const bad of [
      Buffer.from('geen json'),
      Buffer.from('{}'),
      Buffer.from('PK\u0003\u0004 kapot'),
      Buffer.from(zipSync({ 'imsmanifest.xml': strToU8('<manifest/>') })),
      Buffer.from(JSON.stringify({ ...valid, formatVersion: 2 })),
      Buffer.from(JSON.stringify({ ...valid, steps: [{ ...step, after: ['b'] }] })),
      Buffer.from(JSON.stringify({ ...valid, steps: [step, step].map((each) => ({ ...each, block: 'nowhere' })) })),
      // A choice in a choice.
      Buffer.from(
        JSON.stringify({
          ...valid,
          steps: [
            { ...step, block: 'outer' },
            { ...step, key: 'b', block: 'inner' },
          ],
          blocks: [
            { id: 'outer', kind: 'choice', title: '', pick: 1 },
            { id: 'inner', kind: 'choice', title: '', pick: 1, within: { block: 'outer', arm: 'x' } },
          ],
        }),
      ),
      Buffer.from(
        JSON.stringify({
          ...valid,
          steps: [
            {
              ...step,
              content: null,
              activity: {
                id: world.school,
                kind: 'link',
                title: 'x',
                language: 'nl',
                provider: '',
                minutes: null,
                url: 'javascript:alert(1)',
              },
            },
          ],
        }),
      ),
    ]) {
      expect((await send(bad)).status, bad.toString()).toBe(422);
    }
    expect((await world.teacher.client.get('/api/myway/paths')).body.total).toBe(before);
  });
});

describe('scores that arrive late, twice and in any order', () => {
  it('lead each pupil the same way', async () => {
    const [exercise, help] = [await world.ltiActivity({ title: 'Oefening' }), await world.activity({ title: 'Hulp' })];
    const { id, my, ids } = await given(
      [
        { ref: 'e', activityId: exercise },
        { activityId: help, block: 'b', arm: 'low' },
      ],
      [
        {
          id: 'b',
          kind: 'branch',
          title: '',
          on: 'score',
          step: 'e',
          arms: [
            { id: 'low', title: 'Hulp' },
            { id: 'high', title: 'Verder', from: 0.6 },
          ],
        },
      ],
    );
    const scores = [3, 7, 5].map((scoreGiven, minute) => ({
      assignmentId: id,
      stepId: ids[0] as string,
      scoreGiven,
      timestamp: `2026-11-20T10:0${minute}:00.000Z`,
      scoreId: `00000000-0000-4000-8000-00000000000${minute}`,
    }));
    const [aerts, peeters] = world.pupils;
    const [a, b, c] = scores as [(typeof scores)[0], (typeof scores)[0], (typeof scores)[0]];
    for (const [pupil, order] of [
      [aerts, [a, b, b, c]],
      [peeters, [c, a, b, a]],
    ] as const) {
      for (const score of order)
        await world.score({
          ...score,
          pupil,
          scoreId: `${score.scoreId.slice(0, -2)}${pupil === aerts ? 'a' : 'b'}${score.scoreId.slice(-1)}`,
        });
      // The best score counts, so that practising once more never leads back.
      expect(await trailOf(pupil, my)).toEqual(['Oefening done']);
      expect((await pupil.client.get(my)).body).toMatchObject({ complete: true, steps: [{ tries: 3, score: { given: 5 } }] });
    }
  });
});
