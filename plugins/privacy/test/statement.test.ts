import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import academy from '@ilearn/plugin-academy';
import directory from '@ilearn/plugin-directory';
import helpdesk from '@ilearn/plugin-helpdesk';
import library from '@ilearn/plugin-library';
import login from '@ilearn/plugin-login';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import notifications from '@ilearn/plugin-notifications';
import privacy from '@ilearn/plugin-privacy';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readabilityOf } from './readability.js';

const readers = ['child', 'pupil', 'parent', 'teacher'] as const;
const languages = ['nl', 'en', 'fr'] as const;
const modules = [directory, login, library, lti, notifications, myway, academy, helpdesk];

let whole: TestPlatform;
let small: TestPlatform;
beforeAll(async () => {
  whole = await createTestPlatform({ plugins: [...modules, privacy] });
  small = await createTestPlatform({ plugins: [directory, login, library, privacy] });
});
afterAll(async () => {
  await small?.stop();
  await whole?.stop();
});

const statement = async (portal: TestPlatform, reader: string, language: string = 'nl') => {
  const { status, body } = await portal.client().get(`/api/privacy/statement?reader=${reader}&language=${language}`);
  expect(status).toBe(200);
  return body;
};
const linesOf = (of: { sections: { lines: string[] }[] }) => of.sections.flatMap(({ lines }) => lines);

