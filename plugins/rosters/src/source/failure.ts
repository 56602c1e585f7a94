/** Why nothing could be taken over; each has a text in the messages (`failures.<code>`). */
export const failures = [
  'address-refused',
  'unreachable',
  'insecure',
  'timeout',
  'busy',
  'too-large',
  'token-refused',
  'token-malformed',
  'unauthorised',
  'forbidden',
  'not-found',
  'server-error',
  'refused',
  'malformed',
  'no-list',
  'repeated-page',
  'incomplete',
  'changing',
  'school-unknown',
  'other-school',
  'lost',
  'not-settled',
] as const;
export type Failure = (typeof failures)[number];

/** Failures that may be gone a little later. */
const passing: readonly Failure[] = ['unreachable', 'timeout', 'busy', 'server-error', 'repeated-page', 'incomplete', 'changing'];

/** The other system cannot be read. Holds nothing of what it sent. */
export class SourceFailed extends Error {
  constructor(
    readonly code: Failure,
    /** Seconds after which the other system wants to be asked again. */
    readonly after: number | null = null,
  ) {
    super(code);
    this.name = 'SourceFailed';
  }

  get isPassing(): boolean {
    return passing.includes(this.code);
  }
}
