import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningAreas, lineColourOf } from '../src/components/line/line-colours.js';
import { contrast, difference, tint, VISION } from './colour.js';

const file = (path: string) => readFile(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const tokens = await file('../src/styles/tokens.css');

/** A token's value in one theme. */
function token(name: string, theme: 'light' | 'dark'): string {
  const value = new RegExp(`--il-${name}: ([^;]+);`).exec(tokens)?.[1] ?? '';
  const [light, dark] = [...value.matchAll(/#[0-9a-f]{6}/g)].map(String);
  return (theme === 'light' ? light : (dark ?? light)) ?? `no colour in --il-${name}`;
}

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const papers = ['paper', 'surface', 'sunk', 'hover'];

  it.each([
    ['ink', papers, 7],
    ['ink-soft', papers, 4.5],
    ['link', papers, 4.5],
    ['good', ['good-fill', 'paper', 'surface'], 4.5],
    ['warn', ['warn-fill', 'paper', 'surface'], 4.5],
    ['bad', ['bad-fill', 'paper', 'surface'], 4.5],
    ['info', ['info-fill', 'paper', 'surface'], 4.5],
    ['ink', ['good-fill', 'warn-fill', 'bad-fill', 'info-fill'], 7],
    ['action-ink', ['action', 'action-hover'], 7],
    ['action-edge', ['paper', 'surface'], 3],
    ['edge', ['paper', 'surface'], 3],
    ['focus', papers, 3],
  ])('%s is readable on %j', (front, backs, least) => {
    for (const back of backs) expect(contrast(token(front, theme), token(back, theme)), back).toBeGreaterThanOrEqual(least);
  });

  const lines = Array.from({ length: 10 }, (_, index) => String(index + 1));

  it('shows every line on the background, and the sign in its stations', () => {
    for (const line of lines) {
      expect(contrast(token(`line-${line}`, theme), token('paper', theme)), line).toBeGreaterThanOrEqual(3);
      expect(contrast(token(`line-${line}`, theme), token('line-ink', theme)), line).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.keys(VISION) as (keyof typeof VISION)[])('ux 11: keeps ten lines distinguishable with %s vision', (vision) => {
    for (const [index, line] of lines.entries()) {
      for (const other of lines.slice(index + 1)) {
        const apart = difference(token(`line-${line}`, theme), token(`line-${other}`, theme), vision);
        expect(apart, `lines ${line} and ${other}`).toBeGreaterThan(7);
      }
    }
  });
});

describe('the colour of a learning area', () => {
  it('ux 11: is fixed, and only two areas share one with another', () => {
    const colours = learningAreas.map(lineColourOf);
    expect(new Set([...colours, lineColourOf(null)]).size).toBe(learningAreas.length + 1 - 2);
    expect(lineColourOf('wiskunde')).toBe('1');
  });

  it('is stable for any other subject, and always one of the lines', () => {
    fc.assert(
      fc.property(fc.string(), (subject) => {
        expect(lineColourOf(subject)).toBe(lineColourOf(subject));
        expect(token(`line-${lineColourOf(subject)}`, 'light')).toMatch(/^#/);
      }),
      { examples: [[''], ['constructor'], ['__proto__'], ['é'], ['\u0000']] },
    );
  });

  it.each(['light', 'dark'] as const)('ux 12: is not red in the %s theme', (theme) => {
    for (const line of Array.from({ length: 10 }, (_, index) => index + 1)) {
      const { hue, chroma } = tint(token(`line-${line}`, theme));
      expect(chroma < 0.05 || (hue > 50 && hue < 350), `line ${line}: hue ${hue.toFixed()}`).toBe(true);
    }
  });
});

describe('the tokens of Web Awesome', () => {
  it('are all set if an element uses one without a fallback value', async () => {
    const folder = fileURLToPath(new URL('../dist/assets/', import.meta.url));
    const names = (await readdir(folder)).filter((name) => /\.(js|css)$/.test(name));
    const built = (await Promise.all(names.map((name) => readFile(`${folder}${name}`, 'utf8')))).join('\n');
    const set = new Set([...built.matchAll(/(--wa-[\w-]+)\s*:/g)].map((match) => match[1]));
    const asked = new Set([...built.matchAll(/var\((--wa-[\w-]+)\)/g)].map((match) => match[1]));
    expect([...asked].filter((name) => !set.has(name))).toEqual([]);
  });
});

describe('the messages', () => {
  const keys = (node: object, prefix = ''): string[] =>
    Object.entries(node).flatMap(([key, value]) =>
      typeof value === 'object' ? keys(value, `${prefix}${key}.`) : `${prefix}${key}`,
    );

  it('have the same keys in every language', async () => {
    const [nl, en, fr] = await Promise.all(
      ['nl', 'en', 'fr'].map(async (lng) => keys(JSON.parse(await file(`../messages/${lng}.json`)))),
    );
    expect(en).toEqual(nl);
    expect(fr).toEqual(nl);
  });
});
