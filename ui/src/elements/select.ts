/** Lists to choose from, and tags, which show what was chosen. */
import './web-awesome.js';
import '@awesome.me/webawesome/dist/components/option/option.js';
import '@awesome.me/webawesome/dist/components/select/select.js';
import '@awesome.me/webawesome/dist/components/tag/tag.js';
import { applyLook } from './look.js';

applyLook('wa-select');
