import { defineConnector } from '@ilearn/plugin-library/connector';

const curr1 = (name: string): string => `http://ilearn.ilabt.imec.be/vocab/curr1/${name}`;
const curr2 = (name: string): string => `http://ilearn.ilabt.imec.be/vocab/curr2/${name}`;
const vak = (name: string): string => `https://w3id.org/onderwijs-vlaanderen/id/vak/${name}`;
const tref2 = (name: string): string => `http://ilearn.ilabt.imec.be/vocab/tref2/${name}`;

/** Zoom, latitude and longitude. */
const map = (place: string): string => `https://www.openstreetmap.org/#map=${place}`;

/** Maps of OpenStreetMap in the library. */
export default defineConnector({
  id: 'connector-openstreetmap',
  version: '0.1.0',
  name: 'OpenStreetMap',
  provider: 'OpenStreetMap Foundation',
  description: 'De vrije wereldkaart: plaatsen zoeken, afstanden meten, legendes lezen.',
  logo: new URL('../logo.svg', import.meta.url),
  website: 'https://www.openstreetmap.org',
  languages: ['nl', 'en', 'fr'],
  ages: { from: 9, to: 18 },
  price: 'free',
  account: 'optional',
  data: [],
  privacyStatement: 'https://osmfoundation.org/wiki/Privacy_Policy',
  help: 'https://www.openstreetmap.org/help',
  activities: [
    {
      key: 'gent',
      title: 'Kaart: het centrum van Gent',
      description: 'Zoek de Leie, de Schelde en drie torens. Hoe loop je van de ene naar de andere?',
      url: map('15/51.0543/3.7174'),
      minutes: 25,
      ageFrom: 9,
      ageTo: 13,
      conceptUris: [curr2('t-orientatie-en-kaartvaardigheid'), tref2('kaart'), tref2('plattegrond'), tref2('legende')],
      keywords: ['kaart', 'plattegrond', 'Gent', 'route'],
    },
    {
      key: 'antwerpen',
      title: 'Kaart: de haven van Antwerpen',
      description: 'Dokken, sluizen en spoorlijnen: waarom ligt de haven daar?',
      url: map('12/51.2900/4.3200'),
      minutes: 40,
      ageFrom: 11,
      ageTo: 18,
      conceptUris: [curr1('s-ruimtelijk-onderzoek'), curr1('s-mens-en-leefomgeving'), tref2('kaart'), vak('aardrijkskunde')],
      keywords: ['haven', 'Antwerpen', 'Schelde', 'industrie'],
    },
    {
      key: 'kust',
      title: 'Kaart: de Belgische kust',
      description: 'Van De Panne tot Knokke: badplaatsen, duinen en polders.',
      url: map('10/51.2300/2.9200'),
      minutes: 30,
      ageFrom: 9,
      ageTo: 14,
      conceptUris: [curr2('t-orientatie-en-kaartvaardigheid'), tref2('kaart'), tref2('kust'), tref2('landschap')],
      keywords: ['kust', 'zee', 'duinen', 'polder'],
    },
    {
      key: 'ardennen',
      title: 'Kaart: de Ardennen',
      description: 'Rivieren, bossen en hoogtes. Vergelijk met de kust.',
      url: map('10/50.2500/5.5500'),
      minutes: 30,
      ageFrom: 9,
      ageTo: 14,
      conceptUris: [curr2('t-orientatie-en-kaartvaardigheid'), tref2('kaart'), tref2('landschap'), tref2('gebergte')],
      keywords: ['Ardennen', 'reliëf', 'rivier'],
    },
    {
      key: 'belgie',
      title: 'Kaart: België',
      description: 'Gewesten, provincies en grote steden in één beeld.',
      url: map('8/50.6400/4.6600'),
      minutes: 25,
      ageFrom: 9,
      ageTo: 14,
      conceptUris: [
        curr2('t-orientatie-en-kaartvaardigheid'),
        tref2('kaart'),
        tref2('belgie'),
        tref2('gewest'),
        tref2('topografie'),
      ],
      keywords: ['België', 'provincies', 'steden'],
    },
    {
      key: 'europa',
      title: 'Kaart: Europa',
      description: 'Landen, zeeën en rivieren van Europa.',
      url: map('4/50.0000/10.0000'),
      minutes: 25,
      ageFrom: 11,
      ageTo: 16,
      conceptUris: [curr1('s-landschap-en-plaats'), tref2('topografie'), tref2('europese-unie'), vak('aardrijkskunde')],
      keywords: ['Europa', 'landen', 'zeeën'],
    },
    {
      key: 'route',
      title: 'Kaart: een route plannen',
      description: 'Plan een route te voet, met de fiets en met de auto, en vergelijk tijd en afstand.',
      url: 'https://www.openstreetmap.org/directions',
      minutes: 25,
      ageFrom: 9,
      ageTo: 16,
      conceptUris: [curr2('t-verkeer-en-mobiliteit'), tref2('routeplanner'), tref2('afstand'), tref2('route')],
      keywords: ['route', 'afstand', 'fiets', 'verkeer'],
    },
  ],
});
