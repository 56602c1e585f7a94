import './developer/apps-page.js';
import './developer/app-page.js';
import './apps/approvals-page.js';
import './grants/school-page.js';
import './reference/reference-page.js';
