import type { Cradle } from '../cradle.js';

interface Made {
  schools: { wegwijzer: string; terLinden: string };
  /** Ids by username. */
  people: Record<string, string>;
}

interface DemoTicket {
  /** Username. */
  asker: string;
  school: keyof Made['schools'];
  subject: string;
  text: string;
  tool?: string;
  line: 'school' | 'portal';
  priority?: number;
  labels?: string[];
  /** What the helpdesk answers, and what it does then. */
  answer?: { text: string; next: 'ask' | 'solve' | 'work' };
  /** What the asker writes after that. */
  reply?: string;
  note?: string;
}

/** Questions as schools ask them; everything in them is invented. */
const tickets: readonly DemoTicket[] = [
  {
    ...{ asker: 'lien.peeters', school: 'wegwijzer', line: 'portal', tool: 'practice', priority: 2, labels: ['openen'] },
    subject: 'Oefening over breuken blijft wit',
    text: 'Sinds vanmorgen blijft het scherm wit als leerlingen de oefening over breuken openen. Op mijn eigen laptop lukt het wel.',
    answer: { text: 'Dank je. Welke browser gebruiken de leerlingen, en is het op alle toestellen zo?', next: 'ask' },
    reply: 'Op de Chromebooks van het derde leerjaar, allemaal. Thuis lukte het gisteren nog.',
    note: 'Zelfde toestellen als vorige week bij een andere school. Nakijken of de filter van het netwerk iets tegenhoudt.',
  },
  {
    ...{ asker: 'lien.peeters', school: 'wegwijzer', line: 'school', labels: ['klaslijst'] },
    subject: 'Nieuwe leerling staat niet in klas 3A',
    text: 'Er kwam maandag een leerling bij in 3A. Die staat nog niet in de klaslijst en kan dus geen leerspoor krijgen.',
  },
  {
    ...{ asker: 'sofie.maes', school: 'wegwijzer', line: 'portal' },
    subject: 'Leerspoor kopiëren naar een andere klas',
    text: 'Kan ik een leerspoor dat een collega maakte overnemen zonder dat haar leerlingen meekomen?',
    answer: {
      text: 'Ja: kies in het leerspoor “Kopieer”. De kopie is van jou, en er hangen geen leerlingen of resultaten aan.',
      next: 'solve',
    },
  },
  {
    ...{ asker: 'bart.claes', school: 'terLinden', line: 'portal', priority: 3, labels: ['aanmelden'] },
    subject: 'Leerlingen raken niet aangemeld in de computerklas',
    text: 'Na de vakantie vraagt het portaal in de computerklas telkens opnieuw om aan te melden.',
    answer: { text: 'We kijken het na met jullie ICT-coördinator.', next: 'work' },
  },
];

const macros = [
  {
    ...{ title: 'Vraag naar het toestel', action: 'ask' as const, labels: [] },
    text: 'Kun je laten weten welk toestel en welke browser het zijn, en of het bij iedereen zo is?',
  },
  {
    ...{ title: 'Opgelost na verversen', action: 'solve' as const, labels: ['openen'] },
    text: 'Het probleem is verholpen. Ververs de pagina (F5) en probeer het opnieuw.',
  },
];

/** Adds questions of both schools in several states, and two standard answers of the portal's helpdesk. */
export async function fillTickets(services: Cradle, { schools, people }: Made): Promise<void> {
  const helper = people['beheer'];
  const as = <T>(id: string, tenant: string | null, role: string, act: (cradle: Cradle) => Promise<T>): Promise<T> =>
    services.actAs({ kind: 'person', id, roles: [{ tenant, role }], tenants: tenant === null ? '*' : [tenant] }, act);
  for (const each of tickets) {
    const asker = people[each.asker];
    if (asker === undefined) continue;
    const school = schools[each.school];
    const { id } = await as(asker, school, 'teacher', ({ ticketing }) =>
      ticketing.open({
        ...{ subject: each.subject, text: each.text, channel: 'portal', author: { personId: asker, email: null, name: null } },
        ...{ schoolId: school, toolKey: each.tool ?? null, line: each.line },
      }),
    );
    if (helper === undefined) continue;
    await as(helper, null, 'portal-administrator', async ({ ticketDesk, answering }) => {
      await ticketDesk.update(id, { priority: each.priority, labels: each.labels });
      if (each.note !== undefined) await answering.answer(id, { text: each.note, kind: 'note', next: 'none', seen: null }, []);
      if (each.answer !== undefined) {
        await answering.answer(id, { text: each.answer.text, kind: 'public', next: each.answer.next, seen: null }, []);
      }
    });
    if (each.reply === undefined) continue;
    const text = each.reply;
    await as(asker, school, 'teacher', ({ answering }) =>
      answering.answer(id, { text, kind: 'public', next: 'none', seen: null }, []),
    );
  }
  if (helper === undefined) return;
  await as(helper, null, 'portal-administrator', async ({ shortcuts }) => {
    for (const macro of macros) await shortcuts.addMacro({ ...macro, priority: null });
  });
}
