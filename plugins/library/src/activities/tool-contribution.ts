import { z } from 'zod';
import { agesInOrder, descriptionWithDefaults, line, ltiContent } from './model.js';

/** A contribution to `library.tools`: an external tool with the activities that it offers over LTI. */
export const toolContribution = z.object({
  /** Permanent name of the tool, by which its activities are identified. */
  key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
  name: line(200).min(1),
  /** Who makes it; shown with each activity. */
  provider: line(200).min(1),
  description: line(2000).optional(),
  activities: z.array(
    z
      .object({
        /** Permanent name of the activity within the tool. */
        key: line(200).min(1),
        ...descriptionWithDefaults,
        lti: ltiContent.extend({
          custom: ltiContent.shape.custom.default({}),
          scoreMaximum: ltiContent.shape.scoreMaximum.default(100),
        }),
      })
      .refine(agesInOrder.when, agesInOrder.error),
  ),
});

export type ToolContribution = z.input<typeof toolContribution>;
