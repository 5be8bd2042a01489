import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

// Every entry is an island of some pages, or a style; the templates find their files by manifest.json.
export default defineConfig({
  base: "/static/built/",
  publicDir: false,
  plugins: [svelte()],
  resolve: { alias: { "uswds-img": new URL("node_modules/@uswds/uswds/dist/img", import.meta.url).pathname } },
  css: {
    preprocessorOptions: { scss: { loadPaths: ["node_modules/@uswds/uswds/packages"], quietDeps: true } },
  },
  build: {
    outDir: "../api/pages/built",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: { input: ["src/style/reel.scss", "src/progress.ts", "src/footage.ts", "src/review.ts", "src/storyboard.ts", "src/captions.ts", "src/cut.ts", "src/times.ts"] },
  },
});
