import { Socket } from 'node:net';

const own = new WeakSet<Socket>();

/** A socket to the database. The network watch lets these through: waiting for the database is what a unit of work is for. */
export function kernelSocket(): Socket {
  const socket = new Socket();
  own.add(socket);
  return socket;
}

export const isKernelSocket = (socket: Socket): boolean => own.has(socket);
