import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';

/**
 * How long a connection that just carried a request is kept while the server stops. A client that uses it that often sends its next request
 * within this time, and learns from the answer that it is the last. Closing at once could cut off a request on its way, which a browser
 * repeats by itself and a proxy may not.
 */
const LINGER_MS = { browsers: 100, proxy: 3_000 };
/** How often connections are looked at while the server stops. */
const LOOK_MS = 20;
/** After a turn of the event loop no longer than this, little can have arrived unread. */
const QUIET_TURN_MS = 1;
const QUIET_TRIES = 200;

interface Standing {
  /** Requests that were read and not yet answered. */
  open: number;
  /** When it last carried anything (`performance.now()`). */
  usedAt: number;
  /** Bytes read by then; if there are more now, a request is coming in. */
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
    // Longer than a proxy keeps idle connections (60 s or less): a server that closes first can cut off a request on its way.
    server.keepAliveTimeout = 75_000;
    server.on('connection', (socket: Socket) => {
      this.#standing.set(socket, { open: 0, usedAt: performance.now(), bytes: 0 });
      socket.once('close', () => this.#standing.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#follow(request, response));
  }

  /** True once every answer must say that it is the last on its connection. */
  get closing(): boolean {
    return this.#closing;
  }

  /**
   * Accepts no new connections and closes each existing one when it falls idle. Requests that arrive on them meanwhile are answered.
   */
  async drain(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      afterQuietTurn(() => {
        // net's `close`: that of http would close idle connections at once.
        TcpServer.prototype.close.call(this.server, () => resolve());
        // Not earlier: a client that loses its connection opens another, and one that waits to be accepted is cut off by the line above.
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

/** Calls `fn` right after the event loop has read what has arrived, when closing connections cuts off least. */
function afterQuietTurn(fn: () => void, tries = QUIET_TRIES): void {
  const began = performance.now();
  setImmediate(() => {
    if (tries === 0 || performance.now() - began < QUIET_TURN_MS) fn();
    else afterQuietTurn(fn, tries - 1);
  });
}
