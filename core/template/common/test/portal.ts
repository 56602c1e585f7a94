import { randomUUID } from 'node:crypto';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import plugin from 'ilearn-plugin-sample';

/** A whole portal on a database of its own; nothing is mocked. */
export const startPortal = (): Promise<TestPlatform> => createTestPlatform({ plugins: [plugin] });

/** Somebody new with a role in a school, signed in. */
export async function signIn(portal: TestPlatform, role: string, school: string): Promise<TestClient> {
  const person = randomUUID();
  await portal.grant(person, [{ tenant: school, role }]);
  return portal.signIn(person);
}
