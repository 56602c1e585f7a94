import { z } from 'zod';
import { isModel } from '../foundation/models.js';
import { purposeShape } from '../foundation/purposes.js';

/** Maximum size of one PUT to an S3 store. */
const MOST_BYTES = 5 * 1024 ** 3;

const text = z.string('is not text');
const list = <T extends z.ZodType>(of: T) => z.array(of, 'is not a list');
const map = <T extends z.ZodType>(of: T) => z.record(z.string(), of, 'is not an object of names');
const zodSchema = z.custom((value) => typeof value === 'object' && value !== null && '_zod' in value, 'is not a zod schema');
const callable = z.custom((value) => typeof value === 'function', 'is not a function');
const service = z.custom((value) => typeof value === 'function', 'is not a class');
const model = z.custom(isModel, 'is not an Objection model: a class that extends Model of the package objection');
const url = z.instanceof(URL, { error: 'is not a URL; write new URL(…, import.meta.url)' });

const columnList = z.array(z.string('is not a column name'), 'is not a list of columns').min(1, 'names no column');

const tenantRule = z.union(
  [
    z.string(),
    z.strictObject({ column: z.string(), nullMeansShared: z.literal(true) }),
    z.strictObject({ sees: columnList, writes: columnList }),
    z.strictObject({ none: z.string().min(1, 'is empty') }),
  ],
  "is not a column name, { column, nullMeansShared: true }, { sees: ['column'], writes: ['column'] } or { none: 'why' }",
);

const keepRule = z.union(
  [z.string(), z.strictObject({ for: z.string(), since: z.string() }), z.strictObject({ with: z.string() })],
  "is not a duration such as P1Y, { for: 'P1Y', since: 'column' } or { with: 'table' }",
);
const eraseRule = z.enum(['delete', 'anonymise'], 'is not delete or anonymise');

const table = z.strictObject({
  tenant: tenantRule,
  people: map(z.enum(['subject', 'author', 'contact'], 'is not subject, author or contact')).optional(),
  notPeople: map(text).optional(),
  keep: keepRule.optional(),
  erase: z.union([eraseRule, map(eraseRule)], 'is not delete or anonymise, nor an object of columns with one of them').optional(),
  clear: list(text).optional(),
  withheld: map(text).optional(),
  export: z.literal('whole', 'is not whole, the only value that it may have').optional(),
  purpose: text.optional(),
  use: text.optional(),
  restriction: z.union([z.strictObject({ shown: text }), z.strictObject({ decided: text })]).optional(),
  recipients: list(text).optional(),
});

const fileTenantRule = z.union(
  [
    z.string(),
    z.strictObject({ column: z.string(), nullMeansShared: z.literal(true) }),
    z.strictObject({ none: z.string().min(1, 'is empty') }),
  ],
  "is not a column name, { column, nullMeansShared: true } or { none: 'why' }",
);

const file = z.strictObject({
  tenant: fileTenantRule,
  people: map(z.enum(['subject', 'author', 'contact'], 'is not subject, author or contact')).optional(),
  keep: z
    .union(
      [z.string(), z.strictObject({ for: z.string(), since: z.string() })],
      'is not a duration such as P1Y, or { for, since }',
    )
    .optional(),
  erase: z.union([eraseRule, map(eraseRule)], 'is not delete or anonymise, nor an object of columns with one of them').optional(),
  purpose: text.optional(),
  use: text.optional(),
  recipients: list(text).optional(),
  types: list(text).min(1, 'names no media type'),
  maxBytes: z.int('is not a number of bytes').positive('is not a number of bytes').max(MOST_BYTES, `is more than ${MOST_BYTES}`),
  encrypt: z.boolean('is not true or false').optional(),
});

const uploadField = z.union(
  [
    z.string(),
    z
      .strictObject({ kind: z.string(), min: z.int().min(0).optional(), max: z.int().min(1).max(100) })
      .refine(({ min = 0, max }) => min <= max),
  ],
  'is not a kind of file, nor { kind, min, max } with at most 100',
);

const response = z.union(
  [
    zodSchema,
    z.strictObject({
      description: z.string(),
      contentType: z.string().optional(),
      schema: zodSchema.optional(),
      compressed: z.boolean().optional(),
    }),
  ],
  'is not a zod schema or { description, contentType, schema, compressed }',
);

const seconds = z.number('is not a number of seconds').positive('is not a number of seconds').max(3600, 'is more than an hour');

const day = z.iso.date('is not a date such as 2027-01-31');
const machines = z.union(
  [
    z.strictObject({ scope: z.string(), cost: z.int().min(1).max(1_000).optional() }),
    z.strictObject({ none: z.string().min(1, 'is not said') }),
  ],
  "is not { scope: 'notes:read' }, with a cost of 1 to 1000 if it is not 1, nor { none: 'why' }",
);

