import { session } from './session.js';

const prefix = 'ilearn.own.';
const keyOf = (personId: string, name: string): string => `${prefix}${personId}.${name}`;

/**
 * Keeps text on this device for the signed-in person, such as work that waits for a connection. It is removed when the person signs out, and
 * when somebody else signs in on the device. Nothing is kept where the browser keeps nothing, or while nobody is signed in.
 */
export const ownStorage = {
  /** Null: nothing is kept under this name. */
  read(name: string): string | null {
    const personId = session.value?.personId;
    return personId === undefined ? null : attempt(() => localStorage.getItem(keyOf(personId, name)));
  },

  /** @param value null: forget it */
  write(name: string, value: string | null): void {
    const personId = session.value?.personId;
    if (personId === undefined) return;
    attempt(() => {
      if (value === null) localStorage.removeItem(keyOf(personId, name));
      else localStorage.setItem(keyOf(personId, name), value);
    });
  },
};

/** Removes what is kept on this device for people, except for this one. */
export function forgetOwn(exceptPersonId?: string): void {
  attempt(() => {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix) && !(exceptPersonId !== undefined && key.startsWith(keyOf(exceptPersonId, ''))))
        localStorage.removeItem(key);
    }
  });
}

/** Storage may be full or forbidden. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
