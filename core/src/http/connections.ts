import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type Socket, Server as TcpServer } from 'node:net';

/**
 * How long a connection that just carried a request is kept while the server stops. Whoever uses it that often sends the next request
 * within this time and learns from the answer that it is the last; closed at once, it could cut a request on its way. A browser
 * sends such a request again by itself, a proxy may not.
 */
const LINGER_MS = { browsers: 100, proxy: 1_000 };
/** How often connections are looked at while the server stops. */
const LOOK_MS = 20;
/** A turn of the event loop that is no longer leaves little time in which something arrives unread. */
const QUIET_TURN_MS = 1;
const QUIET_TRIES = 200;

interface Standing {
  /** Requests that were read and not yet answered. */
  open: number;
  /** When it last carried anything, by `performance.now()`. */
  usedAt: number;
  /** Bytes that were read up to then; more of them are a request that is still coming in. */
  bytes: number;
}

/** The connections of a server, so that it can stop without cutting a request. */
export class Connections {
  readonly #standing = new Map<Socket, Standing>();
  readonly #lingerMs: number;
  #closing = false;

  constructor(
    private readonly server: Server,
    behindProxy: boolean,
  ) {
    this.#lingerMs = behindProxy ? LINGER_MS.proxy : LINGER_MS.browsers;
    // A server that closes an idle connection before its proxy does can cut a request on its way: proxies keep theirs 60 s or less.
    server.keepAliveTimeout = 75_000;
    server.on('connection', (socket: Socket) => {
      this.#standing.set(socket, { open: 0, usedAt: performance.now(), bytes: 0 });
      socket.once('close', () => this.#standing.delete(socket));
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#follow(request, response));
  }

  /** From now on every answer says that it is the last of its connection. */
  get closing(): boolean {
    return this.#closing;
  }

  /**
   * Takes no new connections; those that are there are closed as they fall idle. What arrives on them meanwhile is answered.
   *
   * @param graceMs after which the rest is cut off
   */
  async drain(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      afterQuietTurn(() => {
        // Of net, not of http: the latter closes idle connections at once.
        TcpServer.prototype.close.call(this.server, () => resolve());
        // Not before: whoever loses its connection makes another, and one that waits to be taken in is cut off by the line above.
        this.#closing = true;
      }),
    );
    const deadline = performance.now() + graceMs;
    this.#closeIdle(deadline);
    const timer = setInterval(() => this.#closeIdle(deadline), LOOK_MS);
    await closed;
    clearInterval(timer);
    // Its timer for requests that take too long goes on otherwise.
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

/** Calls `fn` right after the event loop has read what has arrived: what is closed then cuts off least. */
function afterQuietTurn(fn: () => void, tries = QUIET_TRIES): void {
  const began = performance.now();
  setImmediate(() => {
    if (tries === 0 || performance.now() - began < QUIET_TURN_MS) fn();
    else afterQuietTurn(fn, tries - 1);
  });
}
