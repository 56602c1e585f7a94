import { directory } from '@ilearn/plugin-directory/client';
import { privacy } from '@ilearn/plugin-privacy/client';
import { rosters } from '@ilearn/plugin-rosters/client';
import { signIn } from '@ilearn/plugin-sign-in-oidc/client';
import { mayOpen } from '@ilearn/ui';
import type { Step } from '../steps.js';

/** What is true of the steps of a school. A step is absent if its plugin is not there, the reader may not see it, or only people can say. */
export type Facts = Partial<Record<Step, boolean>>;

/** Schools of which more than the agreement is looked up, one request a plugin and school. */
const mostLooked = 10;

/** The facts by school, from the plugins that know them and with the reader's own rights. What cannot be had is left out. */
export async function factsOf(schools: readonly { school: string }[], signal: AbortSignal): Promise<Map<string, Facts>> {
  const facts = new Map<string, Facts>(schools.map(({ school }) => [school, {}]));
  const note = (school: string, fact: Facts) => Object.assign(facts.get(school) ?? {}, fact);
  const agreements = async () => {
    if (!mayOpen('/beheer/privacy/overeenkomsten')) return;
    const found = await privacy.get('/agreements', { query: {}, signal });
    for (const { school, state } of found.schools) note(school, { agreement: state === 'in-force' || state === 'renewed' });
  };
  const ofSchool = async (school: string) => {
    const { lastImport, staff } = await directory.get('/schools/:id', { params: { id: school }, signal });
    note(school, { roster: lastImport !== null, colleagues: staff > 1 });
    if (lastImport !== null || !mayOpen('/leerlinggegevens')) return;
    const { connection } = await rosters.get('/schools/:school/connection', { params: { school }, signal });
    note(school, { roster: connection !== null });
  };
  const ways = async (school: string) => {
    if (!mayOpen('/aanmeldwijzen')) return;
    const { used } = await signIn.get('/schools/:school/providers', { params: { school }, signal });
    note(school, { 'sign-in': used.length > 0 });
  };
  const looked = schools.slice(0, mostLooked).flatMap(({ school }) => [ofSchool(school), ways(school)]);
  await Promise.allSettled([agreements(), ...looked]);
  signal.throwIfAborted();
  return facts;
}
