import type { Language, PortalPurpose, ReadableRegister } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { type Translate, translator } from '../documents/messages.js';
import { activitiesOf } from '../register/processing.js';
import type { Reader } from './readers.js';

/** What one part of the portal keeps about people, from the tables that it declares. */
export interface StatementPart {
  title: string;
  kept: { what: string; why: string; howLong: string }[];
}

/** A purpose as adults read it. */
export interface StatementPurpose {
  name: string;
  why: string;
  controller: string;
  basis: string;
  recipients: string[];
  transfers: string[];
}

/** A statement for one reader. Children and pupils get sentences only. */
export interface Statement {
  sections: { heading: string; lines: string[] }[];
  purposes: StatementPurpose[];
  parts: StatementPart[];
}

type Services = Pick<Dependencies, 'privacy' | 'settings'>;

/** Composes the statement from the purposes and the modules in service: what no module does is not in it. */
export async function statementFor(reader: Reader, language: Language, services: Services): Promise<Statement> {
  const t = translator(language);
  const { operator, operatorContact, operatorOfficer } = await services.settings.portal();
  const register = await services.privacy.register(language);
  const purposes = (await services.privacy.purposes(language)).filter(({ id }) =>
    register.records.some(({ purpose }) => purpose === id),
  );
  const say = (section: string): string[] => linesOf(t(`statement.readers.${reader}.${section}`));
  const adult = reader === 'parent' || reader === 'teacher';
  const contact = [operator, operatorContact, operatorOfficer].filter(Boolean).join(', ');
  const sections = [
    { heading: t(`statement.readers.${reader}.title`), lines: say('intro') },
    {
      heading: t(`statement.headings.${reader}.what`),
      lines: register.parts.flatMap((part) => part.statement[reader] ?? []),
    },
    ...(reader === 'pupil'
      ? [{ heading: t('statement.headings.pupil.why'), lines: purposes.map(({ name, why }) => `${name}: ${why}.`) }]
      : []),
    { heading: t(`statement.headings.${reader}.who`), lines: [...say('who'), ...(adult ? outside(register, t) : [])] },
    { heading: t(`statement.headings.${reader}.long`), lines: say('long') },
    {
      heading: t(`statement.headings.${reader}.may`),
      lines: [
        ...say('may'),
        ...(adult ? objections(purposes, t) : []),
        ...(adult && contact !== '' ? [t('statement.contact', { contact })] : []),
      ],
    },
  ];
  return {
    sections: sections.filter(({ lines }) => lines.length > 0),
    purposes: adult
      ? activitiesOf(purposes, register, { language, operator }).map(
          ({ name, why, controller, basis, recipients, transfers }) => ({ name, why, controller, basis, recipients, transfers }),
        )
      : [],
    parts: adult ? partsOf(register) : [],
  };
}

/** The sentences of a text, one a line; what follows a question stays with it. */
const linesOf = (text: string): string[] => text.split(/(?<=[.!])\s+(?=\p{Lu})/u).filter((line) => line !== '');

/** Hosts outside the portal that its modules call. */
function outside({ parts }: ReadableRegister, t: Translate): string[] {
  const calling = parts.filter(({ hosts }) => hosts.length > 0).map(({ title }) => title);
  return calling.length === 0 ? [] : [t('statement.outside', { modules: calling.join(', ') })];
}

function objections(purposes: readonly PortalPurpose[], t: Translate): string[] {
  const names = purposes.filter(({ objection }) => objection).map(({ name }) => name);
  return names.length === 0 ? [] : [t('statement.objection', { purposes: names.join(', ') })];
}

/** The register in short. Names of tables and columns are left out. */
const partsOf = ({ parts, records }: ReadableRegister): StatementPart[] =>
  parts
    .map(({ id, title }) => ({
      title,
      kept: records
        .filter(({ plugin }) => plugin === id)
        .map(({ title: what, use: why, keep: howLong }) => ({ what, why, howLong })),
    }))
    .filter(({ kept }) => kept.length > 0);
