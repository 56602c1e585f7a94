import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** Takes connections and never says a word, as a service that hangs does. */
export interface SilentServer {
  port: number;
  url: string;
  /** Connections that are open now. */
  readonly open: number;
  stop(): Promise<void>;
}

export function startSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        url: `http://127.0.0.1:${port}`,
        get open() {
          return sockets.size;
        },
        stop: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}
