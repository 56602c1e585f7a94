import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import helpdesk from '@ilearn/plugin-helpdesk';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import notifications from '@ilearn/plugin-notifications';

const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;

export type Reader = TestClient & { personId: string };

/** A portal with two schools, two tool providers, somebody who writes for the helpdesk, and nobody's client. */
export async function knowledgePortal(uiFolder: string | null = null, more: readonly PluginDefinition[] = []) {
  const [one, two, three] = uiFolder === null ? [directory, library, lti].map(withoutPages) : [directory, library, lti];
  const plugins = [one, two, three, notifications, helpdesk, ...more] as PluginDefinition[];
  const portal = await createTestPlatform({ plugins, uiFolder });
  const [wegwijzer, linde] = [await school(portal, { name: 'De Wegwijzer' }), await school(portal, { name: 'Ter Linden' })];
  const [oefenhoek, rekenplein] = [
    await provider(portal, { name: 'Oefenhoek', kind: 'tool-provider' }),
    await provider(portal, { name: 'Rekenplein', kind: 'tool-provider' }),
  ];
  const klas = await schoolClass(portal, wegwijzer, { name: '3A' });
  const signedIn = async (id: string): Promise<Reader> => Object.assign(await portal.signIn(id), { personId: id });
  const at = async (place: typeof wegwijzer | typeof klas, givenName: string) =>
    signedIn((await teacher(portal, place, { givenName })).id);
  const of = async (place: typeof oefenhoek) => signedIn((await providerPerson(portal, place, { roles: ['tool-manager'] })).id);
  const writer = randomUUID();
  await portal.grant(writer, [{ tenant: null, role: 'helpdesk-agent' }]);
  return {
    portal,
    ...{ wegwijzer, linde, oefenhoek, rekenplein, klas },
    an: await at(klas, 'An'),
    els: await at(wegwijzer, 'Els'),
    bart: await at(linde, 'Bart'),
    noor: await signedIn((await pupil(portal, klas, { givenName: 'Noor' })).id),
    maker: await of(oefenhoek),
    otherMaker: await of(rekenplein),
    writer: await signedIn(writer),
    nobody: portal.client(),
  };
}
export type KnowledgeWorld = Awaited<ReturnType<typeof knowledgePortal>>;

const details = { audience: 'staff', topic: 'paths', tools: [], reviewBy: null };

/** An article that was written, reviewed and published; `upTo` stops earlier. */
export async function article(
  writer: TestClient,
  over: Record<string, unknown> = {},
  upTo: 'draft' | 'review' | 'published' = 'published',
): Promise<{ id: string; slug: string }> {
  const text = { language: 'nl', title: 'Zomaar een titel', summary: '', body: '' };
  const { body, status } = await writer.post('/api/helpdesk/articles', { ...details, ...text, ...over });
  if (status !== 201) throw new Error(JSON.stringify(body));
  const actions = { draft: [], review: ['submit'], published: ['submit', 'publish'] }[upTo];
  for (const action of actions) {
    const path = `/api/helpdesk/articles/${body.id}/drafts/${over['language'] ?? 'nl'}/actions`;
    const answer = await writer.post(path, { action, confirmAudience: true });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }
  return body;
}

/** A picture of so many pixels, as PNG. */
export const picture = (): File =>
  new File(
    [Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')],
    'scherm.png',
    { type: 'image/png' },
  );

/** Launches of a tool, as the LTI platform records them: so many, of which the first `failed` failed, in turn in these schools. */
export async function launches(
  portal: TestPlatform,
  key: string,
  { all, failed, schools, seconds = 1 }: { all: number; failed: number; schools: readonly string[]; seconds?: number },
): Promise<void> {
  await portal.work('lti', async ({ knex }) => {
    const [registration] = await knex('registrations').where({ key }).select('id');
    const rows = Array.from({ length: all }, (_, at) => ({
      registration_id: registration.id,
      school_id: schools[at % schools.length],
      person_id: randomUUID(),
      context_id: 'c',
      resource_link_id: 'r',
      login_hint: 'h',
      return_path: '/',
      state: at < failed ? 'failed' : 'consumed',
      failure: at < failed ? 'launch-expired' : null,
      expires_at: knex.raw("now() + interval '2 minutes'"),
      started_at: knex.raw('now() - make_interval(secs => ?)', [seconds]),
      consumed_at: at < failed ? null : knex.fn.now(),
    }));
    await knex('launches').insert(rows);
  });
}

/** A tool that the portal knows. */
export async function tool(portal: TestPlatform, key: string, name: string): Promise<void> {
  await portal.work('lti', ({ knex }) =>
    knex('registrations').insert({
      ...{ key, name, client_id: key, deployment_id: '1', login_url: 'https://tool.example/login', login_method: 'GET' },
      ...{ redirect_uris: ['https://tool.example/launch'], jwks_url: 'https://tool.example/jwks' },
      ...{ release_name: false, release_email: false },
    }),
  );
}
