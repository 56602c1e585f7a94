import type { Language } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { translator } from '../documents/messages.js';

/** A role, with the tenants whose data it shows, in words. */
interface MatrixRole {
  id: string;
  name: string;
  where: string;
}

interface Module {
  id: string;
  title: string;
  /** Reading that shows data about people. `everyone`: no role is needed. */
  reads: { what: string; everyone: 'public' | 'signed-in' | null; roles: string[] }[];
  data: { what: string; tenants: string }[];
}

/** Which role may read which data: what the permissions of routes and the tenants of tables say. */
export async function matrixOf(
  { privacy }: Pick<Dependencies, 'privacy'>,
  language: Language,
): Promise<{ roles: MatrixRole[]; modules: Module[] }> {
  const t = translator(language);
  const { roles, reads } = await privacy.readAccess(language);
  const { parts, records } = await privacy.register(language);
  const personal = reads.filter((read) => read.personal);
  const ids = [...new Set([...parts.map(({ id }) => id), ...personal.map(({ plugin }) => plugin)])];
  const modules = ids.map((id): Module => {
    const seen = new Set<string>();
    // Several routes may show the same to the same people.
    const own = personal.filter(({ plugin, what, who }) => {
      const key = JSON.stringify([what, who]);
      if (plugin !== id || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return {
      id,
      title: parts.find((part) => part.id === id)?.title ?? own[0]?.module ?? id,
      reads: own.map(({ what, who }) =>
        typeof who === 'string' ? { what, everyone: who, roles: [] } : { what, everyone: null, roles: who },
      ),
      data: records.filter(({ plugin }) => plugin === id).map(({ title, tenants }) => ({ what: title, tenants })),
    };
  });
  const nameOf = (role: string): string => {
    const name = t(`roles.${role}`);
    return name === `roles.${role}` ? role : name;
  };
  return {
    roles: roles.map(({ role, kinds }) => ({
      id: role,
      name: nameOf(role),
      where: t(`matrix.where.${kinds.length === 0 ? 'portal' : kinds.includes('school') ? 'school' : 'provider'}`),
    })),
    modules: modules.filter(({ reads, data }) => reads.length + data.length > 0),
  };
}
