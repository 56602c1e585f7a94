import './paths/add-to-path.js';
import './paths/builder-page.js';
import './paths/paths-page.js';
import './progress/board-page.js';
import './progress/follow-up-page.js';
import './trail/my-paths-page.js';
import './trail/step-page.js';
import './trail/trail-page.js';
