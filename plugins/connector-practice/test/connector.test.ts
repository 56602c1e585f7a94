import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@ilearn/core';
import connector from '@ilearn/plugin-connector-practice';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { ToolProcess } from '../dist/tool-process.js';
import { activities as activitiesAt } from '../src/activities.js';
import { exerciseKeys, questionsOf } from '../src/tool/exercises/exercises.js';

const program = fileURLToPath(new URL('../dist/tool/main.js', import.meta.url));
/** The schemes that MyWay used, beside the project where they are at hand. */
const schemes = fileURLToPath(new URL('../../../../shared/data/skos/combined-inferred.ttl', import.meta.url));

const run = (...args: string[]) =>
  new Promise<{ code: number; stderr: string }>((resolve) => {
    execFile(process.execPath, [program, ...args], (error, _stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });

describe('the catalogue', () => {
  const activities = activitiesAt('http://127.0.0.1:4110') as any[];

  it('offers every exercise of the tool, with the score that it can give', () => {
    expect(activities.map(({ lti }) => lti.custom.exercise)).toEqual(exerciseKeys);
    for (const { key, lti } of activities)
      expect(lti.scoreMaximum).toBe(questionsOf(key as (typeof exerciseKeys)[number]).length);
  });

  const itWithSchemes = existsSync(schemes) ? it : () => {};

  itWithSchemes('names concepts that the curriculum holds', () => {
    const turtle = readFileSync(schemes, 'utf8');
    const prefixes = [...turtle.matchAll(/^@prefix ([\w-]+): <([^>]+)>/gm)].map(
      ([, prefix, uri]) => [prefix, uri] as [string, string],
    );
    for (const uri of new Set(activities.flatMap(({ conceptUris }) => conceptUris))) {
      const [prefix, base] = prefixes.find(([, base]) => uri.startsWith(base) && !uri.slice(base.length).includes('/')) as [
        string,
        string,
      ];
      expect(turtle, uri).toMatch(new RegExp(`^${prefix}:${uri.slice(base.length).replaceAll('.', '\\.')} a skos:Concept`, 'm'));
    }
  });
});

describe('the configuration', () => {
  const schema = connector.config;
  it('is optional, and accepts an address with or without a slash', () => {
    expect(schema?.parse({})).toEqual({ toolUrl: 'http://127.0.0.1:4110', spawn: false });
    expect(schema?.parse({ toolUrl: 'https://oefenen.example/' })).toEqual({ toolUrl: 'https://oefenen.example', spawn: false });
  });
  test('LTI §1: follows the port of the portal, so that PORT=4410 starts and registers a tool of its own', () => {
    const urlWith = (port: string | undefined, publicUrl?: string) => {
      vi.stubEnv('PORT', port);
      vi.stubEnv('PUBLIC_URL', publicUrl);
      const parsed = schema?.parse({ spawn: true });
      vi.unstubAllEnvs();
      const {
        'lti.registrations': [registered],
        'library.tools': [tool],
      } = (connector.contributes as any)(parsed);
      const { toolUrl } = parsed as { toolUrl: string };
      expect(registered.redirectUris).toEqual([`${toolUrl}/launch`]);
      for (const { lti } of tool.activities) expect(lti.targetLinkUri).toBe(`${toolUrl}/launch`);
      return toolUrl;
    };
    expect(urlWith(undefined)).toBe('http://127.0.0.1:4110');
    expect(urlWith('3000')).toBe('http://127.0.0.1:4110');
    expect(urlWith('4410')).toBe('http://127.0.0.1:5520');
    // All processes of a portal find the same tool.
    expect(urlWith('4411', 'http://localhost:4410')).toBe('http://127.0.0.1:5520');
    expect(urlWith('4411', 'https://portal.example')).toBe('http://127.0.0.1:4110');
    const ports = Array.from({ length: 200 }, (_, index) => 3000 + index * 300).filter((port) => port + 1110 <= 65_535);
    expect(new Set(ports.map((port) => urlWith(String(port)))).size).toBe(ports.length);
    for (const unusable of ['0', '65535', 'x', '', '-1', '80.5'])
      expect(urlWith(unusable)).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    [{ toolUrl: 'oefenen.example' }, 'must be an http(s) address'],
    [{ toolUrl: 'https://oefenen.example', spawn: true }, 'speaks http only'],
    [{ port: 4110 }, 'port'],
  ])('refuses %j', (value, message) => {
    expect(schema?.safeParse(value).error?.message).toContain(message);
  });
});

describe('the command of the tool', () => {
  it.each([
    [[], '--platform is missing'],
    [['--platform', 'nonsense'], '--platform is "nonsense"'],
    [['--platform', 'http://localhost:3000', '--port', 'many'], '--port is "many"'],
    [['--platfrom', 'http://localhost:3000'], "Unknown option '--platfrom'"],
  ])('%j prints the usage', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).toContain('node main.js --platform');
  });
});

describe('the process beside the portal', () => {
  const lines: string[] = [];
  const write = (_fields: object, line: string) => void lines.push(line);
  const log: Logger = { debug: write, info: write, warn: write, error: write };
  let tool: ToolProcess | null = null;
  afterEach(async () => {
    await tool?.stop();
    lines.length = 0;
  });

  const listen = () =>
    new Promise<{ url: string; close(): Promise<void> }>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        resolve({ url, close: () => new Promise((closed) => server.close(() => closed())) });
      });
    });

  it('operator 17: reports once that its port is in use, and takes over when that ends', async () => {
    const other = await listen();
    tool = new ToolProcess({ toolUrl: other.url, platformUrl: 'http://localhost:3000', log, waitMs: 50 });
    expect(await tool.start()).toBe(
      `The practice tool waits: another program uses the port of ${other.url}. If that is no process of this portal, its exercises would open that program: stop it, or set toolUrl of connector-practice to a free port.`,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lines.filter((line) => line.includes('waits'))).toHaveLength(1);
    expect(lines.join('\n')).not.toContain('restarted');
    await other.close();
    await expect
      .poll(
        () =>
          fetch(`${other.url}/jwks`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .toBe(200);
  });

  it('is restarted after it crashed', async () => {
    const { url, close } = await listen();
    await close();
    tool = new ToolProcess({ toolUrl: url, platformUrl: 'http://localhost:3000', log });
    expect(await tool.start()).toBe(`Practice tool: ${url}`);
    const before = await (await fetch(`${url}/jwks`)).text();
    process.kill(tool.pid as number, 'SIGKILL');
    await expect
      .poll(
        () =>
          fetch(`${url}/jwks`).then(
            (answer) => answer.text(),
            () => before,
          ),
        { timeout: 20_000, interval: 100 },
      )
      .not.toBe(before);
    expect(lines).toContain('the practice tool ended; it will be restarted after a pause');
  });
});
