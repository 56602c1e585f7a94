import { definePlugin, type LifecycleInput } from '@ilearn/core';
import { preparePassword } from '@ilearn/plugin-login';
import { administrator, demoAccounts, demoPassword } from './accounts.js';
import { type Cradle, type DemoConfig, demoConfig } from './cradle.js';
import { isLoopback } from './loopback.js';
import { isEmpty, isSeeded, seed } from './seed.js';

export { administrator, demoAccounts, demoPassword } from './accounts.js';

/** Adds demonstration schools to an empty portal: people, accounts, and a learning path assigned to a class. */
export default definePlugin({
  id: 'demo',
  version: '0.1.0',
  requires: { directory: '^0.1.0', login: '^0.1.0', library: '^0.1.0', myway: '^0.1.0' },
  config: demoConfig,
  async start({ work, config, portal, log, announce }: LifecycleInput<Cradle>) {
    if (!(config as DemoConfig).allowPublic && !isLoopback(portal.url)) {
      throw new Error(
        `demo: this portal is reached at ${portal.url}, and everyone knows the passwords of the demonstration accounts. ` +
          "Take '@ilearn/plugin-demo' out of ilearn.config.ts, or, if anyone may try this portal, give it { allowPublic: true }.",
      );
    }
    if (await work(isEmpty)) {
      const password = await preparePassword(demoPassword);
      if (await work((services) => seed(services, password))) log.info({}, 'the demonstration school is in place');
    }
    if (await work(isSeeded)) for (const line of accountTable()) announce(line);
  },
});

function accountTable(): string[] {
  const accounts = [...demoAccounts, administrator];
  const width = Math.max(...accounts.map(({ username }) => username.length));
  return [
    '',
    `Demonstration accounts (password of each: ${demoPassword})`,
    ...accounts.map(({ username, role }) => `  ${username.padEnd(width)}  ${role}`),
  ];
}
