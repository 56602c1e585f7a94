import type { Unit } from '../../context/unit.js';
import type { Choices, Consent, Objection, Restriction, RestrictionGround } from '../../contract/privacy.js';

type Kind = keyof Choices;

/** Maximum number of decisions of each kind that are read. */
const MOST = 100;
const decision = `since, recorded_by as "recordedBy", withdrawn_at as "withdrawnAt"`;

const columns: Record<Kind, string> = {
  objections: `purpose, ${decision}`,
  restrictions: `ground, ${decision}`,
  consents: `purpose, about, version, text_hash as "textHash", given_as as "givenAs", ${decision}`,
};

/** How long an ended decision is kept, as proof that the portal acted on it. */
export const KEPT_AFTER_END = 'P1Y';

/** What people decided about their data, in the tables of the kernel. */
export const choiceTables: readonly Kind[] = ['objections', 'restrictions', 'consents'];

export async function choicesOfPerson(unit: Unit, personId: string): Promise<Choices> {
  const read = async <T extends object>(kind: Kind): Promise<T[]> => {
    const text = `select ${columns[kind]} from kernel.${kind} where person_id = $1 order by since desc, id limit ${MOST}`;
    return (await unit.kernel<T>(text, [personId])).rows;
  };
  return {
    objections: await read<Objection>('objections'),
    restrictions: await read<Restriction>('restrictions'),
    consents: await read<Consent>('consents'),
  };
}

/** @param by the person who asks; null if none */
export async function recordObjection(unit: Unit, personId: string, purpose: string, by: string | null): Promise<void> {
  await unit.kernel(
    `insert into kernel.objections (person_id, purpose, recorded_by) values ($1, $2, $3) on conflict do nothing`,
    [personId, purpose, by],
  );
}

export async function recordRestriction(
  unit: Unit,
  personId: string,
  ground: RestrictionGround,
  by: string | null,
): Promise<void> {
  await unit.kernel(
    `insert into kernel.restrictions (person_id, ground, recorded_by) values ($1, $2, $3) on conflict do nothing`,
    [personId, ground, by],
  );
}

export async function recordConsent(
  unit: Unit,
  personId: string,
  { purpose, about, version, textHash, givenAs }: Pick<Consent, 'purpose' | 'about' | 'version' | 'textHash' | 'givenAs'>,
  by: string | null,
): Promise<void> {
  await unit.kernel(
    `update kernel.consents set withdrawn_at = now(), withdrawn_by = $5
     where person_id = $1 and purpose = $2 and about = $6 and withdrawn_at is null and (version, text_hash) <> ($3, $4)`,
    [personId, purpose, version, textHash, by, about],
  );
  await unit.kernel(
    `insert into kernel.consents (person_id, purpose, about, version, text_hash, given_as, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [personId, purpose, about, version, textHash, givenAs, by],
  );
}

/**
 * Ends what stands; returns whether something did.
 *
 * @param purpose null for a restriction, which concerns all purposes
 * @param about only for a consent
 */
export async function endDecision(
  unit: Unit,
  kind: Kind,
  personId: string,
  purpose: string | null,
  by: string | null,
  about: string | null = null,
): Promise<boolean> {
  const values = [personId, by];
  const conditions = ['person_id = $1', 'withdrawn_at is null'];
  if (purpose !== null) conditions.push(`purpose = $${values.push(purpose)}`);
  if (about !== null) conditions.push(`about = $${values.push(about)}`);
  const { rowCount } = await unit.kernel(
    `update kernel.${kind} set withdrawn_at = now(), withdrawn_by = $2 where ${conditions.join(' and ')}`,
    values,
  );
  return (rowCount ?? 0) > 0;
}

/** Deletes decisions that ended long ago. */
export async function deleteOldDecisions(pool: { query(text: string): Promise<unknown> }): Promise<void> {
  for (const kind of choiceTables) {
    await pool.query(`delete from kernel.${kind} where withdrawn_at < now() - interval '${KEPT_AFTER_END}'`);
  }
}
