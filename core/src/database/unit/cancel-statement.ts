import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';

/** The private parts of the driver that are used here; they have no types. */
interface Running {
  host: string;
  port: number;
  ssl: unknown;
  sslNegotiation?: unknown;
  processID: number | null;
  secretKey: number | null;
}
interface Connection {
  stream: { destroy(): void; unref?(): void };
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  on(event: 'connect' | 'sslconnect' | 'error' | 'end', heard: () => void): void;
}
const Connection = pg.Connection as unknown as new (options: {
  ssl: unknown;
  sslNegotiation: unknown;
  stream: typeof kernelSocket;
}) => Connection;

/**
 * Asks PostgreSQL to cancel the statement of a connection (Frontend/Backend Protocol, Canceling Requests in Progress). The request may
 * arrive after that statement is over, so the connection must not be used again.
 */
function cancelStatement(client: pg.PoolClient): void {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Running;
  if (processID === null || secretKey === null) return;
  const connection = new Connection({ ssl, sslNegotiation, stream: kernelSocket });
  const cancel = () => connection.cancel(processID, secretKey);
  connection.on('connect', () => (ssl ? connection.requestSsl() : cancel()));
  connection.on('sslconnect', cancel);
  // If the server cannot be asked, the statement runs on and its connection is closed after it.
  connection.on('error', () => connection.stream.destroy());
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}

/** A statement that ends within this time by itself is not cancelled. */
const GRACE_MS = 1_000;

/**
 * Cancels the statement that a connection is at, unless it ends soon: most of those whose client has gone do, and a connection that was
 * asked to cancel cannot be used again.
 */
export class Cancellation {
  readonly #timer: NodeJS.Timeout;
  #sent = false;

  constructor(client: pg.PoolClient) {
    this.#timer = setTimeout(() => {
      this.#sent = true;
      cancelStatement(client);
    }, GRACE_MS);
  }

  /** The statement has ended. Tells whether its connection must not be used again. */
  end(): boolean {
    clearTimeout(this.#timer);
    return this.#sent;
  }
}
