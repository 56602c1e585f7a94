/** For the shell's messages, which are outside `src` and are bundled. */
declare module '*.json' {
  const messages: Record<string, unknown>;
  export default messages;
}
