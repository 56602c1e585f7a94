import { z } from 'zod';

/** Extension points of the directory. */
export const points = {
  /** Where schools accept the processing agreement: whoever fills this tells the directory of it (`schools.agreed`). */
  agreements: z.object({ page: z.string().startsWith('/') }),
};