const route = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], 'is not GET, POST, PUT, PATCH or DELETE'),
  path: text,
  summary: text,
  permission: text,
  machines: machines.optional(),
  deprecated: z
    .strictObject(
      { since: day, sunset: day.optional(), link: z.url('is not an address').optional() },
      'is not { since, sunset, link }',
    )
    .optional(),
  session: z.literal(false, 'is not false, the only value that it may have').optional(),
  recentSignIn: z.literal(true, 'is not true, the only value that it may have').optional(),
  mayLag: z.literal(true, 'is not true, the only value that it may have').optional(),
  audit: z.strictObject({ none: z.string().min(1, 'is empty') }, "is not { none: 'why' }").optional(),
  changes: z.string().min(1, 'is empty').optional(),
  authorise: callable.optional(),
  formatProblem: callable.optional(),
  params: zodSchema.optional(),
  query: zodSchema.optional(),
  body: zodSchema.optional(),
  consumes: list(text).optional(),
  upload: map(uploadField).optional(),
  bodyLimit: z.int('is not a number of bytes').positive('is not a number of bytes').optional(),
  timeoutMs: z.int('is not a number of milliseconds').min(1, 'is less than 1').max(600_000, 'is more than 600000').optional(),
  responses: map(response),
  outside: z.strictObject({ seconds: seconds.optional(), call: callable }, 'is not { call }').optional(),
  handler: callable,
});

const count = z.int('is not a whole number').min(0, 'is less than 0');
const job = z.strictObject({
  payload: zodSchema,
  retries: count.optional(),
  backoff: count.optional(),
  schedule: text.optional(),
  timeZone: z.enum(['portal', 'UTC'], 'is not portal or UTC').optional(),
  timeoutSeconds: z.int('is not a whole number').min(1, 'is less than 1').max(86_400, 'is more than 86400').optional(),
  outside: z
    .strictObject(
      { seconds: seconds.optional(), atOnce: z.int().min(1, 'is less than 1').optional(), call: callable },
      'is not { call }',
    )
    .optional(),
  handler: callable,
});

const reason = z.string('is not text').min(1, 'is empty');
const http = z.strictObject({
  purpose: reason,
  sends: reason,
  hosts: list(text).min(1, 'names no host').max(50, 'names more than 50 hosts').optional(),
  operator: reason.optional(),
  named: reason.optional(),
  sockets: reason.optional(),
});

const topic = z.strictObject({ params: zodSchema, payload: zodSchema, permission: text, allow: callable });

const command = z.strictObject({
  name: text,
  summary: text,
  usage: text.optional(),
  options: map(z.strictObject({ type: z.enum(['string', 'boolean'], 'is not string or boolean'), help: text })).optional(),
  run: callable,
});

const page = z.strictObject({
  path: text,
  tag: text,
  title: text,
  permission: text,
  nav: z
    .strictObject({
      icon: text,
      order: z.number('is not a number'),
      label: text.optional(),
      menu: z.literal('person').optional(),
      section: z.enum(['school', 'portal', 'helpdesk'], 'is not school, portal or helpdesk').optional(),
    })
    .optional(),
  help: z
    .string('is not text')
    .regex(/^[a-z]+(-[a-z]+)*$/, 'is not lower-case words joined by hyphens')
    .optional(),
  density: z.enum(['kid', 'standard', 'compact'], 'is not kid, standard or compact').optional(),
  loads: list(text).optional(),
});

const pageDocument = z.strictObject({ path: text, route: text });
const slot = z.strictObject({
  slot: text,
  tag: text,
  permission: text,
  order: z.number('is not a number').optional(),
  size: z.enum(['half', 'full'], 'is not half or full').optional(),
  loads: list(text).optional(),
});
const kind = z
  .string('is not text')
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'is not lower-case words joined by single hyphens')
  .max(40, 'is longer than 40 characters');
const step = z.union([z.string(), callable], 'is not SQL text or a function');

/** The shape of a manifest, checked for authors who do not use a compiler; `PluginDefinition` documents each member. */
export const manifestShape = z.strictObject({
  id: text,
  version: text,
  requires: map(text).optional(),
  optional: map(text).optional(),
  privileges: list(text).optional(),
  config: zodSchema.optional(),
  settings: z.strictObject({ portal: zodSchema.optional(), tenant: zodSchema.optional() }).optional(),
  permissions: map(list(text)).optional(),
  scopes: map(text).optional(),
  identifyMachine: callable.optional(),
  machineCalled: callable.optional(),
  mayGrant: map(list(text)).optional(),
  roles: map(z.union([kind, list(kind).min(1, 'names no kind')], 'is not a kind of tenant, nor a list of them')).optional(),
  tenantKinds: list(kind).optional(),
  purposes: z.record(kind, purposeShape, 'is not an object of purposes').optional(),
  purposeAdditions: map(purposeShape.pick({ recipients: true, transfers: true }).partial()).optional(),
  tables: map(table).optional(),
  files: map(file).optional(),
  models: map(model).optional(),
  migrations: list(z.strictObject({ name: text, up: step, down: step })).optional(),
  privacy: z.strictObject({ messages: url.optional(), export: callable.optional(), erase: callable.optional() }).optional(),
  services: map(service).optional(),
  exports: z.strictObject({ services: list(text).optional(), views: list(text).optional() }).optional(),
  points: map(zodSchema).optional(),
  pointKeys: map(text).optional(),
  contributes: z
    .union([callable, map(list(z.unknown()))], 'is not an object of lists, or a function that returns one')
    .optional(),
  routes: list(route).optional(),
  jobs: map(job).optional(),
  events: map(zodSchema).optional(),
  on: map(callable).optional(),
  live: map(topic).optional(),
  http: http.optional(),
  commands: list(command).optional(),
  ui: z
    .strictObject({
      ...{ entry: url, messages: url },
      ...{ pages: list(page).optional(), slots: list(slot).optional(), documents: list(pageDocument).optional() },
    })
    .optional(),
  takeContributions: callable.optional(),
  refused: callable.optional(),
  start: callable.optional(),
});
