import { z } from 'zod';

/** Settings of one throttle. */
const throttlePolicy = (defaults: { free: number; forgetSeconds: number }) =>
  z
    .strictObject({
      /** Failed attempts allowed without a wait. */
      free: z.int().min(1).default(defaults.free),
      /** Seconds after which one failure is forgotten. */
      forgetSeconds: z.int().min(1).default(defaults.forgetSeconds),
      /** Seconds to wait after the first failure beyond the free ones; doubled with each further one. */
      firstWaitSeconds: z.int().min(1).default(5),
      /** Longest wait in seconds. */
      longestWaitSeconds: z.int().min(1).default(900),
    })
    .prefault({});

export const loginConfig = z.strictObject({
  throttle: z
    .strictObject({
      /** Attempts on one account from one device or address. */
      account: throttlePolicy({ free: 5, forgetSeconds: 900 }),
      /** Attempts on one account from all addresses together, or from all devices on which it has signed in. */
      everywhere: throttlePolicy({ free: 50, forgetSeconds: 900 }),
      /**
       * Attempts on all accounts from one address. A whole school may share an address, so more failures are allowed and forgotten sooner.
       */
      address: throttlePolicy({ free: 100, forgetSeconds: 36 }),
    })
    .prefault({}),
  temporaryAccounts: z
    .strictObject({
      defaultDays: z.int().min(1).default(7),
      longestDays: z.int().min(1).max(366).default(30),
    })
    .refine(({ defaultDays, longestDays }) => defaultDays <= longestDays, 'defaultDays is longer than longestDays')
    .prefault({}),
});

export type LoginConfig = z.output<typeof loginConfig>;
export type ThrottlePolicy = LoginConfig['throttle']['account'];
