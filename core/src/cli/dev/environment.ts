/** Settings that lead to the data of a portal: its database, queue, store of files, and key. */
const ofAnotherPortal = /^(DATABASE_|REDIS_URL$|FILES_|SECRET_KEY)/;

/**
 * The environment of the portal that `ilearn dev` runs.
 *
 * @param shell environment in which `ilearn dev` was started
 * @param dataDir folder of a portal that `ilearn dev` made. People sign in there without a password, so it must not use what the shell names
 * for another portal. Undefined for an author's own portal, whose settings all hold.
 * @param url address of the front, which pages use
 */
export function portalEnvironment(
  shell: NodeJS.ProcessEnv,
  { dataDir, url }: { dataDir: string | undefined; url: string },
): NodeJS.ProcessEnv {
  const kept = Object.entries(shell).filter(([name]) => dataDir === undefined || !ofAnotherPortal.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(dataDir === undefined ? {} : { DATA_DIR: dataDir }),
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: url,
  };
}
