import { createPublicKey } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
// A verifier that nobody here wrote, and another library than the one that signs.
import jwt from 'jsonwebtoken';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { erase } from '../../../core/test/support/erase.js';
import { academyPortal, enrol, event, eventBody, heard, type Person, passDays, training, type World } from './support/academy.js';

let world: World;
let eventId: string;
let present: Person;
let absent: Person;
beforeAll(async () => {
  world = await academyPortal();
  present = await world.at(world.wegwijzer, 'teacher', 'Zoë');
  absent = await world.at(world.wegwijzer);
  const id = await training(world, { title: 'Begrijpend lezen', goals: 'Lessen opbouwen', minutes: 180 });
  eventId = await event(world, id);
  const ids = [];
  for (const who of [present, absent]) ids.push((await enrol(who, eventId, world.wegwijzer)).body.id);
  await passDays(world, eventId, 31);
  await world.trainer.put(`/api/academy/desk/enrolments/${ids[0]}/mark`, { mark: 'attended' });
  await world.trainer.put(`/api/academy/desk/enrolments/${ids[1]}/mark`, { mark: 'no_show' });
});
afterAll(() => world?.portal.stop());

const issue = () => world.planner.post(`/api/academy/desk/events/${eventId}/certificates`);
const own = async (who: Person) => (await who.get('/api/academy/my-certificates')).body.certificates;
const anyone = () => world.portal.client();
const verified = async (code: string) => (await anyone().get(`/api/academy/verify/${code}`)).body;

/** The claims of a signed credential, by the published keys. */
async function claimsOf(path: string): Promise<any> {
  const token = String((await anyone().get(path)).body);
  const { keys } = (await anyone().get('/api/academy/keys')).body;
  const { kid } = jwt.decode(token, { complete: true })?.header ?? {};
  const key = createPublicKey({ key: keys.find((each: { kid: string }) => each.kid === kid), format: 'jwk' });
  return jwt.verify(token, key, { algorithms: ['RS256'] });
}

/** Whether the status list says that the credential was revoked: Bitstring Status List v1.0 section 3.2. */
async function isRevoked({ credentialStatus }: any): Promise<boolean> {
  const { credentialSubject } = await claimsOf(new URL(credentialStatus.statusListCredential).pathname);
  expect(credentialSubject).toMatchObject({ type: 'BitstringStatusList', statusPurpose: credentialStatus.statusPurpose });
  const bits = gunzipSync(Buffer.from(credentialSubject.encodedList.slice(1), 'base64url'));
  expect(bits.length * 8).toBeGreaterThanOrEqual(131_072);
  const index = Number(credentialStatus.statusListIndex);
  return ((bits[index >> 3] as number) & (0x80 >> (index & 7))) !== 0;
}

test('A16: issuing again gives no second certificate and no second mail, and none to who was absent', async () => {
  expect((await issue()).body).toEqual({ issued: 1 });
  expect((await issue()).body).toEqual({ issued: 0 });
  expect(await own(present)).toHaveLength(1);
  expect(await own(absent)).toEqual([]);
  expect(await heard(world, present.personId)).toMatchObject({ certificate: 1 });
  expect((await world.otherPlanner.post(`/api/academy/desk/events/${eventId}/certificates`)).status).toBe(404);
  expect((await world.otherPlanner.get(`/api/academy/desk/events/${eventId}/certificates`)).body.certificates).toEqual([]);
});

test('A18: the public page has every signed claim, so that a forged paper with a real number is seen', async () => {
  const [{ code }] = await own(present);
  const shown = await verified(code);
  const claims = await claimsOf(`/api/academy/verify/${code}/credential`);
  const { credentialSubject: subject } = claims;
  expect(claims.type).toContain('OpenBadgeCredential');
  expect(claims).toMatchObject({
    name: shown.title,
    issuer: { id: shown.issuer, name: shown.providerName },
    validFrom: shown.issuedAt,
  });
  expect(subject.identifier[0].identityHash).toBe(shown.holderName);
  expect(subject.creditsEarned * 60).toBe(shown.minutes);
  expect(subject.activityEndDate.slice(0, 10)).toBe(shown.heldOn);
  expect(subject.achievement).toMatchObject({ name: shown.title, description: shown.goals });
  expect(claims.jti).toContain(code);
  const issuer = (await anyone().get(new URL(claims.issuer.id).pathname)).body;
  expect(issuer).toEqual(claims.issuer);
  expect(await isRevoked(claims)).toBe(false);
  const token = String((await anyone().get(`/api/academy/verify/${code}/credential`)).body);
  const [head, body, signature] = token.split('.') as [string, string, string];
  const forged = JSON.parse(Buffer.from(body, 'base64url').toString());
  forged.name = 'Doctor in het lezen';
  const { keys } = (await anyone().get('/api/academy/keys')).body;
  const key = createPublicKey({ key: keys[0], format: 'jwk' });
  expect(() =>
    jwt.verify(`${head}.${Buffer.from(JSON.stringify(forged)).toString('base64url')}.${signature}`, key, {
      algorithms: ['RS256'],
    }),
  ).toThrow('invalid signature');
  expect((await anyone().get('/api/academy/verify/AAAAAAAAAAAAAA')).status).toBe(404);
});

