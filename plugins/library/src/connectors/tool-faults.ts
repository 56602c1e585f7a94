import type { z } from 'zod';
import type { toolContribution } from '../activities/tool-contribution.js';

type Tool = z.output<typeof toolContribution>;

export interface ToolFault {
  /** Place in the connector: `activities.2.conceptUris.0`. */
  where: string;
  message: string;
  remedy: string;
}

/**
 * What is wrong with a tool whose form is right.
 *
 * @param known URIs of the concepts that the portal has; null if no curriculum was imported, and concepts cannot be checked
 */
export function findToolFaults(tool: Tool, known: ReadonlySet<string> | null): ToolFault[] {
  const faults: ToolFault[] = [];
  const report = (where: string, message: string, remedy: string) => faults.push({ where, message, remedy });
  if (tool.about === undefined)
    report('about', 'Schools cannot read its price, its data and its privacy statement.', 'Define it with defineConnector.');
  if (known === null)
    report(
      'activities',
      'The portal has no curriculum, so concepts were not checked.',
      'Import one: ilearn import skos <file.ttl...>',
    );
  const addresses = new Map<string, number>();
  for (const [index, activity] of tool.activities.entries()) {
    const where = `activities.${index}`;
    if (activity.conceptUris.length === 0)
      report(
        `${where}.conceptUris`,
        `"${activity.title}" has no concept, so it is in no facet.`,
        'Name at least one concept of the curriculum.',
      );
    for (const [at, uri] of activity.conceptUris.entries()) {
      if (known === null || known.has(uri)) continue;
      report(
        `${where}.conceptUris.${at}`,
        `${uri} is in no imported scheme.`,
        'Copy the address of a concept from GET /api/library/concepts?q=…, or import its scheme.',
      );
    }
    if (activity.kind !== 'link') continue;
    const before = addresses.get(activity.url);
    if (before !== undefined)
      report(`${where}.url`, `activities.${before} has the same address.`, 'Keep one of them, or lead each to its own page.');
    else addresses.set(activity.url, index);
  }
  return faults;
}
