import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { publishingOrder, readPackages, releaseFaults } from '../scripts/release-check.mjs';
import { packAll } from './support/packed.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What people and programs read; sources of ours are not among it, but those of the plugin that `ilearn plugin new` writes are. */
const wanted: Record<string, RegExp[]> = {
  '': [
    /^(README\.md|LICENSE|package\.json)$/,
    // Source maps name the line of a source in a stack, without containing the source.
    /^dist\/.+\.(js|js\.map|d\.ts)$/,
    /^bin\/[\w-]+\.m?js$/,
    /^messages\/([\w-]+\/)?[a-z]{2}\.json$/,
    // Of a connector.
    /^logo\.svg$/,
  ],
  '@ilearn/core': [
    /^docs\/examples\/(?!.*\b(?:dist|node_modules)\/)/,
    /^docs\/(api\/)?[\w-]+\.md$/,
    /^template\/(common|bare|notes)\//,
    /^deploy\/(helm|monitoring|systemd|terraform)\//,
    // Unpacked at the first start of a portal without a database server.
    /^dist\/database\/homes\/empty-database-[\d.]+\.tar\.gz$/,
  ],
  '@ilearn/ui': [/^dist\/assets\/(manifest\.json|.+\.(css|svg|woff2))$/, /^src\/styles\/fonts\/OFL\.txt$/],
  'create-ilearn': [/^dist\/modules\.json$/, /^template\//],
  '@ilearn/plugin-demo': [/^data\//],
  '@ilearn/plugin-helpdesk': [/^articles\/(articles\.json|[a-z]{2}\/[\w-]+\.md)$/],
  '@ilearn/plugin-library': [/^dist\/assets\//],
};

test('K17: each package has its README, its licence and what it needs at run time, and nothing else', {
  timeout: 120_000,
}, () => {
  const folders = JSON.parse(
    execFileSync('npm', ['query', '.workspace', '--json'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as { name: string; location: string }[];
  const { packages } = packAll();
  expect(packages.map(({ name }) => name).sort()).toEqual(folders.map(({ name }) => name).sort());
  for (const { name, files } of packages) {
    const paths = files.map(({ path }) => path);
    expect(paths, name).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
    const allowed = [...(wanted[''] as RegExp[]), ...(wanted[name] ?? [])];
    expect(
      paths.filter((path) => !allowed.some((each) => each.test(path))),
      name,
    ).toEqual([]);
    expect(
      files.filter(({ path, size }) => path === 'README.md' && size < 200),
      name,
    ).toEqual([]);

    const { location } = folders.find((each) => each.name === name) as { location: string };
    const manifest = JSON.parse(readFileSync(join(root, location, 'package.json'), 'utf8'));
    expect(manifest, name).toMatchObject({
      license: 'Apache-2.0',
      engines: { node: '>=20.19' },
      description: expect.any(String),
    });
    // A script at installation would run code of ours on machines that only want to look.
    for (const script of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts?.[script], name).toBeUndefined();
  }
});

test('all packages can be published together, each after those that it needs', () => {
  const packages = readPackages();
  expect(releaseFaults(packages)).toEqual([]);
  const order = publishingOrder(packages).map(({ name }) => name);
  expect([...order].sort()).toEqual(packages.map(({ name }) => name).sort());
  for (const [before, after] of [
    ['@ilearn/core', '@ilearn/ui'],
    ['@ilearn/ui', '@ilearn/plugin-directory'],
    ['@ilearn/plugin-login', '@ilearn/plugin-demo'],
  ] as const)
    expect(order.indexOf(before)).toBeLessThan(order.indexOf(after));
});

test('what would break a release is named', () => {
  const core = {
    name: '@ilearn/core',
    version: '0.2.0',
    license: 'Apache-2.0',
    engines: { node: '>=20.19' },
    publishConfig: { access: 'public' },
  };
  const faults = releaseFaults([
    core,
    { ...core, name: '@ilearn/ui', version: '0.1.0', publishConfig: undefined, peerDependencies: { '@ilearn/core': '^0.1.0' } },
    { ...core, name: '@ilearn/plugin-a', dependencies: { '@ilearn/plugin-b': '^1.0.0', lit: 'file:../lit' } },
  ]);
  expect(faults).toEqual([
    '@ilearn/ui: publishConfig.access is not public, so npm would refuse it, or hide it',
    '@ilearn/ui: needs @ilearn/core ^0.1.0, but 0.2.0 would be published',
    '@ilearn/plugin-a: needs @ilearn/plugin-b, which is not published',
    '@ilearn/plugin-a: lit comes from file:../lit',
    '@ilearn/core and @ilearn/ui have different versions',
  ]);
});
