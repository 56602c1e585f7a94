import { type Http, outgoingRefusal, Problem } from '@ilearn/core';

/**
 * Refuses addresses that cannot work. The portal itself calls `jwksUrl`; browsers open the others, which may be http only if the portal's
 * own address is on this machine.
 *
 * @throws Problem 422
 */
export function refuseUnreachable(
  http: Http,
  input: { jwksUrl: string; loginUrl: string; redirectUris: readonly string[] },
): void {
  const ofBrowser = (address: string) => (isForBrowsers(address) ? null : 'It must be https.');
  const found = [
    { pointer: '/jwksUrl', message: http.refusal(input.jwksUrl) },
    { pointer: '/loginUrl', message: ofBrowser(input.loginUrl) },
    ...input.redirectUris.map((address, index) => ({ pointer: `/redirectUris/${index}`, message: ofBrowser(address) })),
  ];
  const errors = found.flatMap(({ pointer, message }) => (message === null ? [] : [{ in: 'body' as const, pointer, message }]));
  if (errors.length === 0) return;
  throw new Problem({
    type: 'lti/address-refused',
    status: 422,
    title: 'This tool cannot be reached at these addresses',
    detail: errors.map(({ pointer, message }) => `${pointer}: ${message}`).join(' '),
    errors,
  });
}

/** Whether browsers may be sent to an address: plain http only on the machine of a portal that is on it too. */
export const isForBrowsers = (address: string): boolean =>
  !address.startsWith('http:') || outgoingRefusal('http://127.0.0.1/') === null;