test('the PDF is tagged, in Dutch, and carries the name and the address of the public page', async () => {
  const [{ id, code }] = await own(present);
  const bytes = new Uint8Array((await present.get(`/api/academy/my-certificates/${id}/pdf`)).bytes);
  const raw = Buffer.from(bytes).toString('latin1');
  expect(raw).toContain('/Marked true');
  expect(raw).toContain('/Lang (nl-BE)');
  expect(raw).toMatch(/\/S \/H1\b/);
  const pdf = await getDocumentProxy(bytes);
  const page = await pdf.getPage(1);
  const text = (await page.getTextContent()).items.map((item) => ('str' in item ? item.str : '')).join(' ');
  expect(text).toContain('Zoë');
  expect(text).toContain(`/attest/${code}`);
  expect((await absent.get(`/api/academy/my-certificates/${id}/pdf`)).status).toBe(404);
});

test('A17: what was issued does not change; another replaces it with a reason, and the former says so for ever', async () => {
  const [before] = await own(present);
  const signed = (await anyone().get(`/api/academy/verify/${before.code}/credential`)).body;
  const { body: desk } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
  await world.planner.put(`/api/academy/desk/trainings/${desk.training}`, { title: 'Een nieuwe titel', state: 'published' });
  expect(await verified(before.code)).toMatchObject({ title: 'Begrijpend lezen', revokedAt: null });
  const replace = (who: Person, reason: string) =>
    who.post(`/api/academy/desk/certificates/${before.id}/replacement`, { reason });
  expect((await replace(world.planner, '')).status).toBe(422);
  expect((await replace(world.otherPlanner, 'Overname')).status).toBe(404);
  expect((await replace(world.trainer, 'Naam')).status).toBe(403);
  const { body: next } = await replace(world.planner, 'De naam was fout.');
  expect(next).toMatchObject({ title: 'Een nieuwe titel', revokedAt: null });
  expect(await verified(before.code)).toMatchObject({
    revokedReason: 'De naam was fout.',
    replacedBy: next.code,
    title: 'Begrijpend lezen',
  });
  expect((await anyone().get(`/api/academy/verify/${before.code}/credential`)).body).toBe(signed);
  expect(await isRevoked(await claimsOf(`/api/academy/verify/${before.code}/credential`))).toBe(true);
  expect(await isRevoked(await claimsOf(`/api/academy/verify/${next.code}/credential`))).toBe(false);
  await world.planner.post(`/api/academy/desk/certificates/${next.id}/revocation`, { reason: 'Toch niet aanwezig.' });
  expect((await verified(next.code)).revokedAt).not.toBeNull();
  expect((await issue()).body).toEqual({ issued: 0 });
});

test('an evaluation is given once by who attended, and shown without names from five answers on', async () => {
  const id = await event(world, await training(world));
  await world.planner.put(`/api/academy/desk/events/${id}`, eventBody({ capacity: 6 }));
  const people: Person[] = [];
  for (let each = 0; each < 5; each++) people.push(await world.at(world.wegwijzer));
  const ids: string[] = [];
  for (const who of people) ids.push((await enrol(who, id, world.wegwijzer)).body.id);
  const answer = (who: Person) =>
    who.post(`/api/academy/my-learning/${id}/evaluation`, { useful: 5, clear: 4, again: 5, remark: 'Top' });
  expect((await answer(people[0] as Person)).status).toBe(409);
  await passDays(world, id, 31);
  for (const each of ids) await world.trainer.put(`/api/academy/desk/enrolments/${each}/mark`, { mark: 'attended' });
  const shown = async (who = world.planner) => (await who.get(`/api/academy/desk/events/${id}/evaluation`)).body;
  for (const who of people.slice(0, 4)) expect((await answer(who)).status).toBe(204);
  expect((await answer(people[0] as Person)).status).toBe(409);
  expect(await shown()).toEqual({ answers: 4, scores: null, remarks: [] });
  await answer(people[4] as Person);
  const result = await shown();
  expect(result).toMatchObject({ answers: 5, remarks: ['Top', 'Top', 'Top', 'Top', 'Top'] });
  expect(result.scores[0]).toEqual({ question: 'useful', counts: [0, 0, 0, 0, 5] });
  expect((await world.otherPlanner.get(`/api/academy/desk/events/${id}/evaluation`)).status).toBe(404);
  const columns = await world.portal.work('academy', ({ knex }) => knex('evaluations').first());
  for (const who of people) expect(JSON.stringify(columns)).not.toContain(who.personId);
});

test('erasing the person takes the name and the proof away; the number goes on to say that the certificate was there', async () => {
  const [{ code }] = await own(present);
  await erase(world.portal, present.personId);
  expect(await verified(code)).toMatchObject({ erased: true, holderName: '', title: 'Een nieuwe titel' });
});
