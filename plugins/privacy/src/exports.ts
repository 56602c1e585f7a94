/** What other plugins may use of this one (`requires: { privacy: '^0.1.0' }`). */

/** A question for consent to a purpose whose basis is consent. */
export interface ConsentQuestion {
  /** Id of the person. */
  person: string;
  purpose: string;
  /** What it is about within the purpose, such as the id of a study: each is answered and withdrawn apart. Default: the purpose as a whole. */
  about?: string;
  /** Title above the question, such as the name of a study. Default: the name of the purpose. */
  heading?: string;
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

/** What was asked, without the text. */
export type AskedConsent = Required<Pick<ConsentQuestion, 'purpose' | 'about' | 'version'>>;

/** `privacy.consents` */
export interface Consents {
  /** Asks a person, on their page of consents. Does nothing if the same version was asked before. @throws Error if the purpose is not based on consent */
  ask(question: ConsentQuestion): Promise<void>;
  /** Asks many people the same, in few statements. */
  askAll(people: readonly string[], question: Omit<ConsentQuestion, 'person'>): Promise<void>;
  /** The consent of a person that stands; null if there is none. */
  of(person: string, purpose: string, about?: string): Promise<ConsentState | null>;
  /** Those of these people who said yes to this very version and did not withdraw it, in one statement; in no order. */
  among(people: readonly string[], asked: AskedConsent): Promise<string[]>;
  /** The same, each with the moment of the yes that stands: a later one comes after a withdrawal. */
  sinceAmong(people: readonly string[], asked: AskedConsent): Promise<Map<string, Date>>;
  /** Who is asked what by a parent's link. @throws Problem 404 if there is no such link, or it has expired */
  askedByLink(token: string): Promise<AskedConsent & { person: string }>;
  /**
   * Records that the person who acts consents to a question that was asked. `language`: that of the text which they read.
   *
   * @throws Problem 403 if they are another person, or too young; 404 if it was not asked
   */
  give(person: string, asked: AskedConsent, language: string): Promise<void>;
  /** Ends the consent of the person who acts. Returns false if there was none. @throws Problem 403 for another person */
  withdraw(person: string, purpose: string, about?: string): Promise<boolean>;
}

export interface PrivacyExports {
  consents: Consents;
}

/** The `context` of other plugins' elements in the slots of this plugin's pages. */
export interface PrivacySlots {
  /** For more about a question, below its text and above the answers. */
  consent: ConsentSlotContext;
}

/** A question for consent. */
export interface ConsentSlotContext {
  purpose: string;
  about: string;
  /** Id of the person whom an officer looks at; empty: the signed-in person, or a parent with a link. */
  person: string;
  /** Token of a parent's link; empty: the reader is signed in. */
  token: string;
}
