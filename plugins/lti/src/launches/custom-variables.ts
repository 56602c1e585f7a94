/** Values of the variables of one launch, by name. Undefined: not released to the tool. */
export type Variables = Record<string, string | undefined>;

/**
 * Replaces variables in custom parameters (LTI 1.3 Core §5.4.6). A value is a variable if it consists of `$` and a known name. Variables
 * that are unknown or not released are sent unchanged.
 */
export function substitute(custom: Record<string, string>, variables: Variables): Record<string, string> {
  const value = (text: string) =>
    (text.startsWith('$') && Object.hasOwn(variables, text.slice(1)) ? variables[text.slice(1)] : undefined) ?? text;
  return Object.fromEntries(Object.entries(custom).map(([name, text]) => [name, value(text)]));
}
