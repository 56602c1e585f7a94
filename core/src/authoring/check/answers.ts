import { z } from 'zod';
import type { OpenApiDocument } from '../../http/openapi.js';
import type { Findings } from './finding.js';
import { importOptional } from './optional.js';
import { type Answered, type Asked, ask, type Probe } from './probe.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

interface Validator {
  validate(document: object): Promise<{ valid: boolean; errors?: string | object[] }>;
}

/** Loaded lazily, because compiling its rules takes a second. */
let validator: Validator | null = null;

/** Checks that the plugin's part of the OpenAPI document is valid, and every operation has a unique id. */
export async function checkDocument({ definition, folder }: Subject, portal: ScratchPortal, findings: Findings): Promise<void> {
  const document = await documentOf(portal);
  const paths = Object.fromEntries(Object.entries(document.paths).filter(([path]) => path.startsWith(`/api/${definition.id}/`)));
  const operations = Object.values(paths).flatMap((each) => Object.values(each));
  if (operations.length === 0) {
    findings.skipped('openapi', 'It has no routes.');
    return;
  }
  const ids = operations.map(({ operationId }) => operationId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    findings.failed('openapi', `Two routes are "${twice}" in the document.`, 'Give them paths that differ in letters or digits.');
  }
  const module = await importOptional<{ Validator: new () => Validator }>('@seriousme/openapi-schema-validator', folder);
  if (module === null) {
    findings.skipped('openapi', 'The document was not validated.', 'npm install --save-dev @seriousme/openapi-schema-validator');
    return;
  }
  validator ??= new module.Validator();
  const { valid, errors } = await validator.validate(structuredClone({ ...document, paths }));
  if (!valid)
    findings.failed(
      'openapi',
      `The document is not valid: ${JSON.stringify(errors).slice(0, 300)}`,
      'Fix the schema of the route that it names.',
    );
  findings.passedUnlessFailed('openapi', `${operations.length} operations, valid OpenAPI 3.1`);
}

/** Requests each route while the tables are empty, so that a failure cannot be caused by generated rows. */
export async function checkEmptyAnswers(portal: ScratchPortal, probes: readonly Probe[], findings: Findings): Promise<void> {
  for (const probe of probes) {
    for (const { address, answer } of await ask(portal.own.client, probe)) {
      if (answer.status < 500 || portal.limits.ranOver(probe.pluginId, probe.name)) continue;
      findings.failed(
        'answers',
        `GET ${address} fails (${answer.status}) on empty tables.`,
        'Return an empty list, or throw notFound().',
      );
    }
  }
}

/** Checks that responses match the OpenAPI document. */
export async function checkAnswers(portal: ScratchPortal, probes: readonly Answered[], findings: Findings): Promise<void> {
  const document = await documentOf(portal);
  const failed = new Set<string>();
  let compared = 0;
  for (const probe of probes) {
    for (const asked of probe.asked) {
      if (asked.answer.status >= 500 && !portal.limits.ranOver(probe.pluginId, probe.name)) failed.add(probe.name);
      const fault = misfit(asked, probe, document);
      if (fault === undefined) continue;
      compared++;
      if (fault !== null)
        findings.failed(
          'answers',
          `GET ${asked.address} returns an answer that does not match the document: ${fault}`,
          'Fix the schema in responses.',
        );
    }
  }
  if (failed.size > 0) {
    findings.skipped(
      'answers',
      `Failed on generated rows, which may contain what yours never do: ${[...failed].join(', ')}.`,
      'Consider a constraint on the table that refuses such rows.',
    );
  }
  findings.passedUnlessFailed('answers', `${compared} real answers fit the document`);
}

/** Describes the mismatch. Null: it matches; undefined: the response has no JSON to compare. */
function misfit({ answer }: Asked, { name, route, pluginId }: Probe, document: OpenApiDocument): string | null | undefined {
  if (answer.status >= 400 || typeof answer.body === 'string') return undefined;
  const operation = Object.entries(document.paths).find(
    ([path]) => path === `/api/${pluginId}${route.path.replace(/:(\w+)/g, '{$1}')}`,
  )?.[1]['get'] as { responses: Record<string, { content?: Record<string, { schema: object }> }> } | undefined;
  const content = operation?.responses[answer.status]?.content;
  if (content === undefined) return `${name} answered ${answer.status}`;
  const parsed = z
    .fromJSONSchema((Object.values(content)[0]?.schema ?? {}) as Parameters<typeof z.fromJSONSchema>[0])
    .safeParse(answer.body);
  return parsed.success
    ? null
    : parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; ');
}

const documentOf = async ({ own }: ScratchPortal): Promise<OpenApiDocument> =>
  (await own.client.get('/api/openapi.json')).body as OpenApiDocument;
