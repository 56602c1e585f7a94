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

/** Somebody who is not in the OneRoster files. */
export interface CreatedAccount {
  username: string;
  /** Description in the list for the operator. */
  role: string;
  givenName: string;
  familyName: string;
  /** Name of the provider for which they work; absent: the portal. */
  provider?: string;
  /** Role in the portal or at the provider; the others have no account. */
  holds: string;
}

export const administrator: CreatedAccount = {
  username: 'beheer',
  role: 'portal administrator',
  givenName: 'Bea',
  familyName: 'Heerens',
  holds: 'portal-administrator',
};

/** Providers of training and tools. */
export const providers = [
  { kind: 'training-provider', name: 'Vormingscentrum De Kaai', email: 'info@dekaai.example' },
  { kind: 'training-provider', name: 'Leraar & Co', email: 'hallo@leraarenco.example' },
  { kind: 'training-provider', name: 'Klas aan Zet', email: 'team@klasaanzet.example' },
  { kind: 'tool-provider', name: 'Oefenhoek', email: 'hulp@oefenhoek.example' },
] as const;

const [kaai, leraarEnCo, klasAanZet, oefenhoek] = providers;

export const providerAccounts: readonly CreatedAccount[] = [
  {
    username: 'ilse.vandenbroeck',
    role: 'planner at a training provider',
    givenName: 'Ilse',
    familyName: 'Van den Broeck',
    provider: kaai.name,
    holds: 'planner',
  },
  {
    username: 'tarik.bouazza',
    role: 'trainer at a training provider',
    givenName: 'Tarik',
    familyName: 'Bouazza',
    provider: kaai.name,
    holds: 'trainer',
  },
  {
    username: 'oksana.melnyk',
    role: 'coach at a training provider',
    givenName: 'Oksana',
    familyName: 'Melnyk',
    provider: kaai.name,
    holds: 'coach',
  },
  {
    username: 'steven.callens',
    role: 'planner at another training provider',
    givenName: 'Steven',
    familyName: 'Callens',
    provider: leraarEnCo.name,
    holds: 'planner',
  },
  {
    username: 'amina.elidrissi',
    role: 'planner at a third training provider',
    givenName: 'Amina',
    familyName: 'El Idrissi',
    provider: klasAanZet.name,
    holds: 'planner',
  },
  {
    username: 'daan.verlinden',
    role: 'manager at a tool provider',
    givenName: 'Daan',
    familyName: 'Verlinden',
    provider: oefenhoek.name,
    holds: 'tool-manager',
  },
];

/** Colleagues at the providers, without an account. */
export const providerPeople: readonly Omit<CreatedAccount, 'username' | 'role'>[] = [
  { givenName: 'Marleen', familyName: 'Duyck', provider: kaai.name, holds: 'trainer' },
  { givenName: 'Grace', familyName: 'Mukendi', provider: leraarEnCo.name, holds: 'trainer' },
  { givenName: 'Lotte', familyName: 'Vermeersch', provider: oefenhoek.name, holds: 'first-line-helper' },
];
