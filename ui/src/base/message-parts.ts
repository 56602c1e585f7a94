/** The address of parts of the messages, in an order that does not depend on who asks first. */
export const withParts = (address: string, parts: readonly string[]): string => `${address}?for=${[...parts].sort().join()}`;

/** The parts in an address made by {@link withParts} for this address of messages; none if it is another. */
export const partsIn = (given: string, address: string): string[] =>
  given.startsWith(`${address}?for=`) ? given.slice(address.length + 5).split(',') : [];
