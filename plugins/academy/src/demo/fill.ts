import type { Cradle } from '../cradle.js';
import { eventInput, trainingInput } from '../shapes.js';
import { type DemoEvent, demoTrainings } from './trainings.js';

export interface Made {
  /** The day around which the demonstration lies. */
  day: string;
  schools: { wegwijzer: string; terLinden: string };
  /** Ids by username. */
  people: Record<string, string>;
}

interface Staff {
  id: string;
  school: string;
}

/** Adds trainings of the demonstration's providers, with events in the past and to come, and people who signed up. */
export async function fillDemo(services: Cradle, made: Made): Promise<void> {
  const staff = await staffOf(services, made);
  for (const { planner, events, ...input } of demoTrainings) {
    const personId = made.people[planner];
    if (personId === undefined) continue;
    const [provider] = await services.directory.providers.ofPerson(personId);
    if (provider === undefined) continue;
    const training = await services.trainings.create(provider.id, trainingInput.parse({ ...input, state: 'published' }));
    for (const { people = 0, ...event } of events) {
      const planned = await services.academyEvents.create(training.id, eventInput.parse(dated(event, made.day)));
      await enrolStaff(services, planned.id, staff.slice(0, people));
      await services.certificates.issue(planned.id);
    }
  }
  await fillCoaching(services, made);
}

/** Two coachings under way: one with hours that both sides confirmed, one that waits for the coach. */
async function fillCoaching({ actAs, directory }: Cradle, { schools, people, day }: Made): Promise<void> {
  const { 'lien.peeters': lien, 'bart.claes': bart, 'ilse.vandenbroeck': ilse, 'oksana.melnyk': oksana } = people;
  if (lien === undefined || bart === undefined || ilse === undefined || oksana === undefined) return;
  const [provider] = await directory.providers.ofPerson(ilse);
  if (provider === undefined) return;
  const as = <T>(id: string, tenant: string, role: string, act: (services: Cradle) => Promise<T>): Promise<T> =>
    actAs({ kind: 'person', id, roles: [{ tenant, role }], tenants: [tenant] }, act);
  const started = async (school: string, requester: string, goal: string) => {
    const wish = { school, provider: provider.id, goal, tool: 'MyWay', wishedMinutes: 480 };
    const { id } = await as(requester, school, 'teacher', ({ coachings }) => coachings.request(wish));
    await as(requester, school, 'principal', ({ coachings }) => coachings.act(id, 'approve'));
    await as(ilse, provider.id, 'planner', ({ coachings }) => coachings.propose(id, oksana, 480));
    return id;
  };
  const id = await started(schools.wegwijzer, lien, 'Leersporen gebruiken om in klas 3A te differentiëren.');
  await started(schools.terLinden, bart, 'Samen met het team afspraken maken over oefenen thuis.');
  await as(oksana, provider.id, 'coach', async ({ coachings, coachingLog }) => {
    await coachings.act(id, 'accept');
    for (const [week, minutes, kind, note] of [
      [-3, 120, 'visit', 'Lesbezoek en gesprek: waar lopen leerlingen vast?'],
      [-1, 90, 'online', 'Samen een leerspoor voor drie groepen gemaakt.'],
    ] as const) {
      await coachingLog.add(id, { day: dayIn(day, week, 1), minutes, kind, note, privateNote: '' });
    }
  });
  await as(lien, schools.wegwijzer, 'teacher', async ({ coachings, coachingLog }) => {
    const [first] = await coachingLog.of(await coachings.get(id));
    if (first !== undefined) await coachingLog.confirm(id, first.id);
  });
}

/** Staff of both schools in turn; those with an account first. */
async function staffOf({ directory }: Cradle, { schools, people }: Made): Promise<Staff[]> {
  const known = new Set(Object.values(people));
  const lists = await Promise.all(
    [schools.wegwijzer, schools.terLinden].map(async (school) => {
      const { people: found } = await directory.peopleSearch.find({ search: '', school, kind: 'staff', page: 1, size: 30 });
      return found
        .map(({ id }) => ({ id, school }))
        .sort((one, other) => Number(known.has(other.id)) - Number(known.has(one.id)));
    }),
  );
  const longest = Math.max(...lists.map(({ length }) => length));
  const inTurn = Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
  // Somebody may work in both schools.
  return [...new Map(inTurn.map((each) => [each.id, each])).values()];
}

/** Signs people up; two of those of an event that asks for approval wait for it, and past events have marks. */
async function enrolStaff({ transitions }: Cradle, eventId: string, staff: readonly Staff[]): Promise<void> {
  const byPortal = { actor: 'person', personId: null } as const;
  await transitions.of(eventId, async (locked) => {
    for (const [at, { id, school }] of staff.entries()) {
      const wish = { school, person: id, reservedBy: null };
      const asks = locked.event.approval !== 'none' && !locked.isOver;
      if (asks && at === 2) {
        await locked.add(wish, 'ask', byPortal);
        continue;
      }
      const enrolment = await locked.seatOrQueue(wish, byPortal);
      if (!locked.isOver) continue;
      const mark = at % 6 === 1 ? 'mark-no-show' : at % 6 === 3 ? 'mark-partial' : 'mark-attended';
      await locked.move(enrolment, mark, { actor: 'provider', personId: null });
    }
  });
}

function dated({ sessions, ...event }: DemoEvent, day: string) {
  return {
    ...event,
    sessions: sessions.map(({ week, weekday, ...session }) => ({ ...session, day: dayIn(day, week, weekday) })),
  };
}

/** The day so many weeks after the week of `day`; `weekday` 0 is Monday. */
function dayIn(day: string, week: number, weekday: number): string {
  const moment = new Date(`${day}T12:00:00Z`);
  const monday = (moment.getUTCDay() + 6) % 7;
  moment.setUTCDate(moment.getUTCDate() - monday + week * 7 + weekday);
  return moment.toISOString().slice(0, 10);
}
