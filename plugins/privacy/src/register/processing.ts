import type { Language, PortalPurpose, ReadableRegister } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { countryName, type Translate, translator } from '../documents/messages.js';

/** For whom a register is made: a school by its id, or the operator. */
export type Party = { kind: 'operator' } | { kind: 'school'; id: string };

/** One purpose in the register of a party, in words. */
export interface Activity {
  id: string;
  name: string;
  why: string;
  controller: string;
  basis: string;
  /** Condition for special categories of data; empty if there are none. */
  special: string;
  people: string;
  /** Titles of tables and kinds of file, by module. */
  data: string[];
  recipients: string[];
  transfers: string[];
  retention: string[];
}

/** The register of a party (GDPR art. 30): what it decides itself, and what it does on behalf of others. */
export interface Processing {
  controller: string;
  contact: string;
  officer: string;
  asController: Activity[];
  asProcessor: Activity[];
  measures: string[];
}

type Services = Pick<Dependencies, 'privacy' | 'directory' | 'settings'>;

/**
 * Composes the register of a party from the purposes and the modules in service. Purposes that no table names are left out.
 *
 * @throws Problem 403 for a school for which the principal does not act
 */
export async function processingOf(services: Services, party: Party, language: Language): Promise<Processing> {
  const { privacy, directory, settings } = services;
  const t = translator(language);
  const portal = await settings.portal();
  const { operator } = portal;
  const [purposes, register] = [await privacy.purposes(language), await privacy.register(language)];
  const activities = (wanted: readonly PortalPurpose['controller'][]) =>
    activitiesOf(
      purposes.filter(({ controller }) => wanted.includes(controller)),
      register,
      { language, operator },
    );
  const measures = register.measures.lines;
  if (party.kind === 'operator') {
    return {
      controller: operator || t('processing.operator'),
      contact: portal.operatorContact,
      officer: portal.operatorOfficer,
      asController: activities(['operator', 'joint']),
      asProcessor: activities(['tenant']),
      measures,
    };
  }
  const [{ officer }, school] = [await settings.of(party.id), await directory.schools.get(party.id)];
  return {
    controller: school?.name ?? '',
    contact: '',
    officer,
    asController: activities(['tenant', 'joint']),
    asProcessor: [],
    measures,
  };
}

/**
 * The purposes that tables or kinds of file name, in words.
 *
 * @param operator name of the operator; may be empty
 */
export function activitiesOf(
  purposes: readonly PortalPurpose[],
  register: ReadableRegister,
  { language, operator }: { language: Language; operator: string },
): Activity[] {
  const t = translator(language);
  const named = operator || t('processing.operatorInText');
  return purposes.flatMap((purpose) => activityOf(purpose, register, { t, language, operator: named }));
}

function activityOf(
  purpose: PortalPurpose,
  { records, parts }: ReadableRegister,
  { t, language, operator }: { t: Translate; language: Language; operator: string },
): Activity[] {
  const own = records.filter((record) => record.purpose === purpose.id);
  if (own.length === 0) return [];
  const moduleOf = (id: string) => parts.find((part) => part.id === id)?.title ?? id;
  const modules = [...new Set(own.map(({ plugin }) => plugin))];
  return [
    {
      id: purpose.id,
      name: purpose.name,
      why: purpose.why,
      controller: t(`processing.controllers.${purpose.controller}`, { operator }),
      basis: t(`processing.bases.${purpose.basis}`),
      special: purpose.special === null ? '' : t(`processing.special.${purpose.special}`),
      people: purpose.people || [...new Set(own.map(({ people }) => people))].join('; '),
      data: modules.map((id) => `${moduleOf(id)}: ${own.flatMap((each) => (each.plugin === id ? [each.title] : [])).join(', ')}`),
      recipients: [
        ...purpose.recipients.map((each) => t(`processing.recipients.${each}`)),
        ...new Set(own.map(({ recipients }) => recipients).filter(Boolean)),
      ],
      transfers: purpose.transfers.map(
        ({ country, safeguard }) => `${countryName(language, country)}: ${t(`processing.safeguards.${safeguard}`)}`,
      ),
      retention: own.map(({ title, keep }) => `${title}: ${keep}`),
    },
  ];
}
