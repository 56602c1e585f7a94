import './pages/open-page.js';
import './pages/partners-page.js';
import './pages/school-studies-page.js';
import './pages/steward-page.js';
import './pages/studies-page.js';
import './pages/study-consent.js';
