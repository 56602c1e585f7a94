import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@ilearn/core';
import * as testing from '@ilearn/core/testing';
import { describe, expect, test } from 'vitest';
// @ts-expect-error: a plain script without types
import * as script from '../scripts/api-report.mjs';
// @ts-expect-error: a plain script without types
import * as httpScript from '../scripts/http-report.mjs';

const { wantedReports, staleReports } = script as {
  wantedReports(): Map<string, string>;
  staleReports(wanted: Map<string, string>): string[];
};
const { breaksOf, keptHttpReport, reportOf, wantedHttpReport } = httpScript as {
  breaksOf(older: string, newer: string, today?: string): string[];
  keptHttpReport(): string;
  reportOf(operations: [string, object][]): string;
  wantedHttpReport(): Promise<string>;
};
const reports = wantedReports();

test('newcomer §5: the API report matches the built declarations; otherwise run npm run docs:api', () => {
  expect(staleReports(reports), 'stale: run npm run docs:api, and review the change as one of the contract').toEqual([]);
});

test('newcomer §5: the API report has every value that @ilearn/core exports at run time, and every name in its index', () => {
  const described = [...(reports.get('docs/api/core.md') ?? '').matchAll(/^### `(\w+)`$/gm)].map(([, name]) => name as string);
  expect(Object.keys({ ...core, ...testing }).filter((name) => !described.includes(name))).toEqual([]);
  const index = readFileSync(join(import.meta.dirname, '../../ui/src/index.ts'), 'utf8');
  const named = [...index.matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, names]) =>
    (names as string).split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !reports.get('docs/api/ui.md')?.includes(`### \`${name}\``))).toEqual([]);
});

