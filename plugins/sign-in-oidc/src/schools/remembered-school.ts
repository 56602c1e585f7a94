const key = 'ilearn.sign-in.school';
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The school that people of this device said to remember; null if there is none. */
export function rememberedSchool(): string | null {
  try {
    const value = localStorage.getItem(key);
    return value !== null && uuid.test(value) ? value : null;
  } catch {
    return null;
  }
}

export function rememberSchool(id: string | null): void {
  try {
    if (id === null) localStorage.removeItem(key);
    else localStorage.setItem(key, id);
  } catch {
    // Storage is disabled: the page asks again next time.
  }
}
