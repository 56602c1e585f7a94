import { createHash } from 'node:crypto';
import { definePlugin } from '@ilearn/core';
import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSchools } from './schools.js';

const heard: string[] = [];
/** A plugin that asks for consent, as a study does. */
const study = definePlugin({
  id: 'study',
  version: '1.0.0',
  requires: { directory: '^0.1.0', privacy: '^0.1.0' },
  on: {
    'privacy.consent-given': ({ payload }: any) => void heard.push(`given ${payload.version}`),
    'privacy.consent-withdrawn': ({ payload }: any) => void heard.push(`withdrawn ${payload.version}`),
  },
});

let portal: TestPlatform;
let people: Record<string, string>;
const as: Record<string, TestClient> = {};
beforeAll(async () => {
  const schools = await createSchools({ plugins: [study] });
  ({ portal, people } = schools);
  for (const who of ['piet', 'other', 'ann', 'bo', 'ali']) as[who] = await schools.signIn(who);
});
afterAll(() => portal?.stop());

const client = (who: string) => as[who] as TestClient;
const about = (who: string, rest = '') => `/api/privacy/people/${people[who]}${rest}`;
const kernel = async (text: string, values: unknown[] = []) =>
  (await (await portal.platform.home()).pool.query(text, values)).rows;

describe('an objection', () => {
  const standing = async (who: string, path: string) =>
    (await client(who).get(path)).body.purposes.filter(({ since }: any) => since !== null).map(({ id }: any) => id);

  test('is made and withdrawn by the person with one request, and recorded', async () => {
    const { body } = await client('bo').get('/api/privacy/own/objections');
    expect(body.purposes.map(({ id }: any) => id)).toEqual(expect.arrayContaining(['improvement', 'reports']));
    expect(body.purposes.map(({ id }: any) => id)).not.toContain('learning');
    expect(body.purposes.every(({ since, name, why }: any) => since === null && name !== '' && why !== '')).toBe(true);
    expect((await client('bo').put('/api/privacy/own/objections/improvement')).status).toBe(204);
    expect(await standing('bo', '/api/privacy/own/objections')).toEqual(['improvement']);
    expect(await standing('ali', '/api/privacy/own/objections')).toEqual([]);
    expect(await standing('piet', about('bo', '/objections'))).toEqual(['improvement']);
    expect(await kernel('select person_id, recorded_by, purpose from kernel.objections')).toEqual([
      { person_id: people['bo'], recorded_by: people['bo'], purpose: 'improvement' },
    ]);
    const { entries } = (await client('piet').get(about('bo', '/audit'))).body;
    expect(entries.map(({ doing }: any) => doing)).toContain('Tekende een bezwaar aan');
    expect((await client('bo').delete('/api/privacy/own/objections/improvement')).status).toBe(204);
    expect(await standing('bo', '/api/privacy/own/objections')).toEqual([]);
  });

  test('is recorded by the school for its people only, and not for other purposes', async () => {
    expect((await client('piet').put(about('bo', '/objections/reports'))).status).toBe(204);
    expect((await client('other').put(about('bo', '/objections/reports'))).status).toBe(404);
    expect((await client('ann').put(about('bo', '/objections/reports'))).status).toBe(403);
    expect((await client('bo').put('/api/privacy/own/objections/learning')).body.type).toBe('/problems/no-objection');
    expect(await kernel('select recorded_by, purpose from kernel.objections where withdrawn_at is null')).toEqual([
      { recorded_by: people['piet'], purpose: 'reports' },
    ]);
  });
});

test('a restriction is started and ended by the school, and stops everybody else from changing the person', async () => {
  for (const [who, status] of [
    ['ann', 403],
    ['bo', 403],
    ['other', 404],
    ['piet', 204],
  ] as const) {
    expect((await client(who).put(about('ali', '/restriction'), { ground: 'accuracy' })).status, who).toBe(status);
  }
  expect((await client('piet').get(about('ali', '/restriction'))).body.restriction).toMatchObject({ ground: 'accuracy' });
  const classes = async () => (await client('piet').get(about('ali'))).body.classes;
  expect((await classes()).length).toBeGreaterThan(0);
  // The officer still finds the person; colleagues no longer see them in a class.
  await portal.work('directory', async ({ knex }) => {
    expect(await knex('enrolments').where({ person_id: people['ali'] })).toEqual([]);
    expect(await knex('people').where({ id: people['ali'] }).update({ given_name: 'Alia' })).toBe(0);
  });
  expect((await client('piet').delete(about('ali', '/restriction'))).status).toBe(204);
  await portal.work('directory', async ({ knex }) => {
    expect((await knex('enrolments').where({ person_id: people['ali'] })).length).toBeGreaterThan(0);
  });
});

