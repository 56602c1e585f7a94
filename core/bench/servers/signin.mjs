// The kernel with accounts that sign in, beside the benchmark's route for those who are in.
import { createTestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import login, { preparePassword } from '@ilearn/plugin-login';
import { createPlugins } from '../plugins.mjs';
import { NOTE, PERSON, TENANT } from './notes.mjs';

const count = Number(process.argv[2]);
const text = 'krijt-en-bord-3a';
const plugins = [...createPlugins(1), directory, login].map(({ ui: _pages, ...server }) => server);
const platform = await createTestPlatform({ plugins, settings: { databaseConnections: 10, logLevel: 'warn' } });
await platform.work('notes', ({ knex }) => knex('notes').insert({ id: NOTE, school_id: TENANT, text: 'the note' }));
await platform.grant(PERSON, [{ tenant: TENANT, role: 'teacher' }]);
const password = await preparePassword(text);
await platform.work('login', async ({ directory, accounts }) => {
  const roles = [{ tenant: null, role: 'portal-administrator' }];
  for (let each = 0; each < count; each++) {
    const personId = await directory.people.create({ givenName: 'Noor', familyName: 'Peeters', kind: 'staff', roles });
    await accounts.set({ personId, username: `pupil-${each}`, password });
  }
});
const session = await platform.signIn(PERSON);
process.once('SIGINT', () => process.exit(0));
process.send({
  origin: platform.url,
  url: `${platform.url}/api/notes/notes/${NOTE}`,
  cookie: `ilearn=${session.cookie('ilearn')}`,
  password: text,
});
