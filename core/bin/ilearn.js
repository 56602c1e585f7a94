#!/usr/bin/env node
import { main } from '../dist/cli/main.js';
import { mapStacks } from '../dist/foundation/mapped-stacks.js';

mapStacks();

process.exitCode = await main(process.argv.slice(2), process.cwd());
// What a library left open (a timer of BullMQ's that waits for a Redis that never came) must not keep a stopped portal alive.
setTimeout(() => process.exit(), 1_000).unref();