describe('a consent', () => {
  const texts = { nl: 'Mogen we je gegevens gebruiken?', en: 'May we use your data?', fr: 'Pouvons-nous utiliser les données ?' };
  const ask = (who: string, version: string) =>
    portal.work('study', ({ privacy }) => privacy.consents.ask({ person: people[who], purpose: 'research', version, texts }));
  const of = (who: string) =>
    portal.work('study', async ({ privacy }) => (await privacy.consents.of(people[who], 'research'))?.version ?? null);
  const questions = async (who: string) => (await client(who).get('/api/privacy/own/consents')).body;

  test('of somebody who is old enough is asked, given and withdrawn by themself, with proof', async () => {
    await ask('ann', '1');
    await ask('ann', '1');
    const { questions: asked, mayDecide } = await questions('ann');
    expect(mayDecide).toBe(true);
    expect(asked).toMatchObject([{ text: texts.nl, version: '1', answer: null }]);
    expect(await of('ann')).toBeNull();
    const path = `/api/privacy/own/consents/${asked[0].id}`;
    expect((await client('bo').put(path, { answer: 'given' })).status).toBe(404);
    expect((await client('ann').put(path, { answer: 'given' })).status).toBe(204);
    expect(await of('ann')).toBe('1');
    const proof = await kernel('select given_as, text_hash, recorded_by from kernel.consents');
    const hash = createHash('sha256').update(texts.nl).digest('hex');
    expect(proof).toEqual([{ given_as: 'self', text_hash: hash, recorded_by: people['ann'] }]);
    // What was agreed to does not hold for a new text.
    await ask('ann', '2');
    expect((await questions('ann')).questions.map(({ version, answer }: any) => [version, answer])).toEqual([
      ['2', null],
      ['1', 'given'],
    ]);
    expect((await client('ann').put(path, { answer: 'refused' })).status).toBe(204);
    expect(await of('ann')).toBeNull();
    await portal.drain();
    expect(heard).toEqual(['given 1', 'withdrawn 1']);
  });

  test('of a pupil who is too young is given by a parent, on paper or by a link that names nobody', async () => {
    await ask('bo', '1');
    const { questions: asked, mayDecide } = await questions('bo');
    expect(mayDecide).toBe(false);
    const own = `/api/privacy/own/consents/${asked[0].id}`;
    expect((await client('bo').put(own, { answer: 'given' })).body.type).toBe('/problems/privacy/parent-answers');
    expect(await of('bo')).toBeNull();
    const open = (await client('piet').get('/api/privacy/consents')).body.questions;
    expect(open.map(({ person }: any) => person)).toContain(people['bo']);
    expect((await client('other').get('/api/privacy/consents')).body.questions).toEqual([]);

    const link = about('bo', `/consents/${asked[0].id}/link`);
    expect((await client('other').post(link)).status).toBe(404);
    const first = (await client('piet').post(link)).body.url.split('/').at(-1);
    const token = (await client('piet').post(link)).body.url.split('/').at(-1);
    const address = (each: string) => `/api/privacy/consent-links/${each}`;
    const parent = portal.client();
    for (const wrong of [first, 'A'.repeat(43)]) expect((await parent.get(address(wrong))).status).toBe(404);
    const { body } = await parent.get(address(token));
    expect(body).toMatchObject({ text: texts.nl, answer: null });
    expect(JSON.stringify(body)).not.toContain('Bos');
    expect((await parent.put(address(token), { answer: 'given' })).status).toBe(204);
    expect(await of('bo')).toBe('1');
    expect(await kernel(`select given_as, recorded_by from kernel.consents where person_id = $1`, [people['bo']])).toEqual([
      { given_as: 'parent-link', recorded_by: null },
    ]);
    expect((await parent.put(address(token), { answer: 'refused' })).status).toBe(204);
    expect(await of('bo')).toBeNull();
    expect((await client('piet').put(about('bo', `/consents/${asked[0].id}`), { answer: 'given' })).status).toBe(204);
    expect(await of('bo')).toBe('1');
    // A pupil may always say no.
    expect((await client('bo').put(own, { answer: 'refused' })).status).toBe(204);
    expect(await of('bo')).toBeNull();
  });

  test('is withdrawn while the person is restricted, by themself and by a parent', async () => {
    await ask('ann', '3');
    await ask('bo', '2');
    const open = async (who: string, version: string) =>
      (await questions(who)).questions.find((each: any) => each.version === version);
    const [ann, bo] = [await open('ann', '3'), await open('bo', '2')];
    expect((await client('ann').put(`/api/privacy/own/consents/${ann.id}`, { answer: 'given' })).status).toBe(204);
    expect((await client('piet').put(about('bo', `/consents/${bo.id}`), { answer: 'given' })).status).toBe(204);
    const token = (await client('piet').post(about('bo', `/consents/${bo.id}/link`))).body.url.split('/').at(-1);
    for (const who of ['ann', 'bo']) await client('piet').put(about(who, '/restriction'), { ground: 'accuracy' });
    expect((await client('ann').put(`/api/privacy/own/consents/${ann.id}`, { answer: 'refused' })).status).toBe(204);
    expect((await portal.client().put(`/api/privacy/consent-links/${token}`, { answer: 'refused' })).status).toBe(204);
    for (const who of ['ann', 'bo']) await client('piet').delete(about(who, '/restriction'));
    expect([await of('ann'), await of('bo')]).toEqual([null, null]);
    expect([(await open('ann', '3')).answer, (await open('bo', '2')).answer]).toEqual(['refused', 'refused']);
    const standing = (version: string, who: string) =>
      portal.work('study', ({ privacy }) => privacy.consents.among([people[who]], { purpose: 'research', about: '', version }));
    expect([...(await standing('3', 'ann')), ...(await standing('2', 'bo'))]).toEqual([]);
  });

  test('can only be asked for a purpose that is based on it', async () => {
    const wrong = { person: people['bo'], purpose: 'learning', version: '1', texts };
    await expect(portal.work('study', ({ privacy }) => privacy.consents.ask(wrong))).rejects.toThrow('not based on consent');
  });
});
