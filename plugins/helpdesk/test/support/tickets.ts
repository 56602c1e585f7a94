import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import helpdesk from '@ilearn/plugin-helpdesk';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import notifications from '@ilearn/plugin-notifications';

export type Person = TestClient & { personId: string };

/** A portal with two schools, two tool providers and a helper of the portal. */
export async function helpdeskPortal(uiFolder: string | null = null) {
  const portal = await createTestPlatform({ plugins: [directory, notifications, library, lti, helpdesk], uiFolder });
  const [wegwijzer, linde] = [await school(portal, { name: 'De Wegwijzer' }), await school(portal, { name: 'Ter Linden' })];
  const [oefenhoek, andere] = [
    await provider(portal, { name: 'Oefenhoek', kind: 'tool-provider' }),
    await provider(portal, { name: 'Rekenplein', kind: 'tool-provider' }),
  ];
  const klas = await schoolClass(portal, wegwijzer, { name: '3A' });
  const signedIn = async (personId: string): Promise<Person> => Object.assign(await portal.signIn(personId), { personId });
  const at = async (place: typeof wegwijzer | typeof klas, role = 'teacher', givenName = 'An', familyName = 'Peeters') => {
    const person = await teacher(portal, place, { givenName, familyName });
    if (role !== 'teacher') await portal.grant(person.id, [{ tenant: place.id, role }]);
    return signedIn(person.id);
  };
  const of = async (place: typeof oefenhoek) =>
    signedIn((await providerPerson(portal, place, { roles: ['first-line-helper'] })).id);
  const helper = async (givenName: string) => {
    const person = await teacher(portal, linde, { givenName, familyName: 'Helper' });
    await portal.grant(person.id, [{ tenant: null, role: 'helpdesk-agent' }]);
    return signedIn(person.id);
  };
  return {
    portal,
    ...{ wegwijzer, linde, oefenhoek, andere, klas },
    an: await at(klas),
    els: await at(wegwijzer, 'teacher', 'Els', 'Vervoort'),
    sofie: await at(wegwijzer, 'ict-coordinator', 'Sofie'),
    bart: await at(linde, 'teacher', 'Bart'),
    piet: await at(linde, 'ict-coordinator', 'Piet'),
    noor: await signedIn((await pupil(portal, klas, { givenName: 'Noor', familyName: 'El Amrani' })).id),
    agent: await helper('Greet'),
    colleague: await helper('Wim'),
    daan: await of(oefenhoek),
    eva: await of(andere),
  };
}
export type World = Awaited<ReturnType<typeof helpdeskPortal>>;

/** Asks the helpdesk; the answer of the route. */
export async function ask(who: Person, over: Record<string, string> = {}, files: File[] = []) {
  const form = new FormData();
  const question = { subject: 'Oefening blijft wit', text: 'Het scherm blijft wit bij breuken.', ...over };
  for (const [name, value] of Object.entries(question)) form.set(name, value);
  for (const file of files) form.append('files', file);
  const { status, body } = await who.post('/api/helpdesk/tickets', undefined, { multipart: form });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as { id: string; number: number; line: string; answerBy: string | null };
}

/** Writes in a ticket; the status, and the ticket that has the message. */
export function write(who: Person, id: string, text: string, over: Record<string, string> = {}, files: File[] = []) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ text, ...over })) form.set(name, value);
  for (const file of files) form.append('files', file);
  return who.post(`/api/helpdesk/tickets/${id}/messages`, undefined, { multipart: form });
}

export const read = async (who: Person, id: string) => (await who.get(`/api/helpdesk/tickets/${id}`)).body;
export const act = (who: Person, id: string, action: string) => who.post(`/api/helpdesk/tickets/${id}/actions`, { action });

/** The row of a ticket as it is stored. */
export const row = ({ portal }: Pick<World, 'portal'>, id: string) =>
  portal.work('helpdesk', ({ knex }) => knex('tickets').where({ id }).first());

export const steps = ({ portal }: Pick<World, 'portal'>, id: string): Promise<string[]> =>
  portal.work('helpdesk', ({ knex }) => knex('ticket_steps').where({ ticket_id: id }).orderBy('id').pluck('action'));

/** How often each kind of notification was sent to the person. */
export async function heard({ portal }: Pick<World, 'portal'>, personId: string): Promise<Record<string, number>> {
  const rows: { kind: string; times: number }[] = await portal.work('notifications', ({ knex }) =>
    knex('notifications').where({ person_id: personId }).select('kind', 'times'),
  );
  const counts: Record<string, number> = {};
  for (const { kind, times } of rows)
    counts[kind.replace('helpdesk.', '')] = (counts[kind.replace('helpdesk.', '')] ?? 0) + times;
  return counts;
}

/** Chooses settings of the helpdesk: of a school, or (null) of the portal. */
export const chooseSettings = ({ portal }: Pick<World, 'portal'>, tenant: string | null, values: Record<string, unknown>) =>
  portal.platform.runner.run({}, async () => {
    const { allSettings } = portal.platform;
    const version = (await allSettings.sections(tenant)).find(({ plugin }) => plugin === 'helpdesk')?.version as number;
    await allSettings.change({ plugin: 'helpdesk', tenant, version, values, reset: [] } as never);
  });
