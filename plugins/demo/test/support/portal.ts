import type { PluginDefinition, TenantRule } from '@ilearn/core';
import { createTestPlatform, type TestPlatform, type TestPlatformOptions } from '@ilearn/core/testing';
import academy from '@ilearn/plugin-academy';
import api from '@ilearn/plugin-api';
import practice from '@ilearn/plugin-connector-practice';
import cube from '@ilearn/plugin-cube';
import dataSpace from '@ilearn/plugin-data-space';
import demo from '@ilearn/plugin-demo';
import directory from '@ilearn/plugin-directory';
import helpdesk from '@ilearn/plugin-helpdesk';
import joining from '@ilearn/plugin-joining';
import library from '@ilearn/plugin-library';
import licences from '@ilearn/plugin-licences';
import login from '@ilearn/plugin-login';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import notifications from '@ilearn/plugin-notifications';
import privacy from '@ilearn/plugin-privacy';
import reports from '@ilearn/plugin-reports';
import rosters from '@ilearn/plugin-rosters';
import search from '@ilearn/plugin-search';

/** Every plugin of the portal, including the demonstration. */
export const allPlugins: PluginDefinition[] = [
  directory,
  login,
  library,
  lti,
  notifications,
  search,
  myway,
  academy,
  helpdesk,
  cube,
  reports,
  privacy,
  dataSpace,
  api,
  rosters,
  joining,
  licences,
  practice,
  demo,
];

/** A portal with the people of the demonstration and one path; with `demo: { results: true }`, with everything. */
export function startDemoPortal({ config, ...options }: Partial<TestPlatformOptions> = {}): Promise<TestPlatform> {
  return createTestPlatform({ plugins: allPlugins, config: { demo: { results: false }, ...config }, ...options });
}

/** Columns with the tenants of a row; empty if the table does not belong to tenants. */
export function tenantColumns(rule: TenantRule): string[] {
  if (typeof rule === 'string') return [rule];
  if ('sees' in rule) return rule.sees;
  return 'none' in rule ? [] : [rule.column];
}

/** Every provider role, each in a provider of its kind. The demonstration itself has no providers. */
export const providerGrants = [
  ...['trainer', 'planner', 'coach'].map((role) => ({ tenant: '5c1f7a54-1b44-4f0e-8a0c-7f2b5f6d1a01', role })),
  ...['tool-manager', 'first-line-helper'].map((role) => ({ tenant: '5c1f7a54-1b44-4f0e-8a0c-7f2b5f6d1a02', role })),
];

/** Ids of the people and schools of the demonstration, found by their stable sourcedIds. */
export async function demoPeople(platform: TestPlatform) {
  return platform.work('demo', async ({ directory: { people, schools } }) => {
    const list = (await schools.list()) as { id: string; instellingsnummer: string; name: string }[];
    const find = async (sourcedId: string): Promise<{ id: string; school: string }> => {
      for (const school of list) {
        const id = (await people.bySourcedId(school.id, sourcedId)) as string | null;
        if (id !== null) return { id, school: school.id };
      }
      throw new Error(`the demonstration school has nobody with the sourcedId ${sourcedId}`);
    };
    const lien = await find('t-lien-peeters');
    const bart = await find('t-bart-claes');
    return {
      first: lien.school,
      second: bart.school,
      lien: lien.id,
      bart: bart.id,
      noor: (await find('p-noor-el-amrani')).id,
      wout: (await find('p-wout-janssens')).id,
      emma: (await find('p-emma-willems')).id,
      sofie: (await find('s-sofie-maes')).id,
      jan: (await find('s-jan-goossens')).id,
    };
  });
}
