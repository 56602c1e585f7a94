/** One address as programs read it (RFC 5322 section 3.4.1), without comments, quotes and routes; nothing that a header could hold twice. */
const simple = /^[^\s@<>",;:()[\]\\\p{Cc}\p{Cf}]+@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu;

export const isAddress = (text: string): boolean => text.length <= 254 && simple.test(text);

/** The addresses in a header field, however it is written. */
export const addressesIn = (field: string): string[] => field.split(/[\s<>",;:()]+/).filter(isAddress);

/** For comparing: in lower case, without what follows a plus sign (RFC 5233). */
export function bareAddress(address: string): string {
  const lower = address.trim().toLowerCase();
  return lower.replace(/\+[^@]*(?=@[^@]*$)/, '');
}

/** Whether an address is one of the helpdesk's own, reply addresses included. */
export const isOwn = (address: string, own: readonly string[]): boolean =>
  own.some((each) => bareAddress(each) === bareAddress(address));

/** Robots: nobody reads what is sent there. */
const robots = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply-.*|bounces?|.*-bounces?)(?:[+-].*)?$/i;
export const isRobot = (address: string): boolean => robots.test(address.split('@')[0] ?? '');

export const domainOf = (address: string): string => (address.split('@').pop() ?? '').toLowerCase();
