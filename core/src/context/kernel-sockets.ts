import { Socket } from 'node:net';

const own = new WeakSet<Socket>();

/** A socket of the kernel's: to the database, which is what a unit of work is there to wait for. */
export function kernelSocket(): Socket {
  const socket = new Socket();
  own.add(socket);
  return socket;
}

export const isKernelSocket = (socket: Socket): boolean => own.has(socket);
