import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

const marks = ['\u061c', '\u200e', '\u200f', ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)];
function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
}
const withoutPages = ({ ui: _pages, ...server }: PluginDefinition): PluginDefinition => server;
const path = '/api/library/activities';
const link = (url: string, title = 'Een spel') => ({ kind: 'link', title, url });
const lowered = (text: string) => encodeURIComponent(text).toLowerCase();

describe('an address of a link', () => {
  let platform: LibraryPlatform;
  let maker: Awaited<ReturnType<LibraryPlatform['as']>>;
  beforeAll(async () => {
    platform = await libraryPlatform();
    maker = await platform.as('teacher', await platform.school('De Regenboog'));
  });
  afterAll(() => platform?.stop());
  const count = async () => (await maker.get(path)).body.activities.length;

  test('attack 17: with a character that changes the direction of text is refused with 400, plain or percent-encoded, and nothing is stored', async () => {
    for (const mark of marks) {
      for (const form of [mark, encodeURIComponent(mark), lowered(mark)]) {
        for (const url of [`https://x.example/${form}gpj.exe`, `https://x.example/?q=${form}`, `https://x.example/#a${form}`]) {
          const { status, body } = await maker.post(path, link(url));
          expect([status, body.errors?.[0]?.pointer], url).toEqual([400, '/url']);
        }
      }
    }
    expect(await count()).toBe(0);
  });

  test('attack 17: with ordinary letters of any script is accepted', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', 'ع', 'ש', '中', '🚲', '-', '7') });
    for (const text of fc.sample(word, 20)) {
      for (const url of [`https://x.example/${text}`, `https://x.example/${encodeURIComponent(text)}`]) {
        expect((await maker.post(path, link(url))).status, url).toBe(201);
      }
    }
  });

  test('attack 17: characters that change the direction of text are refused in a title; Arabic with its own marks is not', async () => {
    for (const sign of [...range(0x202a, 0x202e), ...range(0x2066, 0x2069)]) {
      const { status, body } = await maker.post(path, link('https://x.example/', `Spel ${sign}gpj.exe`));
      expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/title']);
    }
    expect((await maker.post(path, link('https://x.example/', 'لعبة \u200f(1)'))).status).toBe(201);
  });

  test('attack 17: on this machine is accepted while the portal is on it too', async () => {
    expect((await maker.post(path, link('http://localhost:4400/x'))).status).toBe(201);
    expect((await maker.post(path, link('http://x.example/'))).status).toBe(400);
  });
});

describe('an address on localhost', () => {
  let portal: TestPlatform;
  beforeAll(async () => {
    portal = await createTestPlatform({
      plugins: [withoutPages(directory), withoutPages(library)],
      settings: { publicUrl: 'https://leren.example' },
    });
  });
  afterAll(() => portal?.stop());

  test.each([
    'http://localhost:4310/',
    'https://localhost/',
    'http://LOCALHOST./',
    'https://portal.localhost/',
    'http://127.0.0.1/',
    'http://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:0:0:1]/',
  ])('attack 17: %s is refused if the portal is reached from elsewhere', async (url) => {
    const person = '7c1f0b52-7d9c-4f0e-9f0b-0f8a3e6f3f11';
    const school = '2f6c8a80-54b5-4f43-8b0f-6c8b6a0b9d10';
    await portal.grant(person, [{ tenant: school, role: 'teacher' }]);
    const { status, body } = await (await portal.signIn(person)).post(path, link(url));
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, '/url']);
  });
});
