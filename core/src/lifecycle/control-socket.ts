import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommandInput, CommandResult } from './commands/command.js';

/** Longest path of a Unix socket (`sun_path`). */
const LONGEST = 100;

/** The address where the portal of a data folder accepts commands. Only the portal's own user may connect. */
export function controlAddress(dataDir: string): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\ilearn-${hash}`;
  const path = join(dataDir, 'control.sock');
  return path.length <= LONGEST ? path : join(tmpdir(), `ilearn-${hash}.sock`);
}

/**
 * Accepts commands from other processes on this machine, since only this process can use the embedded database. Request and response are
 * one line of JSON each.
 */
export class ControlSocket {
  #server: Server | null = null;

  constructor(
    private readonly address: string,
    private readonly run: (input: CommandInput) => Promise<CommandResult>,
  ) {}

  /** Removes the socket that a killed process left; the lock on the data folder guarantees that no other process uses it. */
  async listen(): Promise<void> {
    const isFile = process.platform !== 'win32';
    if (isFile) rmSync(this.address, { force: true });
    const server = createServer((socket) => void this.#serve(socket));
    // The umask keeps other users out even before the mode of the socket is set.
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.address, resolve));
    } finally {
      process.umask(before);
    }
    if (isFile) chmodSync(this.address, 0o600);
    server.unref();
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  async #serve(socket: Socket): Promise<void> {
    socket.on('error', () => {});
    let outcome: CommandResult;
    try {
      outcome = await this.run(JSON.parse(await readLine(socket)) as CommandInput);
    } catch (error) {
      outcome = { code: 1, lines: [(error as Error).message] };
    }
    socket.end(`${JSON.stringify(outcome)}\n`);
  }
}

/**
 * Whether a socket is the portal's: it belongs to this user, or to the owner of its folder. In a folder for all users, anybody else may have
 * made one under that name, to be sent a backup key.
 *
 * @param socket number of the user to whom the socket belongs
 */
export const isPortals = (socket: number, folder: number, own: number): boolean => socket === own || socket === folder;

function mayBeAsked(address: string): boolean {
  const own = process.getuid?.();
  if (own === undefined) return true;
  const [socket, folder] = [address, dirname(address)].map((path) => lstatSync(path, { throwIfNoEntry: false })?.uid);
  return socket !== undefined && folder !== undefined && isPortals(socket, folder, own);
}

/** The answer of the running portal; null if none listens there. */
export async function askPortal(address: string, input: CommandInput): Promise<CommandResult | null> {
  if (!mayBeAsked(address)) return null;
  const socket = connect(address);
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  } catch {
    return null;
  }
  socket.write(`${JSON.stringify(input)}\n`);
  return JSON.parse(await readLine(socket)) as CommandResult;
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (text.length > 10_000_000) socket.destroy(new Error('too long a line'));
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the portal ended before it answered')));
  });
}
