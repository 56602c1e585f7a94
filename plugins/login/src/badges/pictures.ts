/** The pictures of which a child chooses three. Names of icons, and of messages (`badges.picture.<name>`). Never change their meaning. */
export const pictures = [
  'sun',
  'moon',
  'star',
  'heart',
  'house',
  'bus',
  'rocket',
  'gift',
  'music',
  'smile',
  'hand',
  'book',
] as const;

export type Picture = (typeof pictures)[number];

/** How many pictures a child chooses: 220 choices of three out of twelve. */
export const picturesChosen = 3;
