import './page/rosters-page.js';
