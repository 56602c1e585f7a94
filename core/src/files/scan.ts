import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Problem } from '../contract/problem.js';

const IDLE_MS = 60_000;

/**
 * One scan by clamd over TCP, with the command INSTREAM (clamd(8)): each chunk is preceded by its length as 32 bits in network order, and a
 * length of zero ends the file. A file that cannot be scanned is refused.
 */
export class Scan {
  readonly #socket: Socket;
  readonly #verdict: Promise<string>;
  #error: Error | null = null;

  constructor({ host, port }: { host: string; port: number }) {
    this.#socket = connect({ host, port });
    this.#socket.setTimeout(IDLE_MS, () => this.#socket.destroy(new Error('clamd does not answer')));
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#verdict = text(this.#socket);
    this.#verdict.catch(() => {});
    this.#socket.write('zINSTREAM\0');
  }

  /** Resolves when clamd can take more data. */
  async add(chunk: Uint8Array): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(chunk.byteLength);
    this.#socket.write(length);
    if (this.#socket.write(chunk) || this.#socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.on('drain', done).on('close', done);
    });
  }

  /** @throws Problem 422 if clamd recognises malware, 503 if it cannot be reached */
  async finish(): Promise<void> {
    this.#socket.write(Buffer.alloc(4));
    const said = await this.#verdict.catch(() => '');
    if (/^stream: OK\0?\s*$/.test(said)) return;
    if (/ FOUND\0?\s*$/.test(said)) {
      throw new Problem({
        type: 'file-infected',
        status: 422,
        title: 'The file is infected',
        detail: 'The virus scanner of this portal rejected the file. Nothing was stored.',
      });
    }
    throw Object.assign(
      new Problem({
        type: 'file-not-scanned',
        status: 503,
        title: 'The file could not be scanned',
        detail: 'The virus scanner of this portal could not scan the file. Nothing was stored; try again later.',
        headers: { 'retry-after': '60' },
      }),
      {
        remedy: 'Check that clamd runs at CLAMAV_HOST and that its StreamMaxLength is at least maxBytes.',
        cause: this.#error ?? said,
      },
    );
  }

  abandon(): void {
    this.#socket.destroy();
  }
}
