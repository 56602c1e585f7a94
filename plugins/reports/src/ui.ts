import './pages/footer-link.js';
import './pages/public-page.js';
import './pages/school-page.js';
