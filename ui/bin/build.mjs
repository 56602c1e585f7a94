#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/build/index.js', import.meta.url);
if (!existsSync(built)) {
  console.error('The build of the pages is itself not built yet. Run "npx tsc -b ui" first, or "npm run build" for everything.');
  process.exit(1);
}
const { command } = await import(built);
process.exit(await command(process.argv.slice(2)));
