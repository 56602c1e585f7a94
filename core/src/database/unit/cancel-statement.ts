import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';

/** The driver's private members that are used here; they have no types. */
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
 * Asks PostgreSQL to cancel a connection's statement (Frontend/Backend Protocol, Canceling Requests in Progress). The request may arrive
 * after that statement has ended, so the connection must not be used again.
 */
function cancelStatement(client: pg.PoolClient): void {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Running;
  if (processID === null || secretKey === null) return;
  const connection = new Connection({ ssl, sslNegotiation, stream: kernelSocket });
  const cancel = () => connection.cancel(processID, secretKey);
  connection.on('connect', () => (ssl ? connection.requestSsl() : cancel()));
  connection.on('sslconnect', cancel);
  // If the server cannot be reached, the statement continues and its connection is closed afterwards.
  connection.on('error', () => connection.stream.destroy());
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}

/** A statement that ends by itself within this time is not cancelled. */
const GRACE_MS = 1_000;

/**
 * Cancels a connection's current statement unless it ends soon: most statements whose client has gone do, and a connection cannot be used
 * again after a cancel request.
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

  /** Called when the statement has ended. Returns true if its connection must not be used again. */
  end(): boolean {
    clearTimeout(this.#timer);
    return this.#sent;
  }
}
