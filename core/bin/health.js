#!/usr/bin/env node
// Exit code 0 if the portal of this machine is ready to serve (for the health check of an image, which has no shell or curl).
const port = process.env.PORT || '3000';
try {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(4_000) });
  process.exit(answer.ok ? 0 : 1);
} catch {
  process.exit(1);
}
