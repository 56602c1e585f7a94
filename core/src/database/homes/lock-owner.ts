import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who holds a lock, so that others can tell whether it still lives. */
export interface Owner {
  pid: number;
  host: string;
  /** Of the running system; null where there is none (other systems than Linux). */
  boot: string | null;
  /** In which its id counts. */
  namespace: string | null;
  /** Its id as `/proc` shows it, and when it started: ids come again. */
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

/** null: it cannot be seen from here, being of another container or machine, or of before this machine was started again. */
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

/** Ticks since the system's start. The name before it may hold anything, parentheses and spaces included. */
function startOf(process: string): string | null {
  const stat = read(`/proc/${process}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  // A zombie has ended.
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
