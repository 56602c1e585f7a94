import { expect, test } from 'vitest';
import { purposesOf } from '../../../core/dist/foundation/purposes.js';
import { makeRegister } from '../../../core/dist/privacy/register/register.js';
import { allPlugins } from './support/portal.js';

const plugins = allPlugins.map((definition) => ({ id: definition.id, definition }));

test('every table, kind of file, log, queue and mail of every plugin has a purpose with controller and legal basis', () => {
  const purposes = purposesOf(plugins);
  const ofKernel = makeRegister({ portal: 'http://localhost', auditMonths: 12, madeAt: new Date() }, []).plugins.flatMap(
    ({ tables }) => tables.map(({ table, purpose, use }) => ({ where: `kernel.${table}`, purpose, use })),
  );
  const declared = plugins.flatMap(({ id, definition: { tables = {}, files = {} } }) =>
    Object.entries({ ...tables, ...files })
      .filter(([, { people = {} }]) => Object.keys(people).length > 0)
      .map(([table, { purpose, use }]) => ({ where: `${id}.${table}`, purpose, use })),
  );
  const all = [...ofKernel, ...declared];
  for (const { where, purpose = '', use = '' } of all) {
    expect(purposes.get(purpose), `${where}: ${purpose}`).toMatchObject({
      controller: expect.stringMatching(/^(tenant|operator|joint)$/),
      basis: expect.stringMatching(/.{7,}/),
    });
    expect(use, where).toMatch(/.{5,}/);
  }
  const where = all.map((each) => each.where);
  // The log, the queues, live messages, the audit log, exports; mail in and out; files.
  expect(where).toEqual(
    expect.arrayContaining([
      ...['log', 'messages', 'live_messages', 'audit_entries', 'exports'].map((table) => `kernel.${table}`),
      ...['notifications.mails', 'helpdesk.sent_mails', 'helpdesk.received_mails', 'helpdesk.raw_mails'],
      ...['myway.work', 'helpdesk.attachments'],
    ]),
  );
  expect(all.length).toBeGreaterThan(60);
});
