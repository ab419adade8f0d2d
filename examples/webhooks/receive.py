# WEBHOOK_SECRET=whsec_… python3 receive.py
import base64, hashlib, hmac, json, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
seen = set()  # in your database: an event may come more than once


def verify(headers, body):
    event_id, sent_at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        raise ValueError("too old: somebody sends it again")
    signed = f"{event_id}.{sent_at}.".encode() + body
    mine = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    # While the secret is being replaced there are two.
    if not any(hmac.compare_digest(mine, theirs) for theirs in headers["webhook-signature"].split()):
        raise ValueError("the signature is not ours")
    return json.loads(body)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        try:
            event = verify(self.headers, self.rfile.read(int(self.headers["content-length"])))
            if event["id"] not in seen:
                print(event["type"], event["data"]["link"], flush=True)
            seen.add(event["id"])
            self.send_response(204)
        except (ValueError, TypeError, KeyError):
            self.send_response(401)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 9000))), Receiver)
print("port", server.server_port, flush=True)
server.serve_forever()
