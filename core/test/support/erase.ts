import type { TestPlatform } from '@ilearn/core/testing';
import { expect } from 'vitest';

/** Erases a person as a page does, and waits until it is done. */
export async function erase({ platform: { privacy, runner } }: Pick<TestPlatform, 'platform'>, person: string): Promise<void> {
  const { id } = await runner.run({}, (frame) => privacy.erase(frame, person));
  const outcome = async () => {
    const found = await runner.run({}, ({ unit }) => privacy.erasures.status(unit, id));
    return found?.failure ?? found?.state;
  };
  await expect.poll(outcome, { timeout: 30_000, interval: 50 }).toBe('done');
}
