import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { unzipSync } from 'fflate';
import { expect } from 'vitest';

type Language = 'nl' | 'en' | 'fr';

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** The files of a person's export, made at once. */
export const exportOf = async (
  { platform }: Pick<TestPlatform, 'platform'>,
  person: string,
  language: Language = 'nl',
  tenants: '*' | string[] = '*',
): Promise<Record<string, Uint8Array>> => unzipSync(await collect(platform.privacy.archive({ person, language, tenants })));

/** Asks for an export as a page does, waits until it is ready and downloads it. `address` is that of the status. */
export async function askArchive(
  { url }: Pick<TestPlatform, 'url'>,
  client: TestClient,
  address = '/api/kernel/privacy/export',
): Promise<{ archive: Uint8Array; headers: Headers }> {
  const asked = await client.post(address);
  expect(asked.status).toBe(202);
  await expect.poll(async () => (await client.get(address)).body.export.state, { timeout: 90_000, interval: 100 }).toBe('ready');
  const response = await fetch(`${url}${address}/file`, { headers: { cookie: `ilearn=${client.cookie('ilearn')}` } });
  expect(response.status).toBe(200);
  return { archive: new Uint8Array(await response.arrayBuffer()), headers: response.headers };
}

export async function askExport(...given: Parameters<typeof askArchive>) {
  const { archive, headers } = await askArchive(...given);
  return { files: unzipSync(archive), headers };
}
