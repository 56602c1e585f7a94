/** What other plugins may use of this one (`requires: { privacy: '^0.1.0' }`). */

/** A question for consent to a purpose whose basis is consent. */
export interface ConsentQuestion {
  /** Id of the person. */
  person: string;
  purpose: string;
  /** Changes whenever the text does: what was agreed to before does not hold for a new version. */
  version: string;
  /** The question in plain words: what happens with which data, who gets it, and until when. */
  texts: { nl: string; en: string; fr: string };
}

/** A consent that stands. */
export interface ConsentState {
  version: string;
  since: Date;
}

/** `privacy.consents` */
export interface Consents {
  /** Asks a person, on their page of consents. Does nothing if the same version was asked before. @throws Error if the purpose is not based on consent */
  ask(question: ConsentQuestion): Promise<void>;
  /** The consent of a person that stands; null if there is none. */
  of(person: string, purpose: string): Promise<ConsentState | null>;
  /**
   * Records that the person who acts consents to a question that was asked. `language`: that of the text which they read.
   *
   * @throws Problem 403 if they are another person, or too young; 404 if it was not asked
   */
  give(person: string, purpose: string, version: string, language: string): Promise<void>;
  /** Ends the consent of the person who acts. Returns false if there was none. @throws Problem 403 for another person */
  withdraw(person: string, purpose: string): Promise<boolean>;
}

export interface PrivacyExports {
  consents: Consents;
}
