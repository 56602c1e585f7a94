import icons from 'virtual:ilearn-icons';
import { registerIcons } from './registry.js';

registerIcons(icons);
