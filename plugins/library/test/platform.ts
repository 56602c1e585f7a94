import { randomUUID } from 'node:crypto';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform, type TestPlatformOptions } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { school as addSchool } from '@ilearn/plugin-directory/testing';
import library, { type ActivityRecord } from '@ilearn/plugin-library';

// Pages are built apart from what is tested here.
const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;

export interface LibraryPlatform extends TestPlatform {
  school(name: string): Promise<string>;
  /** A client with a role in a school. */
  as(role: string, ...schools: string[]): Promise<TestClient & { personId: string }>;
  importSkos(files: string[], options?: Record<string, boolean>): Promise<string[]>;
  upsert(...records: ActivityRecord[]): ReturnType<import('@ilearn/plugin-library').Activities['upsert']>;
}

export async function libraryPlatform(
  others: PluginDefinition[] = [],
  config: Record<string, unknown> = {},
  uiFolder: string | null = null,
  options: Partial<TestPlatformOptions> = {},
): Promise<LibraryPlatform> {
  const platform = await createTestPlatform({
    plugins: [...[directory, library].map((plugin) => (uiFolder === null ? withoutPages(plugin) : plugin)), ...others],
    config,
    uiFolder,
    ...options,
  });
  return Object.assign(platform, {
    async school(name: string) {
      return (await addSchool(platform, { name })).id;
    },
    async as(role: string, ...schools: string[]) {
      const personId = randomUUID();
      await platform.grant(
        personId,
        schools.length === 0 ? [{ tenant: null, role }] : schools.map((school) => ({ tenant: school, role })),
      );
      return Object.assign(await platform.signIn(personId), { personId });
    },
    async importSkos(files: string[], options: Record<string, boolean> = {}) {
      const printed: string[] = [];
      const command = library.commands?.find(({ name }) => name === 'import skos');
      await command?.run({
        args: files,
        options,
        work: (fn) => platform.work('library', fn),
        progress: { start: () => {}, advance: () => {}, stop: () => {} },
        print: (line) => void printed.push(line),
      });
      return printed;
    },
    upsert: (...records: ActivityRecord[]) => platform.work('library', ({ activities }) => activities.upsert(records)),
  });
}

let made = 0;

export function record(over: Partial<ActivityRecord> = {}): ActivityRecord {
  made += 1;
  return {
    source: 'test',
    sourceId: `a${made}`,
    school: null,
    title: `Oefening ${made}`,
    description: '',
    language: 'nl',
    provider: 'Proefuitgever',
    minutes: null,
    ageFrom: null,
    ageTo: null,
    difficulty: null,
    teacherOnly: false,
    available: true,
    conceptUris: [],
    keywords: [],
    content: { kind: 'text', markdown: 'Een tekst.' },
    ...over,
  };
}
