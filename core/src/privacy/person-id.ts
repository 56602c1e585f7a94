const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws Error if it cannot be a person's id */
export function checkedId(personId: string): string {
  if (uuid.test(personId)) return personId.toLowerCase();
  throw new Error("a person's id is a UUID");
}
