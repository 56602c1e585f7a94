import { brand } from './brand.js';

/** An answer with its own status or headers. Created with `reply` or `redirectTo`. */
// biome-ignore lint/suspicious/noExplicitAny: a function may return an answer of any route
export class Reply<Status extends number = any, Body = any> {
  constructor(
    readonly status: Status,
    readonly body?: Body,
    readonly headers: Record<string, string> = {},
  ) {}
}

brand(Reply);

/**
 * An answer with this status, which `responses` must declare, and its body.
 *
 * @param headers additional headers; the kernel refuses those that it sets itself
 */
export const reply = <const Status extends number, const Body = undefined>(
  status: Status,
  body?: Body,
  headers?: Record<string, string>,
): Reply<Status, Body> => new Reply(status, body, headers);

/** A redirect to an address. Status 302 Found, or 303 See Other, after which the client sends a GET. */
export function redirectTo(location: string): Reply<302, undefined>;
export function redirectTo<const Status extends 302 | 303>(location: string, status: Status): Reply<Status, undefined>;
export function redirectTo(location: string, status = 302): Reply<number, undefined> {
  return new Reply(status, undefined, { location });
}