describe('the statement', () => {
  test('is there for each reader in each language, without a key in place of a text', async () => {
    for (const reader of readers) {
      const texts = new Set<string>();
      for (const language of languages) {
        const body = await statement(whole, reader, language);
        expect(body.sections.length, `${reader} ${language}`).toBeGreaterThanOrEqual(5);
        for (const line of linesOf(body)) expect(line).not.toMatch(/\w\.\w+\.|\{\{|undefined/);
        texts.add(linesOf(body).join(' '));
        const adult = reader === 'parent' || reader === 'teacher';
        expect([body.purposes.length > 4, body.parts.length > 4]).toEqual([adult, adult]);
      }
      expect(texts.size).toBe(3);
    }
    expect((await whole.client().get('/api/privacy/statement?reader=robot')).status).toBe(400);
  });

  test('of a portal with directory, login and library only names no helpdesk, Academy or tool', async () => {
    const words = {
      nl: /helpdesk|academy|vorming|coach|oefenprogramma|schuilnaam/i,
      en: /helpdesk|academy|training|coach|exercise program/i,
      fr: /assistance|academy|formation|coach|programmes? d’exercices/i,
    };
    for (const reader of readers) {
      for (const language of languages) {
        expect(JSON.stringify(await statement(small, reader, language)), `${reader} ${language}`).not.toMatch(words[language]);
      }
    }
    expect(JSON.stringify(await statement(whole, 'teacher'))).toMatch(words.nl);
    expect(linesOf(await statement(small, 'child')).length).toBeLessThan(linesOf(await statement(whole, 'child')).length);
  });

  test('is linked from the pages of help and status, which need no account', async () => {
    for (const path of ['reader', 'status']) {
      for (const language of languages) {
        const { status, body } = await whole.client().get(`/api/helpdesk/${path}?taal=${language}`);
        expect([status, body]).toEqual([200, expect.stringContaining('<a href="/privacy">')]);
      }
    }
  });

  test('for a child has short sentences of easy words, and one for a pupil is not hard', async () => {
    const child = readabilityOf(linesOf(await statement(whole, 'child')));
    expect(child.longest).toBeLessThanOrEqual(12);
    expect(child.ease).toBeGreaterThan(80);
    expect(readabilityOf(linesOf(await statement(whole, 'pupil'))).ease).toBeGreaterThan(55);
    // The measure itself: a sentence of the law is hard.
    const law =
      'De verwerkingsverantwoordelijke verstrekt de betrokkene overeenkomstig artikel dertien alle informatie betreffende de verwerkingsdoeleinden.';
    expect(readabilityOf([law]).ease).toBeLessThan(10);
  });

  test('gets a new version when what it is made from changes, and says what changed', async () => {
    const note = () => small.work('privacy', ({ statementVersions }) => statementVersions.note());
    const list = () => small.work('privacy', ({ statementVersions }) => statementVersions.list('nl'));
    await note();
    await note();
    expect((await list()).map(({ number, changes }: any) => [number, changes])).toEqual([[1, []]]);
    await small.work('privacy', async ({ knex }) => {
      const { composition } = await knex('statement_versions').first();
      delete composition.modules.library;
      Object.assign(composition.purposes.learning.conditions, { basis: 'consent', recipients: 'users' });
      composition.data['directory.people'].purpose = 'reports';
      await knex('statement_versions').update({ composition: JSON.stringify(composition) });
    });
    await note();
    const [latest] = await list();
    expect(latest).toMatchObject({
      number: 2,
      changes: [
        { kind: 'module-added', name: 'Bibliotheek' },
        { kind: 'basis-changed', name: 'Een persoonlijke leeromgeving' },
        { kind: 'recipients-changed', name: 'Een persoonlijke leeromgeving' },
        { kind: 'data-purpose-changed', name: expect.any(String) },
      ],
    });
    // As versions were stored before conditions were apart.
    await small.work('privacy', async ({ knex }) => {
      const { composition } = await knex('statement_versions').where({ number: 2 }).first();
      for (const purpose of Object.values<any>(composition.purposes)) {
        const { controller, basis, special, recipients, objection } = purpose.conditions;
        purpose.terms = JSON.stringify([controller, basis, special || null, recipients.split(','), [], objection === 'true']);
        delete purpose.conditions;
      }
      await knex('statement_versions')
        .where({ number: 2 })
        .update({ composition: JSON.stringify(composition) });
    });
    await note();
    expect(await list()).toHaveLength(2);
    await small.work('privacy', async ({ knex }) => {
      const { composition } = await knex('statement_versions').where({ number: 2 }).first();
      const { learning } = composition.purposes;
      learning.terms = JSON.stringify(JSON.parse(learning.terms).with(1, 'consent'));
      await knex('statement_versions')
        .where({ number: 2 })
        .update({ composition: JSON.stringify(composition) });
    });
    await note();
    expect((await list())[0]?.changes).toEqual([{ kind: 'basis-changed', name: 'Een persoonlijke leeromgeving' }]);
  });
});

describe('the register', () => {
  const school = '11111111-1111-4111-8111-111111111111';
  const other = '22222222-2222-4222-8222-222222222222';
  const principal = '33333333-3333-4333-8333-333333333333';
  const administrator = '44444444-4444-4444-8444-444444444444';

  test('of the operator has what it decides and what it does for schools; that of a school has what the school decides', async () => {
    await whole.grant(administrator, [{ tenant: null, role: 'portal-administrator' }]);
    const admin = await whole.signIn(administrator);
    const { body } = await admin.get('/api/privacy/processing?language=en');
    const names = (of: { id: string }[]) => of.map(({ id }) => id);
    expect(names(body.asController)).toEqual(['safe-environment', 'rights-of-people', 'training', 'support', 'improvement']);
    expect(names(body.asProcessor)).toEqual(['learning']);
    for (const activity of [...body.asController, ...body.asProcessor]) {
      for (const each of ['name', 'why', 'controller', 'basis', 'people']) expect(activity[each], each).toMatch(/.{4,}/);
      for (const each of ['data', 'recipients', 'retention']) expect(activity[each].length, each).toBeGreaterThan(0);
    }
    expect(body.asProcessor[0].recipients).toContain('providers of exercise programs');
    const ofSchool = (await admin.get(`/api/privacy/processing?school=${school}`)).body;
    expect(names(ofSchool.asController)).toEqual(['rights-of-people', 'learning']);
    expect(ofSchool.asProcessor).toEqual([]);

    const csv = (await admin.get('/api/privacy/processing/table?language=nl')).body as string;
    expect(csv.split('\r\n').filter(Boolean)).toHaveLength(7);
    expect(csv).toContain('Als verwerker, in opdracht van scholen');
    const sheet = (await admin.get('/api/privacy/processing/sheet?language=fr')).body as string;
    expect(sheet).toContain('<html lang="fr">');
    expect(sheet).not.toMatch(/processing\.|src=|href=/);
  });

  test('is for principals that of their own school only', async () => {
    await whole.grant(principal, [{ tenant: school, role: 'principal' }]);
    const own = await whole.signIn(principal);
    for (const path of ['', '/table', '/sheet']) {
      expect((await own.get(`/api/privacy/processing${path}?school=${school}`)).status).toBe(200);
      expect((await own.get(`/api/privacy/processing${path}?school=${other}`)).status).toBe(403);
      expect((await own.get(`/api/privacy/processing${path}`)).status).toBe(403);
    }
    expect((await own.get('/api/privacy/processing/parties')).body.operator).toBe(false);
  });
});
