import type pg from 'pg';
import { quote } from '../names.js';

const AGAIN_MS = 1_000;

export interface Listener {
  close(): void;
}

/**
 * Listens on a channel (LISTEN), on a connection of its own that is opened again whenever it is lost. Notifications of meanwhile are lost, so
 * `heard` is also called after each opening; a connection that dies unseen is for the caller to make up for by looking now and then.
 */
export function listenOn(
  open: () => { client: pg.Client; open: Promise<unknown> },
  channel: string,
  heard: () => void,
): Listener {
  let closed = false;
  let current: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  const drop = (client: pg.Client): void => {
    // Without a goodbye, for which a hanging server would make it wait.
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  };
  const connect = (): void => {
    const { client, open: opened } = open();
    current = client;
    const again = () => {
      if (current !== client) return;
      current = null;
      drop(client);
      if (!closed) timer = setTimeout(connect, AGAIN_MS);
    };
    client.on('notification', heard);
    client.once('error', again);
    client.once('end', again);
    opened.then(() => client.query(`listen ${quote(channel)}`)).then(heard, again);
  };
  connect();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
      const client = current;
      current = null;
      if (client !== null) drop(client);
    },
  };
}
