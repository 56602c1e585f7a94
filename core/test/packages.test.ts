import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
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
