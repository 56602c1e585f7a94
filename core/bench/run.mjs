// `npm run bench`: requests, models, start-up, work, sign-ins and live topics, each beside a reference in the same run; delays of
// the event loop, memory, pages on a slow telephone, a portal with the data of many schools, searches of a large library, an academy with many
// sign-ups, a helpdesk with many tickets, what objections and restrictions cost, schools taken over from their own systems, and figures of
// many pupils counted and published.
import { startPostgres } from '../scripts/postgres.mjs';
import { measureAcademy } from './academy.mjs';
import { measureBoot } from './boot.mjs';
import { measureHelpdesk } from './helpdesk.mjs';
import { measureLibrary } from './library.mjs';
import { measureLive } from './live.mjs';
import { measureLoop } from './loop.mjs';
import { measureMemory } from './memory.mjs';
import { measureModels } from './models.mjs';
import { measurePages } from './pages.mjs';
import { measurePortal } from './portal.mjs';
import { measureReports } from './reports.mjs';
import { measureRequests } from './requests.mjs';
import { measureRights } from './rights.mjs';
import { measureRosters } from './rosters.mjs';
import { measureSignIn } from './signin.mjs';
import { measureWork } from './work.mjs';

const parts = {
  requests: measureRequests,
  models: measureModels,
  boot: measureBoot,
  work: measureWork,
  signin: measureSignIn,
  live: measureLive,
  loop: measureLoop,
  memory: measureMemory,
  pages: measurePages,
  portal: measurePortal,
  library: measureLibrary,
  academy: measureAcademy,
  helpdesk: measureHelpdesk,
  rights: measureRights,
  rosters: measureRosters,
  reports: measureReports,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join(', ')}"; there are: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const postgres = await startPostgres();
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) await measure(postgres.url);
  }
  console.log(`Node ${process.versions.node}, one PostgreSQL on this machine`);
} finally {
  await postgres.stop();
}
