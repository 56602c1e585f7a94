/** Made by the build from the names in `icons/names.ts`. */
declare module 'virtual:ilearn-icons' {
  const icons: Record<string, import('./icons/registry.js').IconNodes>;
  export default icons;
}
