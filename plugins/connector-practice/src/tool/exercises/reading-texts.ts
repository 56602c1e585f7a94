/** A text with questions. The first option of each is the correct one; options are shuffled later. */
export interface ReadingText {
  title: string;
  paragraphs: string[];
  questions: { text: string; options: [right: string, ...wrong: string[]] }[];
}

/** Second year of primary school. */
export const lostCat: ReadingText = {
  title: 'Waar is Poes?',
  paragraphs: [
    'Het regent. Mila zit aan het raam. Ze zoekt haar kat. Poes is grijs en heeft één wit pootje.',
    '“Poes!” roept Mila. Maar Poes komt niet. Mila kijkt onder het bed. Daar ligt alleen een sok. Ze kijkt in de kast. Daar hangt de jas van papa.',
    'Dan hoort ze iets. Prrr, prrr. Het komt uit de keuken. Op de tafel staat de mand met was. De was is warm en zacht. En wie ligt daar te slapen? Poes!',
    'Mila lacht. “Jij bent slim,” zegt ze. “Buiten is het nat, en hier is het lekker warm.”',
  ],
  questions: [
    { text: 'Welk weer is het?', options: ['Het regent.', 'De zon schijnt.', 'Het sneeuwt.'] },
    {
      text: 'Hoe ziet Poes eruit?',
      options: ['Grijs, met één wit pootje.', 'Wit, met grijze oren.', 'Zwart, met witte pootjes.'],
    },
    { text: 'Wat ligt er onder het bed?', options: ['Een sok.', 'Een jas.', 'De kat.'] },
    { text: 'Van wie is de jas in de kast?', options: ['Van papa.', 'Van Mila.', 'Van oma.'] },
    {
      text: 'Hoe weet Mila waar ze moet zoeken?',
      options: ['Ze hoort Poes spinnen.', 'Ze ziet een spoor van water.', 'Papa zegt het haar.'],
    },
    { text: 'Waar ligt Poes te slapen?', options: ['In de mand met was.', 'Op de stoel van papa.', 'Bij het raam.'] },
    {
      text: 'Waarom vindt Mila haar kat slim?',
      options: ['Omdat ze een warm plekje koos.', 'Omdat ze zelf de deur opendoet.', 'Omdat ze een muis ving.'],
    },
  ],
};

/** Fourth year of primary school. */
export const hedgehog: ReadingText = {
  title: 'De winterslaap van de egel',
  paragraphs: [
    'In de herfst eet een egel zoveel hij kan. Elke nacht zoekt hij kevers, regenwormen en slakken. Zo krijgt hij een dikke laag vet onder zijn huid. Dat vet heeft hij nodig, want in de winter vindt hij bijna geen eten.',
    'Als het kouder wordt, bouwt de egel een nest. Hij kiest een droge plek onder een haag of een hoop takken. Daar maakt hij een bol van bladeren. De bladeren liggen als dakpannen over elkaar, zodat de regen er niet door kan.',
    'Dan begint de winterslaap. Het hart van de egel klopt veel trager: van bijna tweehonderd keer per minuut naar ongeveer tien keer. Zijn lichaam wordt bijna zo koud als de lucht rondom hem. Zo verbruikt hij weinig energie en komt hij maanden toe met zijn vet.',
    'In april wordt de egel wakker. Hij is dan heel wat lichter dan in de herfst, en hij heeft dorst. Wil je hem helpen? Zet een schaaltje water in de tuin. Geef hem zeker geen melk: daar wordt hij ziek van. En laat in de herfst een hoopje bladeren liggen.',
  ],
  questions: [
    {
      text: 'Waarom eet een egel in de herfst zoveel?',
      options: ['Om vet te hebben voor de winter.', 'Omdat hij dan jongen krijgt.', 'Omdat hij overdag niet kan jagen.'],
    },
    {
      text: 'Wat eet een egel volgens de tekst?',
      options: ['Kevers, regenwormen en slakken.', 'Bladeren en takken.', 'Noten en bessen.'],
    },
    {
      text: 'Waarom liggen de bladeren van het nest als dakpannen over elkaar?',
      options: ['Zo blijft het nest droog.', 'Zo ziet niemand het nest.', 'Zo kan de egel naar buiten kijken.'],
    },
    {
      text: 'Wat gebeurt er met het hart van de egel tijdens de winterslaap?',
      options: ['Het klopt veel trager.', 'Het klopt sneller.', 'Het staat maandenlang stil.'],
    },
    {
      text: 'Waarom wordt het lichaam van de egel zo koud?',
      options: ['Zo verbruikt hij weinig energie.', 'Omdat zijn nest te nat is.', 'Omdat hij te weinig bladeren heeft.'],
    },
    {
      text: 'Wat geef je een egel die in april wakker wordt?',
      options: ['Een schaaltje water.', 'Een schaaltje melk.', 'Niets, hij heeft geen dorst.'],
    },
    {
      text: 'Hoe help je een egel in de herfst?',
      options: ['Laat een hoopje bladeren liggen.', 'Hark alle bladeren weg.', 'Neem hem mee naar binnen.'],
    },
    {
      text: 'Wat wil de schrijver vooral doen met deze tekst?',
      options: ['Uitleggen hoe een egel de winter doorkomt.', 'Een spannend verhaal vertellen.', 'Iets verkopen.'],
    },
  ],
};
