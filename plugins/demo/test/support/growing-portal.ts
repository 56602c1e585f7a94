import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import practice from '@ilearn/plugin-connector-practice';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import login from '@ilearn/plugin-login';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import operations from '@ilearn/plugin-operations';
import privacy from '@ilearn/plugin-privacy';
import search from '@ilearn/plugin-search';

export const servedPlugins: PluginDefinition[] = [directory, login, library, lti, myway, practice, operations, privacy, search];

/** Kinds of rows. An id shows of which kind and row it is. */
type Kind =
  | 'school'
  | 'class'
  | 'group'
  | 'pupil'
  | 'activity'
  | 'path'
  | 'step'
  | 'assignment'
  | 'registration'
  | 'item'
  | 'guest'
  | 'provider';
const kinds: Kind[] = [
  'school',
  'class',
  'group',
  'pupil',
  'activity',
  'path',
  'step',
  'assignment',
  'registration',
  'item',
  'guest',
  'provider',
];
export const idOf = (kind: Kind, n: number): string =>
  `${String(kinds.indexOf(kind) + 1).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

/** Teaches every class, runs every school, and is the portal's administrator. */
export const teacher = '99999999-0000-4000-8000-000000000001';
export const school = idOf('school', 0);
export const pupil = idOf('pupil', 0);
export const scheme = 'https://example.org/scheme/0';
export const conceptUri = (n: number): string => `https://example.org/concept/${n}`;
const context = 'context';
/** Maximum number of their own sessions that a person is shown. */
const shownSessions = 50;

export interface GrowingPortal {
  portal: TestPlatform;
  /** Bearer token of a tool. */
  token: string;
  /** Fills each table that a route lists up to this number of rows. */
  grow(to: number): Promise<void>;
}

const year = () => {
  const now = new Date();
  const begin = now.getMonth() >= 8 ? now.getFullYear() : now.getFullYear() - 1;
  return { name: `${begin}-${begin + 1}`, starts_on: `${begin}-09-01`, ends_on: `${begin + 1}-08-31` };
};

