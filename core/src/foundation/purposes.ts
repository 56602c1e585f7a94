import { z } from 'zod';
import type { Purpose, PurposeChange, Transfer } from '../contract/purpose.js';
import type { CheckedPlugin } from './plugin.js';

const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, `is not one of ${values.join(', ')}`);

/** The shape of a purpose in a manifest. */
export const purposeShape = z.strictObject({
  controller: oneOf(['tenant', 'operator', 'joint']),
  basis: oneOf(['consent', 'contract', 'legal-obligation', 'vital-interests', 'public-task', 'legitimate-interests']),
  special: oneOf([
    ...(['explicit-consent', 'employment', 'vital-interests', 'membership', 'made-public', 'legal-claims'] as const),
    ...(['public-interest', 'health-care', 'public-health', 'research'] as const),
  ]).optional(),
  recipients: z.array(
    oneOf(['users', 'operator-staff', 'training-providers', 'tool-providers', 'service-providers', 'researchers']),
    'is not a list of recipients',
  ),
  transfers: z
    .array(
      z.strictObject({
        country: z.string('is not text').regex(/^[A-Z]{2}$/, 'is not a country code such as US'),
        safeguard: oneOf(['adequacy', 'standard-clauses', 'binding-rules', 'explicit-consent']),
      }),
      'is not a list of transfers',
    )
    .optional(),
  objection: z.boolean('is not true or false').optional(),
});

/** The purposes of the kernel's own data, which every plugin may use. */
export const kernelPurposes: Readonly<Record<string, Purpose>> = {
  // Without it nobody's data would be safe, so that an objection does not outweigh it (GDPR recital 49).
  'safe-environment': {
    controller: 'operator',
    basis: 'legitimate-interests',
    recipients: ['operator-staff', 'service-providers'],
    objection: false,
  },
  'rights-of-people': { controller: 'joint', basis: 'legal-obligation', recipients: ['operator-staff'] },
};

/** A purpose with the operator's changes. */
export interface DeclaredPurpose extends Purpose {
  transfers: readonly Transfer[];
  /** Id of the plugin that declares it, or `kernel`. */
  declaredBy: string;
}

/** The purposes of the kernel and of these plugins, by id, with what other plugins add, as the operator changed them. */
export function purposesOf(
  plugins: readonly Pick<CheckedPlugin, 'id' | 'definition'>[],
  changes: Readonly<Record<string, PurposeChange>> = {},
): ReadonlyMap<string, DeclaredPurpose> {
  const declared = [
    { declaredBy: 'kernel', purposes: kernelPurposes },
    ...plugins.map(({ id, definition: { purposes = {} } }) => ({ declaredBy: id, purposes })),
  ];
  const additions = plugins.flatMap(({ definition: { purposeAdditions = {} } }) => Object.entries(purposeAdditions));
  return new Map(
    declared.flatMap(({ declaredBy, purposes }) =>
      Object.entries(purposes).map(([id, purpose]) => {
        const more = additions.filter(([to]) => to === id).map(([, addition]) => addition);
        const added = {
          recipients: [...new Set([...purpose.recipients, ...more.flatMap(({ recipients = [] }) => recipients)])],
          transfers: [...(purpose.transfers ?? []), ...more.flatMap(({ transfers = [] }) => transfers)],
        };
        return [id, { ...purpose, ...added, ...defined(changes[id] ?? {}), declaredBy }] as const;
      }),
    ),
  );
}

/** Whether a person may object to processing for it (GDPR art. 21(1)). */
export const mayObject = ({ basis, objection }: Purpose): boolean =>
  objection ?? (basis === 'public-task' || basis === 'legitimate-interests');

const defined = (change: PurposeChange): Partial<Purpose & { transfers: readonly Transfer[] }> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
