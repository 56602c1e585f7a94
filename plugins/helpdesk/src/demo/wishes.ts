import type { Cradle } from '../cradle.js';
import type { WishState } from '../wishes/states.js';

interface Made {
  schools: { wegwijzer: string; terLinden: string };
  /** Ids by username. */
  people: Record<string, string>;
}

interface DemoWish {
  /** Usernames: who made it, and who wants it too. */
  author: string;
  others: string[];
  title: string;
  text: string;
  /** What the makers of the portal answer. */
  answer?: { state: WishState; text: string };
}

const schoolOf: Record<string, keyof Made['schools']> = {
  'lien.peeters': 'wegwijzer',
  'sofie.maes': 'wegwijzer',
  'jan.goossens': 'wegwijzer',
  'bart.claes': 'terLinden',
};

/** Wishes as schools have them; everything in them is invented. */
const wishes: readonly DemoWish[] = [
  {
    ...{ author: 'lien.peeters', others: ['bart.claes', 'jan.goossens'], title: 'Een leerspoor afdrukken als werkblad' },
    text: 'Voor leerlingen die thuis geen computer hebben. De opdrachten en een plaats om te schrijven volstaan.',
    answer: { state: 'planned', text: 'Goed idee. We maken eerst een eenvoudig blad met de teksten en de taken.' },
  },
  {
    ...{ author: 'bart.claes', others: ['lien.peeters'], title: 'Een overzicht van een leerling over alle vakken' },
    text: 'Voor het oudercontact wil ik op één blad zien wat een leerling dit jaar deed.',
    answer: { state: 'underway', text: 'Hier werken we aan. Laat gerust weten wat er zeker op moet.' },
  },
  {
    ...{ author: 'sofie.maes', others: ['bart.claes'], title: 'Kaartjes afdrukken op stickervellen' },
    text: 'Dan kleven we ze meteen in de agenda.',
  },
  {
    ...{ author: 'jan.goossens', others: [], title: 'Resultaten vergelijken met andere scholen' },
    text: 'Hoe doen onze klassen het naast die van anderen?',
    answer: {
      state: 'declined',
      text: 'Dat doen we niet: resultaten van leerlingen zijn er om te leren, niet om scholen te rangschikken.',
    },
  },
];

/** Adds wishes with voices and answers, an outage that is over, and what readers said of articles. */
export async function fillWishes(services: Cradle, made: Made): Promise<void> {
  const { actAs, knex } = services;
  const as = <T>(username: string, act: (services: Cradle) => Promise<T>): Promise<T> | undefined => {
    const [id, place] = [made.people[username], schoolOf[username]];
    if (id === undefined || place === undefined) return undefined;
    const tenant = made.schools[place];
    return actAs({ kind: 'person', id, roles: [{ tenant, role: 'teacher' }], tenants: [tenant] }, act);
  };
  for (const { author, others, title, text, answer } of wishes) {
    const id = await as(author, (own) => own.wishes.add({ title, text, toolKey: null }));
    if (id === undefined) continue;
    // Nobody is notified of what the demonstration answers.
    await as(author, (own) => own.wishes.setVoice(id, { votes: true, follows: false }));
    for (const other of others) await as(other, (own) => own.wishes.setVoice(id, { votes: true, follows: false }));
    if (answer !== undefined) await services.wishes.answer(id, answer.state, answer.text);
  }
  await knex('outages').insert({
    ...{ tools: ['practice'], severity: 'down', public_text: 'Het oefenprogramma ging een uur niet open. Het werkt weer.' },
    started_at: knex.raw("now() - interval '2 days 1 hour'"),
    ended_at: knex.raw("now() - interval '2 days'"),
  });
  await knex.raw(
    `insert into article_votes (article_id, language, month, helped, not_helped)
     select id, 'nl', date_trunc('month', now())::date, 12, 3 from articles where slug = 'aanmelden'
     union all select id, 'nl', date_trunc('month', now())::date, 2, 5 from articles where slug = 'wachtlijst'
     on conflict do nothing`,
  );
}
