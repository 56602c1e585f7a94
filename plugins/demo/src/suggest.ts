import type { Cradle } from './cradle.js';
import { suggestions } from './notification-kinds.js';
import type { Made } from './seed.js';

const recipients: Record<keyof typeof suggestions, readonly string[]> = {
  'see-who-is-stuck': ['lien.peeters', 'bart.claes'],
  'check-the-import': ['sofie.maes'],
  'answer-a-parent': ['jan.goossens'],
  'see-your-provider': ['ilse.vandenbroeck', 'daan.verlinden'],
  'look-at-modules': ['beheer'],
};

/** Tells people with an account what they could look at, in their bell. */
export async function suggest({ notifications }: Cradle, { people }: Made): Promise<void> {
  for (const [name, usernames] of Object.entries(recipients)) {
    const to = usernames.map((username) => people.get(username) as string);
    const { place } = suggestions[name as keyof typeof suggestions];
    await notifications?.notify.send({ kind: `demo.${name}`, to, place });
  }
}
