import { afterAll, beforeAll, expect, test } from 'vitest';
import { faults } from './chaos/faults.js';
import { ChaosWorld, type Outcome } from './chaos/world.js';

/** `npm run chaos` runs all faults. The test suite runs a short form. */
const full = process.env['ILEARN_CHAOS'] === 'full';
const pace = full ? 1 : 0.2;
const chosen = faults.filter(({ short }) => full || short);

const world = new ChaosWorld(full ? 40 : 12);
const outcomes: Outcome[] = [];
beforeAll(() => world.start(), 180_000);
afterAll(async () => {
  await world.stop();
  if (full) console.log(report(outcomes));
}, 60_000);

test.each(chosen)('confirmed = stored, tries included: $name', { timeout: 500_000 }, async (fault) => {
  const missing = fault.missing?.(world.postgres) ?? null;
  if (missing !== null) {
    console.log(`not shown on this machine: ${fault.name} (${missing})`);
    return;
  }
  const outcome = await world.suffer(fault, pace);
  outcomes.push(outcome);
  const { reasons, lost, twice, triesMissing, auditMissing, stuck, readiness, requests } = outcome;
  expect({ lost, twice, triesMissing, auditMissing, stuck }, world.logs).toEqual({
    lost: 0,
    twice: 0,
    triesMissing: 0,
    auditMissing: 0,
    stuck: 0,
  });
  if (full) expect(readiness.unanswered, world.logs).toBe(0);
  // Together with the rest of the suite, the machine may be too busy to answer every request.
  const answers = [...fault.answers, ...(full ? [] : [503, 504]), ...(full && world.behindProxy ? [] : [0])];
  const unexpected = Object.keys(reasons).filter(
    // An overloaded portal answers 503 with Retry-After. The load and the four processes may overload a machine with two cores.
    (reason) => reason !== '503 /problems/database-busy' && !answers.includes(Number.parseInt(reason, 10)),
  );
  expect(unexpected, `${JSON.stringify(reasons)}\n${world.logs}`).toEqual([]);
  // The load was running.
  expect(requests).toBeGreaterThan(20);
});

function report(rows: readonly Outcome[]): string {
  const head = ['fault', 'requests', 'not 2xx', 'lost', 'twice', 'tries', 'audit', 'stuck', 'readiness ms', 'settled s'];
  const lines = rows.map((row) => [
    row.name,
    row.requests,
    Object.entries(row.reasons)
      .map(([reason, count]) => `${count} × ${reason}`)
      .join(', ') || 0,
    row.lost,
    row.twice,
    row.triesMissing,
    row.auditMissing,
    row.stuck,
    Math.round(row.readiness.slowest),
    row.settledAfter.toFixed(1),
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
