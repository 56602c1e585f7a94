import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal, unseal } from '../src/keys/seal.js';
import { substitute } from '../src/launches/custom-variables.js';
import { formPostPage } from '../src/launches/pages.js';
import { readFormPost } from './support/tool.js';

const page = (fields: Record<string, string>, action = 'https://tool.example/launch', redirectOrigins: string[] = []) =>
  formPostPage({ language: 'nl', toolName: 'Tool', action, fields, redirectOrigins });

describe('a self-submitting page', () => {
  it('submits every value unchanged, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (state, token) => {
        const { body } = page({ state, id_token: token });
        expect(readFormPost(200, body, new Headers()).fields).toEqual({ state, id_token: token });
        expect(body.match(/<script/g)).toHaveLength(1);
        expect(body.match(/<input/g)).toHaveLength(2);
      }),
    );
  });

  it('allows the form to post only to the one address, and the receiver to redirect to its own sites', () => {
    const policy = page({}, 'https://tool.example/a;b,c?x=1', ['https://tool.example', 'https://app.tool.example']).headers[
      'content-security-policy'
    ];
    expect(policy).toMatch(/form-action https:\/\/tool\.example\/a%3Bb%2Cc https:\/\/app\.tool\.example$/);
  });

  it('supports the three languages, and defaults to Dutch', () => {
    const titleIn = (language: string) =>
      /<title>([^<]*)</.exec(
        formPostPage({ language, toolName: 'Tool', action: 'https://t.example/', fields: {}, redirectOrigins: [] }).body,
      )?.[1];
    expect(titleIn('nl')).toBe('Tool gaat open');
    expect(titleIn('en')).toBe('Opening Tool');
    expect(titleIn('fr')).toBe('Tool s’ouvre');
    expect(titleIn('de')).toBe('Tool gaat open');
  });
});

describe('custom variables', () => {
  it('never read anything outside the table', () => {
    expect(substitute({ a: '$constructor', b: '$__proto__', c: '$', d: '$x' }, { x: undefined })).toEqual({
      a: '$constructor',
      b: '$__proto__',
      c: '$',
      d: '$x',
    });
  });
});

describe('encryption of values', () => {
  const key = new Uint8Array(32).fill(7);
  it('can be decrypted with the same key and label only, and detects every change', () => {
    const sealed = seal('the private half', key, 'kid-1');
    expect(unseal(sealed, key, 'kid-1')).toBe('the private half');
    expect(seal('the private half', key, 'kid-1')).not.toBe(sealed);
    expect(() => unseal(sealed, key, 'kid-2')).toThrow();
    expect(() => unseal(sealed, new Uint8Array(32), 'kid-1')).toThrow();
    const bytes = Buffer.from(sealed, 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] as number) ^ 1;
      expect(() => unseal(changed.toString('base64url'), key, 'kid-1')).toThrow();
    }
  });
});
