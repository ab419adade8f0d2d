import { domainToASCII } from 'node:url';
import { withoutMarks } from './invisible-marks.ts';
import { halfWidth, linesAsList, unwrap, withoutPunctuation, withoutQuotes } from './wrappings.ts';

/** What has nothing to take off: almost every address. */
const PLAIN = /^[a-z\d][\w.+-]*@[a-z\d][a-z\d.-]*[a-z]$/i;

/**
 * An address without what programs and people write around it: `Jane <jane@x.org>`, `mailto:`, quotes, a dot or comma behind.
 * Full-width signs and typographic apostrophes and hyphens become those that addresses have, a domain of other letters its
 * `xn--` form (RFC 5890). What is no address then is left for `checkEmail` to say why.
 */
export function cleanEmail(value: string): string {
  if (PLAIN.test(value)) return value;
  const text = withTypedSigns(halfWidth(withoutMarks(value))).trim();
  return withAsciiDomain(unwrap(linesAsList(text, /@/), WRAPPINGS));
}

/** Word processors and telephones write them while somebody types the sign of the keyboard. */
function withTypedSigns(text: string): string {
  return text.replace(/[\u2018\u2019\u02bc\u2032]/g, "'").replace(/[\u2010\u2011]/g, '-');
}

const WRAPPINGS = [withoutPunctuation, withoutNote, withoutLabel, withoutOuterQuotes, outOfBrackets];

/** A note behind the address: `jane@x.org (private)`. */
function withoutNote(text: string): string {
  const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
  return open > 0 && text.indexOf('@') < open && !text.includes('@', open) ? text.slice(0, open) : text;
}

const LABEL = /^(?:mailto|smtp|e-?mail|mail)\s*:/i;

/** `mailto:` as in links (RFC 6068), with what links may have behind the address; `SMTP:` as Exchange writes it; `E-Mail:`. */
function withoutLabel(text: string): string {
  const [label] = LABEL.exec(text) ?? [];
  if (label === undefined) return text;
  const rest = text.slice(label.length);
  return label.toLowerCase().startsWith('mailto') ? decoded(rest.split('?', 1)[0] ?? '') : rest;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Not those of a quoted local part, `"jane"@x.org`: of it is said that it is one. */
function withoutOuterQuotes(text: string): string {
  return /^"[^"]*"@/.test(text) ? text : withoutQuotes(text);
}

/** The one address in angle brackets behind a name (RFC 5322, section 3.4), in any brackets alone, or in those of a Markdown link. */
function outOfBrackets(text: string): string {
  const [, linked] = /^\[[^[\]]*\]\((mailto:[^()]*)\)$/i.exec(text) ?? [];
  const [, angled] = /^[^<>]*<([^<>]*)>[^<>@]*$/.exec(text) ?? [];
  const [, bracketed] = /^[^@()[\]]*[([]([^()[\]]*@[^()[\]]*)[)\]]$/.exec(text) ?? [];
  return linked ?? angled ?? bracketed ?? text;
}

const ASCII = /^\p{ASCII}*$/u;
/**
 * A domain of which each part may be a name in some script. `domainToASCII` follows the URL Standard, which lets pass what no
 * registry does: hyphens at the ends of a part, dashes, arrows, emoji; and what ends a host in a URL.
 */
const INTERNATIONAL = /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}]$/u;

function withAsciiDomain(text: string): string {
  if (ASCII.test(text)) return text;
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  if (at === -1 || ASCII.test(domain) || !INTERNATIONAL.test(domain)) return text;
  const ascii = domainToASCII(domain);
  return ascii === '' ? text : text.slice(0, at + 1) + ascii;
}
