import { Socket } from 'node:net';

const own = new WeakSet<Socket>();

/** Creates a socket to the database. The network watch ignores these sockets, because a unit of work may wait for the database. */
export function kernelSocket(): Socket {
  const socket = new Socket();
  own.add(socket);
  return socket;
}

export const isKernelSocket = (socket: Socket): boolean => own.has(socket);
