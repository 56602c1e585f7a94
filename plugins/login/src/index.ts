import { definePlugin } from '@ilearn/core';
import { AccountService } from './accounts/account-service.js';
import { commands } from './accounts/commands.js';
import { Passwords } from './accounts/passwords.js';
import { accountRoutes } from './accounts/routes.js';
import { BadgeSignIn } from './badges/badge-sign-in.js';
import { Badges } from './badges/badges.js';
import { badgeRoutes } from './badges/routes.js';
import { loginConfig } from './config.js';
import type { LoginExports, LoginSlots } from './exports.js';
import { providerContribution } from './exports.js';
import { AuthenticatorApp } from './factors/authenticator-app.js';
import { Challenges } from './factors/challenges.js';
import { Factors } from './factors/factors.js';
import { factorRoutes } from './factors/own-routes.js';
import { Passkeys } from './factors/passkeys.js';
import { RecoveryCodes } from './factors/recovery-codes.js';
import { StepCookie } from './factors/step-cookie.js';
import { on } from './invitations/events.js';
import { Invitations } from './invitations/invitations.js';
import { live } from './invitations/live.js';
import { invitationRoutes } from './invitations/routes.js';
import { invitationStartRoutes } from './invitations/start-routes.js';
import { jobs } from './jobs.js';
import { migrations } from './migrations.js';
import { notificationKinds } from './notification-kinds.js';
import { Providers } from './providers.js';
import { settings } from './settings.js';
import { KnownDevices } from './sign-in/known-devices.js';
import { signInRoutes } from './sign-in/routes.js';
import { SecondStep } from './sign-in/second-step.js';
import { SessionStart } from './sign-in/session-start.js';
import { SignIn } from './sign-in/sign-in.js';
import { stepRoutes } from './sign-in/step-routes.js';
import { Throttle } from './sign-in/throttle.js';
import { tables } from './tables.js';
import { temporaryRoutes } from './temporary/routes.js';
import { AccountsStart } from './temporary/start.js';
import { accountStartRoutes } from './temporary/start-routes.js';
import { TemporaryAccounts } from './temporary/temporary-accounts.js';

export * from './exports.js';

const permissions = {
  'password:reset': ['teacher', 'ict-coordinator', 'principal', 'portal-administrator'],
  'account:create': ['ict-coordinator', 'principal', 'portal-administrator'],
  'temporary-account:write': ['ict-coordinator', 'portal-administrator'],
  'invitation:write': ['planner', 'tool-manager', 'portal-administrator'],
};
const points = { providers: providerContribution };

declare module '@ilearn/core' {
  interface PluginRegistry {
    login: { points: typeof points; permissions: keyof typeof permissions; exports: LoginExports; slots: LoginSlots };
  }
}

export default definePlugin({
  id: 'login',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0' },
  privileges: ['sessions', 'actAs', 'secrets', 'access'],
  config: loginConfig,
  permissions,
  settings,
  tables,
  migrations,
  services: {
    accounts: AccountService,
    throttle: Throttle,
    knownDevices: KnownDevices,
    providers: Providers,
    signIn: SignIn,
    sessionStart: SessionStart,
    challenges: Challenges,
    passkeys: Passkeys,
    authenticatorApp: AuthenticatorApp,
    recoveryCodes: RecoveryCodes,
    factors: Factors,
    badges: Badges,
    badgeSignIn: BadgeSignIn,
    stepCookie: StepCookie,
    secondStep: SecondStep,
    passwords: Passwords,
    temporaryAccounts: TemporaryAccounts,
    accountsStart: AccountsStart,
    invitations: Invitations,
  },
  exports: { services: ['accounts', 'invitations', 'temporaryAccounts'] },
  points,
  routes: [
    ...signInRoutes,
    ...stepRoutes,
    ...factorRoutes,
    ...badgeRoutes,
    ...accountRoutes,
    ...temporaryRoutes,
    ...accountStartRoutes,
    ...invitationRoutes,
    ...invitationStartRoutes,
  ],
  on,
  live,
  contributes: {
    'notifications.kinds': notificationKinds,
    'notifications.letters': [
      { name: 'invitation', messages: new URL('../messages/', import.meta.url), text: 'letters.invitation' },
    ],
  },
  jobs,
  commands,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/aanmelden',
        tag: 'login-sign-in-page',
        title: 'signIn.title',
        permission: 'public',
        help: 'sign-in',
        loads: ['/options'],
      },
      {
        path: '/account',
        tag: 'login-account-page',
        title: 'account.title',
        permission: 'signed-in',
        help: 'sign-in',
        nav: { icon: 'circle-user', order: 10, menu: 'person' },
      },
      {
        path: '/tijdelijke-accounts',
        tag: 'login-temporary-accounts-page',
        title: 'temporary.title',
        permission: 'temporary-account:write',
        help: 'sign-in',
        nav: { icon: 'ticket', order: 80, section: 'school' },
      },
      { path: '/kaartjes', tag: 'login-cards-page', title: 'cards.title', permission: 'password:reset', help: 'sign-in' },
      { path: '/badge', tag: 'login-badge-page', title: 'badges.title', permission: 'public', help: 'sign-in' },
      { path: '/badges', tag: 'login-badges-page', title: 'badges.manage', permission: 'password:reset', help: 'sign-in' },
      { path: '/uitnodiging', tag: 'login-invitation-page', title: 'invitation.title', permission: 'public' },
    ],
    slots: [
      { slot: 'directory.provider-content', tag: 'login-provider-invitations', permission: 'invitation:write' },
      { slot: 'login.second-step', tag: 'login-second-step', permission: 'public' },
      { slot: 'login.passkey', tag: 'login-use-passkey', permission: 'public' },
      { slot: 'shell.sign-in-again', tag: 'login-sign-in-again', permission: 'public' },
      { slot: 'directory.person', tag: 'login-new-password', permission: 'password:reset', order: 50 },
      { slot: 'directory.person', tag: 'login-reset-factors', permission: 'account:create', order: 51 },
      { slot: 'directory.class', tag: 'login-print-cards', permission: 'password:reset', order: 50 },
      { slot: 'directory.school-task', tag: 'login-missing-accounts', permission: 'account:create', order: 20 },
      {
        slot: 'shell.start',
        tag: 'login-start-accounts',
        permission: 'temporary-account:write',
        order: 30,
        loads: ['/start/accounts'],
      },
      {
        slot: 'shell.start',
        tag: 'login-start-invitations',
        permission: 'invitation:write',
        order: 30,
        loads: ['/start/invitations'],
      },
    ],
  },
});
