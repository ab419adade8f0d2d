import { domainToUnicode } from 'node:url';
import { type RuleViolation, tooLong } from './rule-violation.ts';

/** Longest e-mail address in characters: RFC 5321's 256-octet path less its angle brackets (RFC 3696, erratum 1690). */
const EMAIL_MAX = 254;
/**
 * An address as servers take it: a dot-atom (RFC 5322, section 3.2.3) and a host name of two labels or more (RFC 1123,
 * section 2.1), the last of letters or an internationalised one (RFC 5890). Quoted names, IP addresses and letters beyond
 * ASCII (RFC 6531) are nobody's address at work.
 */
const EMAIL =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{0,58}[a-z\d])$/i;

/** What is wrong with an address that `cleanEmail` made. */
export function checkEmail(value: string): RuleViolation[] {
  const violations = tooLong(value, EMAIL_MAX);
  if (!isEmail(value)) violations.push(whyNoEmail(value));
  return violations;
}

function isEmail(value: string): boolean {
  return EMAIL.test(value) && (!value.includes('--') || hasNames(value));
}

/** Whether each `xn--` of the domain stands for a name: what is none `domainToUnicode` leaves as it is. */
function hasNames(value: string): boolean {
  const domain = domainToUnicode(value.slice(value.indexOf('@') + 1));
  return domain !== '' && !/(?:^|\.)xn--/.test(domain);
}

/** Slower than `EMAIL`, and only for what is refused. */
function whyNoEmail(value: string): RuleViolation {
  const [local = '', domain, ...others] = value.split('@', 20);
  if (domain === undefined) return withoutAt(value);
  if (/^"[^"]*"@/.test(value)) return { code: 'email_quoted', message: 'has quotes before the @' };
  if (hasSeveral(value)) return { code: 'several_emails', message: 'has several addresses, one is allowed' };
  if (others.length > 0) return { code: 'email_with_several_ats', message: 'has several @, an address has one' };
  if (/\s/.test(value)) return { code: 'email_with_space', message: 'has a space inside' };
  return whyNoLocalPart(local) ?? whyNoDomain(domain) ?? NOT_WELL_FORMED;
}

const NOT_WELL_FORMED: RuleViolation = { code: 'invalid_email', message: 'is not a well-formed e-mail address' };

function withoutAt(value: string): RuleViolation {
  const code = 'email_without_at';
  if (/^[+\d\s().\-/]{7,}$/.test(value))
    return { code, message: 'has a telephone number: the values may be in the wrong columns' };
  if (/[([{<]\s*at\s*[)\]}>]|\sat\s/i.test(value))
    return { code, message: 'has a word for the @: write the sign itself' };
  return { code, message: 'has no @' };
}

/** Signs that separate addresses; in some of them an address may have them too, but no domain has. */
const ADDRESS_BEFORE_ANOTHER = /[^\s@,;]@[\w.-]*\w[^\w.@-][^@]*[^\s@,;<]@\w/;

function hasSeveral(value: string): boolean {
  return ADDRESS_BEFORE_ANOTHER.test(value);
}

function whyNoLocalPart(local: string): RuleViolation | undefined {
  if (local === '') return { code: 'email_without_name', message: 'has nothing before the @' };
  const sign = /[^\w!#$%&'*+/=?^`{|}~.-]/u.exec(local)?.[0];
  if (sign !== undefined) return { code: 'email_characters', message: `has ${named(sign)} before the @` };
  return misplacedDot(local, 'before the @');
}

function whyNoDomain(domain: string): RuleViolation | undefined {
  if (domain === '') return { code: 'email_domain', message: 'has nothing after the @' };
  if (/^\[.*\]?$|^\d{1,3}(?:\.\d{1,3}){3}$/.test(domain))
    return {
      code: 'email_ip_address',
      message: 'has an IP address after the @, where the name of a mail server belongs',
    };
  const sign = /[^\p{L}\p{M}\p{N}.-]/u.exec(domain)?.[0];
  if (sign !== undefined) return { code: 'email_domain', message: `has ${named(sign)} after the @` };
  const dot = misplacedDot(domain, 'after the @');
  if (dot !== undefined) return dot;
  if (!domain.includes('.'))
    return { code: 'email_domain_without_dot', message: 'has no dot after the @: the domain is not complete' };
  return { code: 'email_domain', message: whyNoLabel(domain.split('.')) };
}

function whyNoLabel(labels: readonly string[]): string {
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-')))
    return 'has a hyphen at the beginning or end of a part of the domain';
  if (labels.some((label) => label.length > 63)) return 'has a part of the domain with more than 63 characters';
  if (!/^(?:\p{L}{2,}|xn--.*)$/iu.test(labels.at(-1) ?? ''))
    return 'ends in no top-level domain such as com or org: these have two letters or more and no digits';
  return 'has a domain that stands for no name';
}

function misplacedDot(text: string, place: string): RuleViolation | undefined {
  if (text.startsWith('.')) return { code: 'email_dots', message: `has a dot at the beginning of what is ${place}` };
  if (text.endsWith('.')) return { code: 'email_dots', message: `has a dot at the end of what is ${place}` };
  return text.includes('..') ? { code: 'email_dots', message: `has two dots in a row ${place}` } : undefined;
}

function named(sign: string): string {
  const codePoint = sign.codePointAt(0) ?? 0;
  return `"${sign}" (U+${codePoint.toString(16).toUpperCase().padStart(4, '0')})`;
}
