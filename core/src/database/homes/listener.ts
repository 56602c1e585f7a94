import type pg from 'pg';
import { quote } from '../names.js';

const AGAIN_MS = 1_000;

export interface Listener {
  close(): void;
}

/**
 * Listens on a channel (LISTEN) on a separate connection, which is reopened whenever it is lost. Notifications sent in between are lost, so
 * `heard` is also called after each opening. A connection may die unnoticed, so the caller must also poll now and then.
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
    // Destroy the socket instead of closing the connection, which would wait for a hanging server.
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
