export type ServerEvent = { name: string; id: string | undefined; data: string };

/** A block of the stream (HTML Standard, "Server-sent events"); undefined when it has no data, as a heartbeat. */
export function readEvent(block: string): ServerEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trimStart());
  }
  const data = fields.get('data');
  return data === undefined ? undefined : { name: fields.get('event') ?? 'message', id: fields.get('id'), data };
}
