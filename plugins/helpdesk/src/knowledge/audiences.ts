import type { Principal } from '@ilearn/core';

/** Who may read an article: everyone, also signed out; pupils and staff; staff; those who answer questions. Each one's readers read the ones before. */
export const audiences = ['public', 'pupils', 'staff', 'agents'] as const;
export type Audience = (typeof audiences)[number];

const agentRoles = ['ict-coordinator', 'group-helper', 'first-line-helper', 'helpdesk-agent', 'portal-administrator'];

/** The audiences whose articles this principal may read. */
export function audiencesOf({ kind, roles }: Pick<Principal, 'kind' | 'roles'>): Audience[] {
  if (kind === 'system') return [...audiences];
  if (kind !== 'person') return ['public'];
  if (roles.some(({ role }) => agentRoles.includes(role))) return [...audiences];
  return roles.some(({ role }) => role !== 'pupil') ? ['public', 'pupils', 'staff'] : ['public', 'pupils'];
}

/** Whether more people read `to` than `from`. */
export const isWider = (from: Audience, to: Audience): boolean => audiences.indexOf(to) < audiences.indexOf(from);
