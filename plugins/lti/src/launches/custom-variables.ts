/** What the variables of one launch stand for; a name that is missing here stays as it was written. */
export type Variables = Record<string, string | undefined>;

/**
 * Replaces variables in custom parameters (LTI 1.3 Core §5.4.6). A value is a variable when it is a `$`
 * with a known name and nothing else; a variable that the platform does not know, or may not tell, is passed on unchanged.
 */
export function substitute(custom: Record<string, string>, variables: Variables): Record<string, string> {
  const value = (text: string) =>
    (text.startsWith('$') && Object.hasOwn(variables, text.slice(1)) ? variables[text.slice(1)] : undefined) ?? text;
  return Object.fromEntries(Object.entries(custom).map(([name, text]) => [name, value(text)]));
}
