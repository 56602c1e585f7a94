import { z } from 'zod';
import { acceptedTypes } from '../platform.js';
import { tidy } from '../tidy.js';

export const mostItems = 50;

/** Why an item cannot be kept. The codes must not change: pages and the documentation use them. */
export const itemFaults = [
  'type-not-accepted',
  'type-missing',
  'url-missing',
  'url-invalid',
  'custom-invalid',
  'line-item-invalid',
  'too-many',
] as const;
export type ItemFault = (typeof itemFaults)[number];

/** A content item as the preview shows it and as it is kept. Texts have no mark-up. */
export const chosenItem = z.object({
  type: z.string().max(100),
  title: z.string().max(300),
  text: z.string().max(2000),
  /** Null: the tool decides (`ltiResourceLink` without `url`), or there is a fault. */
  url: z.string().max(2000).nullable(),
  custom: z.record(z.string(), z.string()),
  lineItem: z
    .object({
      label: z.string().nullable(),
      scoreMaximum: z.number(),
      resourceId: z.string().nullable(),
      tag: z.string().nullable(),
    })
    .nullable(),
  presentation: z.enum(['frame', 'window']).nullable(),
  fault: z.enum(itemFaults).nullable(),
});
export type ChosenItem = z.output<typeof chosenItem>;

/** Control characters, characters that change the direction of text, and halves of surrogate pairs. */
const unwanted = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export const textOf = (value: unknown, most: number): string =>
  typeof value === 'string' ? tidy(value).replace(unwanted, '').slice(0, most).trim() : '';

const short = z.string().max(255).nullish().catch(null);
const lineItem = z.object({
  label: z
    .unknown()
    .optional()
    .transform((value) => textOf(value, 300)),
  scoreMaximum: z.number().positive(),
  resourceId: short,
  tag: short,
});
/** The specification knows texts only; some tools send numbers. */
const customValue = z.union([z.string(), z.number(), z.boolean()]).transform(String).pipe(z.string().max(2000));
const custom = z.record(z.string().min(1).max(200), customValue).refine((members) => Object.keys(members).length <= 100);

/** Whether an address can be kept: what the library accepts for links too. */
export type AddressCheck = (address: string) => boolean;

/** Checks one member of `content_items` (Deep Linking 2.0 §3.1). Never throws: an item that cannot be kept says why. */
export function readItem(value: unknown, index: number, isUsable: AddressCheck): ChosenItem {
  const item = (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}) as Record<string, unknown>;
  const type = textOf(item.type, 100);
  const found: ChosenItem = {
    type,
    title: textOf(item.title, 300),
    text: textOf(item.text, 2000),
    url: null,
    custom: {},
    lineItem: null,
    presentation: item.iframe !== undefined && item.window === undefined ? 'frame' : item.window !== undefined ? 'window' : null,
    fault: null,
  };
  const refused = (fault: ItemFault): ChosenItem => ({ ...found, url: null, fault });
  if (type === '') return refused('type-missing');
  if (!(acceptedTypes as readonly string[]).includes(type)) return refused('type-not-accepted');
  if (index >= mostItems) return refused('too-many');
  if (item.url !== undefined && item.url !== null) {
    if (typeof item.url !== 'string' || item.url.length > 2000 || !isUsable(item.url)) return refused('url-invalid');
    found.url = item.url;
  } else if (type === 'link') return refused('url-missing');
  if (type === 'link') return found;
  if (item.custom !== undefined && item.custom !== null) {
    const read = custom.safeParse(item.custom);
    if (!read.success) return refused('custom-invalid');
    found.custom = read.data;
  }
  if (item.lineItem !== undefined && item.lineItem !== null) {
    const read = lineItem.safeParse(item.lineItem);
    if (!read.success) return refused('line-item-invalid');
    const { label, scoreMaximum, resourceId, tag } = read.data;
    found.lineItem = { label: label || null, scoreMaximum, resourceId: resourceId ?? null, tag: tag ?? null };
  }
  return found;
}
