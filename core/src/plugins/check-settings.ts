import type { z } from 'zod';
import type { PluginDefinition } from '../contract/plugin.js';
import { sameShape, shapeOf } from '../foundation/setting-fields.js';

type Report = (where: string, message: string, remedy: string) => void;

const namePattern = /^[a-z][A-Za-z0-9]{0,39}$/;

/** Checks that a settings page can be generated, and that each field has a default. */
export function checkSettings({ settings, ui, privacy }: PluginDefinition, report: Report): void {
  if (settings === undefined) return;
  if (ui?.messages === undefined && privacy?.messages === undefined) {
    report(
      'settings',
      'It has settings but no messages.',
      'Name the folder of nl.json, en.json and fr.json under ui or privacy.',
    );
  }
  for (const part of ['portal', 'tenant'] as const) {
    const schema = settings[part];
    if (schema === undefined) continue;
    if ((schema as z.ZodType)._zod.def.type !== 'object') {
      report(`settings.${part}`, 'It is not an object of fields.', 'Write z.object({ … }).');
      continue;
    }
    if ((schema._zod.def.checks ?? []).length > 0) {
      report(`settings.${part}`, 'It refines the whole object.', 'Check each field by itself: they are read one by one.');
    }
    for (const [name, field] of Object.entries(schema.shape))
      checkField(`settings.${part}.${name}`, name, field as z.ZodType, report);
  }
  for (const [name, field] of Object.entries(settings.tenant?.shape ?? {})) {
    const ofPortal = settings.portal?.shape[name];
    if (ofPortal === undefined || sameShape(field as z.ZodType, ofPortal as z.ZodType)) continue;
    report(
      `settings.tenant.${name}`,
      'The portal has a field of that name with another schema.',
      'Give both the same schema, since a tenant falls back to the value of the portal, or another name.',
    );
  }
}

function checkField(where: string, name: string, schema: z.ZodType, report: Report): void {
  if (!namePattern.test(name)) {
    report(
      where,
      `"${name}" is not a valid name for a field.`,
      'Use a letter, then at most 39 letters and digits: stuckAfterDays.',
    );
  }
  const shape = shapeOf(schema);
  if (typeof shape === 'string') {
    report(
      where,
      `The settings page cannot show it: ${shape}.`,
      'Use a boolean, an enum, a list of an enum, a number with min() and max(), a text with max(), a date, periods() or secretText().',
    );
  } else if (!schema.safeParse(undefined).success) {
    report(where, 'It has no default, or its default does not fit its own schema.', 'Add .default(…) at its end.');
  }
}
