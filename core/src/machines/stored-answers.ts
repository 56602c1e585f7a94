import { createHash } from 'node:crypto';
import type { Statement, Unit } from '../context/unit.js';
import { Problem, type ProblemOptions } from '../contract/problem.js';
import type { Machine } from './identify.js';

/** How long a write can be retried. */
const HOURS = 24;

/** A write that its client may send again: draft-ietf-httpapi-idempotency-key-header-07. */
export interface Retry {
  /** SHA-256 of client, tenants and key. */
  readonly id: Buffer;
  /** SHA-256 of the request. */
  readonly request: Buffer;
}

/** An answer without a stream. */
export interface WholeAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

interface Stored {
  status: number;
  headers: Record<string, string>;
  /** Base64; null: no body. */
  body: string | null;
}

/** A string of RFC 9651, or the bare key that many clients send. */
const keyPattern = /^(?:"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"|([A-Za-z0-9._~:/+=-]+))$/;

/**
 * The key that identifies a write across retries, from the header `Idempotency-Key`.
 *
 * @throws Problem 400 if it is malformed
 */
export function retryKey(header: string): string {
  const [, quoted, bare] = keyPattern.exec(header.trim()) ?? [];
  const key = quoted ?? bare;
  if (key !== undefined && key.length <= 255) return key;
  throw new Problem({
    type: 'idempotency-key',
    status: 400,
    title: 'Malformed Idempotency-Key',
    detail: 'Send a new key for each write, such as a UUID in quotes, with at most 255 characters.',
  });
}

/** @param request all that makes the request what it is, such as its method, address and body */
export function retryOf(key: string, { principal }: Machine, request: readonly unknown[]): Retry {
  const { id, tenants } = principal;
  const of = tenants === '*' ? '*' : [...tenants].sort();
  return { id: digest([id, of, key]), request: digest(request) };
}

const digest = (parts: readonly unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();

/**
 * Claims the key until the unit of work ends.
 *
 * @returns the answer of the first request; null if this is the first
 * @throws Problem 409 while the first request runs, or if its answer was removed; 422 if it was another request
 */
export async function claim(unit: Unit, retry: Retry): Promise<WholeAnswer | Problem | null> {
  const { rows } = await unit.kernel<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [
    retry.id.readBigInt64BE().toString(),
  ]);
  if (rows[0]?.mine !== true) throw running();
  // A statement of its own, which sees what was committed before the lock was free.
  return recall(unit, retry);
}

/** Like `claim`, without claiming the key. */
export async function recall(unit: Unit, { id, request }: Retry): Promise<WholeAnswer | Problem | null> {
  const { rows } = await unit.kernel<{ same: boolean; answer: Buffer | null }>(
    `select request = $2 as same, answer from kernel.machine_answers where id = $1 and created_at > now() - interval '${HOURS} hours'`,
    [id, request],
  );
  const [row] = rows;
  if (row === undefined) return null;
  if (!row.same) throw otherRequest();
  if (row.answer === null) throw forgotten();
  const { status, headers, body, problem } = JSON.parse(row.answer.toString()) as Stored & { problem?: ProblemOptions };
  if (problem !== undefined) return new Problem(problem);
  return { status, headers, body: body === null ? undefined : Buffer.from(body, 'base64') };
}

/** Stores the answer; to be sent with the commit of the write. */
export function store({ id, request }: Retry, answer: WholeAnswer | Problem): Statement {
  const stored =
    answer instanceof Problem
      ? { problem: { ...answer } }
      : {
          status: answer.status,
          headers: answer.headers,
          body: answer.body === undefined ? null : Buffer.from(answer.body).toString('base64'),
        };
  return {
    text: `insert into kernel.machine_answers (id, request, answer) values ($1, $2, $3)
           on conflict (id) do update set request = excluded.request, answer = excluded.answer, created_at = now()`,
    values: [id, request, Buffer.from(JSON.stringify(stored))],
  };
}

/** Deletes answers that can no longer be asked for, and budgets that are full again. */
export async function deleteOldAnswers(unit: Unit): Promise<void> {
  await unit.kernel(`delete from kernel.machine_answers where created_at <= now() - interval '${HOURS} hours'`);
  await unit.kernel(`delete from kernel.machine_budgets where full_at < now() - interval '1 hour'`);
}

/** A streamed answer cannot be stored. */
export const streamed = (): Problem =>
  new Problem({
    type: 'idempotency-key',
    status: 400,
    title: 'No Idempotency-Key here',
    detail: 'The answer of this route is streamed and not kept. Nothing was stored; send the request without the key.',
  });

const running = (): Problem =>
  new Problem({
    type: 'request-running',
    status: 409,
    title: 'The request is still running',
    detail: 'A request with this Idempotency-Key has not been answered yet. Try again in a moment.',
    headers: { 'retry-after': '1' },
  });

const otherRequest = (): Problem =>
  new Problem({
    type: 'idempotency-key-used',
    status: 422,
    title: 'The Idempotency-Key was used',
    detail:
      'Another request had this Idempotency-Key. Send a new key with each new request, and the same request when you retry.',
  });

const forgotten = (): Problem =>
  new Problem({
    type: 'answer-forgotten',
    status: 409,
    title: 'The answer is gone',
    detail: 'The request was carried out, but its answer is no longer kept. Read what it changed.',
  });
