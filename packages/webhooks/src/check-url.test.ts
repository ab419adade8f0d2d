import { expect, test } from 'vitest';
import { checkWebhookUrl } from './check-url.ts';

const faultOf = (text: string, allowPrivate = false) => {
  const checked = checkWebhookUrl(text, { allowPrivate });
  return checked.ok ? undefined : checked.fault;
};

test.for([
  'https://example.com',
  'https://hooks.example.com:8443/rowferry?token=a%20b',
  'https://example.com./x',
  'https://1.1.1.1/x',
  'https://[2606:4700:4700::1111]/x',
  'https://münchen.example/x',
  'HTTPS://EXAMPLE.COM/x',
])('%s may be a webhook', (text) => {
  expect(faultOf(text)).toBeUndefined();
});

test.for<[text: string, fault: RegExp]>([
  ['', /absolute URL/],
  ['example.com/x', /absolute URL/],
  ['/x', /absolute URL/],
  ['https://', /absolute URL/],
  ['https://exa mple.com', /spaces/],
  ['https://example.com/\n', /spaces/],
  ['https://example.com/\u0000', /spaces/],
  ['http://example.com/x', /https/],
  ['ftp://example.com/x', /https/],
  ['file:///etc/passwd', /https/],
  ['javascript:alert(1)', /https/],
  ['https://jane:secret@example.com/x', /user name or password/],
  ['https://jane@example.com/x', /user name or password/],
  ['https://example.com/x#', /fragment/],
  ['https://example.com/x#part', /fragment/],
  [`https://example.com/${'x'.repeat(10 * 1024)}`, /2048 characters/],
  ['https://localhost/x', /public internet/],
  ['https://api.localhost/x', /public internet/],
  ['https://api.localhost./x', /public internet/],
  ['https://intranet/x', /public internet/],
  ['https://127.0.0.1/x', /public internet/],
  ['https://127.1/x', /public internet/],
  ['https://2130706433/x', /public internet/],
  ['https://0x7f.0.0.1/x', /public internet/],
  ['https://0177.0.0.1/x', /public internet/],
  ['https://１２７.0.0.1/x', /public internet/],
  ['https://0/x', /public internet/],
  ['https://169.254.169.254/latest/meta-data', /public internet/],
  ['https://[::1]/x', /public internet/],
  ['https://[fd00:ec2::254]/x', /public internet/],
  ['https://[::ffff:169.254.169.254]/x', /public internet/],
  ['https://[64:ff9b::a9fe:a9fe]/x', /public internet/],
])('%j may not: %s', ([text, fault]) => {
  expect(faultOf(text)).toMatch(fault);
});

test('where private addresses are allowed, so is http, and nothing else', () => {
  for (const text of ['http://127.0.0.1:9000/x', 'http://localhost/x', 'https://10.0.0.1/x', 'http://[::1]:9000/'])
    expect(faultOf(text, true)).toBeUndefined();
  for (const text of ['ftp://127.0.0.1/x', 'http://a:b@127.0.0.1/', 'http://127.0.0.1/#x', 'x'])
    expect(faultOf(text, true)).toBeDefined();
});
