import type { LiveSession } from '../access/live-sessions.js';
import { type Permissions, tenantsOf } from '../access/roles.js';
import { signInAgain, signInFirst } from '../access/sign-in-first.js';
import { anonymous, type Principal } from '../contract/principal.js';
import { forbidden } from '../contract/problem.js';
import type { Route } from '../contract/route.js';

/**
 * The principal for a route, with the tenants in which its permission is granted.
 *
 * @param session null without one
 * @throws Problem 401 without a session, 403 if the roles do not grant the permission, or the sign-in is too long ago for a sensitive act
 */
export function authorise(
  route: Route,
  permissions: Permissions,
  session: Pick<LiveSession, 'personId' | 'roles' | 'recent'> | null,
): Principal {
  if (session === null) {
    if (route.permission === 'public') return anonymous;
    throw signInFirst();
  }
  const { personId, roles, recent } = session;
  const principal: Principal | null =
    route.permission === 'public' || route.permission === 'signed-in'
      ? { kind: 'person', id: personId, roles, tenants: tenantsOf(roles) }
      : permissions.narrow(personId, roles, route.permission);
  if (principal === null) throw forbidden('Your roles do not allow this.');
  if (route.recentSignIn && !recent) throw signInAgain();
  return principal;
}
