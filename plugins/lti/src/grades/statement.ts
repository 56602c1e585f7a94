import { z } from 'zod';
import type { ScoreInput } from './score.js';
import { timestamp } from './timestamp.js';

/** A request has at most so many statements. */
export const mostStatements = 50;

const iri = z
  .string()
  .max(2_000)
  .regex(/^[a-z][a-z0-9+.-]*:[^\s\0]+$/i, 'must be an IRI');

/** Verbs of ADL, and what the teacher sees of them. */
const verbs = {
  initialized: 'Started',
  attempted: 'Started',
  progressed: 'InProgress',
  answered: 'InProgress',
  scored: 'Submitted',
  completed: 'Completed',
  passed: 'Completed',
  failed: 'Completed',
} as const satisfies Record<string, ScoreInput['activityProgress']>;
const verbId = /^https?:\/\/adlnet\.gov\/expapi\/verbs\/(\w+)$/;

/** PostgreSQL cannot store NUL. */
const text = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\0]*$/, 'must not contain a NUL character');
const isAbsent = z.never({ error: 'is not taken here' }).optional();

/**
 * A statement of xAPI 1.0.3 or 2.0 (IEEE 9274.1.1) that says how a pupil did: the subset of §4.2 that fits a score. An actor is known by the account
 * that the launch gave, and by nothing else; what pupils answered is not taken. Members that are not named here are ignored and not stored.
 */
const statement = z
  .object({
    id: z.uuid().optional(),
    actor: z.object({
      objectType: z.literal('Agent').optional(),
      account: z.object({ homePage: iri, name: text }),
      ...{ mbox: isAbsent, mbox_sha1sum: isAbsent, openid: isAbsent, member: isAbsent },
    }),
    verb: z.object({
      id: iri.refine((id) => (verbId.exec(id)?.[1] ?? '') in verbs, `must be one of ${Object.keys(verbs).join(', ')} of ADL`),
    }),
    object: z.object({ objectType: z.literal('Activity').optional(), id: iri }),
    result: z
      .object({
        score: z
          .object({
            scaled: z.number().min(0, 'must not be negative here').max(1).optional(),
            raw: z.number().optional(),
            min: z.number().optional(),
            max: z.number().optional(),
          })
          .refine(
            ({ raw, min = 0, max = Number.POSITIVE_INFINITY }) => min < max && (raw === undefined || (raw >= min && raw <= max)),
            'raw must lie between min and max',
          )
          .optional(),
        completion: z.boolean().optional(),
        response: isAbsent,
      })
      .optional(),
    timestamp,
    attachments: isAbsent,
  })
  .describe('A statement of xAPI, of which the result is kept');

export type Statement = z.output<typeof statement>;

/** Body of a request: one statement, or several. */
export const statements = z
  .union([statement.transform((one) => [one]), z.array(statement).min(1).max(mostStatements)])
  .describe(`One statement, or at most ${mostStatements}`);

/** What a statement says of a pupil, as a score (AGS 2.0 §3.4). `scaled` alone is a score of 1; `raw` counts from `min`. */
export function scoreOf({ actor, verb, result, timestamp: at }: Statement): ScoreInput {
  const name = verbId.exec(verb.id)?.[1] as keyof typeof verbs;
  const activityProgress = result?.completion === true ? 'Completed' : verbs[name];
  const { scaled, raw, min = 0, max } = result?.score ?? {};
  const points =
    raw !== undefined && max !== undefined
      ? { scoreGiven: raw - min, scoreMaximum: max - min }
      : scaled === undefined
        ? null
        : { scoreGiven: scaled, scoreMaximum: 1 };
  const graded = points !== null && activityProgress === 'Completed';
  return {
    userId: actor.account.name,
    activityProgress,
    gradingProgress: graded || (points !== null && name === 'scored') ? 'FullyGraded' : 'NotReady',
    timestamp: at,
    ...points,
  };
}
