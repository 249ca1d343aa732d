/** Where nobody is signed in, the scan page that was kept for working without a network goes. */
globalThis.caches?.delete("scan-page"); // missing on plain HTTP, where none was kept
