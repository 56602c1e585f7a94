#!/usr/bin/env node
import { existsSync } from 'node:fs';

const built = new URL('../dist/build/index.js', import.meta.url);
if (!existsSync(built)) {
  console.error('The build of the pages is itself not built yet. Run "npx tsc -b ui" first, or "npm run build" for everything.');
  process.exit(1);
}
const { command } = await import(built).catch((error) => {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'vite'")) throw error;
  console.error('Building pages needs Vite, which portals do without. Run: npm install --save-dev vite@8');
  process.exit(1);
});
process.exit(await command(process.argv.slice(2)));
