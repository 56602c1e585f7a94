import { Problem } from '@ilearn/core';
import { z } from 'zod';
import type { LaunchRequest } from '../exports.js';
import { presentations } from '../registrations/presentations.js';
import { tidy } from '../tidy.js';

/** Id of a context or resource link; used in URLs and claims. ASCII, 255 characters at most (LTI 1.3 Core §5.3.5). */
const externalId = z.string().regex(/^[A-Za-z0-9._:~-]{1,255}$/, 'must be 1 to 255 of the characters A-Z a-z 0-9 . _ : ~ -');

const claimText = z.string().transform(tidy).pipe(z.string().min(1).max(500));

const launchRequest = z.strictObject({
  registration: z.string(),
  targetLinkUri: z.url({ protocol: /^https?$/ }),
  resourceLinkId: externalId,
  title: claimText,
  context: z
    .strictObject({
      id: externalId,
      title: claimText,
      kind: z.enum(['section', 'template']).optional(),
      classId: z.uuid().optional(),
      pupils: z.array(z.uuid()).max(2_000).optional(),
    })
    .nullable(),
  school: z.uuid(),
  personId: z.uuid(),
  role: z.enum(['Learner', 'Instructor']),
  custom: z.record(z.string().transform(tidy).pipe(z.string().min(1).max(200)), z.string().max(2000).transform(tidy)),
  lineItem: z
    .strictObject({
      label: claimText,
      scoreMaximum: z.number().positive(),
      resourceId: z.string().max(255).optional(),
      tag: z.string().max(255).optional(),
    })
    .nullable(),
  /** Must not lead to another host: browsers read `//host` and `/\host` as one. */
  returnPath: z.string().regex(/^\/(?![/\\])[^\s\\]*$/, 'must be a path of the portal, such as /mijn-paden/1'),
  presentation: z.enum(presentations).optional(),
}) satisfies z.ZodType<LaunchRequest>;

/** A request as kept until the launch is over. */
export interface StoredRequest extends LaunchRequest {
  /** In a deep linking request: what the response must carry, and where it goes. */
  choice?: { data: string; returnUrl: string };
}

/** @throws Problem 422 with the invalid members */
export function checkLaunchRequest(request: LaunchRequest): LaunchRequest {
  const parsed = launchRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new Problem({
    type: 'lti/launch-invalid',
    status: 422,
    title: 'The activity cannot be launched',
    detail: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  });
}
