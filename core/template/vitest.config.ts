import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    hookTimeout: 120_000,
    testTimeout: 60_000,
    // What is built runs as it is, not through Vite.
    server: { deps: { external: [/\/dist\//] } },
  },
});
