import './activities/components/library-activity-page.js';
import './activities/components/library-edit-page.js';
import './activities/components/library-search-page.js';
import './connectors/components/library-tools-page.js';
