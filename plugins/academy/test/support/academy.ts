import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import academy from '@ilearn/plugin-academy';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, school, teacher } from '@ilearn/plugin-directory/testing';
import notifications from '@ilearn/plugin-notifications';

// Pages are built apart from what is tested here.
const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;
export const plugins = [withoutPages(directory), notifications, withoutPages(academy)];

export type Person = TestClient & { personId: string };

interface Wish {
  /** Plugins besides the academy and what it needs. */
  more?: PluginDefinition[];
  config?: Record<string, unknown>;
  /** Folder of the built pages; null: no pages. */
  uiFolder?: string | null;
}

/** A portal with two schools and two training providers, each with their people. */
export async function academyPortal({ more = [], config = {}, uiFolder = null }: Wish = {}) {
  const own = uiFolder === null ? plugins : [directory, notifications, academy];
  const portal = await createTestPlatform({ plugins: [...own, ...more], config, uiFolder });
  const [kaai, leraar] = [await provider(portal, { name: 'De Kaai' }), await provider(portal, { name: 'Leraar & Co' })];
  const [wegwijzer, linde] = [await school(portal, { name: 'De Wegwijzer' }), await school(portal, { name: 'Ter Linden' })];
  const signedIn = async (personId: string): Promise<Person> => Object.assign(await portal.signIn(personId), { personId });
  const of = async (place: typeof kaai, role: string, givenName = 'Lut') =>
    signedIn((await providerPerson(portal, place, { roles: [role], givenName })).id);
  const at = async (place: typeof wegwijzer, role = 'teacher', givenName = 'An') => {
    const person = await teacher(portal, place, { givenName });
    await portal.grant(person.id, [{ tenant: place.id, role }]);
    return signedIn(person.id);
  };
  return {
    portal,
    ...{ kaai, leraar, wegwijzer, linde },
    planner: await of(kaai, 'planner'),
    trainer: await of(kaai, 'trainer'),
    otherPlanner: await of(leraar, 'planner'),
    an: await at(wegwijzer),
    principal: await at(wegwijzer, 'principal', 'Jan'),
    coordinator: await at(wegwijzer, 'ict-coordinator', 'Sofie'),
    bart: await at(linde, 'teacher', 'Bart'),
    otherPrincipal: await at(linde, 'principal', 'Piet'),
    at,
    of,
  };
}
export type World = Awaited<ReturnType<typeof academyPortal>>;

/** The calendar day so many days from now. */
export const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

let made = 0;

/** A published training of the planner's provider; returns its id. */
export async function training({ planner, kaai }: World, over: object = {}): Promise<string> {
  made += 1;
  const body = { title: `Leesvaardigheid ${made}`, state: 'published', ...over };
  const { body: answer, status } = await planner.post(`/api/academy/desk/providers/${kaai.id}/trainings`, body);
  if (status !== 201) throw new Error(JSON.stringify(answer));
  return answer.id;
}

/** An event of the training, thirty days from now unless told otherwise; returns its id. */
export async function event(
  { planner }: World,
  trainingId: string,
  over: Record<string, unknown> = {},
  days = 30,
): Promise<string> {
  const { body, status } = await planner.post(`/api/academy/desk/trainings/${trainingId}/events`, eventBody(over, days));
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

export const eventBody = (over: Record<string, unknown> = {}, days = 30) => ({
  capacity: 2,
  sessions: [{ day: inDays(days), starts: '14:00', ends: '16:00', room: 'Lokaal 3' }],
  ...over,
});

export const enrol = (who: Person, eventId: string, school: { id: string }, over: object = {}) =>
  who.post(`/api/academy/events/${eventId}/enrolments`, { school: school.id, ...over });

/** Moves an event, with its deadlines and offers, so many days towards the past, as if time had gone on. */
export async function passDays({ portal }: Pick<World, 'portal'>, eventId: string, days: number): Promise<void> {
  await portal.work('academy', async ({ knex }) => {
    const by = knex.raw('make_interval(secs => ?)', [days * 86_400]);
    const earlier = (column: string) => knex.raw('?? - ?', [column, by]);
    const columns = (...names: string[]) => Object.fromEntries(names.map((name) => [name, earlier(name)]));
    await knex('events')
      .where({ id: eventId })
      .update(columns('opens_at', 'closes_at', 'cancel_by', 'starts_at', 'ends_at'));
    await knex('sessions').where({ event_id: eventId }).update(columns('starts_at', 'ends_at'));
    await knex('enrolments').where({ event_id: eventId }).update(columns('offered_until', 'created_at'));
  });
}

/** States of an event by person, in the order of the queue and of sign-up. */
export const statesOf = (
  { portal }: Pick<World, 'portal'>,
  eventId: string,
): Promise<{ person_id: string | null; state: string; queue_no: string | null }[]> =>
  portal.work('academy', ({ knex }) =>
    knex('enrolments')
      .where({ event_id: eventId })
      .orderByRaw('queue_no nulls first, created_at, id')
      .select('person_id', 'state', 'queue_no', 'id'),
  );

/** How often each kind of notification was sent to the person. */
export async function heard({ portal }: Pick<World, 'portal'>, personId: string): Promise<Record<string, number>> {
  const rows: { kind: string; times: number }[] = await portal.work('notifications', ({ knex }) =>
    knex('notifications').where({ person_id: personId }).select('kind', 'times'),
  );
  const counts: Record<string, number> = {};
  for (const { kind, times } of rows) counts[kind.replace('academy.', '')] = (counts[kind.replace('academy.', '')] ?? 0) + times;
  return counts;
}
