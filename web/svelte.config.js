import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

// Styles stand in src/style, where the strict policy finds them; components carry none of their own.
export default { preprocess: vitePreprocess({ style: false }), compilerOptions: { runes: true } };
