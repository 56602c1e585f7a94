// `npm run watch`: builds TypeScript and pages again whenever a source changes.
import { spawn } from 'node:child_process';

const builds = ['tsc --watch --preserveWatchOutput', 'ilearn-ui build --watch'].map((command) =>
  spawn(command, { shell: true, stdio: 'inherit' }),
);
for (const build of builds) {
  build.on('exit', (code) => {
    for (const other of builds) other.kill();
    process.exitCode ||= code ?? 1;
  });
}
