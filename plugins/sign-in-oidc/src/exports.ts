/** What other plugins may use of sign-in-oidc (`requires: { 'sign-in-oidc': '^0.1.0' }`). */

/** The account of a person at a provider, as the roster of a school has it. */
export interface RosterKey {
  /** Id of the person. */
  person: string;
  /**
   * Key of the account that never changes, exactly as the provider gives it: `sub` of Google, `oid` of Microsoft, `userID` of Smartschool.
   * Never an e-mail address or a username.
   */
  key: string;
}

/** `sign-in-oidc.rosterKeys`: for plugins that take over rosters. */
export interface RosterKeys {
  /**
   * Sets for a school which account at the provider belongs to whom, in place of what was set before. A key that is given for two people is
   * left out. The caller must act for the school.
   */
  replace(school: string, provider: string, keys: readonly RosterKey[]): Promise<void>;
}

/** As injected: `constructor({ signInOidc }: { signInOidc: SignInOidcExports })`. */
export interface SignInOidcExports {
  rosterKeys: RosterKeys;
}
