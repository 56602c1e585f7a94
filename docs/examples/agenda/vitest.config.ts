import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  // Vite does not watch an output folder that it may empty, but `vitest` has to see what `npm run watch` builds there.
  build: { emptyOutDir: false },
  test: {
    hookTimeout: 120_000,
    testTimeout: 60_000,
    // What is built runs as it is, not through Vite.
    server: { deps: { external: [/\/dist\//] } },
    forceRerunTriggers: [...configDefaults.forceRerunTriggers, '**/dist/**/*.js', '**/messages/*.json'],
  },
});
