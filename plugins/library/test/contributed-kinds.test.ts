import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { definePlugin, type PluginDefinition } from '@ilearn/core';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import fc from 'fast-check';
import { createJiti } from 'jiti';
import { describe, expect, test } from 'vitest';
import { checkPlugins } from '../../../core/dist/plugins/check.js';

const tool = (...activities: unknown[]) => ({ key: 'rekentuin', name: 'Rekentuin', provider: 'Rekentuin bv', activities });
const partner = (...tools: unknown[]): PluginDefinition => {
  const { contributes: _, ...rest } = definePlugin({ id: 'partner', version: '1.0.0', requires: { library: '^0.1.0' } });
  return { ...rest, contributes: { 'library.tools': tools } };
};
/** The faults of a portal with this plugin; none of its code has run. */
const faultsOf = (...tools: unknown[]) => {
  const plugins = [directory, library, partner(...tools)].map(({ ui: _, ...definition }) => ({
    ...{ definition, origin: definition.id, rawConfig: undefined },
  }));
  return checkPlugins(plugins).faults.map(({ plugin, where, message, remedy }) => {
    expect([plugin, remedy]).toEqual(['partner', expect.stringMatching(/\w/)]);
    return `${where.replace('contributes.library.tools', '')}: ${message}`;
  });
};
const link = (url: unknown) => ({ key: 'x', kind: 'link', title: 'Site', url });
const text = { key: 'u', kind: 'text', title: 'Uitleg', markdown: { nl: 'een', en: 'one', fr: 'un' } };
const lti = { key: 'l', title: 'Oefening', lti: { registration: 'rekentuin', targetLinkUri: 'https://rekentuin.be/' } };

describe('newcomer 17: a contribution to library.tools', () => {
  test('may be of each kind, and of LTI without stating it', () => {
    const lesson = { ...lti, key: 'l2', kind: 'lti' };
    expect(faultsOf(tool(lti, lesson, text, link('https://rekentuin.be/spel?x=1#y'), { ...link('/agenda'), key: 'p' }))).toEqual(
      [],
    );
  });

  test.each([
    [{ ...lti, lti: undefined }, /^\[0\]\.activities\.0\.lti: .*kind: "link"/],
    [
      { ...lti, lti: { ...lti.lti, registration: 'ander' } },
      /^\[0\]\.activities\.0\.lti\.registration: must be "rekentuin", the key of the tool/,
    ],
    [{ ...lti, kind: 'game' }, /^\[0\]\.activities\.0\.kind: must be lti, link or text/],
    [{ ...link('https://a.be'), key: undefined }, /^\[0\]\.activities\.0\.key: /],
    [{ ...link('https://a.be'), title: ' ' }, /^\[0\]\.activities\.0\.title: /],
    [{ ...link('https://a.be'), markdown: 'x' }, /^\[0\]\.activities\.0: .*"markdown"/],
    [{ ...link('https://a.be'), ageFrom: 9, ageTo: 6 }, /^\[0\]\.activities\.0\.ageTo: must not be less than ageFrom/],
    [{ ...text, markdown: 'een' }, /^\[0\]\.activities\.0\.markdown: must be a text in each of nl, en and fr/],
    [{ ...text, markdown: { ...text.markdown, fr: undefined } }, /^\[0\]\.activities\.0\.markdown\.fr: must be a text/],
    [{ ...text, markdown: { ...text.markdown, en: ' \n' } }, /^\[0\]\.activities\.0\.markdown\.en: must not be empty/],
    [{ ...text, markdown: { ...text.markdown, de: 'ein' } }, /^\[0\]\.activities\.0\.markdown: .*"de"/],
    [{ ...text, language: 'de' }, /^\[0\]\.activities\.0\.language: /],
  ])('with a fault is refused with its place: %o', (activity, fault) => {
    expect(faultsOf(tool(activity))).toEqual([expect.stringMatching(fault)]);
  });

  test('with a duplicate key, of an activity or a tool, is refused with the key', () => {
    expect(faultsOf(tool(text, lti, { ...link('/a'), key: 'u' }))).toEqual([
      '[0].activities.2.key: "u" is the key of activities.0 too',
    ]);
    expect(faultsOf(tool(text), tool(text))).toEqual([
      '[1].key: The key "rekentuin" in library.tools is already used by this plugin.',
    ]);
  });

  test('as shown in docs/library.md is valid', async () => {
    const page = readFileSync(new URL('../../../docs/library.md', import.meta.url), 'utf8');
    const [, source = ''] = /## Connect a tool[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
    const { default: shown } = (await createJiti(import.meta.url).evalModule(source, {
      filename: fileURLToPath(new URL('rekentuin.ts', import.meta.url)),
    })) as {
      default: PluginDefinition;
    };
    const { 'library.tools': tools = [] } = shown.contributes as Record<string, { activities: { kind: string }[] }[]>;
    expect(tools[0]?.activities.map(({ kind }) => kind)).toEqual(['lti', 'link', 'link', 'text']);
    expect(faultsOf(...tools)).toEqual([]);
  });

  const refused = (url: unknown) => {
    const faults = faultsOf(tool(link(url)));
    expect(faults.length, String(url)).toBeGreaterThan(0);
    for (const fault of faults) expect(fault).toMatch(/^\[0\]\.activities\.0\.url: \w/);
  };
  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    '\u0001javascript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.be/1',
    'ftp://a.be',
    'mailto:a@b.be',
    'http://a.be',
    'https://user:secret@a.be/',
    'https://',
    'a.be',
    'agenda',
    '',
    ' ',
    '//evil.be',
    '/\\evil.be',
    '\\\\evil.be',
    '/\t/evil.be',
    '/\n/evil.be',
    ' //evil.be',
    '/a/../../b',
    '/./a',
    '/a/%2e%2e/b',
    '/a b',
    '/api/library/activities',
    '/%61pi/library',
    '/API/x',
    '/api',
    '/a\u202eb',
    '/a%E2%80%AEb',

    7,
    null,
    undefined,
    ['https://a.be'],
  ])('with the address %j is refused', refused);

  test('with an address of another scheme is refused, as is one that leads a path of the portal elsewhere', () => {
    const scheme = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,12}$/).filter((name) => name !== 'https');
    const rest = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(scheme, fc.constantFrom('', '//'), rest, (name, slashes, more) => refused(`${name}:${slashes}${more}`)),
      { numRuns: 40 },
    );
    refused(`/${'a'.repeat(2000)}`);
    const start = fc.constantFrom('//', '/\\', '/\t/', '/\r\n/', '/.//', '/..//', '/%2e//', '\\/');
    fc.assert(
      fc.property(start, fc.domain(), (begin, host) => refused(`${begin}${host}`)),
      { numRuns: 40 },
    );
  });

  test('with an accepted address leads to https, or stays in the portal', () => {
    const given = fc.oneof(
      fc.webUrl({ validSchemes: ['https', 'http'] }),
      fc.string({ unit: 'binary' }).map((path) => `/${path}`),
      fc.webPath(),
    );
    fc.assert(
      fc.property(given, (url) => {
        if (faultsOf(tool(link(url))).length > 0) return;
        const { protocol, host } = new URL(url.trim(), 'https://portal.example');
        expect(protocol).toBe('https:');
        if (url.trim().startsWith('/')) expect(host).toBe('portal.example');
      }),
      { numRuns: 150 },
    );
  });
});
