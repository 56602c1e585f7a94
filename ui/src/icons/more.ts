import icons from 'virtual:ilearn-icons/more';
import { registerIcons } from './registry.js';

/** The icons that do not come with the shell; `il-icon` imports this module when one of them is asked for. */
registerIcons(icons);
