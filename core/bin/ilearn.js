#!/usr/bin/env node
import { main } from '../dist/cli/main.js';

// Stacks name the TypeScript of plugins that ship source maps. The kernel is imported before this: reading its maps would slow each start.
process.setSourceMapsEnabled(true);

process.exitCode = await main(process.argv.slice(2), process.cwd());
// What a library left open (a timer of BullMQ's that waits for a Redis that never came) must not keep a stopped portal alive.
setTimeout(() => process.exit(), 1_000).unref();
