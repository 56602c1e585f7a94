import type { z } from 'zod';
import type { eventInput, trainingInput } from '../shapes.js';

/** An event of the demonstration: `week` and `weekday` (0: Monday) from the week of the demonstration's day. */
export interface DemoEvent extends Omit<z.input<typeof eventInput>, 'sessions'> {
  sessions: { week: number; weekday: number; starts: string; ends: string; room?: string; link?: string }[];
  /** Staff who are enrolled, each school's in turn. */
  people?: number;
}
export interface DemoTraining extends z.input<typeof trainingInput> {
  /** Username of the planner of the provider. */
  planner: string;
  events: DemoEvent[];
}

const kaai = 'Vaartstraat 12, Gent';
const online = { region: 'online', link: 'https://video.example/vorming' } as const;
const afternoon = { starts: '13:30', ends: '16:30' };
const evening = { starts: '19:30', ends: '21:00' };

/** Trainings around themes of the portal; everything in them is invented. */
export const demoTrainings: readonly DemoTraining[] = [
  {
    planner: 'ilse.vandenbroeck',
    title: 'Begrijpend lezen in alle vakken',
    story:
      'Leerlingen lezen niet alleen in de taalles. Je leert hoe je een tekst uit wereldoriëntatie of wiskunde kiest, inleidt en bespreekt.\n\nJe brengt een eigen tekst mee en gaat naar huis met een les die morgen klaar is.',
    goals:
      'Een leesles opbouwen voor, tijdens en na het lezen.\nVragen stellen die tot denken aanzetten.\nLeesmotivatie versterken.',
    tools: ['Leeslijn'],
    foci: ['leesvaardigheid', 'effectieve instructie'],
    audience: ['teacher'],
    levels: ['primary'],
    minutes: 360,
    cost: '85 euro per persoon',
    certificate: 'all-sessions',
    events: [
      {
        ...{ capacity: 8, minimum: 6, region: 'east-flanders', approval: 'principal', promotion: 'offer', people: 12 },
        sessions: [
          { week: 3, weekday: 2, ...afternoon, room: kaai },
          { week: 5, weekday: 2, ...afternoon, room: kaai },
        ],
      },
      {
        capacity: 16,
        region: 'antwerp',
        approval: 'principal',
        people: 3,
        sessions: [{ week: 9, weekday: 2, ...afternoon, room: 'Lange Leemstraat 3, Antwerpen' }],
      },
      { capacity: 16, region: 'east-flanders', people: 9, sessions: [{ week: -4, weekday: 2, ...afternoon, room: kaai }] },
    ],
  },
  {
    planner: 'ilse.vandenbroeck',
    title: 'Technisch lezen: van letter tot vlot lezen',
    story: 'Een namiddag over leesonderwijs in de eerste twee leerjaren, met oefenvormen voor kleine groepen.',
    goals: 'Leesvorderingen opvolgen.\nOefenen op maat van elke lezer.',
    tools: ['Leeslijn'],
    foci: ['leesvaardigheid', 'differentiatie'],
    audience: ['teacher'],
    levels: ['nursery', 'primary'],
    minutes: 180,
    cost: 'gratis',
    events: [
      {
        capacity: 25,
        region: 'flemish-brabant',
        people: 5,
        sessions: [{ week: 4, weekday: 3, ...afternoon, room: 'Naamsestraat 80, Leuven' }],
      },
    ],
  },
  {
    planner: 'ilse.vandenbroeck',
    title: 'Aan de slag met leersporen',
    story: 'Je maakt een eerste leerspoor voor je eigen klas: doelen kiezen, stappen ordenen, en volgen wie vastloopt.',
    goals: 'Een leerspoor maken en geven.\nHet klasbord lezen en bijsturen.',
    tools: ['MyWay'],
    foci: ['werken met leersporen', 'differentiatie'],
    audience: ['teacher', 'ict-coordinator'],
    levels: ['primary', 'secondary'],
    minutes: 90,
    cost: 'gratis',
    events: [
      {
        capacity: 40,
        ...{ region: online.region },
        people: 6,
        sessions: [{ week: 1, weekday: 1, ...evening, link: online.link }],
      },
      {
        capacity: 40,
        ...{ region: online.region },
        people: 2,
        sessions: [{ week: 6, weekday: 3, ...evening, link: online.link }],
      },
    ],
  },
  {
    planner: 'ilse.vandenbroeck',
    title: 'Leersporen op school: van proef naar beleid',
    story: 'Voor schoolteams die met leersporen begonnen zijn en er afspraken over willen maken.',
    goals: 'Een plan voor de hele school maken.\nAfspraken over opvolging en privacy.',
    tools: ['MyWay'],
    foci: ['werken met leersporen', 'beleid'],
    audience: ['principal', 'ict-coordinator'],
    levels: ['primary', 'secondary'],
    minutes: 240,
    cost: '120 euro per school',
    events: [{ capacity: 30, region: 'brussels', approval: 'provider', people: 0, sessions: [] }],
  },
  {
    planner: 'steven.callens',
    title: 'Computationeel denken zonder computer',
    story: 'Patronen, stappenplannen en logisch redeneren met spelkaarten, een dansvloer en potlood.',
    goals: 'Computationeel denken herkennen in het leerplan.\nVijf activiteiten voor morgen.',
    tools: [],
    foci: ['computationeel denken', 'STEM'],
    audience: ['teacher'],
    levels: ['nursery', 'primary'],
    minutes: 180,
    cost: '60 euro per persoon',
    events: [
      {
        capacity: 20,
        region: 'limburg',
        approval: 'principal',
        people: 4,
        sessions: [{ week: 3, weekday: 4, starts: '09:00', ends: '12:00', room: 'Kunstlaan 5, Hasselt' }],
      },
    ],
  },
  {
    planner: 'steven.callens',
    title: 'Programmeren met blokken in de derde graad',
    story: 'Je maakt een spel met blokken en bouwt er een lessenreeks van zes uur omheen.',
    goals: 'Lussen, voorwaarden en variabelen uitleggen.\nProgramma’s van leerlingen nakijken.',
    tools: ['Blokkenbouw'],
    foci: ['computationeel denken'],
    audience: ['teacher'],
    levels: ['primary'],
    minutes: 360,
    cost: '95 euro per persoon',
    events: [
      {
        capacity: 15,
        region: 'west-flanders',
        people: 7,
        sessions: [{ week: 2, weekday: 2, starts: '09:00', ends: '16:00', room: 'Rijselstraat 5, Brugge' }],
      },
    ],
  },
  {
    planner: 'steven.callens',
    title: 'Rekenen met oefenprogramma’s',
    story: 'Hoe kies je oefeningen die passen bij wat een leerling nog niet kan? Met voorbeelden uit breuken en tafels.',
    goals: 'Fouten lezen als informatie.\nOefenen plannen over meerdere weken.',
    tools: ['Rekenhoek'],
    foci: ['wiskunde', 'differentiatie'],
    audience: ['teacher'],
    levels: ['primary'],
    minutes: 120,
    cost: 'gratis',
    events: [
      {
        capacity: 60,
        ...{ region: online.region },
        people: 8,
        sessions: [{ week: -2, weekday: 3, ...evening, link: online.link }],
      },
    ],
  },
  {
    planner: 'steven.callens',
    title: 'Artificiële intelligentie in de klas',
    story: 'Wat kan het, wat kan het niet, en wat mag op school? Met lesideeën voor leerlingen vanaf twaalf jaar.',
    goals: 'Kansen en risico’s benoemen.\nEen klasafspraak over AI maken.',
    tools: [],
    foci: ['mediawijsheid', 'computationeel denken'],
    audience: ['teacher', 'ict-coordinator', 'principal'],
    levels: ['secondary'],
    minutes: 90,
    cost: 'gratis',
    events: [
      {
        capacity: 100,
        ...{ region: online.region },
        people: 3,
        sessions: [{ week: 2, weekday: 3, ...evening, link: online.link }],
      },
    ],
  },
  {
    planner: 'amina.elidrissi',
    title: 'Taalzwakke leerlingen meenemen in instructie',
    story: 'Samen bekijken we lesopnames en zoeken we waar leerlingen afhaken.',
    goals: 'Woordenschat vooraf aanbrengen.\nBegrip controleren zonder “begrijpen jullie het?”.',
    tools: ['Leeslijn'],
    foci: ['leesvaardigheid', 'taalontwikkeling'],
    audience: ['teacher'],
    levels: ['primary', 'secondary'],
    minutes: 180,
    cost: '70 euro per persoon',
    events: [
      {
        capacity: 18,
        region: 'brussels',
        people: 6,
        sessions: [{ week: 4, weekday: 2, ...afternoon, room: 'Helihavenlaan 9, Brussel' }],
      },
    ],
  },
  {
    planner: 'amina.elidrissi',
    title: 'De ICT-coördinator als coach',
    story: 'Collega’s helpen zonder het over te nemen: gesprekstechnieken en korte werkvormen.',
    goals: 'Een coachend gesprek voeren.\nEen mini-vorming geven op een personeelsvergadering.',
    tools: [],
    foci: ['coaching', 'professionalisering'],
    audience: ['ict-coordinator'],
    levels: ['primary', 'secondary'],
    minutes: 240,
    cost: '110 euro per persoon',
    events: [
      {
        capacity: 14,
        region: 'antwerp',
        approval: 'principal',
        people: 2,
        sessions: [{ week: 5, weekday: 1, starts: '09:30', ends: '15:30', room: 'Meir 20, Antwerpen' }],
      },
    ],
  },
  {
    planner: 'amina.elidrissi',
    title: 'Privacy op school in een uur',
    story: 'Wat mag je delen, met wie, en hoe lang bewaar je het? Met situaties uit de leraarskamer.',
    goals: 'Persoonsgegevens herkennen.\nVeilig werken met oefenprogramma’s.',
    tools: ['MyWay'],
    foci: ['privacy', 'beleid'],
    audience: ['teacher', 'ict-coordinator', 'principal'],
    levels: ['nursery', 'primary', 'secondary'],
    minutes: 60,
    cost: 'gratis',
    events: [
      {
        capacity: 200,
        ...{ region: online.region },
        people: 10,
        sessions: [{ week: 1, weekday: 3, starts: '16:00', ends: '17:00', link: online.link }],
      },
    ],
  },
  {
    planner: 'amina.elidrissi',
    title: 'Van toets naar leerspoor',
    story: 'Je vertrekt van een toets die je al gaf, en maakt voor drie groepen leerlingen een vervolg.',
    goals: 'Toetsresultaten lezen.\nGroepen maken en leersporen geven.',
    tools: ['MyWay', 'Rekenhoek'],
    foci: ['werken met leersporen', 'evaluatie'],
    audience: ['teacher'],
    levels: ['primary'],
    minutes: 120,
    cost: 'gratis',
    events: [
      {
        capacity: 25,
        region: 'limburg',
        people: 4,
        sessions: [{ week: 7, weekday: 2, ...afternoon, room: 'Dorpsstraat 1, Genk' }],
      },
    ],
  },
];
