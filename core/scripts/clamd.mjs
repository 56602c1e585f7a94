// A clamd for tests, which knows one signature: the harmless EICAR test file.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, installDebianPackage } from './system.mjs';

const START_MS = 30_000;

const find = () =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin']
    .map((folder) => join(folder, 'clamd'))
    .find((file) => existsSync(file));

/** Path of a clamd; on Debian as root it is installed, elsewhere its absence ends the run with what to do. */
function ensureClamd() {
  const found = find() ?? (installDebianPackage('clamav-daemon') ? find() : undefined);
  if (found !== undefined) return found;
  throw new Error(
    'The tests need clamd and found none. Install it (Debian: apt-get install clamav-daemon; macOS: brew install clamav).',
  );
}

/** @returns {Promise<{ host: string, port: number, stop(): Promise<void> }>} */
export async function startClamd() {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-clamd-'));
  const port = await freePort();
  // In two parts, so that no scanner takes this file for it.
  const eicar = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('-')).toString(
    'hex',
  );
  writeFileSync(join(folder, 'test.ndb'), `Eicar-Test:0:*:${eicar}\n`);
  const settings = {
    DatabaseDirectory: folder,
    TCPSocket: port,
    TCPAddr: '127.0.0.1',
    Foreground: 'yes',
    StreamMaxLength: '1M',
    LogFile: join(folder, 'log'),
  };
  const config = join(folder, 'clamd.conf');
  writeFileSync(
    config,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const child = spawn(ensureClamd(), ['-c', config], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_MS; !(await answers(port)); await pause(50)) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error('clamd did not start');
  }
  return { host: '127.0.0.1', port, stop };
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('zPING\0'));
    socket.on('data', () => socket.destroy()).on('error', () => {});
    let said = false;
    socket.on('data', () => {
      said = true;
    });
    socket.on('close', () => resolve(said));
  });
