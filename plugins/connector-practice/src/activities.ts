import type { ConnectorActivity, ConnectorRegistration } from '@ilearn/plugin-library/connector';

/** The practice tool's registration with the LTI platform. Its ids equal the tool's own defaults. */
export const registration = (toolUrl: string): ConnectorRegistration => ({
  clientId: 'practice-tool',
  deploymentId: '1',
  loginUrl: `${toolUrl}/login`,
  redirectUris: [`${toolUrl}/launch`],
  jwksUrl: `${toolUrl}/jwks`,
});

const vocabulary = 'http://ilearn.ilabt.imec.be/vocab';
const structure = 'https://w3id.org/onderwijs-vlaanderen/id/structuur';

/** Concepts of the Flemish curriculum for primary school. */
const concepts = {
  numbers: `${vocabulary}/curr2/s-getallen`,
  reading: `${vocabulary}/curr2/s-lezen`,
  mental: `${vocabulary}/tref2/hoofdrekenen`,
  splitting: `${vocabulary}/tref2/splitsen`,
  adding: `${vocabulary}/tref2/optellen`,
  subtracting: `${vocabulary}/tref2/aftrekken`,
  multiplying: `${vocabulary}/tref2/vermenigvuldigen`,
  dividing: `${vocabulary}/tref2/delen`,
  fiction: `${vocabulary}/tref2/fictie`,
  informative: `${vocabulary}/tref2/informatieve-tekst`,
  /** 1.10: knowing sums to 10 and the multiplication tables by heart. */
  automatic: `${vocabulary}/onddoel/basis-lager-1.10-3317509620`,
  /** 1.11: how the operations are related. */
  related: `${vocabulary}/onddoel/basis-lager-1.11-3572260196`,
  /** 1.13: mental arithmetic with a suitable method. */
  fitting: `${vocabulary}/onddoel/basis-lager-1.13-3218912525`,
  /** 1.14: commutativity, associativity, splitting and distributivity. */
  properties: `${vocabulary}/onddoel/basis-lager-1.14-3616091011`,
  /** 3.4: ordering the information in texts for school. */
  studyTexts: `${vocabulary}/onddoel/basis-lager-3.4-3704828583`,
  /** 3.5: ordering the information in stories. */
  stories: `${vocabulary}/onddoel/basis-lager-3.5-2964932707`,
};
const year = (number: 1 | 2 | 3 | 4) => `${structure}/lager-${number}e-leerjaar`;

interface Exercise {
  key: string;
  title: string;
  description: string;
  minutes: number;
  ageFrom: number;
  ageTo: number;
  difficulty: number;
  conceptUris: string[];
  keywords: string[];
  foci?: 'reading'[];
  scoreMaximum: number;
}

const exercises: Exercise[] = [
  {
    key: 'splits-10',
    title: 'Splitsen tot 10',
    description: 'Tien getallen tot 10 splitsen, met stippen om te tellen.',
    minutes: 5,
    ageFrom: 6,
    ageTo: 7,
    difficulty: 1,
    conceptUris: [concepts.numbers, concepts.splitting, concepts.properties, year(1)],
    keywords: ['splitsen', 'splitshuis', 'getallen tot 10'],
    scoreMaximum: 10,
  },
  {
    key: 'plus-minus-20',
    title: 'Plus en min tot 20',
    description: 'Tien plus- en minsommen tot 20. De helft gaat over het tiental.',
    minutes: 6,
    ageFrom: 6,
    ageTo: 8,
    difficulty: 2,
    conceptUris: [concepts.numbers, concepts.adding, concepts.subtracting, concepts.mental, concepts.fitting, year(1), year(2)],
    keywords: ['optellen', 'aftrekken', 'brug over 10'],
    scoreMaximum: 10,
  },
  {
    key: 'plus-minus-100',
    title: 'Plus en min tot 100',
    description: 'Tien plus- en minsommen tot 100, uit het hoofd.',
    minutes: 8,
    ageFrom: 7,
    ageTo: 9,
    difficulty: 3,
    conceptUris: [concepts.numbers, concepts.adding, concepts.subtracting, concepts.mental, concepts.fitting, year(2), year(3)],
    keywords: ['optellen', 'aftrekken', 'getallen tot 100'],
    scoreMaximum: 10,
  },
  {
    key: 'complete-100',
    title: 'Aanvullen tot 100',
    description: 'Wat ontbreekt er nog tot het volgende tiental, of tot 100?',
    minutes: 6,
    ageFrom: 7,
    ageTo: 9,
    difficulty: 3,
    conceptUris: [concepts.numbers, concepts.splitting, concepts.related, year(2), year(3)],
    keywords: ['aanvullen', 'splitsen', 'getallen tot 100'],
    scoreMaximum: 10,
  },
  {
    key: 'tables-2-5-10',
    title: 'De tafels van 2, 5 en 10',
    description: 'Tien sommen uit de eerste maaltafels.',
    minutes: 5,
    ageFrom: 7,
    ageTo: 8,
    difficulty: 2,
    conceptUris: [concepts.numbers, concepts.multiplying, concepts.automatic, year(2)],
    keywords: ['tafels', 'maaltafels', 'vermenigvuldigen'],
    scoreMaximum: 10,
  },
  {
    key: 'tables',
    title: 'Alle tafels door elkaar',
    description: 'Tien sommen uit de maaltafels van 2 tot 9.',
    minutes: 6,
    ageFrom: 8,
    ageTo: 10,
    difficulty: 3,
    conceptUris: [concepts.numbers, concepts.multiplying, concepts.automatic, year(3)],
    keywords: ['tafels', 'maaltafels', 'vermenigvuldigen'],
    scoreMaximum: 10,
  },
  {
    key: 'divisions',
    title: 'Deeltafels',
    description: 'Tien deelsommen: de maaltafels omgekeerd.',
    minutes: 7,
    ageFrom: 8,
    ageTo: 10,
    difficulty: 4,
    conceptUris: [concepts.numbers, concepts.dividing, concepts.related, concepts.automatic, year(3), year(4)],
    keywords: ['deeltafels', 'delen', 'tafels'],
    scoreMaximum: 10,
  },
  {
    key: 'reading-cat',
    title: 'Waar is Poes?',
    description: 'Een kort verhaal over een kat die zoek is, met zes vragen.',
    minutes: 10,
    ageFrom: 7,
    ageTo: 8,
    difficulty: 2,
    conceptUris: [concepts.reading, concepts.fiction, concepts.stories, year(2)],
    keywords: ['begrijpend lezen', 'verhaal', 'dieren'],
    foci: ['reading'],
    scoreMaximum: 6,
  },
  {
    key: 'reading-hedgehog',
    title: 'De winterslaap van de egel',
    description: 'Een informatieve tekst over hoe een egel de winter doorkomt, met zes vragen.',
    minutes: 15,
    ageFrom: 9,
    ageTo: 11,
    difficulty: 3,
    conceptUris: [concepts.reading, concepts.informative, concepts.studyTexts, year(4)],
    keywords: ['begrijpend lezen', 'informatieve tekst', 'dieren', 'winter'],
    foci: ['reading'],
    scoreMaximum: 6,
  },
];

/** The practice tool's activities, for the library. */
export const activities = (toolUrl: string): ConnectorActivity[] =>
  exercises.map(({ scoreMaximum, ...exercise }) => ({
    ...exercise,
    lti: { targetLinkUri: `${toolUrl}/launch`, custom: { exercise: exercise.key }, scoreMaximum },
  }));
