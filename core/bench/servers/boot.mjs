// Starts a portal of N plugins on a database, tells how long that took and what it holds in memory, and stops.

import { readSettings } from '../../dist/config/settings.js';
import { createLog } from '../../dist/foundation/log.js';
import { Platform } from '../../dist/platform/platform.js';
import { createPlugins } from '../plugins.mjs';

const count = Number(process.argv[2]);
const plugins = createPlugins(count).map((definition) => ({ definition, origin: definition.id, rawConfig: undefined }));
global.gc?.();
const before = process.memoryUsage().heapUsed;
const { settings, faults } = readSettings(
  { DATABASE_URL: process.env.DATABASE_URL, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
  process.cwd(),
);
if (settings === null) throw new Error(JSON.stringify(faults));
const started = performance.now();
const platform = new Platform({ settings, plugins, uiFolder: null, log: createLog('warn') });
await platform.start();
const bootMs = Math.round(performance.now() - started);
global.gc?.();
const heapMb = Math.round((process.memoryUsage().heapUsed - before) / 1e5) / 10;
process.send({ bootMs, heapMb, report: platform.report.render() });
await platform.stop();
process.disconnect();
