import type { TestClient } from '@ilearn/core/testing';
import type { Schema } from '../../../../core/dist/authoring/check/samples.js';

/** A route as the portal describes it in its OpenAPI document. */
export interface Operation {
  method: string;
  path: string;
  permission: string;
  parameters: { name: string; in: 'path' | 'query'; schema: Schema }[];
  /** Media type and schema. */
  body: [string, Schema] | null;
}

/** Every route of the portal. */
export async function readOperations(client: TestClient): Promise<Operation[]> {
  const { body: document } = await client.get('/api/openapi.json');
  return Object.entries<Record<string, any>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const content = Object.entries<{ schema: Schema }>(operation.requestBody?.content ?? {})[0];
      const body: Operation['body'] = content === undefined ? null : [content[0], content[1].schema];
      const { parameters, 'x-permission': permission } = operation;
      return { method: method.toUpperCase(), path, permission, parameters, body };
    }),
  );
}