/** A portal in which every list can be made to grow. Only {@link teacher} and {@link pupil} act in it. */
export async function startGrowingPortal(): Promise<GrowingPortal> {
  const portal = await createTestPlatform({ plugins: servedPlugins });
  const { pool } = await portal.platform.home();
  const put = (plugin: string, tables: Record<string, object[]>) =>
    portal.work(plugin, async ({ knex }) => {
      for (const [table, rows] of Object.entries(tables)) await knex(table).insert(rows);
    });

  await put('directory', {
    schools: [{ id: school, name: 'School 0', instellingsnummer: '100000' }],
    school_years: [{ id: randomUUID(), school_id: school, ...year() }],
    people: [{ id: teacher, school_ids: [school], given_name: 'Lien', family_name: 'Peeters', kind: 'staff' }],
    memberships: [{ school_id: school, person_id: teacher }],
  });
  const staff = ['teacher', 'ict-coordinator', 'principal'];
  await portal.grant(pupil, [{ tenant: school, role: 'pupil' }]);
  await put('library', {
    schemes: [{ uri: scheme, newest: 1 }],
    scheme_versions: [version(scheme, idOf('school', 0))],
  });
  const registration = idOf('registration', 0);
  await put('lti', {
    registrations: [tool(0)],
    contexts: [context, idOf('assignment', 0)].map((id) => ({ id, school_id: school, title: 'Klas' })),
    resource_links: [{ registration_id: registration, id: 'link', context_id: context, school_id: school, title: 'Oefening' }],
    line_items: [item(0), { ...item(0), id: randomUUID(), context_id: idOf('assignment', 0) }],
  });
  const token: string = await portal.work('lti', ({ accessTokens }) =>
    accessTokens.issue(registration, [
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
      'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
    ]),
  );

  let size = 0;
  const grow = async (to: number): Promise<void> => {
    const numbers = Array.from({ length: to - size }, (_, index) => size + index);
    const others = numbers.filter((n) => n > 0);
    const each = <T>(of: (n: number) => T): T[] => numbers.map(of);
    size = to;
    await put('directory', {
      schools: others.map((n) => ({ id: idOf('school', n), name: `School ${n}`, instellingsnummer: String(100_000 + n) })),
      sites: each((n) => ({ id: randomUUID(), school_id: school, sourced_id: `site-${n}`, name: `Site ${n}` })),
      people: each((n) => ({
        id: idOf('pupil', n),
        school_ids: [school],
        given_name: 'Noor',
        family_name: `Janssens ${n}`,
        kind: 'pupil',
      })),
      memberships: each((n) => ({ school_id: school, person_id: idOf('pupil', n) })),
      classes: each((n) => n).flatMap((n) => [
        { id: idOf('class', n), school_id: school, kind: 'class', name: `Klas ${n}`, school_year: year().name },
        { id: idOf('group', n), school_id: school, kind: 'group', name: `G ${n}`, school_year: year().name, owner_id: teacher },
      ]),
      enrolments: each((n) => n).flatMap((n) => [
        { school_id: school, class_id: idOf('class', n), person_id: teacher, role: 'teacher' },
        { school_id: school, class_id: idOf('group', n), person_id: teacher, role: 'teacher' },
        { school_id: school, class_id: idOf('class', n), person_id: pupil, role: 'pupil' },
        { school_id: school, class_id: idOf('group', n), person_id: pupil, role: 'pupil' },
        ...(n === 0 ? [] : [{ school_id: school, class_id: idOf('class', 0), person_id: idOf('pupil', n), role: 'pupil' }]),
      ]),
    });
    await put('library', {
      concepts: each(concept),
      schemes: others.map((n) => ({ uri: `https://example.org/scheme/${n}`, newest: 1 })),
      scheme_versions: others.map((n) => version(`https://example.org/scheme/${n}`, randomUUID())),
      activities: each((n) => ({
        id: idOf('activity', n),
        school_id: null,
        source: 'test',
        source_id: `a${n}`,
        kind: 'text',
        title: `Activiteit ${n}`,
        description: '',
        language: 'nl',
        provider: 'Test',
        teacher_only: false,
        available: true,
        keywords: [],
        content: { kind: 'text', markdown: 'Tekst.' },
        content_hash: '',
      })),
      activity_concepts: each((n) => n).flatMap((n) => [
        { activity_id: idOf('activity', n), concept_uri: conceptUri(n) },
        ...(n === 0 ? [] : [{ activity_id: idOf('activity', 0), concept_uri: conceptUri(n) }]),
      ]),
    });
    await put('library', {
      favourites: each((n) => ({ activity_id: idOf('activity', n), person_id: teacher, school_id: school })),
      ratings: each((n) => ({
        ...{ activity_id: idOf('activity', 0), person_id: idOf('pupil', n), school_id: school },
        ...{ word: 'usable', note: `Nota ${n}` },
      })),
      selections: each((n) => ({ id: idOf('activity', n), school_id: school, title: `Verzameling ${n}` })),
      selection_items: each((n) => ({ selection_id: idOf('activity', 0), activity_id: idOf('activity', n), school_id: school })),
      link_checks: each((n) => ({
        ...{ activity_id: idOf('activity', n), url: `https://example.org/${n}`, host: 'example.org', state: 'broken' },
        next_at: new Date(Date.now() + 86_400_000),
      })),
    });
    await portal.work('library', async ({ searchIndex, sharedEntries }) => {
      await searchIndex.update(each((n) => idOf('activity', n)));
      await sharedEntries.changed();
    });
    await put('myway', {
      paths: each((n) => ({ id: idOf('path', n), school_id: school, owner_id: teacher, title: `Pad ${n}` })),
      // Every path has one step, except the first, which has as many as there are paths.
      steps: each((n) => n).flatMap((n) => [step(idOf('step', n), 0, n), ...(n === 0 ? [] : [step(randomUUID(), n, 0)])]),
      assignments: each((n) => ({
        id: idOf('assignment', n),
        school_id: school,
        path_id: idOf('path', n),
        class_id: idOf('class', n),
        whole_class: n % 2 === 0,
        assigned_by: teacher,
      })),
      assignment_pupils: each((n) => ({ assignment_id: idOf('assignment', n), pupil_id: pupil, school_id: school })),
      results: each((n) => ({
        assignment_id: idOf('assignment', 0),
        step_id: idOf('step', n),
        pupil_id: pupil,
        school_id: school,
        state: 'started',
      })),
      attempts: each((n) => ({
        assignment_id: idOf('assignment', 0),
        step_id: idOf('step', 0),
        pupil_id: pupil,
        school_id: school,
        score_given: 1,
        score_maximum: 2,
        scored_at: new Date(Date.UTC(2026, 0, 1, 0, n)),
      })),
    });
    await put('directory', {
      providers: each((n) => ({ id: idOf('provider', n), kind: 'training-provider', name: `Aanbieder ${n}` })),
      people: each((n) => ({
        id: idOf('guest', n),
        school_ids: [school],
        provider_ids: [idOf('provider', 0)],
        given_name: 'An',
        family_name: `Gast ${n}`,
        kind: 'staff',
      })),
      memberships: each((n) => ({ school_id: school, person_id: idOf('guest', n) })),
      provider_members: each((n) => ({ provider_id: idOf('provider', 0), person_id: idOf('guest', n), roles: ['trainer'] })),
    });
    await put('login', {
      accounts: each((n) => ({
        person_id: idOf('guest', n),
        username: `gast-${n}`,
        password_hash: 'x',
        expires_at: new Date(Date.now() + 86_400_000),
      })),
      invitations: each((n) => ({
        person_id: idOf('guest', n),
        provider_id: idOf('provider', 0),
        token_hash: Buffer.from(`token ${n}`),
        sent_at: new Date(),
        expires_at: new Date(Date.now() + 86_400_000),
      })),
      temporary_accounts: each((n) => ({ person_id: idOf('guest', n), school_id: school, role: 'teacher' })),
    });
    await put('lti', {
      registrations: others.map(tool),
      line_items: others.map(item),
      results: each((n) => ({
        line_item_id: idOf('item', 0),
        person_id: idOf('pupil', n),
        school_id: school,
        activity_progress: 'Completed',
        grading_progress: 'FullyGraded',
        scored_at: new Date(),
      })),
      subjects: each((n) => ({ registration_id: registration, person_id: idOf('pupil', n) })),
    });
    await pool.query(
      `insert into kernel.messages (plugin, kind, name, payload, tenants, taken_at, failed_at, failure)
       select 'privacy', 'job', 'none', '{}', '"*"', now(), now(), 'failed' from generate_series(1, $1)`,
      [numbers.length],
    );
    await pool.query(
      `with made as (
         insert into kernel.erasures (person_id, state, failure, next_at)
         select gen_random_uuid(), 'failed', 'none', now() + interval '1 year' from generate_series(1, $1) returning id)
       insert into kernel.erased_rows (erasure_id, plugin, table_name, action, rows)
       select id, 'directory', 'people', 'deleted', 1 from made`,
      [numbers.length],
    );
    await pool.query(
      `with known as (
         insert into kernel.audit_pseudonyms (id) values ($1) on conflict (id) do update set id = excluded.id returning pseudonym)
       insert into kernel.audit_entries (actor_kind, actor, plugin, route, params, status, tenants, request_id, people)
       select 'person', pseudonym, 'directory', 'GET /api/directory/people/:id', '{}', 200, array[$2], '', array[pseudonym]
       from known, generate_series(1, $3)`,
      [pupil, school, numbers.length],
    );
    await portal.grant(teacher, [
      { tenant: null, role: 'portal-administrator' },
      ...Array.from({ length: to }, (_, n) => staff.map((role) => ({ tenant: idOf('school', n), role }))).flat(),
    ]);
    for (const n of others) await portal.grant(idOf('pupil', n), [{ tenant: school, role: 'pupil' }]);
    for (const n of numbers) if (n < shownSessions) await portal.signIn(pupil);
  };
  return { portal, token, grow };
}

