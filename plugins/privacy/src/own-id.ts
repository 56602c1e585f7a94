import { forbidden, type Principal } from '@ilearn/core';

/** @throws Problem 403 for a caller without an account of their own */
export const ownId = ({ kind, id }: Pick<Principal, 'kind' | 'id'>): string => {
  if (kind !== 'person' || id === null) throw forbidden();
  return id;
};
