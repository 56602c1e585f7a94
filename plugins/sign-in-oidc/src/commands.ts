import { type Command, CommandError, commandFor, type Http } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { checkProvider } from './protocols/conformance.js';

const command = commandFor<Cradle & { http: Http }>();

const check = command({
  name: 'provider check',
  summary: 'Check the plugin of a sign-in provider, without signing in',
  usage: '<key>',
  async run({ args: [key, ...others], work, http, print }) {
    if (key === undefined || others.length > 0) throw new CommandError('Give one provider: ilearn provider check <key>.');
    const { provider, redirectUri, now } = await work(async ({ signInProviders, clock }) => {
      const provider = signInProviders.find(key);
      if (provider === null) {
        const known = signInProviders.all().map((each) => each.key);
        throw new CommandError(`There is no provider "${key}". Known: ${known.join(', ') || 'none'}.`);
      }
      return { provider, redirectUri: signInProviders.redirectUri(key), now: clock.now() };
    });
    const checks = await checkProvider(provider, { http: http as Http, redirectUri, now });
    for (const { name, fault } of checks) print(fault === null ? `✓ ${name}` : `✗ ${name}\n    ${fault}`);
    const faults = checks.filter(({ fault }) => fault !== null).length;
    print(
      faults === 0
        ? `${provider.label}: ${checks.length} checks passed.`
        : `${provider.label}: ${faults} of ${checks.length} checks failed.`,
    );
    return faults === 0 ? 0 : 1;
  },
});

export const commands: Command[] = [check];
