/** The icons that do not come with the shell; loaded when one of them is asked for. */
export { default } from 'virtual:ilearn-icons/more';
