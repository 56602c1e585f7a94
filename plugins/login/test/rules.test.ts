import { addressBlock } from '@ilearn/core';
import directory from '@ilearn/plugin-directory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateGuestName, generatePassword } from '../src/accounts/generate.js';
import { passwordFaults } from '../src/accounts/password-rules.js';
import { newUsername, normaliseUsername } from '../src/accounts/username.js';
import { providerContribution } from '../src/exports.js';
import { rolesWithFactors } from '../src/settings.js';
import { safeReturnPath } from '../src/sign-in/return-path.js';

test('each role but that of a pupil can be required to have a second factor', () => {
  const given = Object.entries(directory.mayGrant ?? {}).flatMap(([role, others]) => [role, ...others]);
  expect(new Set(rolesWithFactors)).toEqual(new Set(given.filter((role) => role !== 'pupil')));
});

describe('usernames', () => {
  test('normalising twice gives the same as once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normaliseUsername(text);
        expect(normaliseUsername(once)).toBe(once);
      }),
    );
  });

  test.each([
    ['Straße', 'STRASSE'],
    ['Straẞe', 'strasse'],
    ['¨', '\u0308'],
    ['ﬁnn', 'FINN'],
    ['Zoe\u0308', 'zoë'],
    ['ＮＯＯＲ', 'noor'],
  ])('%s and %s are the same name', (one, other) => {
    expect(normaliseUsername(one)).toBe(normaliseUsername(other));
  });

  test.each(['noor.elamrani', "d'hondt", 'an+test@school.example', 'иван', '李雷', 'x2'])('%s is valid', (name) => {
    expect(newUsername.parse(name)).toBe(name);
  });
});

describe('passwords', () => {
  const lien = { kind: 'staff', names: ['lien.peeters', 'Lien', 'Peeters'] } as const;

  test.each([
    'krijt-en-bord-3a',
    'correct horse battery',
    'peeters zingt vals',
    '日本語のパスワードです',
    '🦊🦊-en-de-🐰🐰-x',
  ])('%s is accepted', (good) => {
    expect(passwordFaults(good, lien)).toEqual([]);
  });

  test.each([
    ['Wachtwoord123', 'common'],
    ['p@ssw0rd', 'common'],
    ['2026welkom!!', 'common'],
    ['1234567890', 'common'],
    ['9876543210', 'common'],
    ['zzzzzzzzzzzz', 'common'],
    ['abcabcabcabc', 'common'],
    ['QWERTYUIOP', 'common'],
    ['lien-peeters-1', 'own-name'],
    ['PEETERS2015', 'own-name'],
    ['x'.repeat(9), 'too-short'],
    ['a1'.repeat(200), 'too-long'],
  ])('%s is %s', (bad, fault) => {
    expect(passwordFaults(bad, lien)).toContain(fault);
  });

  test('length counts characters as people see them, not UTF-16 units', () => {
    expect(passwordFaults('🦊🐰🐻🐼🐨', { kind: 'pupil', names: [] })).toContain('too-short');
  });

  test('a generated one is always accepted, for any person', () => {
    for (let i = 0; i < 500; i++) expect(passwordFaults(generatePassword(), lien)).toEqual([]);
    for (let i = 0; i < 500; i++) expect(newUsername.safeParse(generateGuestName()).success).toBe(true);
  });
});

describe('the page to return to', () => {
  test.each(['/paden', '/paden/3?tab=stappen#onder', '/', '/api/lti/auth?x=1'])('%s is in the portal', (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    'https://evil.example/',
    'HTTPS:evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'paden',
    '',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/aanmelden',
    '/aanmelden?terug=/paden',
    '/aanmelden/x',
    '/pa\u0000den',
  ])('%j leads to the start page', (path) => {
    expect(safeReturnPath(path)).toBe('/');
  });

  test('for any value, a browser stays on this origin', () => {
    const piece = fc.constantFrom('/', '\\', '.', '..', ':', '@', 'evil.example', 'https:', '\t', '\n', '%2f', '?', '#', 'a');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        (path) => {
          expect(new URL(safeReturnPath(path), 'https://portal.example').origin).toBe('https://portal.example');
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('an empty value leads to the start page', () => {
    expect(safeReturnPath(null)).toBe('/');
    expect(safeReturnPath(undefined)).toBe('/');
  });
});

describe('the network of an address', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['0:0:0:0:0:ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.7', '64:ff9b:0:0::/64'],
  ])('%s is %s', (address, block) => {
    expect(addressBlock(address)).toBe(block);
  });
});

describe('a contribution to login.providers', () => {
  const smartschool = {
    key: 'smartschool',
    label: 'Smartschool',
    audiences: ['pupil', 'staff'],
    startPath: '/api/smartschool/start',
  };

  test('a path in the portal is accepted', () => {
    expect(providerContribution.parse(smartschool)).toEqual({ ...smartschool, ofSchools: false });
  });

  test.each(['https://evil.example', '//evil.example', '/\\evil', 'start', '/start?x=1'])('%s is refused', (startPath) => {
    expect(providerContribution.safeParse({ ...smartschool, startPath }).success).toBe(false);
  });
});
