/** 256 short Dutch words that a child can read: no accents, nothing hurtful. */
export const words: readonly string[] = `
  water aarde akker anker appel arend avond baan bad bal balk band bank bar bas bed beek beer bel berg beuk bij blad bloem
  blok boek vos boon boor boot bord borstel bos boter brief bril broek brood brug buis bus citroen dak dam das deeg dek
  den deur dier dijk doek doos dorp draad droom druif duif duim duin egel eik eiland emmer erwt zwaan fakkel fee feest
  fiets film fles fluit fruit wind garen geel zeil gevel gitaar glas golf gordijn gras groen groep grot haag haak haan
  haas halte hamer hand haven hert hoed hoek honing hooi hoorn hout huis ijs inkt jas kaars kaart kaas kade kam kameel
  kanaal kast keizer kelder kers ketel kist klei klok knoop wolk koek koffer koning kool kom korf kraai kraan krant krijt
  kroon weide kuil kust kwast ladder lamp land lepel licht lied lijn linde lint loper lucht luik maan maat mand markt
  mast meer melk merel wortel mist molen mos mossel mug munt muts muur mus naald nacht nest net noot oever olijf oor orgel
  oven paard pad palm pan papier park parel peer pen perzik piano pijl plank plein zebra pont poort pot raam radio regen
  reiger ridder riet ring rivier roer rok roos rots ruiter saus schaap schaar schat schelp schip schrift sla zand
  sleutel slot sneeuw soep spiegel spin spoor stad steen ster stoel storm straat strand struik tafel tak tas tent thee
  tijger toren touw tram trap trein trom tuin uil vaas vacht veer vest vijver vis vlag vlam vlinder
`
  .trim()
  .split(/\s+/);
