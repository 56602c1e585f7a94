import { z } from 'zod';
import type { LiveTopic } from '../contract/live.js';

type Report = (where: string, message: string, remedy: string) => void;

/** Topic names are part of addresses. */
const namePattern = /^[a-z][A-Za-z0-9-]{0,39}$/;

/** Checks that topics need a session, and that their params and payloads can carry only ids and codes, not names or texts. */
export function checkLive(topics: Record<string, LiveTopic>, report: Report): void {
  for (const [name, { params, payload, permission }] of Object.entries(topics)) {
    if (!namePattern.test(name)) {
      report(
        `live.${name}`,
        `"${name}" is not a valid name for a topic.`,
        'Use a letter, then at most 39 letters, digits and hyphens: classBoard.',
      );
    }
    if (permission === 'public') {
      report(`live.${name}.permission`, 'A topic is never public.', "Name a permission, or 'signed-in'.");
    }
    if (!(params instanceof z.ZodObject) && (params as z.ZodType)._zod.def.type !== 'object') {
      report(
        `live.${name}.params`,
        'It is not an object.',
        'Write z.object({ id: z.uuid() }); z.object({}) if there is only one topic.',
      );
    }
    for (const [part, schema] of [
      ['params', params],
      ['payload', payload],
    ] as const) {
      for (const place of freeTextsIn(schema)) {
        report(
          `live.${name}.${part}${place}`,
          'It is free text, which could contain names or results.',
          'Send ids and codes (z.uuid(), z.enum([…]), z.literal(…), numbers, dates), and let the page fetch the rest by a route.',
        );
      }
    }
  }
}

interface JsonSchema {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  not?: object;
}

/** Places whose values are not limited to ids and codes, as `.a.b`; an empty string means the whole value. */
function freeTextsIn(schema: z.ZodType): string[] {
  let json: JsonSchema;
  try {
    json = z.toJSONSchema(schema, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
      },
    }) as JsonSchema;
  } catch {
    return [''];
  }
  return placesIn(json, '');
}

function placesIn(schema: JsonSchema, path: string): string[] {
  const some = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (some.length > 0) return some.flatMap((each) => placesIn(each, path));
  if (schema.enum !== undefined || schema.const !== undefined || schema.not !== undefined) return [];
  switch (schema.type) {
    case 'number':
    case 'integer':
    case 'boolean':
    case 'null':
      return [];
    case 'string':
      return schema.format !== undefined || schema.pattern !== undefined ? [] : [path];
    case 'array': {
      const items = [...(schema.prefixItems ?? []), ...(typeof schema.items === 'object' ? [schema.items] : [])];
      return items.length === 0 ? [path] : items.flatMap((each) => placesIn(each, `${path}[]`));
    }
    case 'object': {
      const free = schema.additionalProperties;
      // Free member names are text as well.
      if (free === true || (typeof free === 'object' && Object.keys(schema.properties ?? {}).length === 0)) return [path];
      return Object.entries(schema.properties ?? {}).flatMap(([name, each]) => placesIn(each, `${path}.${name}`));
    }
    default:
      return [path];
  }
}
