import type { HttpCradle } from '@ilearn/core';
import type { Connections } from './connections/connections.js';
import type { Dependencies } from './dependencies.js';
import type { RunPages } from './runs/pages.js';
import type { Reading } from './runs/reading.js';
import type { Runs } from './runs/runs.js';
import type { Taking } from './runs/taking.js';

/** The services that routes and jobs can resolve. */
export interface Cradle extends Dependencies, HttpCradle {
  connections: Connections;
  runs: Runs;
  runPages: RunPages;
  reading: Reading;
  taking: Taking;
}
