import { type ContractRange, SUPPORTED_CONTRACTS } from '../contract/version.js';
import type { Diagnosis } from '../foundation/diagnosis.js';
import { KERNEL_VERSION } from '../foundation/version.js';

/** The contract of a package that does not name one. */
const UNNAMED = 1;

/**
 * The contract for which a plugin is written: `"ilearn": { "contract": 1 }` in its package.json, 1 if absent. It is read before any code of
 * the package runs, so that a plugin written for an unsupported contract never runs.
 *
 * @param manifest the parsed package.json
 * @param name of the package, for the remedy
 */
export function readContract(
  manifest: Readonly<Record<string, unknown>>,
  name: string,
  supported: ContractRange = SUPPORTED_CONTRACTS,
): { contract: number } | { fault: Diagnosis } {
  const { ilearn } = manifest;
  const fault = (where: string, message: string, remedy: string) => ({
    fault: { where: `package.json ${where}`, message, remedy },
  });
  const example = `Write "ilearn": { "contract": ${supported.newest} } in the package.json of ${name}.`;
  if (ilearn === undefined) return check(UNNAMED);
  if (typeof ilearn !== 'object' || ilearn === null || Array.isArray(ilearn))
    return fault('ilearn', 'It is not an object.', example);
  const { contract = UNNAMED } = ilearn as { contract?: unknown };
  if (!Number.isSafeInteger(contract) || (contract as number) < 1) {
    return fault('ilearn.contract', `${JSON.stringify(contract)} is not a contract number, a whole number from 1.`, example);
  }
  return check(contract as number);

  function check(number: number) {
    if (number >= supported.oldest && number <= supported.newest) return { contract: number };
    const newer = number > supported.newest;
    const other = `a release of ${name} for ${describeRange(supported)}`;
    return fault(
      'ilearn.contract',
      `It is written for contract ${number}; kernel ${KERNEL_VERSION} supports ${describeRange(supported)}.`,
      newer
        ? `Install a release of @ilearn/core and @ilearn/ui that supports contract ${number}, or ${other}.`
        : `Install ${other}.`,
    );
  }
}

/** `contract 1`, `contracts 2 to 3`. */
export const describeRange = ({ oldest, newest }: ContractRange): string =>
  oldest === newest ? `contract ${newest}` : `contracts ${oldest} to ${newest}`;
