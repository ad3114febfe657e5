// Asks one address whether the process behind it is ready: node tools/is-ready.mjs http://127.0.0.1:4000/health/ready
// The image's health check runs it every few seconds, so it is plain JavaScript that starts fast.
const response = await fetch(process.argv[2], { signal: AbortSignal.timeout(4_000) }).catch(() => null);
process.exitCode = response?.ok ? 0 : 1;
