/** The shell's own messages lie outside `src`; the bundler puts them in. */
declare module '*.json' {
  const messages: Record<string, unknown>;
  export default messages;
}
