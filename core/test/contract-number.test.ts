import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { loadRequired, loadSubject } from '../dist/authoring/check/subject.js';
import { CONTRACT_VERSION, SUPPORTED_CONTRACTS } from '../dist/contract/version.js';
import { KERNEL_VERSION } from '../dist/foundation/version.js';
import { describeRange, readContract } from '../dist/plugins/contract-number.js';
import { loadPlugins } from '../dist/plugins/load.js';
import { PortalFolder } from './support/command.js';

const folder = new PortalFolder();
afterAll(() => folder.remove());

/** Whether the code of this package ran: its first line writes this file. */
const marker = (name: string) => join(folder.path, `${name}.ran`);
const entryOf = (name: string) => `
import { writeFileSync } from 'node:fs';
writeFileSync(${JSON.stringify(marker(name))}, '');
export default { id: '${name}', version: '1.0.0' };`;

function pack(name: string, members: object, files: Record<string, string> = { 'index.js': entryOf(name) }): string {
  const manifest = {
    name,
    version: '1.0.0',
    type: 'module',
    exports: { '.': `./${Object.keys(files)[0]}`, './package.json': './package.json' },
    ...members,
  };
  for (const [file, text] of Object.entries({ ...files, 'package.json': JSON.stringify(manifest) })) {
    const path = join(folder.path, 'node_modules', name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return name;
}
const load = (name: string) => loadPlugins({ [name]: {} }, folder.path, (_, step) => step());

const unsupported = {
  plugin: 'next',
  where: 'package.json ilearn.contract',
  message: 'It is written for contract 2; kernel 0.1.0 supports contract 1.',
  remedy: 'Install a release of @ilearn/core and @ilearn/ui that supports contract 2, or a release of next for contract 1.',
};

describe('newcomer 21: the contract that a plugin is written for', () => {
  test('is read from its package before any of its code runs', async () => {
    expect(await load(pack('next', { ilearn: { contract: 2 } }))).toEqual({ plugins: [], faults: [unsupported] });
    expect(existsSync(marker('next'))).toBe(false);
    const { plugins, faults } = await load(pack('now', { ilearn: { contract: 1 } }));
    expect([faults, plugins[0]?.contract]).toEqual([[], 1]);
    expect(existsSync(marker('now'))).toBe(true);
  });

  test('is 1 where the package names none', async () => {
    for (const [name, members] of Object.entries({ silent: {}, empty: { ilearn: {} }, other: { ilearn: { icon: 'x' } } })) {
      const { plugins, faults } = await load(pack(name, members));
      expect([name, faults, plugins[0]?.contract]).toEqual([name, [], 1]);
    }
  });

  test('is that of the package, even if a build left a package.json of its own beside the entry', async () => {
    const files = { 'dist/esm/index.js': entryOf('next'), 'dist/esm/package.json': '{ "type": "module" }' };
    expect((await load(pack('next', { ilearn: { contract: 2 } }, files))).faults).toEqual([unsupported]);
    expect(existsSync(marker('next'))).toBe(false);
  });

  test('is not guessed where package.json cannot be read, and other plugins load', async () => {
    mkdirSync(join(folder.path, 'broken'));
    writeFileSync(join(folder.path, 'broken/package.json'), '{ "ilearn": ');
    writeFileSync(join(folder.path, 'broken/index.mjs'), entryOf('broken'));
    const named = { './broken/index.mjs': {}, [pack('sound', {})]: {} };
    const { plugins, faults } = await loadPlugins(named, folder.path, (_, step) => step());
    expect(plugins.map(({ origin }) => origin)).toEqual(['sound']);
    expect(faults).toMatchObject([{ plugin: './broken/index.mjs', message: 'Its package.json is not a JSON object.' }]);
    expect(existsSync(marker('broken'))).toBe(false);
  });

  test('is a whole number from 1: anything else is refused with its place, and its code does not run', async () => {
    for (const contract of ['1', null, true, 1.5, 0, -1, [1], {}, '^1']) {
      const { plugins, faults } = await load(pack('wrong', { ilearn: { contract } }));
      expect(plugins).toEqual([]);
      expect(faults).toEqual([
        {
          plugin: 'wrong',
          where: 'package.json ilearn.contract',
          message: `${JSON.stringify(contract)} is not a contract number, a whole number from 1.`,
          remedy: 'Write "ilearn": { "contract": 1 } in the package.json of wrong.',
        },
      ]);
    }
    for (const ilearn of ['1', 1, null, [1], true]) {
      expect((await load(pack('wrong', { ilearn }))).faults).toMatchObject([
        { where: 'package.json ilearn', message: 'It is not an object.' },
      ]);
    }
    expect(existsSync(marker('wrong'))).toBe(false);
    pack('torn', {});
    writeFileSync(join(folder.path, 'node_modules', 'torn', 'package.json'), '{ "name": "torn", ');
    const { faults } = await load('torn');
    expect(faults[0]?.message).toMatch(/^The package is there, but cannot be loaded: .*package\.json/);
    expect(faults[0]?.remedy).toBe('Fix its package.json, or install it again.');
    expect(existsSync(marker('torn'))).toBe(false);
  });

  test('is accepted if the kernel supports it and refused otherwise; the remedy says what has to be newer', () => {
    const number = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(number, number, number, (one, other, contract) => {
        const supported = { oldest: Math.min(one, other), newest: Math.max(one, other) };
        const read = readContract({ ilearn: { contract } }, 'a-plugin', supported);
        const passes = contract >= supported.oldest && contract <= supported.newest;
        expect('contract' in read).toBe(passes);
        if (!('fault' in read)) return;
        expect(read.fault.remedy.includes('@ilearn/core')).toBe(contract > supported.newest);
        expect(read.fault.remedy).toContain('a release of a-plugin for contract');
      }),
    );
    expect(fc.sample(fc.anything(), 300).filter((ilearn) => 'contract' in readContract({ ilearn }, 'p'))).toSatisfy((passed) =>
      (passed as unknown[]).every(
        (ilearn) => ilearn === undefined || ((ilearn as { contract?: unknown } | null)?.contract ?? 1) === 1,
      ),
    );
  });

  test('is supported up to the newest one, which the kernel brings', () => {
    expect(SUPPORTED_CONTRACTS.newest).toBe(CONTRACT_VERSION);
    expect(SUPPORTED_CONTRACTS.oldest).toBeLessThanOrEqual(CONTRACT_VERSION);
    const policy = readFileSync(new URL('../../docs/versioning.md', import.meta.url), 'utf8');
    const release = KERNEL_VERSION.split('.').slice(0, 2).join('.');
    expect(policy).toContain(`| ${release} | ${describeRange(SUPPORTED_CONTRACTS)} |`);
  });
});

describe('newcomer 21: a check of a plugin with an unsupported contract', () => {
  test('reports it, and does not run its code', async () => {
    pack('next', { ilearn: { contract: 2 } });
    await expect(loadSubject(join(folder.path, 'node_modules', 'next'), folder.path)).rejects.toThrow(
      `next cannot be loaded. ${unsupported.where}: ${unsupported.message}\n→ ${unsupported.remedy}`,
    );
    expect(existsSync(marker('next'))).toBe(false);
  });

  test('reports it for a required plugin', async () => {
    pack('plugin-base', { ilearn: { contract: 9 } });
    const source = `export default { id: 'user', version: '1.0.0', requires: { base: '^1.0.0' } };`;
    pack('user', { peerDependencies: { 'plugin-base': '^1.0.0' } }, { 'index.js': source });
    const subject = await loadSubject(join(folder.path, 'node_modules', 'user'), folder.path);
    expect(subject.contract).toBe(1);
    await expect(loadRequired(subject)).rejects.toThrow(
      /user requires base, .*\n.*\nplugin-base cannot be loaded\. package\.json ilearn\.contract: It is written for contract 9;/,
    );
  });
});
