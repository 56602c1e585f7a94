import './flows/failed-page.js';
import './identities/own-identities.js';
import './schools/choose-page.js';
import './schools/school-ways.js';
import './settings/settings-page.js';
import './waiting/waiting-task.js';
