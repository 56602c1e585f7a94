import './registrations/tools-page.js';
import './launches/start-tools.js';
import './try-outs/try-out.js';
import './trace/trace-page.js';
import './deep-linking/choose-page.js';
import './deep-linking/choice-page.js';
import './dynamic-registration/pending-tools.js';
