import type { Duplex } from 'node:stream';
import pg from 'pg';
import type { Statement } from '../../context/unit.js';

/** A statement sent ahead of another in the same packet. Each connection prepares it on first use. */
export interface Lead {
  name: string;
  text: string;
  values: string[];
  /**
   * Called with its first row (columns as text) before later results are processed; an error that it returns becomes the result of the
   * whole batch.
   */
  judge?(row: readonly (string | null)[] | null): Error | null;
}

export type Done = (error: unknown, result?: pg.QueryResult) => void;
/** `unsure`: the connection must not be used again. */
type BatchDone = (error: unknown, result: pg.QueryResult | undefined, unsure: boolean) => void;

/** The private members of the driver's query and connection that are used here; they have no types. */
interface Connection {
  stream: { writable: boolean; write(bytes: Buffer): boolean; cork?(): void; uncork?(): void };
  parsedStatements: Record<string, string>;
  parse(message: { name: string; text: string }): void;
  bind(message: { statement: string; values: string[] }): void;
  execute(message: object): void;
}
interface DriverQuery {
  name: string | undefined;
  queryMode: 'extended';
  callback: Done;
  submit(connection: Connection): Error | null;
  handleDataRow(message: { fields: (string | null)[] }): void;
  handleCommandComplete(message: object, connection: Connection): void;
}
const Query = pg.Query as unknown as new (statement: Statement | string, values?: unknown[]) => DriverQuery;

/** The driver copies every property of a statement object; passing only text and values costs a fraction of that. */
const plain = ({ rowMode, types }: Statement): boolean => rowMode === undefined && types === undefined;

/**
 * A statement with leading statements: one packet, one Sync, one answer (PostgreSQL, Frontend/Backend Protocol, Pipelining). If one fails,
 * PostgreSQL skips the rest.
 */
class Batch extends Query {
  #ahead: Lead | undefined;
  #next = 1;
  #row: (string | null)[] | null = null;
  #refusal: Error | null = null;
  #parsing = false;

  constructor(
    private readonly leads: readonly Lead[],
    statement: Statement,
    name: string | undefined,
    done: BatchDone,
  ) {
    super(plain(statement) ? statement.text : statement, statement.values);
    this.name = name;
    this.queryMode = 'extended';
    this.#ahead = leads[0];
    this.callback = (error, result) => {
      // The driver takes the first parsed statement for the last one, so after a failure it does not know which statements are prepared.
      const unsure = error !== null && this.#parsing;
      done(this.#refusal ?? error, this.#refusal === null ? result : undefined, unsure);
    };
  }

  override submit(connection: Connection): Error | null {
    let refused: Error | null = null;
    gather(connection, () => {
      for (const { name, text, values } of this.leads) {
        if (connection.parsedStatements[name] === undefined) {
          connection.parse({ name, text });
          this.#parsing = true;
        }
        connection.bind({ statement: name, values });
        connection.execute({});
      }
      refused = super.submit(connection);
    });
    return refused;
  }

  override handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.#ahead === undefined) super.handleDataRow(message);
    else this.#row ??= message.fields;
  }

  override handleCommandComplete(message: object, connection: Connection): void {
    const lead = this.#ahead;
    if (lead === undefined) {
      super.handleCommandComplete(message, connection);
      return;
    }
    connection.parsedStatements[lead.name] = lead.text;
    this.#refusal ??= lead.judge?.(this.#row) ?? null;
    this.#row = null;
    this.#ahead = this.leads[this.#next++];
  }
}

/** @param name name of the prepared statement; undefined: do not prepare it */
export function sendBatch(
  client: pg.ClientBase,
  leads: readonly Lead[],
  statement: Statement,
  name: string | undefined,
  done: BatchDone,
): void {
  client.query(new Batch(leads, statement, name, done) as unknown as pg.Query);
}

/** The same, one statement after the other. */
export async function sendInTurn(client: pg.ClientBase, leads: readonly Lead[], statement: Statement): Promise<pg.QueryResult> {
  for (const lead of leads) {
    const { rows } = await client.query({ text: lead.text, values: lead.values, rowMode: 'array' });
    const refusal = lead.judge?.(rows[0] ?? null) ?? null;
    if (refusal !== null) throw refusal;
  }
  return client.query(statement);
}

/** Everything sent by `fn` goes into one packet. */
export function together(client: pg.ClientBase, fn: () => void): void {
  const { stream } = (client as unknown as { connection: { stream: Duplex } }).connection;
  stream.cork();
  try {
    fn();
  } finally {
    stream.uncork();
  }
}

/** The driver writes each message separately, and each write costs as much as a packet; this joins them into one write. */
function gather(connection: Connection, fn: () => void): void {
  const { stream } = connection;
  const chunks: Buffer[] = [];
  connection.stream = { writable: stream.writable, write: (bytes) => chunks.push(bytes) > 0 };
  try {
    fn();
  } finally {
    connection.stream = stream;
    if (chunks.length > 0 && stream.writable) stream.write(Buffer.concat(chunks));
  }
}
