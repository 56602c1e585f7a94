import { z } from 'zod';

/** Schema of the event `lti.launched`: somebody reached a tool. Published once for each launch. */
export const launched = z.object({
  school: z.uuid(),
  personId: z.uuid(),
  role: z.enum(['Learner', 'Instructor']),
  /** Key and name of the tool's registration. */
  tool: z.string(),
  toolName: z.string(),
  /** What the tool got about the person. */
  released: z.array(z.enum(['pseudonym', 'role', 'context', 'language', 'name', 'email'])),
});
