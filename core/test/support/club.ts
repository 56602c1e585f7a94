import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { handlerFor, type KernelCradle, periods, secretText } from '@ilearn/core';
import { z } from 'zod';
import { plugin } from './fixtures.js';

const colour = z.enum(['red', 'blue']).default('red');

/** Settings of each kind that a page can be made of. */
export const settings = {
  portal: z.object({ open: z.boolean().default(true), colour, key: secretText({ max: 80 }) }),
  tenant: z.object({
    colour,
    key: secretText({ max: 80 }),
    seats: z.int().min(1).max(40).default(12),
    share: z.number().min(0).max(1).default(0.5),
    motto: z.string().max(60).default(''),
    firstDay: z.iso.date().nullable().default(null),
    sports: z
      .array(z.enum(['chess', 'judo']))
      .max(2)
      .default([]),
    closed: periods({ max: 3 }),
  }),
};

const text = (word: string) => ({
  settings: {
    title: `Club ${word}`,
    ...Object.fromEntries(
      ['open', 'colour', 'key', 'seats', 'share', 'motto', 'firstDay', 'sports', 'closed'].map((field) => [
        field,
        {
          label: `${field} ${word}`,
          help: `About ${field}`,
          options: { red: `red ${word}`, blue: `blue ${word}`, chess: 'Chess', judo: 'Judo' },
        },
      ]),
    ),
  },
});

/** A folder with the texts of the club. */
export function clubMessages(): URL {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-club-'));
  for (const language of ['nl', 'en', 'fr']) writeFileSync(join(folder, `${language}.json`), JSON.stringify(text(language)));
  return pathToFileURL(`${folder}/`);
}

export type Cradle = KernelCradle<unknown, { settings: typeof settings }>;

/** What its handler heard, with the colour that it then read. */
export const heard: { tenant: string | null; fields: string[]; colour: string }[] = [];

export const club = plugin('club', {
  privileges: ['allSettings', 'tenants'],
  tenantKinds: ['club'],
  settings,
  privacy: { messages: clubMessages() },
  on: {
    'kernel.settings-changed': handlerFor<KernelCradle<unknown, { settings: typeof settings }>>()(
      'kernel.settings-changed',
      async ({ payload: { plugin: whose, tenant, fields: changed }, services }) => {
        const values = tenant === null ? await services.settings.portal() : await services.settings.of(tenant);
        if (whose === 'club') heard.push({ tenant, fields: changed, colour: values.colour });
      },
    ),
  },
});
