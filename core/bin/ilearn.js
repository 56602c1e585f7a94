#!/usr/bin/env node
// Stacks name the TypeScript of plugins that ship source maps. Set before anything of theirs is imported.
process.setSourceMapsEnabled(true);
const { main } = await import('../dist/cli/main.js');

process.exitCode = await main(process.argv.slice(2), process.cwd());
// What a library left open (a timer of BullMQ's that waits for a Redis that never came) must not keep a stopped portal alive.
setTimeout(() => process.exit(), 1_000).unref();
