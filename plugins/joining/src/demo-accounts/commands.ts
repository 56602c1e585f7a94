import { CommandError, commandFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { sandboxNumber } from '../sandbox-number.js';
import { sandboxFeed, sandboxName } from './sandbox-feed.js';

export const commands = [
  commandFor<Cradle>()({
    name: 'joining sandbox',
    summary: 'Make or renew a school with invented pupils, in which demo accounts teach; it has no other accounts',
    async run({ args, work, print }) {
      if (args.length > 0) throw new CommandError('ilearn joining sandbox takes no arguments.');
      await work(async ({ knex, directory, demonstration, demoAccounts, calendar }) => {
        if (await demonstration.isHere()) throw new CommandError('This portal is a demonstration, which has a sandbox already.');
        const known: { school_id: string } | undefined = await knex('sandboxes').first('school_id');
        const school =
          known?.school_id ??
          (await directory.schools.create({ instellingsnummer: sandboxNumber, name: sandboxName, group: null }));
        const feed = sandboxFeed(await calendar.today());
        const options = { dryRun: true, roles: ['pupil'], allowed: [] };
        // Classes of an earlier school year go.
        const { removals } = await directory.oneroster.takeFeed(school, feed, options);
        const { written } = await directory.oneroster.takeFeed(school, feed, { ...options, dryRun: false, allowed: removals });
        if (!written) throw new CommandError('The sandbox was not changed. Try again.');
        await demoAccounts.setSandbox(school);
      });
      print(`${sandboxName} (${sandboxNumber}) is the sandbox: demo accounts can be had at /proefaccount.`);
    },
  }),
];
