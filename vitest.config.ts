import { defineConfig } from 'vitest/config';

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Built packages run as they are, not through Vite.
  server: { deps: { external: [/\/dist\//] } },
};

/** `database`: what the portal's database may change, run on PGlite and on PostgreSQL. `browser`: what Chromium shows. */
export default defineConfig({
  test: {
    // Two cores: more files at once only make each slower.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...common,
          name: 'database',
          include: ['core/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['ui/test/**/*.test.ts', '**/test/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**'],
        },
      },
    ],
  },
});
