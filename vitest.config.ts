import { defineConfig } from 'vitest/config';

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // Files share a process: starting one, and reading PGlite anew, costs more than most files.
  isolate: false,
  // Built packages run as they are, not through Vite.
  server: { deps: { external: [/\/dist\//] } },
};

/** What no database changes, or what brings its own. */
const once = [
  'core/test/{breaker,client,command,configuration,doctor,hostile-plugins,kills,plugin-new}.test.ts',
  'core/test/{postgresql,privacy-command,redis}.test.ts',
  'plugins/*/test/{dwengo-files,faults,messages,pages,rules,planning,skos}.test.ts',
];

/** `database` runs on PGlite and again on PostgreSQL; `browser` is what Chromium shows. */
export default defineConfig({
  test: {
    // Two cores: more files at once only make each slower.
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'once', include: once } },
      {
        test: {
          ...common,
          name: 'database',
          include: ['core/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', ...once],
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          // A machine at its limit may keep a page waiting past a time-out; what is wrong is wrong twice.
          retry: 1,
          include: ['ui/test/**/*.test.ts', '**/test/**/*.browser.test.ts'],
          exclude: ['**/node_modules/**'],
        },
      },
    ],
  },
});
