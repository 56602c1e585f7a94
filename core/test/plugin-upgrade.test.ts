import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { renamePurposes } from '../dist/authoring/upgrade/rename-purposes.js';
import { renameTenants } from '../dist/authoring/upgrade/rename-tenants.js';

const folder = mkdtempSync(join(tmpdir(), 'ilearn-upgrade-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A plugin of before, and what becomes of each file. */
const files: Record<string, [before: string, after: string]> = {
  'src/tables.ts': [
    `const curriculum = { school: { none: 'public' } };
export const tables: Record<string, { school: SchoolRule }> = {
  notes: { school: 'school_id', people: { author_id: 'author' } },
  trips: {
    school: 'school_ids',
  },
  examples: { school: { column: 'school_id', nullMeansShared: true } },
};
`,
    `const curriculum = { tenant: { none: 'public' } };
export const tables: Record<string, { school: TenantRule }> = {
  notes: { tenant: 'school_id', people: { author_id: 'author' } },
  trips: {
    tenant: 'school_ids',
  },
  examples: { tenant: { column: 'school_id', nullMeansShared: true } },
};
`,
  ],
  'src/note-service.ts': [
    `import { forbidden, type Principal, type SchoolScope } from '@ilearn/core';
  async add(school: string, text: string) {
    const { id, schools } = this.#principal;
    if (schools !== '*' && !schools.includes(school)) throw forbidden();
    if (this.#principal.schools === '*') return;
    await this.#knex('notes').insert({ school_id: school, author_id: id, text });
    return actAs({ kind: 'tool', id, roles: [], schools: [school] }, fn);
`,
    `import { forbidden, type Principal, type TenantScope } from '@ilearn/core';
  async add(school: string, text: string) {
    const { id, tenants: schools } = this.#principal;
    if (schools !== '*' && !schools.includes(school)) throw forbidden();
    if (this.#principal.tenants === '*') return;
    await this.#knex('notes').insert({ school_id: school, author_id: id, text });
    return actAs({ kind: 'tool', id, roles: [], tenants: [school] }, fn);
`,
  ],
  'src/import.ts': [
    `import { Breath, type Principal } from '@ilearn/core';
async function read(rows: string[], breath: Breath) {
  for (const row of rows) if (breath.due()) await breath.take();
}
await read([], new Breath());
`,
    `import { Yielder, type Principal } from '@ilearn/core';
async function read(rows: string[], breath: Yielder) {
  for (const row of rows) if (breath.due()) await breath.yield();
}
await read([], new Yielder());
`,
  ],
  'src/page.ts': [
    `const school = this.session?.roles.find((role) => role.school !== null)?.school;
await client.post('/notes', { body: { school, text: this.text } });
`,
    `const school = this.session?.roles.find((role) => role.tenant !== null)?.tenant;
await client.post('/notes', { body: { school, text: this.text } });
`,
  ],
  'test/notes.test.ts': [
    `await portal.grant(person, [{ school, role }]);
await portal.grant(person, [{ school: world.school, role: 'teacher' }, { school: null, role: 'portal-administrator' }]);
const { body } = await teacher.post('/api/notes', { school, text: 'x' });
`,
    `await portal.grant(person, [{ tenant: school, role }]);
await portal.grant(person, [{ tenant: world.school, role: 'teacher' }, { tenant: null, role: 'portal-administrator' }]);
const { body } = await teacher.post('/api/notes', { school, text: 'x' });
`,
  ],
  'messages/en.json': [
    `{
  "schools": "Schools",
  "privacy": {
    "title": "Notes",
    "accounts": {
      "title": "Accounts",
      "schools": "a person may be in several"
    },
    "columns": {
      "schools": "schools"
    }
  },
  "page": {
    "schools": "Your schools"
  }
}
`,
    `{
  "schools": "Schools",
  "privacy": {
    "title": "Notes",
    "accounts": {
      "title": "Accounts",
      "tenants": "a person may be in several"
    },
    "columns": {
      "schools": "schools"
    }
  },
  "page": {
    "schools": "Your schools"
  }
}
`,
  ],
};

test('ilearn plugin upgrade renames what belongs to the kernel, leaves the plugin’s own words, and changes nothing the second time', () => {
  for (const [file, [before]] of Object.entries({ ...files, 'node_modules/x/index.js': ['{ school, role }'] })) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), before as string);
  }
  const changed = renameTenants(folder);
  expect(changed.length).toBeGreaterThan(10);
  for (const [file, [, after]] of Object.entries(files)) expect(readFileSync(join(folder, file), 'utf8'), file).toBe(after);
  expect(readFileSync(join(folder, 'node_modules/x/index.js'), 'utf8')).toBe('{ school, role }');
  expect(changed).toContainEqual({
    file: join('src', 'tables.ts'),
    line: 5,
    before: "school: 'school_ids',",
    after: "tenant: 'school_ids',",
  });
  expect(renameTenants(folder)).toEqual([]);
});

test('ilearn plugin upgrade makes the text about a table its use, leaves other purposes, and changes nothing the second time', () => {
  const plugin = mkdtempSync(join(tmpdir(), 'ilearn-upgrade-'));
  const code = (member: string) => `export const tables = {
  notes: {
    tenant: 'school_id',
    people: { author_id: 'author' },
    erase: { author_id: 'anonymise' }, // only the id
    ${member}: 'telling what goes on',
  },
};
const http = { hosts: ['api.example.org'], purpose: 'looking up words', sends: 'nothing' };
const key = (purpose: string) => secrets.key(purpose);
`;
  const messages = (member: string) => `{
  "purpose": "Purpose",
  "privacy": {
    "notes": { "title": "Notes", "${member}": "telling what goes on" },
    "reads": {
      "${member}": "knowing who read"
    },
    "outgoing-http": { "purpose": "looking up words" }
  }
}
`;
  writeFileSync(join(plugin, 'tables.ts'), code('purpose'));
  writeFileSync(join(plugin, 'nl.json'), messages('purpose'));
  expect(renamePurposes(plugin)).toHaveLength(3);
  expect(readFileSync(join(plugin, 'tables.ts'), 'utf8')).toBe(code('use'));
  expect(readFileSync(join(plugin, 'nl.json'), 'utf8')).toBe(messages('use'));
  writeFileSync(join(plugin, 'tables.ts'), code("purpose: 'learning',\n    use"));
  expect(renamePurposes(plugin)).toEqual([]);
  rmSync(plugin, { recursive: true });
});
