import { readFileSync } from 'node:fs';
import { CONTRACT_VERSION } from '../../contract/version.js';
import { KERNEL_VERSION } from '../../foundation/version.js';

export interface NewPackage {
  id: string;
  licence: string;
  /** Tarballs to use instead of the registry, by package name. */
  tarballs: Record<string, string>;
}

/** Versions with which this kernel was built. */
const { dependencies } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  dependencies: Record<string, string>;
};

/** Range of a library that the kernel provides: at least the kernel's version, even if the kernel pins it. */
const rangeOf = (name: string): string => `^${(dependencies[name] as string).replace(/^\^/, '')}`;

/** Returns the package.json of a new plugin. */
export function packageJsonOf({ id, licence, tarballs }: NewPackage): object {
  return {
    name: `ilearn-plugin-${id}`,
    version: '0.1.0',
    description: 'A plugin for i-Learn',
    keywords: ['ilearn-plugin'],
    license: licence,
    type: 'module',
    ilearn: { contract: CONTRACT_VERSION },
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './client': { types: './dist/client.d.ts', default: './dist/client.js' },
      './package.json': './package.json',
    },
    files: ['dist', '!dist/*.stamp.json', 'messages'],
    scripts: {
      // Builds into an empty folder, so that deleted modules are not published.
      build: `node -e "fs.rmSync('dist', { recursive: true, force: true })" && tsc && ilearn-ui build`,
      pretest: 'npm run build',
      test: 'tsc --project test && vitest run',
      dev: 'ilearn dev',
      watch: 'node watch.mjs',
      precheck: 'npm run build',
      check: 'ilearn plugin check',
      prepack: 'npm run build',
    },
    // The portal provides one copy of each for all plugins.
    peerDependencies: {
      // No upper bound, because the contract number determines which kernels run it. Raise the lower bound when you use something newer.
      '@ilearn/core': `>=${KERNEL_VERSION}`,
      '@ilearn/ui': `>=${KERNEL_VERSION}`,
      knex: rangeOf('knex'),
      lit: '^3.3.3',
      zod: rangeOf('zod'),
    },
    devDependencies: {
      ...tarballs,
      '@seriousme/openapi-schema-validator': '^2.11.0',
      '@types/node': '^20.19.0',
      'axe-core': '^4.14.1',
      'playwright-core': '^1.65.1',
      typescript: '^7.0.2',
      vite: '^8.3.8',
      vitest: '^4.1.12',
    },
  };
}
