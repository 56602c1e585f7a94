/** Who decides why and how data are processed (GDPR art. 4(7)): the tenant that the data belong to, the operator of the portal, or both. */
export type Controller = 'tenant' | 'operator' | 'joint';

/** The legal basis of processing: GDPR art. 6(1)(a) to (f), in this order. */
export type LegalBasis = 'consent' | 'contract' | 'legal-obligation' | 'vital-interests' | 'public-task' | 'legitimate-interests';

/** The condition under which special categories of data may be processed: GDPR art. 9(2)(a) to (j), in this order. */
export type SpecialCondition =
  | 'explicit-consent'
  | 'employment'
  | 'vital-interests'
  | 'membership'
  | 'made-public'
  | 'legal-claims'
  | 'public-interest'
  | 'health-care'
  | 'public-health'
  | 'research';

/** Kinds of recipients (GDPR art. 4(9)). */
export type Recipient =
  | 'users'
  | 'operator-staff'
  | 'training-providers'
  | 'tool-providers'
  | 'service-providers'
  | 'researchers';

/** Data that leave the European Economic Area (GDPR chapter V). */
export interface Transfer {
  /** ISO 3166-1 alpha-2 code of the country: `US`. */
  country: string;
  /** Art. 45, art. 46(2)(c), art. 47, art. 49(1)(a). */
  safeguard: 'adequacy' | 'standard-clauses' | 'binding-rules' | 'explicit-consent';
}

/**
 * Why data are processed, as the register, the statement and agreements tell it. Its texts are messages of the plugin that declares it:
 * `privacy.purposes.<id>.name`, `.why`, and `.people` (optional). Whom it concerns, which data, and how long they are kept follow from the tables, kinds of file
 * and hosts that name it.
 */
export interface Purpose {
  controller: Controller;
  basis: LegalBasis;
  /** Only for special categories of data. */
  special?: SpecialCondition;
  recipients: readonly Recipient[];
  /** Default: none. */
  transfers?: readonly Transfer[];
  /**
   * Whether a person may object (art. 21(1)). Default: true for `public-task` and `legitimate-interests`, the bases for which that article
   * gives the right. `false` on one of these is for compelling grounds, such as security.
   */
  objection?: boolean;
}

/** What a plugin adds to a purpose of the kernel or of a plugin that it requires: whoever gets data because of it. */
export interface PurposeAddition {
  recipients?: readonly Recipient[];
  transfers?: readonly Transfer[];
}

/** What an operator may change about a purpose, under `purposes` in `ilearn.config.ts`. */
export type PurposeChange = { [Member in keyof Purpose]?: Purpose[Member] | undefined };

/** A purpose that the portal has, in one language. */
export interface PortalPurpose extends Required<Omit<Purpose, 'special'>> {
  id: string;
  special: SpecialCondition | null;
  /** The plugin that declares it, or `kernel`. */
  declaredBy: string;
  name: string;
  why: string;
  /** The people concerned, in words; empty if its plugin does not say. */
  people: string;
}
