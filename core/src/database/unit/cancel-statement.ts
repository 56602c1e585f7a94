import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';

/** What of the driver's client and connection is used here; its types tell of neither. */
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
 * Asks PostgreSQL to give up the statement that a connection is at (Frontend/Backend Protocol, Canceling Requests in Progress). It may come
 * when that statement is over: the connection must serve nobody else after this.
 */
export function cancelStatement(client: pg.PoolClient): void {
  const { host, port, ssl, sslNegotiation, processID, secretKey } = client as unknown as Running;
  if (processID === null || secretKey === null) return;
  const connection = new Connection({ ssl, sslNegotiation, stream: kernelSocket });
  const cancel = () => connection.cancel(processID, secretKey);
  connection.on('connect', () => (ssl ? connection.requestSsl() : cancel()));
  connection.on('sslconnect', cancel);
  // Where it cannot be asked, the statement runs on and its connection is closed after it.
  connection.on('error', () => connection.stream.destroy());
  if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
  else connection.connect(port, host);
}
