import { addDays, periodOf } from '@ilearn/plugin-cube';
import type { Cradle } from '../cradle.js';
import { messageOffer } from '../protocol/policy.js';
import type { Definition } from '../releases/definition.js';

export interface Made {
  /** The day around which the demonstration lies. */
  day: string;
  schools: { wegwijzer: string; terLinden: string };
  /** Ids by username. */
  people: Record<string, string>;
}

const partner = { participant: 'did:web:universiteit.example', organisation: 'Universiteit Voorbeeldstad', automatic: false };
/** Minutes between two looks, and how often it is looked, whether the cube has filled and published the figures of the demonstration. */
export const wait = { minutes: 5, times: 12 };

/** Adds a partner, and a study to which one school agreed and about which another has to decide. */
export async function fillDemo(
  { partners, studies, studySchools, directory }: Cradle,
  { day, schools, people }: Made,
): Promise<void> {
  // The event may come twice.
  if ((await partners.list()).some(({ participant }) => participant === partner.participant)) return;
  const { id } = await partners.add(partner);
  const study = await studies.add({
    partner: id,
    title: 'Helpt vaker oefenen?',
    researcher: 'Vakgroep Onderwijskunde, Universiteit Voorbeeldstad',
    contact: 'oefenonderzoek@universiteit.example',
    why: 'We willen weten of kinderen die vaker en korter oefenen, meer onthouden dan kinderen die zelden en lang oefenen.',
    ethics: 'Ethische commissie van de universiteit, nummer 2026-117',
    measures: ['launches', 'steps-done'],
    names: false,
    startsOn: addDays(day, -14),
    endsOn: addDays(day, 120),
  });
  await studies.approve(study);
  await studies.askSchools(study, [schools.wegwijzer, schools.terLinden]);
  const { 'noor.elamrani': noor } = people;
  const classes = noor === undefined ? [] : await directory.classes.ofPerson(noor, 'pupil');
  const chosen = classes.filter(({ kind, school }) => kind === 'class' && school === schools.wegwijzer).map((each) => each.id);
  if (chosen.length > 0) await studySchools.agree(study, schools.wegwijzer, chosen);
}

/**
 * Releases figures of the demonstration: open data, a draft with noise, and what the partner asks for.
 *
 * @returns false if the figures are not there yet
 */
export async function releaseDemo({ knex, releases, negotiations }: Cradle, day: string): Promise<boolean> {
  const { startsOn, endsOn } = periodOf('month', addDays(periodOf('month', day).startsOn, -1));
  const published = await knex('cube.published_periods').where({ grain: 'month', starts_on: startsOn }).first('starts_on');
  if (published === undefined) return false;
  const open: Definition = {
    ...{ tier: 'open', measures: ['schools', 'pupils', 'launches'], by: 'region', grain: 'month', detail: 'whole' },
    ...{ from: startsOn, to: endsOn },
  };
  const described = [
    ['Gebruik per provincie', 'Hoeveel scholen en leerlingen in een maand meededen, en hoe vaak ze een programma openden.', open],
    [
      'Leerlingen per onderwijsniveau, met ruis',
      'Voor onderzoek naar de spreiding over basis- en secundair onderwijs.',
      {
        tier: 'research',
        questions: [
          { measure: 'pupils', by: 'level', grain: 'month', startsOn, groups: 1, most: 1, epsilon: 500_000_000, delta: 0 },
        ],
      },
    ],
  ] satisfies [string, string, Definition][];
  for (const [title, description, definition] of described) {
    const dataSet = await releases.addDataSet({ tier: definition.tier, title, description });
    const release = await releases.draft(dataSet, definition);
    if (definition.tier !== 'open') continue;
    await releases.approve(release);
    await releases.publish(release);
    const asking = await knex('partners').where({ participant: partner.participant }).first('id', 'participant', 'organisation');
    await negotiations.request(
      { ...asking, automatic: false, active: true },
      { consumerPid: 'urn:example:1', offer: messageOffer(release), callbackAddress: 'https://universiteit.example/dsp' },
    );
  }
  return true;
}
