import { type KernelCradle, type PrivilegedCradle, routeFor, type SettingField } from '@ilearn/core';
import { z } from 'zod';

/** The part of the directory that this plugin uses, if the portal has the directory. */
interface Directory {
  schools: { list(part: { limit: number; after: null }): Promise<{ id: string }[]> };
}
const route = routeFor<
  KernelCradle & Pick<PrivilegedCradle, 'allSettings' | 'plugins' | 'queues'> & { directory: Directory | undefined }
>();

const labels = z.array(z.string()).max(200);

export const firstStepsRoutes = [
  route({
    method: 'GET',
    path: '/first-steps',
    summary: 'What of the portal is set, and what is missing: schools, modules, failed work, and settings that are empty',
    permission: 'operations:read',
    machines: { none: 'Administrators use it.' },
    audit: { none: 'It shows no personal data.' },
    responses: {
      200: z.object({
        schools: z.boolean().nullable().describe('Whether there is a school; null without the directory'),
        out: z.int().describe('Modules out of service'),
        failed: z.int().describe('Events and jobs that failed for good'),
        sections: z
          .array(z.object({ plugin: z.string(), title: z.string(), set: labels, empty: labels }))
          .max(500)
          .describe('Settings of the portal that are empty until somebody sets them, by their labels'),
      }),
    },
    async handler({ request, services: { allSettings, directory, plugins, queues } }) {
      const sections = (await allSettings.sections(null, request.language)).flatMap(({ plugin, title, fields }) => {
        // A switch that is off is a choice.
        const open = fields.filter(({ kind, fallback }) => kind !== 'boolean' && isEmpty(fallback));
        if (open.length === 0) return [];
        const labelsOf = (those: SettingField[]) => those.map(({ label }) => label);
        const set = labelsOf(open.filter((field) => !isEmpty(field.value)));
        return [{ plugin, title, set, empty: labelsOf(open.filter((field) => isEmpty(field.value))) }];
      });
      return {
        schools: directory === undefined ? null : (await directory.schools.list({ limit: 1, after: null })).length > 0,
        out: (await plugins.list()).filter(({ state }) => state !== 'started').length,
        failed: (await queues.counts()).failed,
        sections,
      };
    },
  }),
];

/** Empty text, an empty list, or no secret. */
const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
