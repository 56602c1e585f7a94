/**
 * The number of the contract between the kernel and plugins: all exports of `@ilearn/core`, `@ilearn/core/testing` and `@ilearn/ui`, the
 * manifest, and the kernel's behaviour regarding them. It increases by one with each change that breaks a plugin, and only then;
 * docs/versioning.md lists such changes.
 */
export const CONTRACT_VERSION = 1;

/** The contracts of the plugins that this kernel runs, including both ends. */
export interface ContractRange {
  readonly oldest: number;
  readonly newest: number;
}

/** The contracts that this release of the kernel supports. A plugin written for another contract is refused before its code is loaded. */
export const SUPPORTED_CONTRACTS: ContractRange = Object.freeze({ oldest: 1, newest: CONTRACT_VERSION });
