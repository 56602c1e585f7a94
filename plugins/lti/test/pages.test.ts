import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
