import type { Migration } from '../../../contract/table.js';
import { kernelMigration } from './0001-kernel.js';
import { pluginStatesMigration } from './0002-plugin-states.js';
import { workMigration } from './0003-work.js';
import { auditMigration } from './0004-audit.js';
import { processLooksMigration } from './0005-process-looks.js';
import { clockMigration } from './0007-clock.js';
import { ownSessionsMigration } from './0008-own-sessions.js';
import { messageCallerMigration } from './0009-message-caller.js';
import { leaseMigration } from './0010-leases.js';
import { exportsMigration } from './0012-exports.js';
import { tenantsMigration } from './0013-tenants.js';
import { liveMigration } from './0014-live.js';
import { filesMigration } from './0015-files.js';
import { settingsMigration } from './0016-settings.js';
import { machinesMigration } from './0017-machines.js';
import { ageBandMigration } from './0018-age-band.js';
import { noPgbossMigration } from './0019-no-pgboss.js';
import { roleHoldersMigration } from './0020-role-holders.js';
import { choicesMigration } from './0023-choices.js';
import { sessionTenantMigration } from './0024-session-tenant.js';
import { sessionOriginMigration } from './0025-session-origin.js';
import { consentsAboutMigration } from './0026-consents-about.js';
import { sessionAuthenticationMigration } from './0027-session-authentication.js';
import { choiceChecksMigration } from './0028-choice-checks.js';

/**
 * The kernel's own tables, in the schema `kernel`, in the order in which they are created. No plugin's role may read them. There is no 0006,
 * no 0011, and none from 0021 to 0022.
 */
export const kernelMigrations: Migration[] = [
  kernelMigration,
  pluginStatesMigration,
  workMigration,
  auditMigration,
  processLooksMigration,
  clockMigration,
  ownSessionsMigration,
  messageCallerMigration,
  leaseMigration,
  exportsMigration,
  tenantsMigration,
  liveMigration,
  filesMigration,
  settingsMigration,
  machinesMigration,
  ageBandMigration,
  noPgbossMigration,
  roleHoldersMigration,
  choicesMigration,
  sessionTenantMigration,
  sessionOriginMigration,
  consentsAboutMigration,
  sessionAuthenticationMigration,
  choiceChecksMigration,
];
