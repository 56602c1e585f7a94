import type pg from 'pg';
import { abandonedError } from './channel.js';
import type { Done } from './pipeline.js';
import type { UnitHome } from './send.js';

/** Takes a connection for a statement, unless the unit was abandoned while it waited; `done` gets the error if there is none. */
export function connectFor(
  { lanes }: UnitHome,
  lane: string | null,
  isAbandoned: () => boolean,
  done: Done,
  use: (client: pg.PoolClient) => void,
): void {
  lanes.connect(lane, (error, client) => {
    if (client === undefined) {
      done(error);
    } else if (isAbandoned()) {
      client.release();
      done(abandonedError());
    } else {
      use(client);
    }
  });
}
