// Pages that follow live topics: a process of their own, so that their memory and work are not the server's.
import { connect } from 'node:net';

const sockets = [];
let late = [];
let received = 0;

/** Opens a stream by hand: ten thousand of fetch's would take the memory of the machine. */
function follow({ url, cookie, topic }) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('a stream was closed')));
    socket.on('data', (chunk) => {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        if (block.includes('event: ready')) resolve();
        const at = /"at": ?(\d+)/.exec(block);
        if (at === null) continue;
        received++;
        late.push(Date.now() - Number(at[1]));
      }
      if (text.startsWith('HTTP/1.1 4') || text.startsWith('HTTP/1.1 5')) reject(new Error(text.slice(0, 400)));
    });
    socket.write(
      `GET /live?topic=${encodeURIComponent(topic)} HTTP/1.1\r\nhost: ${hostname}\r\naccept: text/event-stream\r\ncookie: ${cookie}\r\n\r\n`,
    );
    sockets.push(socket);
  });
}

process.on('message', async ({ what, wanted }) => {
  if (what === 'follow') {
    for (let first = 0; first < wanted.length; first += 100) await Promise.all(wanted.slice(first, first + 100).map(follow));
    process.send({ followed: wanted.length });
  } else if (what === 'late') {
    process.send({ late, received });
    late = [];
    received = 0;
  }
});
process.once('disconnect', () => process.exit(0));
process.send({});
