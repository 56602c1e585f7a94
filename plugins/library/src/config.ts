import { z } from 'zod';

const elem = 'http://ilearn.ilabt.imec.be/vocab/elem/';
const ocol = 'https://w3id.org/onderwijs-vlaanderen/id/collectie/';

/** The facets of the search, in order. Each level is a collection of concepts that are narrower than those of the level before. */
const mywayFacets = [
  { key: 'leergebied', collections: [`${elem}leergebieden`, `${elem}subdomeinen`, `${elem}themas`] },
  { key: 'sleutelcompetentie', collections: [`${elem}sleutelcompetenties`, `${elem}bouwstenen`] },
  { key: 'vak', collections: [`${ocol}vak`] },
  { key: 'trefwoord', collections: [`${elem}trefwoorden`] },
  { key: 'niveau', collections: [`${ocol}niveau`] },
  { key: 'subniveau', collections: [`${ocol}subniveau`] },
  { key: 'opleidingsvorm', collections: [`${ocol}opleidingsvorm`] },
  { key: 'graad', collections: [`${elem}graad`] },
  { key: 'leerjaar', collections: [`${elem}leerjaar`] },
  { key: 'stroom', collections: [`${elem}stroom`] },
  { key: 'finaliteit', collections: [`${elem}finaliteit`] },
  { key: 'onderwijsvorm', collections: [`${elem}onderwijsvorm`] },
  { key: 'onderwijsdoel', collections: [`${elem}onddoel`] },
];

export const config = z.strictObject({
  /** Collections marked as in use by this application (`ilearn:inUseBy`) are facets of the search. */
  inUseBy: z.string().default('myway'),
  /**
   * Order and levels of the facets. A collection in use that is not listed here is a separate facet, unless it only combines concepts of
   * other collections.
   */
  facets: z
    .array(z.strictObject({ key: z.string().regex(/^[a-z][a-z0-9-]*$/), collections: z.array(z.string()).min(1) }))
    .default(mywayFacets),
});

export type LibraryConfig = z.output<typeof config>;
