/** What other plugins may use of joining (`optional: { joining: '^0.1.0' }`). */

/** `joining.sandbox`: the school in which nobody is real, as the operator or the demonstration made it. A number of a school proves nothing. */
export interface SandboxSchool {
  /** Its id, whoever asks; null: this portal has none. */
  id(): Promise<string | null>;
}

export interface JoiningExports {
  sandbox: SandboxSchool;
}
