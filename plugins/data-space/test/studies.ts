import { createHash } from 'node:crypto';
import { pupil, schoolClass } from '@ilearn/plugin-directory/testing';
import { beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { Calls } from './consumer.js';
import type { World } from './world.js';

const principalOfOther = '00000000-0000-4000-8000-000000000012';
const base = '/api/data-space';

/** The day so many days from now. */
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** A description of a study that is going on. */
export const study = (partner: string, changes: object = {}) => ({
  ...{ partner, title: 'Oefenen en onthouden', researcher: 'Prof. A. Onderzoeker, Universiteit', contact: 'studie@example.be' },
  ...{ why: 'Of vaker oefenen helpt.', ethics: 'Commissie 2026-17', measures: ['launches'], names: false },
  ...{ startsOn: day(-60), endsOn: day(180), ...changes },
});

/** Cases about studies, in a portal that other tests share. */
export function studyCases(worldOf: () => World): void {
  let world: World;
  let partner: { id: string; token: string };
  let stranger: { id: string; token: string };
  let klas: { id: string };
  /** Pupils of one class: three who are asked, and a restricted one. */
  let pupils: string[];
  let asked: string;

  const inside = <T>(work: (services: any) => Promise<T>): Promise<T> => world.portal.work('data-space', work);
  const decided = (what: (privacy: any) => Promise<unknown>) => world.portal.work('office', ({ privacy }) => what(privacy));
  const school = (at: number) => world.schools[at] as { id: string; instellingsnummer: string };
  const one = (at: number) => pupils[at] as string;

  const launch = async (personId: string, tool = 'maths') => {
    const person = { school: school(0).id, personId, role: 'Learner' as const };
    await world.portal.work('lti', ({ events }) => events.publish('launched', { ...person, tool, toolName: tool, released: [] }));
    await world.portal.drain();
  };
  const addPartner = async (name: string) => {
    const body = { participant: `did:web:${name}.example`, organisation: name };
    return (await world.steward.post(`${base}/partners`, body)).body;
  };
  /** An approved study which the first school lets ask the class. */
  const agreedStudy = async (changes: object = {}): Promise<string> => {
    const { body } = await world.steward.post(`${base}/studies`, study(partner.id, changes));
    expect((await world.steward.post(`${base}/studies/${body.id}/approve`, {})).status).toBe(204);
    const numbers = [school(0).instellingsnummer];
    expect((await world.steward.post(`${base}/studies/${body.id}/schools`, { numbers })).status).toBe(204);
    expect((await agree(body.id)).status).toBe(204);
    await world.portal.drain();
    await makeToken(body.id);
    return body.id;
  };
  const agree = (id: string, by = world.principal, at = 0, classes = [klas.id]) =>
    by.put(`${base}/school-studies/${id}/${school(at).id}`, { answer: 'agreed', classes });
  const questionOf = async (person: string, about: string) => {
    const found = await world.portal.work('privacy', ({ consents }) => consents.questionsTo(person));
    return found.find((each: { about: string }) => each.about === about);
  };
  /** A parent answers, by the link that an officer gave. */
  const answer = async (person: string, about: string, said: 'given' | 'refused') => {
    const { id } = await questionOf(person, about);
    const { body } = await world.principal.post(`/api/privacy/people/${person}/consents/${id}/link`);
    const token = body.url.split('/').at(-1);
    expect((await world.portal.client().put(`/api/privacy/consent-links/${token}`, { answer: said })).status).toBe(204);
    return token;
  };
  /** Of each study: what its researcher was given. */
  const tokens = new Map<string, string>();
  const makeToken = async (id: string): Promise<string> => {
    const { status, body } = await world.steward.post(`${base}/studies/${id}/token`, {});
    expect(status).toBe(201);
    tokens.set(id, body.token);
    return body.token;
  };
  const fetchData = (id: string, token = tokens.get(id) ?? null, weeks: object = { from: day(-300), to: day(300) }) =>
    new Calls(world.portal, token).call('POST', `/studies/${id}/deliveries`, weeks);
  const rowsOf = async (id: string) => {
    const { status, body } = await fetchData(id);
    expect(status).toBe(200);
    const [, ...lines] = String(body).replace('\uFEFF', '').trim().split('\r\n');
    return lines.map((line) => line.split(';'));
  };
  const kept = (id: string) =>
    inside(async ({ knex }) => ({
      people: await knex('study_participants').where({ study_id: id }).pluck('person_id'),
      acts: await knex('study_acts').where({ study_id: id }).orderBy('person_id').pluck('person_id'),
    }));

  beforeAll(async () => {
    world = worldOf();
    await world.portal.grant(principalOfOther, [{ tenant: school(1).id, role: 'principal' }]);
    klas = await schoolClass(world.portal, school(0));
    pupils = [];
    for (const givenName of ['Ann', 'Bo', 'Cem', 'Dina'])
      pupils.push((await pupil(world.portal, { id: klas.id, school: school(0).id }, { givenName, familyName: 'Zoeker' })).id);
    [partner, stranger] = [await addPartner('universiteit'), await addPartner('hogeschool')];
    await decided((privacy) => privacy.restrict(one(3), 'accuracy'));
    asked = await agreedStudy();
  });

  test('is approved as it was described, by those who act for the whole portal, and never changes after that', async () => {
    for (const wrong of [
      { endsOn: '2030-01-01' },
      { measures: [] },
      { measures: ['results'] },
      { startsOn: '0000-01-01' },
      { ethics: ' ' },
    ])
      expect((await world.steward.post(`${base}/studies`, study(partner.id, wrong))).status, JSON.stringify(wrong)).toBe(400);
    expect((await world.principal.get(`${base}/studies`)).status).toBe(403);
    const { body } = await world.steward.post(`${base}/studies`, study(partner.id));
    const approve = () => world.steward.post(`${base}/studies/${body.id}/approve`, {});
    const numbers = [school(0).instellingsnummer];
    expect((await world.steward.post(`${base}/studies/${body.id}/schools`, { numbers })).status, 'a draft asks nobody').toBe(409);
    expect((await Promise.all([approve(), approve()])).map(({ status }) => status).sort()).toEqual([204, 409]);
    for (const change of [{ why: 'Iets anders' }, { names: true }, { state: 'draft' }, { ends_on: '2027-10-01' }])
      await expect(inside(({ knex }) => knex('studies').where({ id: body.id }).update(change))).rejects.toThrow(/never changes/);
    expect((await world.steward.delete(`${base}/studies/${body.id}`)).status).toBe(409);
    await expect(inside(({ knex }) => knex('studies').where({ id: body.id }).delete())).rejects.toThrow(/stays/);
    expect((await world.steward.post(`${base}/studies/${body.id}/schools`, { numbers: ['000000'] })).status).toBe(404);
    await world.steward.post(`${base}/studies/${body.id}/end`, {});
  });

  test('asks the pupils of the classes that their school chose, and nobody else; no answer is a no', async () => {
    const other = await world.portal.signIn(principalOfOther);
    expect((await other.get(`${base}/school-studies`)).body, 'a school that was not asked').toEqual([]);
    expect((await agree(asked, other)).status, 'for another school').toBe(404);
    expect((await agree(asked, other, 1)).status, 'for a school that was not asked').toBe(404);
    expect((await agree(asked, world.principal, 0, [principalOfOther])).status, 'an unknown class').toBe(404);
    expect((await agree(asked, world.steward)).status).toBe(403);
    expect((await world.principal.get(`${base}/school-studies`)).body).toMatchObject([
      { study: { id: asked, ethics: 'Commissie 2026-17' }, state: 'agreed', classes: [klas.id] },
    ]);
    const { texts, heading, answer: said } = await questionOf(one(0), asked);
    expect(heading).toBe('Oefenen en onthouden');
    for (const told of ['universiteit', 'Prof. A.', 'Commissie 2026-17', 'Of vaker oefenen helpt'])
      expect(texts.nl).toContain(told);
    for (const text of Object.values(texts)) expect(text).not.toMatch(/\{\{|undefined/);
    expect(said).toBeNull();
    expect(await questionOf(one(3), asked), 'restricted').toBeUndefined();
    expect(await questionOf((world.pupils[0] as { id: string }).id, asked), 'not in the class').toBeUndefined();
    await launch(one(0));
    expect(await kept(asked)).toEqual({ people: [], acts: [] });
    expect(await rowsOf(asked)).toEqual([]);
  });

  test('gets what those did who said yes, from then on, and writes down who had what', async () => {
    const token = await answer(one(0), asked, 'given');
    await answer(one(1), asked, 'given');
    await answer(one(2), asked, 'refused');
    await world.portal.drain();
    for (const person of pupils) await launch(person);
    await launch(one(0));
    expect((await kept(asked)).acts).toEqual([one(0), one(1)].sort());
    for (const unknown of [null, `ilst_${'x'.repeat(40)}`, partner.token, stranger.token])
      expect((await fetchData(asked, unknown)).status, 'no token of a study').toBe(401);
    expect((await fetchData(asked, tokens.get(asked), { from: '2026-02-01', to: '2026-01-01' })).status).toBe(400);
    const rows = await rowsOf(asked);
    expect(rows.map(([, , measure, item, amount]) => [measure, item, amount]).sort()).toEqual([
      ['launches', 'maths', '1'],
      ['launches', 'maths', '2'],
    ]);
    const text = JSON.stringify(rows);
    for (const never of ['Zoeker', ...pupils, school(0).id]) expect(text).not.toContain(never);
    const own = (await world.portal.client().get(`${base}/consent-links/${token}`)).body;
    expect(own).toMatchObject({ state: 'approved', delivered: [{ rows: 1 }] });
    const self = await world.portal.signIn(one(0));
    expect((await self.get(`${base}/own/studies/${asked}`)).body).toEqual(own);
    const of = (client: typeof self, person: string) => client.get(`${base}/people/${person}/studies/${asked}`);
    expect((await of(world.principal, one(0))).body).toEqual(own);
    expect((await of(world.principal, one(2))).body.delivered).toEqual([]);
    expect((await of(await world.portal.signIn(principalOfOther), one(0))).status).toBe(404);
    expect((await of(self, one(1))).status).toBe(403);
    const { body } = await world.steward.get(`${base}/studies/${asked}/deliveries`);
    expect(body[0]).toMatchObject({ people: 2, rows: 2 });
    expect(JSON.stringify(body)).not.toContain(one(0));
  });

  test('gets nothing more of whoever withdraws, from that moment, and they still see who had what', async () => {
    const draft = await world.steward.post(`${base}/studies`, study(partner.id, { title: 'Een tweede', names: true }));
    expect(
      (await world.steward.post(`${base}/studies/${draft.body.id}/approve`, {})).body,
      'names beside pseudonyms',
    ).toMatchObject({
      status: 409,
      type: '/problems/data-space/names-join',
    });
    const namer = await addPartner('namen');
    const second = await agreedStudy({ title: 'Een tweede', names: true, partner: namer.id });
    const token = await answer(one(0), second, 'given');
    await world.portal.drain();
    await launch(one(0));
    expect(await rowsOf(second)).toEqual([
      [expect.any(String), 'Ann', 'Zoeker', 'De Wissel', expect.any(String), 'launches', 'maths', '1'],
    ]);
    const codes = (await rowsOf(asked)).map(([code]) => code);
    expect(codes, 'of this pupil among others').not.toEqual([]);
    expect(codes, 'pseudonyms of two studies do not meet').not.toContain((await rowsOf(second))[0]?.[0]);
    const parent = world.portal.client();
    // No event has been handled yet.
    expect((await parent.put(`/api/privacy/consent-links/${token}`, { answer: 'refused' })).status).toBe(204);
    expect(await rowsOf(second)).toEqual([]);
    expect((await rowsOf(asked)).length, 'a yes to another study stands').toBe(2);
    await world.portal.drain();
    expect(await kept(second)).toEqual({ people: [], acts: [] });
    expect((await kept(asked)).acts).toContain(one(0));
    expect((await parent.get(`${base}/consent-links/${token}`)).body.delivered.map(({ rows }: { rows: number }) => rows)).toEqual(
      [1, 1],
    );
    await world.steward.post(`${base}/studies/${second}/end`, {});
  });

  test('keeps nothing from before a withdrawal, also if another yes comes before anything was handled', async () => {
    const third = await agreedStudy({ title: 'Een derde' });
    const token = await answer(one(0), third, 'given');
    await world.portal.drain();
    await launch(one(0));
    expect(await rowsOf(third)).toHaveLength(1);
    const parent = world.portal.client();
    for (const said of ['refused', 'given', 'given'])
      expect((await parent.put(`/api/privacy/consent-links/${token}`, { answer: said })).status).toBe(204);
    expect(await rowsOf(third), 'no event has been handled yet').toEqual([]);
    await world.portal.drain();
    expect(await kept(third)).toEqual({ people: [one(0)], acts: [] });
    await launch(one(0));
    expect(await rowsOf(third)).toHaveLength(1);

    // The school takes the class away, and chooses another one.
    const other = await schoolClass(world.portal, school(0));
    expect((await agree(third, world.principal, 0, [other.id])).status).toBe(204);
    expect(await kept(third)).toEqual({ people: [], acts: [] });
    await world.portal.drain();
    await launch(one(0));
    expect(await kept(third)).toEqual({ people: [], acts: [] });

    // It refuses while its people are being asked: whichever comes first, nothing is kept.
    for (let round = 0; round < 5; round += 1) {
      expect((await agree(third)).status).toBe(204);
      await Promise.all([
        world.portal.drain(),
        inside(({ participants }) =>
          participants.act({ school: school(0).id, personId: one(0), measure: 'launches', item: 'maths' }),
        ),
        world.principal.put(`${base}/school-studies/${third}/${school(0).id}`, { answer: 'refused' }),
      ]);
      await world.portal.drain();
      expect(await kept(third)).toEqual({ people: [], acts: [] });
    }
    await world.steward.post(`${base}/studies/${third}/end`, {});
  });

  test('has a token of its own, shown once, and gets nothing more on the way once it is replaced', async () => {
    const { body } = await world.steward.post(`${base}/studies`, study(partner.id, { title: 'Een vierde' }));
    const ask = (by = world.steward) => by.post(`${base}/studies/${body.id}/token`, {});
    expect((await ask()).status, 'a draft').toBe(409);
    expect((await ask(world.principal)).status).toBe(403);
    expect((await world.steward.post(`${base}/studies/${body.id}/approve`, {})).status).toBe(204);
    const first = await makeToken(body.id);
    expect((await fetchData(asked, first)).status, 'the same partner, another study').toBe(404);
    expect(JSON.stringify((await world.steward.get(`${base}/studies`)).body)).not.toContain(first);
    const [kept] = await inside(({ knex }) => knex('study_tokens').where({ study_id: body.id }).select('token_hash'));
    expect(kept.token_hash.equals(createHash('sha256').update(first).digest()), 'only its hash is kept').toBe(true);
    const delivery = await inside(({ deliveries }) =>
      deliveries.begin(`Bearer ${first}`, body.id, { from: day(-14), to: day(0) }),
    );
    const next = () => inside(({ deliveries }) => deliveries.next(delivery, null));
    expect(await next()).toEqual({ rows: [], after: null });
    await makeToken(body.id);
    await expect(next()).rejects.toMatchObject({ status: 401 });
    expect((await fetchData(body.id, first)).status).toBe(401);
    expect(await rowsOf(body.id)).toEqual([]);
    // What happens to the token of the connector is no matter of the study.
    await inside(({ partners }) => partners.renew(partner.id, 0));
    expect(await rowsOf(body.id)).toEqual([]);
    await world.steward.post(`${base}/studies/${body.id}/end`, {});
  });

  test('gets nothing of people who object, are restricted or were erased', async () => {
    const all = (await rowsOf(asked)).length;
    const decisions = [
      [(privacy: any) => privacy.object(one(0), 'reports'), (privacy: any) => privacy.withdrawObjection(one(0), 'reports')],
      [(privacy: any) => privacy.restrict(one(0), 'claims'), (privacy: any) => privacy.endRestriction(one(0))],
    ] as const;
    for (const [decide, undo] of decisions) {
      await decided(decide);
      expect(await rowsOf(asked)).toHaveLength(all - 1);
      await decided(undo);
      expect(await rowsOf(asked)).toHaveLength(all);
    }
    // What cannot be deleted while somebody is restricted is deleted by night, once that has ended.
    const second = await agreedStudy({ title: 'Nog een' });
    await answer(one(0), second, 'given');
    await world.portal.drain();
    await launch(one(0));
    await decided((privacy) => privacy.restrict(one(0), 'claims'));
    const { id: question } = await questionOf(one(0), second);
    await world.principal.put(`/api/privacy/people/${one(0)}/consents/${question}`, { answer: 'refused' });
    await world.portal.drain();
    expect(await rowsOf(second)).toEqual([]);
    await decided((privacy) => privacy.endRestriction(one(0)));
    const tidy = () => inside(({ participants }) => participants.tidy());
    expect(await rowsOf(second)).toEqual([]);
    await tidy();
    expect(await kept(second)).toEqual({ people: [], acts: [] });
    expect((await kept(asked)).acts, 'others stay').toContain(one(0));
    await erase(world.portal, one(1));
    expect(await rowsOf(asked)).toHaveLength(all - 1);
    expect(
      await inside(({ knex }) =>
        knex('study_delivered')
          .where({ person_id: one(1) })
          .select('study_id'),
      ),
    ).toEqual([]);
  });

  test('gets nothing of a school that stops, nothing after a partner is stopped, and nothing once it is ended', async () => {
    const stop = () => world.principal.put(`${base}/school-studies/${asked}/${school(0).id}`, { answer: 'refused' });
    expect((await stop()).status).toBe(204);
    expect(await kept(asked)).toEqual({ people: [], acts: [] });
    expect(await rowsOf(asked)).toEqual([]);
    await agree(asked);
    await world.portal.drain();
    expect((await kept(asked)).people, 'their yes still stands').toEqual([one(0)]);
    await launch(one(0));
    expect(await rowsOf(asked)).toHaveLength(1);
    await inside(({ knex }) =>
      knex('study_deliveries').insert(
        Array.from({ length: 50 }, () => ({ study_id: asked, from_week: day(0), to_week: day(0) })),
      ),
    );
    expect((await fetchData(asked)).status, 'fifty in a day').toBe(429);
    expect((await world.steward.post(`${base}/studies/${asked}/end`, {})).status).toBe(204);
    expect((await fetchData(asked)).status).toBe(409);
    expect(await kept(asked)).toEqual({ people: [], acts: [] });
    await answer(one(0), asked, 'given');
    await world.portal.drain();
    expect((await kept(asked)).people, 'a yes to what has ended').toEqual([]);
    await world.steward.post(`${base}/partners/${partner.id}/stop`, {});
    expect((await fetchData(asked)).status).toBe(401);
    expect((await world.steward.post(`${base}/studies`, study(partner.id))).status).toBe(409);
  });
}
