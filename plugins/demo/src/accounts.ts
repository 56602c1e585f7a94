/** One password for all accounts, so that visitors can easily switch between them. */
export const demoPassword = 'spoor-zoeken';

/** The schools of `data/oneroster`, by instellingsnummer. */
export const schools = { wegwijzer: '999101', terLinden: '999202' } as const;
export type SchoolKey = keyof typeof schools;

export interface DemoAccount {
  username: string;
  /** Description in the list for the operator. */
  role: string;
  school: SchoolKey;
  /** sourcedId in the school's OneRoster files. */
  sourcedId: string;
}

export const demoAccounts: readonly DemoAccount[] = [
  { username: 'lien.peeters', role: 'teacher of 3A', school: 'wegwijzer', sourcedId: 't-lien-peeters' },
  { username: 'noor.elamrani', role: 'pupil in 3A', school: 'wegwijzer', sourcedId: 'p-noor-el-amrani' },
  { username: 'wout.janssens', role: 'pupil in 3A', school: 'wegwijzer', sourcedId: 'p-wout-janssens' },
  { username: 'sofie.maes', role: 'ICT coordinator', school: 'wegwijzer', sourcedId: 's-sofie-maes' },
  { username: 'jan.goossens', role: 'principal', school: 'wegwijzer', sourcedId: 's-jan-goossens' },
  { username: 'bart.claes', role: 'teacher at another school', school: 'terLinden', sourcedId: 't-bart-claes' },
  { username: 'emma.willems', role: 'pupil at another school', school: 'terLinden', sourcedId: 'p-emma-willems' },
];

/** The portal administrator, who is not in the OneRoster files. */
export const administrator = {
  username: 'beheer',
  role: 'portal administrator',
  givenName: 'Bea',
  familyName: 'Heerens',
} as const;
