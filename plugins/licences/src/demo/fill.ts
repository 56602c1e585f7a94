import type { Cradle } from '../cradle.js';
import { addDays, endOfSchoolYear } from '../days/brussels.js';

interface Made {
  /** The day around which the demonstration lies. */
  day: string;
  schools: { wegwijzer: string; terLinden: string };
  /** Ids by username. */
  people: Record<string, string>;
}

/** The exercise program of the demonstration, with its key in the library, and two that are only named here. */
const [oefenhoek, woordenbos, rekenrally] = [
  { key: 'practice', name: 'Oefenhoek' },
  { key: 'woordenbos', name: 'Woordenbos' },
  { key: 'rekenrally', name: 'Rekenrally' },
] as const;

/** Adds licences to the demonstration: one for both schools, one with seats that ends soon, and an offer that waits for an answer. */
export async function fillDemo(services: Cradle, { day, schools, people }: Made): Promise<void> {
  const { 'daan.verlinden': daan, 'noor.elamrani': noor } = people;
  if (daan === undefined) return;
  const { directory, licensedTools, plans, grants, requests, schoolLicences } = services;
  const provider = (await directory.providers.ofPerson(daan)).find(({ kind }) => kind === 'tool-provider');
  if (provider === undefined) return;
  for (const { key, name } of [oefenhoek, woordenbos, rekenrally]) await licensedTools.set(key, { provider: provider.id, name });

  const lastDay = endOfSchoolYear(addDays(day, 60));
  const forAll = await plans.add(provider.id, {
    ...{ name: 'Oefenhoek voor de hele school', tools: [oefenhoek.key] },
    ...{ startsOn: addDays(day, -90), endsOn: lastDay, graceDays: 14, seats: null, counts: 'pupils' },
    price: '€ 350 per school en schooljaar',
  });
  for (const school of Object.values(schools)) await grants.grantSchool(forAll, school);

  const withSeats = await plans.add(provider.id, {
    ...{ name: 'Woordenbos: proefperiode', tools: [woordenbos.key] },
    ...{ startsOn: addDays(day, -70), endsOn: addDays(day, 20), graceDays: 7, seats: 40, counts: 'pupils' },
    price: '€ 4 per leerling',
  });
  await grants.grantSchool(withSeats, schools.wegwijzer);
  const [klas] = noor === undefined ? [] : await directory.classes.ofPerson(noor, 'pupil');
  if (klas !== undefined) await schoolLicences.giveClass(schools.wegwijzer, withSeats, klas.id);

  const request = await requests.ask(schools.wegwijzer, {
    ...{ tool: rekenrally.key, seats: 120 },
    note: 'Voor het tweede en derde leerjaar, vanaf januari.',
  });
  await requests.offer(request, {
    ...{ startsOn: addDays(day, 30), endsOn: lastDay, graceDays: 14, seats: 120, counts: 'pupils' },
    ...{ price: '€ 3 per leerling, samen € 360', until: addDays(day, 30) },
    answer: 'Leraren gebruiken het gratis.',
  });
}
