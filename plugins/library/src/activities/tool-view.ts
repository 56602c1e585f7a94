import { z } from 'zod';
import type { toolContribution } from './tool-contribution.js';

type Tool = z.output<typeof toolContribution>;

/** A tool as people see it, in their language. `about` is null if its plugin says nothing. */
export const toolView = z.object({
  key: z.string(),
  name: z.string(),
  provider: z.string(),
  description: z.string(),
  about: z
    .object({
      website: z.string().nullable(),
      logo: z.string().nullable().describe('A `data:` address of an SVG or PNG picture'),
      languages: z.array(z.string()).max(100),
      ages: z.object({ from: z.int(), to: z.int() }),
      price: z.string().nullable().describe('What it costs; null: it is free'),
      account: z.enum(['none', 'optional', 'required']),
      data: z.array(z.object({ what: z.string(), why: z.string() })).max(20),
      privacyStatement: z.string(),
      help: z.string(),
    })
    .nullable(),
  hosts: z.array(z.string()).max(20).describe('Hosts of other organisations that its links lead to'),
});

export type ToolView = z.output<typeof toolView>;

/** Hosts that are named of one tool. */
export const mostHosts = 20;

/** @param language `nl`, `en` or `fr` */
export function viewOf({ key, name, provider, description = '', about, activities }: Tool, language: string): ToolView {
  const inLanguage = (texts: { nl: string; en: string; fr: string }): string => texts[language as 'nl'] ?? texts.nl;
  const hosts = activities.flatMap((activity) =>
    activity.kind === 'link' && URL.canParse(activity.url) ? [new URL(activity.url).host] : [],
  );
  return {
    ...{ key, name, provider, description },
    about:
      about === undefined
        ? null
        : {
            website: about.website ?? null,
            logo: about.logo,
            languages: [...about.languages],
            ages: about.ages,
            price: about.price === 'free' ? null : inLanguage(about.price),
            account: about.account,
            data: about.data.map(({ what, why }) => ({ what: inLanguage(what), why: inLanguage(why) })),
            privacyStatement: about.privacyStatement,
            help: about.help,
          },
    hosts: [...new Set(hosts)].slice(0, mostHosts),
  };
}
