/* Registers the pages, and the dialogs that pages of a folder below theirs open by their tag. */
import './assignments/assign-dialog.js';
import './classes/class-lines.js';
import './classes/give-path.js';
import './classes/person-paths.js';
import './classes/pupil-status.js';
import './paths/add-to-path.js';
import './paths/builder-page.js';
import './paths/paths-page.js';
import './progress/board-page.js';
import './progress/follow-up-page.js';
import './trail/my-paths-page.js';
import './trail/preview-dialog.js';
import './trail/step-page.js';
import './trail/trail-page.js';