test('newcomer §5: every exported name has a docstring', () => {
  for (const report of reports.values()) {
    expect([...report.matchAll(/^### `(\w+)`\n\n(?:The element .*\n\n)?```/gm)].map(([, name]) => name)).toEqual([]);
  }
});

describe('the report of the HTTP API', () => {
  test('is up to date, and no change breaks programs of others; otherwise deprecate, or run npm run docs:api', async () => {
    const wanted = await wantedHttpReport();
    expect(breaksOf(keptHttpReport(), wanted)).toEqual([]);
    expect(wanted === keptHttpReport(), 'stale: run npm run docs:api').toBe(true);
  });

  const answered = (properties: object, required = Object.keys(properties)) => ({
    responses: { 200: { content: { 'application/json': { schema: { type: 'object', properties, required } } } } },
  });
  const note = { id: { type: 'string' }, kind: { enum: ['a', 'b'] }, size: { type: 'number' } };
  const query = { name: 'q', in: 'query', required: false, schema: { type: 'string', enum: ['x', 'y'] } };
  const body = (properties: object, required: string[], more: object = {}) => ({
    requestBody: { content: { 'application/json': { schema: { type: 'object', properties, required, ...more } } } },
  });
  const operation = (changes: object = {}) => ({
    'x-machines': { scope: 'notes.notes:read' },
    parameters: [query],
    ...body({ text: { type: 'string' } }, ['text']),
    ...answered(note),
    ...changes,
  });
  const kept = reportOf([['POST /api/notes', operation()]]);
  const changed = (changes: object, today?: string) => breaksOf(kept, reportOf([['POST /api/notes', operation(changes)]]), today);

  test.each<[string, object]>([
    ['more is answered', answered({ ...note, more: { type: 'string' } })],
    ['an answer has a further value in a list', answered({ ...note, kind: { enum: ['a', 'b', 'c'] } })],
    ['an answer is narrower', answered({ ...note, size: { type: 'integer' } })],
    ['more may be asked', { parameters: [query, { ...query, name: 'more' }] }],
    ['any value is taken', { parameters: [{ ...query, schema: { type: 'string' } }] }],
    ['less is required', body({ text: { type: 'string' } }, [])],
    ['an answer is bounded otherwise', answered({ ...note, id: { type: 'string', maxLength: 5 } })],
    ['one may choose what is asked', body({ text: { anyOf: [{ type: 'string' }, { type: 'integer', maximum: 3 }] } }, ['text'])],
    [
      'something optional has something required',
      body({ text: { type: 'string' }, at: { type: 'object', properties: { x: {} }, required: ['x'] } }, ['text']),
    ],
  ])('%s: no break', (_, changes) => {
    expect(changed(changes)).toEqual([]);
  });

  test.each<[string, object]>([
    ['a value is gone', answered({ id: note.id, kind: note.kind })],
    ['a value may be missing', answered(note, ['kind', 'size'])],
    ['a value may be null', answered({ ...note, id: { anyOf: [{ type: 'string' }, { type: 'null' }] } })],
    ['a value has another type', answered({ ...note, id: { type: 'integer' } })],
    ['a parameter is gone', { parameters: [] }],
    ['a parameter is required', { parameters: [{ ...query, required: true }] }],
    ['a new parameter is required', { parameters: [query, { ...query, name: 'more', required: true }] }],
    ['a value is refused', { parameters: [{ ...query, schema: { type: 'string', enum: ['x'] } }] }],
    ['only some values are taken', body({ text: { type: 'string', enum: ['x'] } }, ['text'])],
    ['the body needs more', body({ text: { type: 'string' }, more: { type: 'string' } }, ['text', 'more'])],
    ['a text is shorter', body({ text: { type: 'string', maxLength: 5 } }, ['text'])],
    ['a text has a form', body({ text: { type: 'string', pattern: '^x' } }, ['text'])],
    ['a body takes nothing else', body({ text: { type: 'string' } }, ['text'], { additionalProperties: false })],
    ['another scope is needed', { 'x-machines': { scope: 'notes.notes:write' } }],
    ['no machine may call it', { 'x-machines': { none: 'People only.' } }],
  ])('%s: a break', (_, changes) => {
    expect(changed(changes)).toHaveLength(1);
  });

  const between = (older: object, newer: object) =>
    breaksOf(reportOf([['POST /api/notes', operation(older)]]), reportOf([['POST /api/notes', operation(newer)]]));
  const text = (schema: object) => body({ text: { type: 'string', ...schema } }, ['text']);
  const kinds = (required: string[], further: object[] = []) => {
    const a = { type: 'object', properties: { kind: { const: 'a' }, size: { type: 'number' } }, required };
    const b = { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] };
    return { requestBody: { content: { 'application/json': { schema: { oneOf: [a, b, ...further] } } } } };
  };

  test('a body of another type may be sent too, and a first one is required', () => {
    const [json, other] = [{ 'application/json': {} }, { 'application/vnd.x.y+json': {} }];
    const sent = (content: object) => ({ requestBody: { content } });
    expect(between(sent(json), sent({ ...json, ...other }))).toEqual([]);
    expect(between(sent({}), sent(other))).toHaveLength(1);
  });

  test('bounds may be looser and not tighter', () => {
    expect(between(text({ maxLength: 500 }), text({ maxLength: 600 }))).toEqual([]);
    expect(between(text({ maxLength: 500 }), text({}))).toEqual([]);
    expect(between(text({ maxLength: 500 }), text({ maxLength: 5 }))).toEqual([expect.stringContaining('maxLength')]);
    expect(between(text({ minLength: 1 }), text({ minLength: 2 }))).toEqual([expect.stringContaining('minLength')]);
    expect(between(text({ pattern: '^a{"b"}' }), text({ pattern: '^a{"b"}' }))).toEqual([]);
  });

  test('parts that all hold are read, and alternatives that a member tells apart', () => {
    const all = (type: string) => answered({ ...note, id: { allOf: [{ type }, { description: 'An id' }] } });
    expect(between(all('string'), all('string'))).toEqual([]);
    expect(between(all('string'), all('integer'))).toHaveLength(1);
    const third = { type: 'object', properties: { kind: { const: 'c' }, at: { type: 'string' } }, required: ['kind', 'at'] };
    expect(between(kinds(['kind']), kinds(['kind'], [third]))).toEqual([]);
    expect(between(kinds(['kind']), kinds(['kind', 'size']))).toEqual([expect.stringContaining('(kind=a).size is required')]);
  });

  test('operations that ask for no session are in it, since programs call them with tokens of their own', () => {
    const open = (changes: object = {}) =>
      reportOf([['POST /api/notes', { ...operation(changes), 'x-machines': undefined, 'x-no-session': true }]]);
    expect(open()).toContain('POST /api/notes [public]');
    expect(breaksOf(open(), open({ parameters: [] }))).toHaveLength(1);
    expect(httpScript.keptHttpReport()).toContain('[public]');
  });

  test('an operation may go once its sunset is over', () => {
    const old = reportOf([['POST /api/notes', operation({ 'x-deprecation': { since: '2026-01-01', sunset: '2026-07-01' } })]]);
    const none = reportOf([]);
    expect(breaksOf(old, none, '2026-06-30')).toEqual(['POST /api/notes: is gone']);
    expect(breaksOf(old, none, '2026-07-01')).toEqual([]);
  });
});
