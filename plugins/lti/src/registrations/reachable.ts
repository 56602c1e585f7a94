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
  const local = outgoingRefusal('http://127.0.0.1/') === null;
  const ofBrowser = (address: string) => (!local && address.startsWith('http:') ? 'It must be https.' : null);
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
