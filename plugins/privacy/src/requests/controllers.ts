import { notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

/**
 * Who answers a request about a purpose: the school if it decides about it, alone or with the operator, or if the request is about all
 * purposes; null for the operator.
 *
 * @param school the school that is meant; null if there is none
 * @throws Problem 404 if there is no such purpose
 */
export async function answeringSchool(
  { privacy }: Pick<Dependencies, 'privacy'>,
  purpose: string | null,
  school: string | null,
): Promise<string | null> {
  if (purpose === null) return school;
  const found = (await privacy.purposes()).find(({ id }) => id === purpose);
  if (found === undefined) throw notFound('There is no such purpose.');
  return found.controller === 'operator' ? null : school;
}
