/** Buttons. */
import './web-awesome.js';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '@awesome.me/webawesome/dist/components/spinner/spinner.js';
import { applyLook } from './look.js';

applyLook('wa-button', 'wa-spinner');
