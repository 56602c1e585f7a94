import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The process that holds a lock, with what other processes need to tell whether it is alive. */
export interface Owner {
  pid: number;
  host: string;
  /** Boot id of the system; null on systems other than Linux. */
  boot: string | null;
  /** The pid namespace of its process id. */
  namespace: string | null;
  /** Process id and start time as in `/proc`; both, because ids are reused. */
  processId: number;
  started: string | null;
}

export function thisProcess(): Owner {
  return {
    pid: process.pid,
    host: hostname(),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: link('/proc/self/ns/pid'),
    processId: Number(link('/proc/self') ?? process.pid),
    started: startOf('self'),
  };
}

/** null if this process cannot tell: the owner is in another container, on another machine, or from before the last boot. */
export function isAlive(owner: Owner): boolean | null {
  const here = thisProcess();
  if (owner.host !== here.host && owner.boot === null) return null;
  if (owner.boot !== here.boot || owner.namespace !== here.namespace) return null;
  if (here.namespace === null) return answersSignals(owner.pid);
  const started = startOf(String(owner.processId));
  return started !== null && (owner.started === null || owner.started === started);
}

function answersSignals(pid: number): boolean {
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time in clock ticks since boot. The process name that precedes it may contain any character, even parentheses and spaces. */
function startOf(process: string): string | null {
  const stat = read(`/proc/${process}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie (Z) or dead (X) process has ended.
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function link(file: string): string | null {
  try {
    return readlinkSync(file);
  } catch {
    return null;
  }
}
