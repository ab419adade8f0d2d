// npm install standardwebhooks
// WEBHOOK_SECRET=whsec_… CHAT_URL=https://hooks.slack.com/services/… CONSOLE_URL=https://rowferry.example.com node relay-to-chat.mjs
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

const { WEBHOOK_SECRET, CHAT_URL, CONSOLE_URL = '', CHAT = 'slack', PORT = 9000 } = process.env;
const webhook = new Webhook(WEBHOOK_SECRET);

const FORMS = {
  slack: (text) => ({ text }),
  // A workflow of Teams, "Post to a channel when a webhook request is received".
  teams: (text) => {
    const content = { type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', text, wrap: true }] };
    return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
  },
};
const toMessage = FORMS[CHAT];

const server = createServer(async (request, response) => {
  let event;
  try {
    event = webhook.verify(await buffer(request), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  const text = `${event.type} (${event.severity}) ${CONSOLE_URL}/uploads/${event.data.uploadId ?? ''}`;
  const sent = await fetch(CHAT_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toMessage(text)),
  }).catch(() => undefined);
  // What the chat did not take is not taken here either: Rowferry tries again.
  response.writeHead(sent?.ok ? 204 : 502).end();
});
server.listen(PORT, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
