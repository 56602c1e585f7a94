/**
 * The number of the contract between the kernel and plugins: of everything that `@ilearn/core`, `@ilearn/core/testing` and `@ilearn/ui`
 * export, of the manifest, and of what the kernel does with them. It goes up by one with a change that breaks a plugin, and only then;
 * docs/versioning.md says which changes do.
 */
export const CONTRACT_VERSION = 1;

/** The contracts whose plugins this kernel runs, both ends included. */
export interface ContractRange {
  readonly oldest: number;
  readonly newest: number;
}

/** The contracts that this release of the kernel supports. A plugin of another contract is refused before its code is loaded. */
export const SUPPORTED_CONTRACTS: ContractRange = Object.freeze({ oldest: 1, newest: CONTRACT_VERSION });
