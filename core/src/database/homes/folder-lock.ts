import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { isAlive, type Owner, thisProcess } from './lock-owner.js';

/** Timing by which holder and newcomer detect each other; the same for all processes that use a folder. */
export interface LockPace {
  /** Interval of the heartbeat, in ms. The heartbeat has its own thread, so busy code does not end the lease. */
  beatMs: number;
  /** A lease without a heartbeat for this long, in ms, has lapsed. */
  leaseMs: number;
}

const usualPace: LockPace = { beatMs: 1_000, leaseMs: 15_000 };
const LOOK_MS = 100;

/** Another process uses the folder. */
export class FolderInUseError extends Error {
  constructor(folder: string, { pid, host }: Pick<Owner, 'pid' | 'host'>, here: boolean) {
    super(
      `The database in ${folder} is in use by process ${pid}${here ? '' : ` of another container or machine (host ${host})`}. ` +
        'The embedded database can be used by one process at a time: ' +
        'stop the portal first, or set DATABASE_URL to a PostgreSQL server, which serves many.',
    );
    this.name = 'FolderInUseError';
  }
}

/** Another process has taken over the folder that this one held. */
export class FolderLostError extends Error {
  constructor(folder: string, { leaseMs }: LockPace) {
    super(
      `Another process has taken over the database in ${folder}, because this one was suspended for more than ${leaseMs / 1_000} seconds. ` +
        'This one stops at once and writes nothing more. Run only one portal on a folder.',
    );
    this.name = 'FolderLostError';
  }
}

export interface FolderLease {
  /** @throws FolderLostError once another process has taken over the folder */
  check(): void;
  /** Calls `fn` once when another process has taken over the folder. */
  onLost(fn: (error: FolderLostError) => void): void;
  release(): Promise<void>;
}

/**
 * Locks a folder for this process, also against processes in other containers or on other machines that share the volume.
 *
 * The lock is a folder of numbered files. The process that creates the next number holds the lock (a hard link is created atomically, and
 * only once) and deletes the lower numbers. The holder increments a heartbeat file next to its own file. A newcomer that cannot otherwise
 * tell whether the holder is alive watches that file, so no clocks are compared. A holder that ends leaves its file, marked as free, so
 * numbers are never reused.
 *
 * @param tell called when it has to wait
 * @param pace a shorter one for tests that wait for a lease to lapse
 * @throws FolderInUseError
 */
export async function lockFolder(
  folder: string,
  tell: (line: string) => void = () => {},
  pace: LockPace = usualPace,
): Promise<FolderLease> {
  const lock = `${folder}.lock`;
  makeLockFolder(folder, lock);
  const claim = join(lock, `claim-${randomUUID()}`);
  try {
    for (;;) {
      const last = highest(lock);
      if (last > 0) await waitForEnd(folder, lock, last, tell, pace);
      const own = last + 1;
      writeFileSync(claim, JSON.stringify(thisProcess()), { mode: 0o600 });
      writeFileSync(beatOf(lock, own), '0'.padStart(16), { mode: 0o600 });
      if (!link(claim, join(lock, String(own)))) continue;
      // A slow process created a number that others had already used and released.
      if (highest(lock) > own) rmSync(join(lock, String(own)), { force: true });
      else return hold(folder, lock, own, pace);
    }
  } finally {
    rmSync(claim, { force: true });
  }
}

const beatOf = (lock: string, number: number): string => join(lock, `${number}.beat`);
const numbers = (lock: string): number[] => readdirSync(lock).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
const highest = (lock: string): number => Math.max(0, ...numbers(lock));

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Earlier versions used a file with a process id instead of this folder. */
function makeLockFolder(folder: string, lock: string): void {
  if (existsSync(lock) && statSync(lock).isFile()) {
    const pid = Number(readFileSync(lock, 'utf8')) || 0;
    const owner = { ...thisProcess(), pid, processId: pid, started: null };
    if (pid !== process.pid && isAlive(owner) === true) throw new FolderInUseError(folder, owner, true);
    rmSync(lock, { force: true });
  }
  mkdirSync(lock, { recursive: true, mode: 0o700 });
}

/** @throws FolderInUseError if the holder is alive */
async function waitForEnd(
  folder: string,
  lock: string,
  number: number,
  tell: (line: string) => void,
  { leaseMs }: LockPace,
): Promise<void> {
  const text = read(join(lock, String(number)));
  const owner = text === null ? null : (JSON.parse(text) as Owner | { free: true });
  if (owner === null || 'free' in owner) return;
  const alive = isAlive(owner);
  if (alive === true) throw new FolderInUseError(folder, owner, true);
  if (alive === false) return;
  tell(
    `The database in ${folder} was opened by process ${owner.pid} of host ${owner.host}, which this process cannot see. ` +
      `Watching for ${leaseMs / 1_000} seconds whether it is still running.`,
  );
  const before = read(beatOf(lock, number));
  for (const end = performance.now() + leaseMs; performance.now() < end; await pause(LOOK_MS)) {
    if (highest(lock) !== number || read(join(lock, String(number))) !== text) return;
    if (read(beatOf(lock, number)) !== before) throw new FolderInUseError(folder, owner, false);
  }
}

function hold(folder: string, lock: string, own: number, pace: LockPace): FolderLease {
  const file = join(lock, String(own));
  // Before the database is opened: the missing files tell the previous holder that it lost the folder.
  for (const name of readdirSync(lock)) {
    const number = /^(\d+)(\.beat)?$/.exec(name)?.[1];
    if (number !== undefined && Number(number) < own) rmSync(join(lock, name), { force: true });
  }
  const worker = new Worker(new URL('./folder-heartbeat-thread.js', import.meta.url), {
    workerData: { file, beat: beatOf(lock, own), everyMs: pace.beatMs },
  });
  worker.unref();
  const lost = new Promise<FolderLostError>((resolve) =>
    worker.once('message', () => resolve(new FolderLostError(folder, pace))),
  );
  worker.on('error', () => {});
  return {
    check: () => {
      if (!existsSync(file)) throw new FolderLostError(folder, pace);
    },
    onLost: (fn) => void lost.then(fn),
    release: async () => {
      await worker.terminate();
      if (!existsSync(file)) return;
      const free = `${file}.free`;
      writeFileSync(free, JSON.stringify({ free: true }), { mode: 0o600 });
      renameSync(free, file);
      rmSync(beatOf(lock, own), { force: true });
    },
  };
}
