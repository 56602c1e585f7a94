import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import notifications from '@ilearn/plugin-notifications';
import agenda from 'ilearn-plugin-agenda';

export type { Cradle } from '../src/cradle.js';

/** A whole portal on a database of its own; nothing is mocked. */
export const startPortal = (): Promise<TestPlatform> => createTestPlatform({ plugins: [directory, notifications, agenda] });
