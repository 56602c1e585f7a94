import type { Dependencies } from '../dependencies.js';
import type { RectifiedField } from './rows.js';

/** What the portal has now, from the school's files, in a field that a person wants to correct; empty if it is not known. */
export async function currentValue(
  { directory }: Pick<Dependencies, 'directory'>,
  personId: string,
  field: RectifiedField | null,
): Promise<string> {
  if (field === 'email') return (await directory.people.emailOf(personId)) ?? '';
  if (field === 'class') {
    const classes = await directory.classes.ofPerson(personId);
    return classes
      .filter(({ kind }) => kind === 'class')
      .map(({ name }) => name)
      .join(', ');
  }
  if (field !== 'given-name' && field !== 'family-name') return '';
  const person = await directory.people.get(personId);
  return (field === 'given-name' ? person?.givenName : person?.familyName) ?? '';
}
