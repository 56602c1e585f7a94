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
/** The results of these count; what others say of points, such as an answer to one question, is less than the whole. */
const conclusive: readonly string[] = ['scored', 'completed', 'passed', 'failed'] satisfies (keyof typeof verbs)[];
const verbId = /^https?:\/\/adlnet\.gov\/expapi\/verbs\/(\w+)$/;

/** PostgreSQL cannot store NUL. */
const text = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\0]*$/, 'must not contain a NUL character');
/** Far from where a difference of two is rounded or too large. */
const points = z.number().min(-1e9).max(1e9);
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
      id: iri.refine(
        (id) => Object.hasOwn(verbs, verbId.exec(id)?.[1] ?? ''),
        `must be one of ${Object.keys(verbs).join(', ')} of ADL`,
      ),
    }),
    object: z.object({ objectType: z.literal('Activity').optional(), id: iri }),
    result: z
      .object({
        score: z
          .object({
            scaled: z.number().min(0, 'must not be negative here').max(1).optional(),
            raw: points.optional(),
            min: points.optional(),
            max: points.optional(),
          })
          .refine(
            ({ raw, min = 0, max = Number.POSITIVE_INFINITY }) => min < max && (raw === undefined || (raw >= min && raw <= max)),
            'raw must lie between min and max',
          )
          .refine(({ scaled, raw, max }) => scaled !== undefined || raw === undefined || max !== undefined, {
            path: ['max'],
            message: 'is required with raw, unless scaled is given',
          })
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
  .union([statement, z.array(statement).min(1).max(mostStatements)])
  .describe(`One statement, or at most ${mostStatements}`);

/** What a statement says of a pupil. */
export interface Outcome {
  /** AGS 2.0 §3.4 */
  score: ScoreInput;
  /** The activity that was concluded, of which this is the result; null for what happened on the way. */
  concluded: string | null;
}

/**
 * What a statement says of a pupil, as a score. `scaled` alone is a score of 1; `raw` counts from `min`. Points count only if the activity itself was scored,
 * completed, passed or failed, since those of an answer are points of one question.
 */
export function outcomeOf({ actor, verb, object, result, timestamp: at }: Statement): Outcome {
  const name = verbId.exec(verb.id)?.[1] as keyof typeof verbs;
  const isOver = conclusive.includes(name);
  const isComplete = name !== 'answered' && (result?.completion ?? verbs[name] === 'Completed');
  const activityProgress = isComplete ? 'Completed' : verbs[name] === 'Completed' ? 'InProgress' : verbs[name];
  const points = isOver || isComplete ? pointsOf(result?.score) : null;
  return {
    score: {
      userId: actor.account.name,
      activityProgress,
      gradingProgress: points !== null && (isComplete || name === 'scored') ? 'FullyGraded' : 'NotReady',
      timestamp: at,
      ...points,
    },
    concluded: isOver || isComplete ? object.id : null,
  };
}

function pointsOf({ scaled, raw, min = 0, max }: NonNullable<Statement['result']>['score'] & object = {}) {
  if (raw !== undefined && max !== undefined) return { scoreGiven: raw - min, scoreMaximum: max - min };
  return scaled === undefined ? null : { scoreGiven: scaled, scoreMaximum: 1 };
}
