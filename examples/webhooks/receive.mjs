// npm install standardwebhooks
// WEBHOOK_SECRET=whsec_… node receive.mjs
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
// In your database: an event may come more than once.
const seen = new Set();

const server = createServer(async (request, response) => {
  try {
    // The bytes as they came: JSON that was parsed and written again has another signature.
    const event = webhook.verify(await buffer(request), request.headers);
    if (!seen.has(event.id)) process.stdout.write(`${event.type} ${event.data.link}\n`);
    seen.add(event.id);
    response.writeHead(204).end();
  } catch {
    response.writeHead(401).end();
  }
});
server.listen(process.env.PORT ?? 9000, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
