/** Elements that only show something. */
import './web-awesome.js';
import '@awesome.me/webawesome/dist/components/badge/badge.js';
import '@awesome.me/webawesome/dist/components/callout/callout.js';
import '@awesome.me/webawesome/dist/components/details/details.js';
import '@awesome.me/webawesome/dist/components/divider/divider.js';
import '@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js';
import { applyLook } from './look.js';

applyLook('wa-progress-bar');
