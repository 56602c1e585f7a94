/*
 * The process in which `ilearn dev` runs the portal. It imports the kernel at once and starts when it is told to, so that what every start
 * has in common is done before a file is changed.
 */
import '../../platform/running-platform.js';
import '../../database/homes/open-folder.js';
import '@electric-sql/pglite/node-postgres';
import { CompositionError, type Fault } from '../../foundation/diagnosis.js';
import { mapStacks } from '../../foundation/mapped-stacks.js';
import type { Platform } from '../../platform/platform.js';
import { openPlatform } from '../open-platform.js';
import { logUnhandledErrors } from '../unhandled-errors.js';
import type { FromPortal, Problem, ToPortal } from './messages.js';
import { rolesOf, signInAs } from './sign-in.js';

let platform: Platform | undefined;
let stopping = false;

mapStacks();
const send = (message: FromPortal) => process.connected && process.send?.(message);
process.on('message', (message: ToPortal) => void obey(message));
// The supervisor is gone, however it ended.
process.on('disconnect', () => void stop());
// Ctrl-C reaches every process of the terminal; the supervisor says when this one stops.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => void stop());
send({ kind: 'warm' });

async function obey(message: ToPortal): Promise<void> {
  if (message.kind === 'stop') await stop();
  else if (message.kind === 'start') await start(message.root);
  else if (platform !== undefined) await signIn(platform, message.role);
}

async function signIn(running: Platform, role: string): Promise<void> {
  try {
    send({ kind: 'signed-in', cookie: await signInAs(running, role) });
  } catch (error) {
    console.error(error);
    send({ kind: 'failed', message: (error as Error).message });
  }
}

async function start(root: string): Promise<void> {
  try {
    const opened = await openPlatform(root, { databaseFirst: true, serves: true });
    platform = opened.platform;
    logUnhandledErrors(platform, opened.log);
    const port = await platform.start();
    const { faults } = platform.composition;
    send({ kind: 'ready', port, faults: faults.map(problemOf), page: firstPage(platform), roles: rolesOf(platform) });
    for (const line of platform.announcements) void Promise.resolve(line).then((text) => console.log(text));
  } catch (error) {
    const message = error instanceof CompositionError ? error.message : ((error as Error).stack ?? String(error));
    send({ kind: 'failed', message });
    await stop();
  }
}

const problemOf = ({ plugin, where, message, remedy, stack }: Fault): Problem => ({
  where: `${plugin} › ${where}`,
  message: stack === undefined || stack.includes(message) === false ? message : stack,
  remedy,
});

/** The first page of the plugin that is named last: the one under development. */
function firstPage({ plugins }: Platform): string {
  const paths = plugins.flatMap(({ definition }) => definition.ui?.pages ?? []).map(({ path }) => path);
  return paths.filter((path) => !path.includes(':')).at(-1) ?? '/';
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  const late = setTimeout(() => process.exit(1), STOP_MS);
  await platform?.stop().catch((error: unknown) => console.error(error));
  clearTimeout(late);
  process.exit(0);
}

/** A handler that hangs must not keep the next version from starting. */
const STOP_MS = 5_000;
