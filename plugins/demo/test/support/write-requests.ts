import type { PluginDefinition } from '@ilearn/core';
import type { TestClient } from '@ilearn/core/testing';
import { type Ids, sampleOf } from '../../../../core/dist/authoring/check/samples.js';
import { type Operation, readOperations } from './operations.js';

export interface Write extends Operation {
  name: string;
}

/** Every route that changes something, from the portal's OpenAPI document. A GET that changes something says so in its definition. */
export async function findWrites(plugins: readonly PluginDefinition[], client: TestClient): Promise<Write[]> {
  const changing = new Set(
    plugins.flatMap(({ id, routes = [] }) =>
      routes.filter(({ changes }) => changes !== undefined).map(({ method, path }) => `${method} /api/${id}${path}`),
    ),
  );
  return (await readOperations(client))
    .map((operation) => ({ ...operation, name: `${operation.method} ${operation.path.replace(/\{(\w+)\}/g, ':$1')}` }))
    .filter(({ method, name }) => method !== 'GET' || changing.has(name));
}

export const paramsOf = ({ parameters }: Write) => parameters.filter((each) => each.in === 'path').map(({ name }) => name);

/** Sends a request that fits the route's schemas, with these values in its path; the other ids are `ids`. */
export function sendTo(client: TestClient, write: Write, ids: Ids, values?: readonly string[]) {
  const { method, path, parameters, body } = write;
  const params = new Map(
    parameters
      .filter((each) => each.in === 'path')
      // Ids of rows are neither numbers nor words of a list.
      .map(({ name, schema }, at) => [
        name,
        String(
          (schema.type === 'integer' || schema.enum !== undefined ? undefined : values?.[at]) ?? sampleOf(schema, ids, name),
        ),
      ]),
  );
  const query = new URLSearchParams(
    parameters
      .filter((each) => each.in === 'query')
      .flatMap(({ name, schema }) => [sampleOf(schema, ids, name)].flat().map((each) => [name, String(each)])),
  );
  const address = `${path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params.get(name) ?? '-'))}?${query}`;
  if (body === null) return client.request(method, address);
  const [type, schema] = body;
  const sample = sampleOf(schema, ids);
  if (type.startsWith('multipart/')) {
    const parts = Object.entries(sample as object).filter(([, value]) => typeof value !== 'object');
    const raw = parts
      .map(([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
      .join('');
    return client.request(method, address, { raw: `${raw}--x--\r\n`, headers: { 'content-type': `${type}; boundary=x` } });
  }
  const raw = type.includes('json')
    ? JSON.stringify(sample)
    : type.includes('form')
      ? new URLSearchParams(Object.entries(sample as object).map(([name, value]) => [name, String(value)])).toString()
      : 'x';
  return client.request(method, address, { raw, headers: { 'content-type': type } });
}
