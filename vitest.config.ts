import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const common = {
  testTimeout: 60_000,
  // A busy machine answers late, and what never comes is noticed all the same.
  expect: { poll: { timeout: 10_000 } },
  hookTimeout: 120_000,
  // A machine at its limit may keep a page, a server or a process waiting past a time-out; what is wrong is wrong twice.
  retry: 1,
  // Files share a process: starting one, and reading what they import anew, costs more than most files.
  isolate: false,
  // Built packages run as they are, not through Vite.
  server: { deps: { external: [/\/dist\//] } },
  // Most code runs a few times in a test file: compiled at once without optimising it, a file takes a tenth less CPU time.
  execArgv: ['--always-sparkplug'],
};

/**
 * What repeats at length what other files try once, and pages in every state: packages installed from tarballs and the guide followed to
 * the letter, processes killed at every moment, every role at every route or page, each costly pattern, large inputs, all plugins in one
 * check, and more of the contract on PGlite. `npm run test:long` runs them too.
 */
const inLongRun = [
  'core/test/{agenda,dev,guide,plugin-check}.browser.test.ts',
  'core/test/{clocks,create-ilearn,files-kills,folder-damage,folder-lock,kills,live-processes,memory,plugin-new,side-by-side}.test.ts',
  'plugins/academy/test/self-paced.browser.test.ts',
  'plugins/connector-practice/test/practice-tool.browser.test.ts',
  'plugins/demo/test/{accessibility-sweep,rows}.browser.test.ts',
  'plugins/demo/test/{chaos,heavy-input,who-sees-what}.test.ts',
  'plugins/directory/test/limits.test.ts',
  'plugins/helpdesk/test/mail.browser.test.ts',
  'plugins/library/test/connector-package.test.ts',
  'plugins/login/test/sign-in-rush.test.ts',
  'plugins/lti/test/hanging-tool.test.ts',
  'plugins/myway/test/{follow-up,pages}-in-full.browser.test.ts',
  'plugins/rosters/test/kills.test.ts',
  'ui/test/accessibility.test.ts',
];
/** What is named on the command line runs too. */
const long = process.env['ILEARN_LONG_TESTS'] === '1' || process.argv.slice(3).some((each) => !each.startsWith('-'));
const left = long ? [] : inLongRun;

/** Only in `npm run chaos`: each portal on the embedded database takes long to begin. */
const onlyInChaos = ['plugins/demo/test/chaos-embedded.test.ts'];

/** Only in `npm run load`. */
const onlyInLoad = ['plugins/demo/test/morning.test.ts'];

/** What no database changes, or what brings its own. */
const once = [
  ...(process.env['ILEARN_CHAOS'] === 'full' ? onlyInChaos : []),
  ...(process.env['ILEARN_LOAD'] === '1' ? onlyInLoad : []),
  'core/test/{api-report,backup,breaker,client,clock-use,clocks,compile-time,configuration,contract-number,create-ilearn,created-portal,deploy,deploying,embedded,faults,files-kills,folder-damage,folder-lock,kills,live-processes,locks,remedies,pooler,plugin-new,plugin-upgrade,postgres-binaries,postgresql,redis,replica,session-settings,side-by-side,site,stopping,telemetry}.test.ts',
  'plugins/*/test/{any-path,attacks,chaos,connector-package,contributed-activities,draft-structure,dwengo-files,faults,formulas,kills,merge-path,messages,pages,rules,planning,skos}.test.ts',
];

/**
 * Without it, V8 compiles the hot functions of PGlite and of the SQL parser once more, which takes half of the CPU time of a process that
 * lives for a minute.
 */
const execArgv = [...common.execArgv, '--liftoff-only'];

const mainJob = 'plugins/demo/test/main-job.browser.test.ts';

/**
 * What must be seen on PGlite too, whose single connection, speed and lack of processes beside it are unlike a server's: units of work,
 * migrations, roles and policies, messages and live topics, what is done to plugins and people while it runs; and the main job, in a
 * browser, with every plugin. SQL means the same on both. `npm run test:pglite` runs everything there.
 */
const onPglite = ['core/test/{messages,migrations,separation,unit-of-work}.test.ts', mainJob];
const onPgliteInLongRun = [
  'core/test/{choices,engines,erasure,files,lifecycle,live,upgrading}.test.ts',
  'plugins/data-space/test/protocol.test.ts',
  'plugins/demo/test/objections.test.ts',
  'plugins/lti/test/hanging-tool.test.ts',
  'plugins/login/test/sign-in-rush.test.ts',
];

/** Seconds that long test files took, by `project:file`; `core/scripts/durations.mjs` records them. */
const durations: Record<string, number> = JSON.parse(readFileSync(join(import.meta.dirname, 'core/test/durations.json'), 'utf8'));

const LONG_SECONDS = 60;

class LongestFirst extends BaseSequencer {
  /**
   * Long files first, whatever their project: a file that began last would leave the other cores idle, and files that wait for a lease or a
   * process run beside those that keep a browser busy. Then the short ones, project by project, since a process serves only one project.
   */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = ['browser', 'once', 'pglite', 'database'];
    const seconds = ({ project, moduleId }: TestSpecification) =>
      durations[`${project.name}:${relative(import.meta.dirname, moduleId).replaceAll('\\', '/')}`] ?? 0;
    // A process serves one project, and reads what files import once: of short files, one project after another.
    const place = (file: TestSpecification) => (seconds(file) >= LONG_SECONDS ? -1 : projects.indexOf(file.project.name));
    return (await super.sort(files)).sort((one, other) => place(one) - place(other) || seconds(other) - seconds(one));
  }
}

/** `database` and `browser` run on PostgreSQL where `ILEARN_TEST_POSTGRES` names a server, else on PGlite. */
export default defineConfig({
  test: {
    // On two cores: the third fills the time in which others wait for a page, a process or a lock.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...common, name: 'once', include: once, exclude: left, execArgv } },
      {
        test: {
          ...common,
          name: 'pglite',
          include: [...onPglite, ...(long ? onPgliteInLongRun : [])],
          execArgv,
          env: { ILEARN_TEST_POSTGRES: '' },
        },
      },
      {
        test: {
          ...common,
          name: 'database',
          include: ['core/test/**/*.test.ts', 'plugins/*/test/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', ...once, ...onlyInChaos, ...onlyInLoad, ...left],
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['ui/test/**/*.test.ts', '**/test/**/*.browser.test.ts'],
          // Beside the others on a server, the main job is seen on PGlite alone, which `npm start` uses.
          exclude: ['**/node_modules/**', ...left, ...(process.env['ILEARN_TEST_POSTGRES'] ? [mainJob] : [])],
        },
      },
    ],
  },
});
