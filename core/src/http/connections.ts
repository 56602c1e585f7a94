import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';

/**
 * How long a connection that just carried a request is kept open while the server stops. A client that uses a connection that often sends
 * its next request within this time, and the answer tells it to close the connection. Closing at once could cut off a request in transit,
 * which a browser repeats by itself but a proxy may not.
 */
const LINGER_MS = { browsers: 100, proxy: 3_000 };
/** Interval at which connections are checked while the server stops. */
const LOOK_MS = 20;
/** A turn of the event loop no longer than this leaves little time for unread data to arrive. */
const QUIET_TURN_MS = 1;
const QUIET_TRIES = 200;

interface Standing {
  /** Number of requests that were read but not yet answered. */
  open: number;
  /** When it was last used (`performance.now()`). */
  usedAt: number;
  /** Bytes read by then; if more have been read now, a request is arriving. */
  bytes: number;
}

/** The connections of a server, so that it can stop without cutting off a request. */
export class Connections {
  readonly #standing = new Map<Socket, Standing>();
  readonly #lingerMs: number;
  #closing = false;

  constructor(
    private readonly server: Server,
    behindProxy: boolean,
  ) {
    this.#lingerMs = behindProxy ? LINGER_MS.proxy : LINGER_MS.browsers;
    // Longer than proxies keep idle connections (60 s or less): if the server closes first, it can cut off a request in transit.
    server.keepAliveTimeout = 75_000;
    server.on('connection', (socket: Socket) => {
      this.#standing.set(socket, { open: 0, usedAt: performance.now(), bytes: 0 });
      socket.once('close', () => this.#standing.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#follow(request, response));
  }

  /** True once every answer must announce that the connection will be closed. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Accepts no new connections and closes each existing one when it is idle. Requests that arrive on them in the meantime are answered. */
  async drain(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      afterQuietTurn(() => {
        // Use `close` of net.Server: that of http.Server would close idle connections at once.
        TcpServer.prototype.close.call(this.server, () => resolve());
        // Not earlier: a client whose connection closes opens another one, and a connection waiting to be accepted is cut off by the line
        // above.
        this.#closing = true;
      }),
    );
    const deadline = performance.now() + graceMs;
    this.#closeIdle(deadline);
    const timer = setInterval(() => this.#closeIdle(deadline), LOOK_MS);
    await closed;
    clearInterval(timer);
    // Stops http's own timer for requests that take too long.
    this.server.close();
  }

  #closeIdle(deadline: number): void {
    afterQuietTurn(() => {
      const now = performance.now();
      for (const [socket, { open, usedAt, bytes }] of this.#standing) {
        const idle = open === 0 && socket.bytesRead === bytes && now - usedAt >= this.#lingerMs;
        if (idle || now >= deadline) socket.destroy();
      }
    });
  }

  #follow({ socket }: IncomingMessage, response: ServerResponse): void {
    const standing = this.#standing.get(socket);
    if (standing === undefined) return;
    standing.open++;
    response.once('close', () => {
      standing.open--;
      standing.usedAt = performance.now();
      standing.bytes = socket.bytesRead;
    });
  }
}

/** Calls `fn` right after the event loop has read the data that arrived, when closing connections cuts off the fewest requests. */
function afterQuietTurn(fn: () => void, tries = QUIET_TRIES): void {
  const began = performance.now();
  setImmediate(() => {
    if (tries === 0 || performance.now() - began < QUIET_TURN_MS) fn();
    else afterQuietTurn(fn, tries - 1);
  });
}