const version = (uri: string, id: string) => ({
  id,
  scheme_uri: uri,
  version: 1,
  label: uri,
  content_hash: '',
  files: ['x.ttl'],
});

const concept = (n: number) => ({
  scheme_version_id: idOf('school', 0),
  uri: conceptUri(n),
  label: `Begrip ${n}`,
  labels: JSON.stringify([{ kind: 'pref', value: `Begrip ${n}`, language: 'nl' }]),
  // Every other concept is narrower than the first, and related to it.
  broader: n === 0 ? [] : [conceptUri(0)],
  narrower: n === 0 ? Array.from({ length: 200 }, (_, at) => conceptUri(at + 1)) : [],
  related: n === 0 ? Array.from({ length: 200 }, (_, at) => conceptUri(at + 1)) : [],
  deprecated: false,
  newest: true,
  search: '',
});

const step = (id: string, path: number, n: number) => ({
  id,
  path_id: idOf('path', path),
  school_id: school,
  position: n,
  activity_id: idOf('activity', n),
  activity_title: `Activiteit ${n}`,
});

const tool = (n: number) => ({
  id: idOf('registration', n),
  key: `tool-${n}`,
  name: `Tool ${n}`,
  client_id: `tool-${n}`,
  deployment_id: '1',
  login_url: 'https://example.org/login',
  login_method: 'GET',
  redirect_uris: ['https://example.org/launch'],
  jwks_url: 'https://example.org/jwks',
  release_name: false,
  release_email: false,
});

const item = (n: number) => ({
  id: idOf('item', n),
  registration_id: idOf('registration', 0),
  context_id: context,
  school_id: school,
  label: `Item ${n}`,
  score_maximum: 10,
});
