import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { UploadFields } from '../contract/files.js';
import type { ResponseSpec } from '../contract/responses.js';
import type { Route } from '../contract/route.js';
import { CONTRACT_VERSION } from '../contract/version.js';
import { KERNEL_VERSION } from '../foundation/version.js';

export interface Operation {
  operationId: string;
  summary: string;
  tags: string[];
  [member: string]: unknown;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; 'x-ilearn-contract': number };
  servers: { url: string }[];
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

type Paths = OpenApiDocument['paths'];

/** The part of the document that describes one plugin. */
export function describeRoutes(id: string, routes: readonly Route[]): Paths {
  const paths: Paths = {};
  for (const route of routes) {
    const path = `/api/${id}${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describeRoute(id, route) };
  }
  return paths;
}

/** The OpenAPI 3.1 document of a portal, generated only from its routes. `plugins` by id. */
export function describeApi(url: string, plugins: ReadonlyMap<string, Paths>): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'i-Learn portal',
      version: KERNEL_VERSION,
      description: 'The routes of the plugins of this portal.',
      'x-ilearn-contract': CONTRACT_VERSION,
    },
    servers: [{ url }],
    tags: [...plugins].filter(([, paths]) => Object.keys(paths).length > 0).map(([name]) => ({ name })),
    paths: Object.assign({}, ...plugins.values()),
    components: {
      securitySchemes: {
        machine: {
          type: 'http',
          scheme: 'bearer',
          description:
            'Token of a machine, with the scopes that the operation names. Its budget is in RateLimit and RateLimit-Policy.',
        },
        session: { type: 'apiKey', in: 'cookie', name: 'ilearn', description: 'Session cookie, set at sign-in' },
      },
      schemas: { Problem: problemSchema },
    },
  };
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'instance', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Stable reference of the kind of problem' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['in', 'pointer', 'message'],
        properties: { in: { enum: ['params', 'query', 'body'] }, pointer: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

function describeRoute(pluginId: string, route: Route): Operation {
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const params = propertiesOf(route.params);
  const query = propertiesOf(route.query);
  const texts = route.path
    .split('/')
    .filter(Boolean)
    .map((part) => part.replace(/^:/, 'by-'));
  return {
    operationId: [pluginId, route.method.toLowerCase(), ...texts].join('-').replace(/[^\w-]/g, '-'),
    summary: route.summary,
    tags: [pluginId],
    'x-permission': route.permission,
    ...machinesOf(pluginId, route),
    parameters: [
      ...idempotencyKeyOf(route),
      ...names.map((name) => ({ name, in: 'path', required: true, schema: params.properties[name] ?? { type: 'string' } })),
      ...Object.entries(query.properties).map(([name, schema]) => ({
        name,
        in: 'query',
        required: query.required.includes(name),
        schema,
      })),
    ],
    ...(route.upload !== undefined
      ? { requestBody: multipartBody(route) }
      : route.body === undefined
        ? {}
        : {
            requestBody: {
              required: true,
              content: Object.fromEntries(
                (route.consumes ?? ['application/json']).map((type) => [type, { schema: toJsonSchema(route.body, 'input') }]),
              ),
            },
          }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, spec]) => [
          status,
          { ...describeResponse(status, spec), ...headersOf(route) },
        ]),
      ),
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

/** Who may call it: nobody needs to sign in, people with a session, or machines with a scope as well. */
function machinesOf(pluginId: string, { permission, machines, deprecated, method }: Route): object {
  if (permission === 'public') return { security: [], ...deprecationOf(deprecated) };
  const people = [{ session: [] }];
  if (machines === undefined) return { security: people };
  if ('none' in machines) return { security: people, 'x-machines': { none: machines.none }, ...deprecationOf(deprecated) };
  const { scope, cost = 1 } = machines;
  return {
    security: [...people, { machine: [`${pluginId}.${scope}`] }],
    'x-machines': { scope: `${pluginId}.${scope}`, cost, idempotencyKey: method !== 'GET' },
    ...deprecationOf(deprecated),
  };
}

/** The header with which a machine may retry a write. */
const idempotencyKeyOf = ({ machines, method }: Route): object[] =>
  machines === undefined || 'none' in machines || method === 'GET'
    ? []
    : [{ name: 'Idempotency-Key', in: 'header', required: false, schema: { type: 'string', maxLength: 257 } }];

const deprecationOf = (deprecated: Route['deprecated']): object =>
  deprecated === undefined ? {} : { deprecated: true, 'x-deprecation': deprecated };

/** Files are binary parts, in addition to the fields of the body. */
function multipartBody({ body, upload = {} }: Route): object {
  const fields = propertiesOf(body);
  const binary = { type: 'string', format: 'binary' };
  const files = Object.entries(upload as UploadFields).map(([field, wish]) => [
    field,
    typeof wish === 'string' ? binary : { type: 'array', items: binary, minItems: wish.min ?? 0, maxItems: wish.max },
  ]);
  const required = Object.entries(upload as UploadFields)
    .filter(([, wish]) => typeof wish === 'string' || (wish.min ?? 0) > 0)
    .map(([field]) => field);
  const schema = {
    type: 'object',
    properties: { ...fields.properties, ...Object.fromEntries(files) },
    required: [...fields.required, ...required],
  };
  return { required: true, content: { 'multipart/form-data': { schema } } };
}

/** Headers of every answer to a machine, and of deprecated routes. */
function headersOf({ machines, deprecated }: Route): object {
  const text = (description: string) => ({ description, schema: { type: 'string' } });
  const headers = {
    ...(machines === undefined || 'none' in machines
      ? {}
      : { RateLimit: text('What is left of the budget of a machine'), 'RateLimit-Policy': text('The budget of a machine') }),
    ...(deprecated === undefined ? {} : { Deprecation: text('Since when it is deprecated (RFC 9745)') }),
    ...(deprecated?.sunset === undefined ? {} : { Sunset: text('From when it may not answer (RFC 8594)') }),
  };
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function describeResponse(status: string, spec: z.ZodType | ResponseSpec): object {
  if (spec instanceof z.ZodType) {
    return {
      description: STATUS_CODES[status] ?? status,
      content: { 'application/json': { schema: toJsonSchema(spec, 'output') } },
    };
  }
  if (spec.contentType === undefined) return { description: spec.description };
  const schema = spec.schema === undefined ? { type: 'string' } : toJsonSchema(spec.schema, 'output');
  return { description: spec.description, content: { [spec.contentType]: { schema } } };
}

interface ObjectSchema {
  properties: Record<string, object>;
  required: string[];
}

function propertiesOf(schema: z.ZodType | undefined): ObjectSchema {
  if (schema === undefined) return { properties: {}, required: [] };
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as Partial<ObjectSchema>;
  return { properties, required };
}

/** Zod's JSON Schema (2020-12, which OpenAPI 3.1 accepts); dates are ISO 8601 strings. */
function toJsonSchema(schema: unknown, io: 'input' | 'output'): object {
  const { $schema: _, ...json } = z.toJSONSchema(schema as z.ZodType, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  }) as Record<string, unknown>;
  return json;
}
