import { isDeepStrictEqual } from 'node:util';
import { type MessageOffer, urn } from './messages.js';

/** Terms of ODRL by their full names, so that no reader needs another context than the protocol's. */
const odrl = (term: string): string => `http://www.w3.org/ns/odrl/2/${term}`;
const own = (term: string): string => `urn:i-learn:policy:${term}`;

/** How many days an agreement holds. */
export const agreementDays = 365;

/**
 * The terms on which data are handed over: for research or statistics, for a year, nobody may try to find anybody in them, and they are not
 * handed on. Open data have the same: partners who want none of it download them from the page.
 */
export const terms = {
  permission: [
    {
      action: 'use',
      constraint: [
        { leftOperand: own('purpose'), operator: 'isAnyOf', rightOperand: [own('research'), own('statistics')] },
        { leftOperand: odrl('elapsedTime'), operator: 'lteq', rightOperand: `P${agreementDays}D` },
      ],
    },
  ],
  prohibition: [{ action: own('re-identify') }, { action: odrl('distribute') }],
};

const offerOf = (release: string): string => `urn:i-learn:offer:${release}`;

/** The offer in the catalogue. It has no target (§5.3). */
export const catalogOffer = (release: string) => ({ '@id': offerOf(release), '@type': 'Offer' as const, ...terms });

/** The offer in a message. */
export const messageOffer = (release: string) => ({ ...catalogOffer(release), target: urn(release) });

/** Members that say nothing about the terms, and those that are compared. */
const members = new Set(['@context', '@id', '@type', 'target', 'permission', 'prohibition', 'assigner', 'assignee']);

/** What of an offer differs from the one that was made, in words; null: nothing. Only what was offered can be agreed to. */
export function editedIn(asked: MessageOffer, release: string): string | null {
  if (asked['@id'] !== offerOf(release)) return 'There is no such offer.';
  if (asked.target !== undefined && asked.target !== urn(release)) return 'The target is not the data set of the offer.';
  if (asked.obligation !== undefined) return 'The offer has no obligations.';
  const other = Object.keys(asked).find((member) => !members.has(member));
  if (other !== undefined) return `The offer has no ${other}.`;
  const repeats = asked.permission !== undefined || asked.prohibition !== undefined;
  for (const part of ['permission', 'prohibition'] as const)
    if (repeats && !isDeepStrictEqual(asked[part], terms[part])) return `The ${part} differs from the one that was offered.`;
  return null;
}

/** The id of the release in the id of an offer; null if it is none of ours. */
export const releaseOfOffer = (offer: string): string | null =>
  /^urn:i-learn:offer:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(offer)?.[1] ?? null;
