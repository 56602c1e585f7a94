import { connect } from 'node:net';

/** Sends bytes as they are and gives back all that comes until the server closes or `quietMs` pass without a byte. */
export function sendRaw(url: string, parts: (string | Uint8Array)[], { end = false, quietMs = 3_000 } = {}): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let received = '';
    const done = () => {
      socket.destroy();
      resolve(received);
    };
    socket.setTimeout(quietMs, done);
    socket.on('data', (bytes) => {
      received += bytes.toString('latin1');
    });
    socket.on('error', done);
    socket.on('close', done);
    for (const part of parts) socket.write(part);
    if (end) socket.end();
  });
}
