import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Wherever the page is served, also below a path that a proxy takes off: the server says where in <base>.
  base: './',
  plugins: [react()],
  // The server puts a new one into each page that it serves.
  html: { cspNonce: '__NONCE__' },
  build: {
    // Data URLs in styles would need an exception in the page's policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
});
