/** The shell's messages lie outside `src`; the bundler includes them. */
declare module '*.json' {
  const messages: Record<string, unknown>;
  export default messages;
}
