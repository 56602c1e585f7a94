import { randomUUID } from 'node:crypto';
import type { Filled } from './fill-tables.js';
import type { Findings } from './finding.js';
import { fewOf } from './package-files.js';
import { type Answered, ask, shown } from './probe.js';
import type { ScratchPortal } from './scratch-portal.js';
import type { Subject } from './subject.js';

/** Enough for every request of the check. */
const BUDGET = 1_000_000;

/** K16: checks that GET routes show nothing to machines without their scope, or of another tenant, and do not fail for one that has it. */
export async function checkMachineRights(
  { definition }: Subject,
  portal: ScratchPortal,
  probes: readonly Answered[],
  filled: Filled,
  findings: Findings,
): Promise<void> {
  const { id, scopes = {} } = definition;
  const all = Object.keys(scopes).map((name) => `${id}.${name}`);
  if (all.length === 0) return;
  const machine = (held: string[], tenants: string[]) => portal.platform.machine({ scopes: held, tenants, budget: BUDGET });
  let asked = 0;
  for (const probe of probes) {
    const { machines } = probe.route;
    if (machines === undefined || 'none' in machines || probe.addresses.length === 0) continue;
    asked++;
    const others = all.filter((each) => each !== `${id}.${machines.scope}`);
    // The scope is checked before the ids in the address.
    const first = { addresses: probe.addresses.slice(0, 1) };
    for (const { address, answer } of await ask(machine(others, [portal.own.tenant]), first)) {
      if (answer.status === 403) continue;
      findings.failed(
        'machines',
        `${probe.name} answers ${answer.status} to a machine without its scope (${address}).`,
        'Report this: the kernel checks scopes.',
      );
    }
    const stranger = await ask(machine(all, [randomUUID()]), probe);
    const leak = stranger.find((each) => shown(each, filled.secrets).length > 0);
    if (leak !== undefined) {
      findings.failed(
        'machines',
        `${probe.name} shows a machine of another tenant what one tenant has (${leak.address}).`,
        'Declare the tenant column of the table it reads, rather than { none }, and read as the caller, not through actAs.',
      );
    }
    // Made-up rows may make a route fail for everybody, which is told elsewhere.
    const good = new Set(probe.asked.filter(({ answer }) => answer.status < 500).map(({ address }) => address));
    const failed = (await ask(machine(all, [portal.own.tenant]), probe)).find(
      ({ address, answer }) => answer.status >= 500 && good.has(address),
    );
    if (failed !== undefined) {
      findings.failed(
        'machines',
        `${probe.name} fails for a machine that has its scope: ${failed.answer.status} (${failed.address}).`,
        'A machine has no person and no roles: handle principal.kind "service", or give the route machines: { none }.',
      );
    }
  }
  findings.passedUnlessFailed('machines', `${asked} GET routes with a scope, asked without it and from another tenant`);
}

/** Checks that the title of each scope exists. */
export function checkScopeTitles({ definition }: Subject, texts: ReadonlySet<string>, findings: Findings): void {
  const missing = Object.values(definition.scopes ?? {}).filter((key) => !texts.has(key));
  if (missing.length === 0) return;
  findings.failed(
    'machines',
    `There is no text for ${fewOf(missing)}.`,
    'Whoever approves a client reads it: write it in nl.json, en.json and fr.json.',
  );
}
