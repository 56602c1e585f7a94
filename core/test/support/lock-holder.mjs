// A process that takes a folder and does as it is told, line by line: for tests of the lock between processes.
import { closeSync, openSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { lockFolder } from '../../dist/database/homes/folder-lock.js';

const [folder, rounds = '0'] = process.argv.slice(2);
// A third of the usual, to wait less long for a lease to lapse.
const pace = { beatMs: 333, leaseMs: 5_000 };
const tell = (line) => process.stdout.write(`${line}\n`);

async function take() {
  try {
    return await lockFolder(folder, () => tell('waits'), pace);
  } catch (error) {
    tell(`${error.name}: ${error.message}`);
    return null;
  }
}

if (rounds !== '0') {
  let taken = 0;
  let doubled = 0;
  while (taken < Number(rounds)) {
    const lease = await take();
    if (lease === null) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      continue;
    }
    taken++;
    const marker = `${folder}.marker`;
    try {
      closeSync(openSync(marker, 'wx'));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      rmSync(marker);
    } catch {
      doubled++;
    }
    await lease.release();
  }
  tell(`done ${doubled}`);
} else {
  const lease = await take();
  if (lease === null) process.exit(2);
  lease.onLost((error) => tell(`lost: ${error.message}`));
  tell('holds');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'check') {
      try {
        lease.check();
        tell('still');
      } catch (error) {
        tell(`${error.name}`);
      }
    } else if (line === 'busy') {
      tell('busy');
      for (const end = performance.now() + 8_000; performance.now() < end; );
      tell('free again');
    } else if (line === 'release') {
      await lease.release();
      tell('released');
      process.exit(0);
    }
  }
}
