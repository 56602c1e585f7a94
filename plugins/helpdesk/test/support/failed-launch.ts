import type { Person, World } from './tickets.js';

let made = 0;

/** A launch of a tool that did not open: the page that the person sees, and its code. */
export async function failedLaunch(
  { portal, wegwijzer }: World,
  who: Person,
): Promise<{ page: string; code: string; address: string }> {
  made += 1;
  const key = `breuken-${made}`;
  const at = (path: string) => `https://tool.example/${path}`;
  const { url } = await portal.work('lti', async ({ registrations, launches }) => {
    await registrations.add({
      ...{ key, name: 'Breukenoefening', clientId: key, deploymentId: '1', loginUrl: at('login'), loginMethod: 'GET' },
      ...{ redirectUris: [at('launch')], jwksUrl: at('keys'), release: { name: false, email: false } },
    });
    return launches.start({
      ...{
        registration: key,
        targetLinkUri: at('launch'),
        resourceLinkId: key,
        title: 'Breuken',
        context: null,
        school: wegwijzer.id,
      },
      ...{ personId: who.personId, role: 'Learner', custom: {}, lineItem: null, returnPath: '/' },
    });
  });
  // It was not opened in time.
  await portal.work('lti', ({ knex }) => knex('launches').update({ expires_at: knex.raw(`now() - interval '1 minute'`) }));
  const address = new URL(url).pathname;
  const { body } = await who.get(address);
  const code = /\?code=([\w-]+)/.exec(String(body))?.[1] ?? '';
  // The trace is written shortly after the answer.
  for (let wait = 0; wait < 50; wait++) {
    const lines = await portal.work('lti', ({ knex }) => knex('trace_lines').where({ request_code: code }));
    if (lines.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { page: String(body), code, address };
}
