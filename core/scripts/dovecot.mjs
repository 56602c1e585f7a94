// A Dovecot for tests: an IMAP server that others wrote, with one mailbox a user, on loopback.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, installDebianPackage } from './system.mjs';

const START_MS = 20_000;
/** Debian's `nobody` and `nogroup`: Dovecot gives no mailbox to root. */
const NOBODY = 65_534;

const find = () =>
  [
    process.env.DOVECOT,
    ...[...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].map((folder) => join(folder, 'dovecot')),
  ].find((file) => file !== undefined && file !== '' && existsSync(file));

/** Path of a dovecot; on Debian as root it is installed, elsewhere its absence ends the run with what to do. */
function ensureDovecot() {
  const found = find() ?? (installDebianPackage('dovecot-imapd') ? find() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    'The tests need Dovecot 2.3 and found none. Install it (Debian: apt-get install dovecot-imapd; macOS: brew install dovecot), or set ' +
      'DOVECOT to its path.',
  );
}

/**
 * @param {{ cert: string, key: string, password: string }} options of TLS in PEM; the password of every user
 * @returns {Promise<{ port: number, deliver(user: string, mail: string | Uint8Array): void, forget(user: string): void, freeze(): void,
 *   thaw(): void, stop(): Promise<void> }>} `forget` makes the server number its mails anew, under another UIDVALIDITY; a frozen server keeps
 *   connections open and answers nothing
 */
export async function startDovecot({ cert, key, password }) {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-dovecot-'));
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  const { username, gid, uid } = userInfo();
  const owner = isRoot ? { uid: NOBODY, gid: NOBODY } : { uid, gid };
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
  const own = (path) => {
    mkdirSync(path, { recursive: true });
    if (isRoot) chownSync(path, owner.uid, owner.gid);
  };
  own(join(folder, 'mail'));
  const config = join(folder, 'dovecot.conf');
  // Where tests do not run as root, nothing changes its user or its root folder.
  const unprivileged = isRoot
    ? ''
    : `default_internal_user = ${username}
default_login_user = ${username}
default_internal_group = ${gid}
service anvil { chroot = }
service imap-login { chroot = }`;
  writeFileSync(
    config,
    `protocols = imap
listen = 127.0.0.1
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
mail_location = maildir:${folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
auth_mechanisms = plain login
maildir_very_dirty_syncs = no
${unprivileged}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder}/mail/%u
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`,
  );
  const child = spawn(ensureDovecot(), ['-F', '-c', config], { stdio: 'ignore', detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It has ended.
    }
  };
  const stop = async () => {
    signal('SIGCONT');
    signal('SIGTERM');
    await Promise.race([ended, pause(3_000)]);
    signal('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MS; !(await answers(port)); await pause(50)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error('Dovecot did not start');
  }
  let mails = 0;
  const box = (user) => {
    for (const each of ['', 'cur', 'new', 'tmp']) own(join(folder, 'mail', user, each));
    return join(folder, 'mail', user);
  };
  return {
    port,
    deliver: (user, mail) => {
      const file = join(box(user), 'new', `${String(1_000_000 + mails++)}.M1P1.test`);
      writeFileSync(file, mail);
      if (isRoot) chownSync(file, owner.uid, owner.gid);
    },
    forget: (user) => {
      for (const name of readdirSync(box(user))) {
        if (name.startsWith('dovecot')) rmSync(join(box(user), name), { recursive: true });
      }
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop,
  };
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
