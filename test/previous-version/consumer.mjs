// Rowferry 0.1.0, made by `npm run keep:consumer`. Not to be edited.
import knex from "knex";
import pg from "pg";
import { parse } from "pg-connection-string";
import { createHash, hash } from "node:crypto";
import { setImmediate, setTimeout as setTimeout$1 } from "node:timers/promises";
import { domainToASCII, domainToUnicode, fileURLToPath } from "node:url";
import { z } from "zod";
import { parse as parse$1, stringify, v7, validate, version } from "uuid";
import { ChangeMessageVisibilityBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { availableParallelism } from "node:os";
import { pino } from "pino";
import { prettyFactory } from "pino-pretty";
import { StandardRetryStrategy } from "@smithy/core/retry";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
// packages/database/src/connection/liveness.ts
/** A pooled connection that takes longer to answer counts as dead. */
const PROBE_TIMEOUT_MS = 2e3;
/** Knows when connections last answered, and probes those whose last answer is too old. */
var Liveness = class {
	#trustForMs;
	#answeredAt = /* @__PURE__ */ new WeakMap();
	/** @param trustForMs for how long after an answer a connection counts as good, in milliseconds; 0: ask each time. */
	constructor(trustForMs) {
		this.#trustForMs = trustForMs;
	}
	/** pg says `drain` when the server has answered all that was sent. */
	watch(client) {
		if (this.#trustForMs > 0) client.on("drain", () => this.#answeredAt.set(client, performance.now()));
	}
	/** @returns true. @throws when the connection does not answer. knex itself drops connections that pg knows to be lost. */
	async check(client) {
		const answeredAt = this.#answeredAt.get(client) ?? Number.NEGATIVE_INFINITY;
		if (performance.now() - answeredAt < this.#trustForMs) return true;
		const probe = {
			text: "select 1",
			query_timeout: PROBE_TIMEOUT_MS
		};
		await client.query(probe);
		return true;
	}
};
// packages/database/src/connection/server.ts
/**
* How pg is told of a server. Beside a connection string it would ignore the function: the string's own password, also an
* absent one, wins.
*/
function serverOf(url, password) {
	if (password === void 0) return { connectionString: url };
	const { host, port, user, database, ssl } = parse(url);
	return {
		host: host ?? "",
		port: Number(port),
		user: user ?? "",
		database: database ?? "",
		ssl: tlsOf(ssl),
		password
	};
}
function tlsOf(ssl) {
	return typeof ssl === "object" ? Object.fromEntries(Object.entries(ssl)) : ssl === true || ssl === "true";
}
// packages/database/src/connection/connect.ts
const SECOND$2 = 1e3;
const MINUTE = 60 * SECOND$2;
/**
* The pooled connection of a process: made once, outside the handler, and never destroyed between invocations (a
* destroyed pool in a reused container is the known "Unable to acquire a connection").
*/
function connect({ url, password, poolMax, statementTimeoutMs = 25 * SECOND$2, trustForMs = 0, onWarning }) {
	const liveness = new Liveness(trustForMs);
	const warn = (message) => onWarning(String(message));
	return knex({
		client: "pg",
		connection: {
			...serverOf(url, password),
			application_name: "rowferry",
			connectionTimeoutMillis: 5 * SECOND$2,
			query_timeout: statementTimeoutMs + 5 * SECOND$2,
			keepAlive: true,
			types: bigintAsNumber
		},
		pool: {
			min: 0,
			max: poolMax,
			acquireTimeoutMillis: 20 * SECOND$2,
			createTimeoutMillis: 10 * SECOND$2,
			idleTimeoutMillis: 10 * SECOND$2,
			maxConnectionLifetimeMillis: 15 * MINUTE,
			maxConnectionLifetimeJitterMillis: MINUTE,
			validate: (client) => liveness.check(client),
			afterCreate: (client, done) => {
				liveness.watch(client);
				boundSession(client, statementTimeoutMs).then(() => done(), done);
			}
		},
		compileSqlOnError: false,
		log: {
			warn,
			error: warn,
			deprecate: warn,
			debug: () => {}
		}
	}).on("query-error", takeOutSql);
}
/** Longest that a session may sit in the middle of a transaction: that of a redrive, which sends messages in it. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = MINUTE;
/** The pool closes what is idle long before. */
const IDLE_SESSION_TIMEOUT_MS = 2 * MINUTE;
/**
* Tells the server what to end by itself. When the network drops a connection silently, the server would keep its session,
* and every lock of it, until TCP times out: after two hours, on Linux. By statement, because poolers
* refuse settings that come with the connection (https://www.pgbouncer.org/config.html#ignore_startup_parameters).
*/
async function boundSession(client, statementTimeoutMs) {
	try {
		await client.query(`
      set statement_timeout = ${statementTimeoutMs};
      set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS};
      set idle_session_timeout = ${IDLE_SESSION_TIMEOUT_MS}`);
	} catch (error) {
		client.end().catch(() => {});
		throw error;
	}
}
/** knex puts the whole statement before the message of an error; what is left is what Postgres or pg said. */
function takeOutSql(error, { sql }) {
	const prefix = `${sql} - `;
	if (error.message.startsWith(prefix)) error.message = error.message.slice(prefix.length);
}
/** Counts and ids come as numbers: none of them reaches 2^53. */
const bigintAsNumber = { getTypeParser(oid, format) {
	if (oid === pg.types.builtins.INT8) return Number;
	return pg.types.getTypeParser(oid, format === "binary" ? "binary" : "text");
} };
// packages/database/src/connection/error-class.ts
/**
* SQLSTATE → class; the longest prefix that fits decides.
* Source of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
*/
const SQLSTATE_RULES = [
	{
		prefix: "08",
		class: "transient",
		why: "connection exception: the server or the network is gone; a pooler that lost its server says 08P01"
	},
	{
		prefix: "22",
		class: "permanent",
		why: "data exception: the value does not fit its type"
	},
	{
		prefix: "23",
		class: "permanent",
		why: "integrity constraint violation"
	},
	{
		prefix: "25006",
		class: "transient",
		why: "read-only transaction: a standby, until the failover is through"
	},
	{
		prefix: "25P03",
		class: "transient",
		why: "idle_in_transaction_session_timeout passed: this side was too slow"
	},
	{
		prefix: "3D000",
		class: "permanent",
		why: "the database does not exist"
	},
	{
		prefix: "40001",
		class: "transient",
		why: "serialization failure"
	},
	{
		prefix: "40P01",
		class: "transient",
		why: "deadlock detected"
	},
	{
		prefix: "42",
		class: "permanent",
		why: "syntax error, or no right to do it"
	},
	{
		prefix: "53",
		class: "transient",
		why: "insufficient resources: connections, memory, disk"
	},
	{
		prefix: "55P03",
		class: "transient",
		why: "lock not available"
	},
	{
		prefix: "57014",
		class: "transient",
		why: "query cancelled: a statement time limit"
	},
	{
		prefix: "57P01",
		class: "transient",
		why: "admin shutdown"
	},
	{
		prefix: "57P02",
		class: "transient",
		why: "crash shutdown"
	},
	{
		prefix: "57P03",
		class: "transient",
		why: "cannot connect now: starting up or shutting down"
	},
	{
		prefix: "57P05",
		class: "transient",
		why: "idle_session_timeout passed, just when the session was wanted"
	}
];
/** Node's network errors, https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK_CODES = /* @__PURE__ */ new Set([
	"ECONNREFUSED",
	"ECONNRESET",
	"ECONNABORTED",
	"EPIPE",
	"ETIMEDOUT",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"ENOTFOUND",
	"EAI_AGAIN"
]);
/**
* Errors of node-postgres and knex that carry no code at all; their text is all there is. Sources:
* https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js,
* https://github.com/knex/knex/blob/master/lib/client.js, https://github.com/Vincit/tarn.js/blob/master/src/PendingOperation.ts
*/
const TEXT_RULES = [
	{
		pattern: /^Connection terminated/,
		why: "pg: the connection broke while a query ran"
	},
	{
		pattern: /^Client has encountered a connection error/,
		why: "pg: a query on a connection that broke before"
	},
	{
		pattern: /^Client was closed/,
		why: "pg: a query on a connection that the pool has closed"
	},
	{
		pattern: /^timeout expired$/,
		why: "pg: connectionTimeoutMillis passed"
	},
	{
		pattern: /^Query read timeout$/,
		why: "pg: query_timeout passed"
	},
	{
		pattern: /Timeout acquiring a connection/,
		why: "knex: the pool is full"
	},
	{
		pattern: /Unable to acquire a connection/,
		why: "knex: the pool is gone"
	},
	{
		pattern: /^aborted$/,
		why: "knex: the pool was closed while a query waited for a connection"
	}
];
/** True when the database cannot be reached or cannot serve: for an API, "try again later" and not "a bug". */
function isDatabaseUnavailable(error) {
	return ruleFor(error)?.class === "transient";
}
/** SQLSTATE of an error that Postgres answered, undefined for all others. */
function sqlState(error) {
	const code = codeOf(error);
	return code !== void 0 && /^[0-9A-Z]{5}$/.test(code) && !NETWORK_CODES.has(code) ? code : void 0;
}
function ruleFor(error) {
	const state = sqlState(error);
	if (state !== void 0) return longestMatch(state);
	const code = codeOf(error);
	if (code !== void 0 && NETWORK_CODES.has(code)) return {
		class: "transient",
		why: `network: ${code}`
	};
	const text = error instanceof Error ? error.message : "";
	const rule = TEXT_RULES.find(({ pattern }) => pattern.test(text));
	return rule && {
		class: "transient",
		why: rule.why
	};
}
function longestMatch(state) {
	return SQLSTATE_RULES.filter(({ prefix }) => state.startsWith(prefix)).toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}
function codeOf(error) {
	if (error instanceof AggregateError) return codeOf(error.errors[0]);
	if (!(error instanceof Error) || !("code" in error)) return void 0;
	return typeof error.code === "string" ? error.code : void 0;
}
/** True when Postgres itself answered, and not because it was busy or going: one row of many can be why. */
function isRefusal(error) {
	return sqlState(error) !== void 0 && ruleFor(error)?.class !== "transient";
}
/** True when Postgres refused a value: the fault of a row, not of the statement, the schema or the system. */
function isDataError(error) {
	return /^2[23]/.test(sqlState(error) ?? "");
}
/** An error in one line, for a person who asks why a row was not written. */
function reasonOf(error) {
	if (!(error instanceof Error)) return String(error);
	const code = codeOf(error);
	return code === void 0 ? error.message : `${code} ${error.message}`;
}
// packages/database/src/connection/query.ts
/** Every statement of this package; a test prepares each against the migrated schema. */
const STATEMENTS = /* @__PURE__ */ new Set();
/** Every function that builds statements; the same test prepares what each builds. */
const STATEMENT_BUILDERS = /* @__PURE__ */ new Set();
/** The text of a statement. Only `statement` and `statementBuilder` make one, so that the test finds all. */
var Statement = class {
	#text;
	constructor(text) {
		this.#text = text;
	}
	get text() {
		return this.#text;
	}
};
/** A statement whose text is always the same. To be made once, when its module is loaded. */
function statement(text) {
	const made = new Statement(text);
	STATEMENTS.add(made);
	return made;
}
/** A statement whose text depends on something: an order, a filter. To be made once, when its module is loaded. */
function statementBuilder(build) {
	const builder = (...facts) => new Statement(build(...facts));
	STATEMENT_BUILDERS.add(builder);
	return builder;
}
/**
* Sends a statement and returns its rows.
*
* @typeParam Row what the statement selects or returns: column names and types as node-postgres parses them.
* @param clientTimeoutMs longest wait for the answer, in place of the connection's.
*/
async function query(database, { text }, bindings, { clientTimeoutMs } = {}) {
	const sent = bindings === void 0 ? database.raw(text) : database.raw(text, bindings);
	const { rows } = await (clientTimeoutMs === void 0 ? sent : sent.options({ query_timeout: clientTimeoutMs }));
	return rows;
}
statement("select 1");
statement(`
  with session as (
    select pid, backend_start from pg_stat_activity where pid = pg_backend_pid() and pid = cast($4 as integer)
  ),
  fresh as (
    select from leases
    where job = $1 and holder = cast($2 as uuid)
      and expires_at > now() + cast($3 as integer) * interval '0.5 ms'
      and backend_pid is not distinct from (select pid from session)
  ),
  taken as (
    insert into leases as held (job, holder, expires_at, backend_pid, backend_start)
    select $1, cast($2 as uuid), now() + cast($3 as integer) * interval '1 ms', pid, backend_start
    from (select) always left join session on true
    where not exists (select from fresh)
    on conflict (job) do update set holder = excluded.holder, expires_at = excluded.expires_at,
      backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
    where held.holder = excluded.holder
      or held.expires_at < now()
      or held.backend_pid is not null and not exists (
        select from pg_stat_activity a
        where a.pid = held.backend_pid and coalesce(a.backend_start, held.backend_start) = held.backend_start
      )
    returning 1
  )
  select exists (select from fresh) or exists (select from taken) as held`);
statement(`update leases set expires_at = now() + cast($3 as integer) * interval '1 ms'
   where job = $1 and holder = cast($2 as uuid)`);
statement("delete from leases where job = $1 and holder = cast($2 as uuid)");
statement("select pg_backend_pid() as pid");
// packages/roster/src/rule-violation.ts
/** The rule that a value has so many characters at most. */
function tooLong(value, max) {
	if (value.length <= max) return [];
	const length = [...value].length;
	return length <= max ? [] : [{
		code: "too_long",
		message: `has ${length} characters, at most ${max} are allowed`
	}];
}
// packages/roster/src/check-email.ts
/** Longest e-mail address in characters: RFC 5321's 256-octet path less its angle brackets (RFC 3696, erratum 1690). */
const EMAIL_MAX = 254;
/**
* An address as servers take it: a dot-atom (RFC 5322, section 3.2.3) and a host name of two labels or more (RFC 1123,
* section 2.1), the last of letters or an internationalised one (RFC 5890). Quoted names, IP addresses and letters beyond
* ASCII (RFC 6531) are nobody's address at work.
*/
const EMAIL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{0,58}[a-z\d])$/i;
/** What is wrong with an address that `cleanEmail` made. */
function checkEmail(value) {
	const violations = tooLong(value, EMAIL_MAX);
	if (!isEmail(value)) violations.push(whyNoEmail(value));
	return violations;
}
function isEmail(value) {
	return EMAIL.test(value) && (!value.includes("--") || hasNames(value));
}
/** Whether each `xn--` of the domain stands for a name: what is none `domainToUnicode` leaves as it is. */
function hasNames(value) {
	const domain = domainToUnicode(value.slice(value.indexOf("@") + 1));
	return domain !== "" && !/(?:^|\.)xn--/.test(domain);
}
/** Slower than `EMAIL`, and only for what is refused. */
function whyNoEmail(value) {
	const [local = "", domain, ...others] = value.split("@", 20);
	if (domain === void 0) return withoutAt(value);
	if (/^"[^"]*"@/.test(value)) return {
		code: "email_quoted",
		message: "has quotes before the @"
	};
	if (hasSeveral$1(value)) return {
		code: "several_emails",
		message: "has several addresses, one is allowed"
	};
	if (others.length > 0) return {
		code: "email_with_several_ats",
		message: "has several @, an address has one"
	};
	if (/\s/.test(value)) return {
		code: "email_with_space",
		message: "has a space inside"
	};
	return whyNoLocalPart(local) ?? whyNoDomain(domain) ?? NOT_WELL_FORMED;
}
const NOT_WELL_FORMED = {
	code: "invalid_email",
	message: "is not a well-formed e-mail address"
};
function withoutAt(value) {
	const code = "email_without_at";
	if (/^[+\d\s().\-/]{7,}$/.test(value)) return {
		code,
		message: "has a telephone number: the values may be in the wrong columns"
	};
	if (/[([{<]\s*at\s*[)\]}>]|\sat\s/i.test(value)) return {
		code,
		message: "has a word for the @: write the sign itself"
	};
	return {
		code,
		message: "has no @"
	};
}
/** Signs that separate addresses; in some of them an address may have them too, but no domain has. */
const ADDRESS_BEFORE_ANOTHER = /[^\s@,;]@[\w.-]*\w[^\w.@-][^@]*[^\s@,;<]@\w/;
function hasSeveral$1(value) {
	return ADDRESS_BEFORE_ANOTHER.test(value);
}
function whyNoLocalPart(local) {
	if (local === "") return {
		code: "email_without_name",
		message: "has nothing before the @"
	};
	const sign = /[^\w!#$%&'*+/=?^`{|}~.-]/u.exec(local)?.[0];
	if (sign !== void 0) return {
		code: "email_characters",
		message: `has ${named(sign)} before the @`
	};
	return misplacedDot(local, "before the @");
}
function whyNoDomain(domain) {
	if (domain === "") return {
		code: "email_domain",
		message: "has nothing after the @"
	};
	if (/^\[.*\]?$|^\d{1,3}(?:\.\d{1,3}){3}$/.test(domain)) return {
		code: "email_ip_address",
		message: "has an IP address after the @, where the name of a mail server belongs"
	};
	const sign = /[^\p{L}\p{M}\p{N}.-]/u.exec(domain)?.[0];
	if (sign !== void 0) return {
		code: "email_domain",
		message: `has ${named(sign)} after the @`
	};
	const dot = misplacedDot(domain, "after the @");
	if (dot !== void 0) return dot;
	if (!domain.includes(".")) return {
		code: "email_domain_without_dot",
		message: "has no dot after the @: the domain is not complete"
	};
	return {
		code: "email_domain",
		message: whyNoLabel(domain.split("."))
	};
}
function whyNoLabel(labels) {
	if (labels.some((label) => label.startsWith("-") || label.endsWith("-"))) return "has a hyphen at the beginning or end of a part of the domain";
	if (labels.some((label) => label.length > 63)) return "has a part of the domain with more than 63 characters";
	if (!/^(?:\p{L}{2,}|xn--.*)$/iu.test(labels.at(-1) ?? "")) return "ends in no top-level domain such as com or org: these have two letters or more and no digits";
	return "has a domain that stands for no name";
}
function misplacedDot(text, place) {
	if (text.startsWith(".")) return {
		code: "email_dots",
		message: `has a dot at the beginning of what is ${place}`
	};
	if (text.endsWith(".")) return {
		code: "email_dots",
		message: `has a dot at the end of what is ${place}`
	};
	return text.includes("..") ? {
		code: "email_dots",
		message: `has two dots in a row ${place}`
	} : void 0;
}
function named(sign) {
	return `"${sign}" (U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")})`;
}
// packages/roster/src/dates.ts
const MONTH$1 = "(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|janv|févr|mars|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)\\p{L}*\\.?";
const TIME = "(?:[T ]+\\d{1,2}:\\d{2}.*)?";
const NUMBERS = new RegExp(`^(\\d{1,4})(?:\\.\\s?|([/-]))(\\d{1,2})(?:\\2|\\.\\s?)(\\d{1,4})${TIME}$`);
const WITH_WORD = new RegExp(`^(?:\\d{1,2}[. -]*${MONTH$1}|${MONTH$1}[. -]*\\d{1,2},?)[. -]*(?:\\d{2}|\\d{4})${TIME}$`, "iu");
/** Longer values are no dates. */
const LENGTH_MAX$1 = 40;
/** Whether a value is a day of the calendar, in any usual order: `12.03.1987`, `2024-01-15`, `3/12/1987`, `15 Jan 2024`. */
function isDate(value) {
	return value.length <= LENGTH_MAX$1 && /\d/.test(value) && (isDateOfNumbers(value) || WITH_WORD.test(value));
}
/** The same for a value that has no letters. */
function isDateOfNumbers(value) {
	const [, first = "", , middle = "", last = ""] = NUMBERS.exec(value) ?? [];
	if (isYear(first)) return isMonthAndDay(middle, last);
	return (isYear(last) || last.length === 2 && first.length <= 2) && isMonthAndDay(first, middle);
}
function isYear(text) {
	return text.length === 4 && Number(text) >= 1900 && Number(text) < 2100;
}
function isMonthAndDay(one, other) {
	const [smaller = 0, larger = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
	return one.length <= 2 && other.length <= 2 && smaller >= 1 && smaller <= 12 && larger <= 31;
}
// packages/roster/src/check-mobile-no.ts
/** `12. 03. 1987` */
const DATE_LENGTH_MAX = 12;
/** Digits of a telephone number: ITU-T E.164 allows 15; below 7 nothing national exists that could be called from outside. */
const DIGITS = {
	min: 7,
	max: 15
};
/** Spaces and hyphens of every kind (U+2010 to U+2015, the minus sign): web pages and word processors write them for ours. */
const SIGNS$1 = "\\d\\p{Zs}().\\-\\u2010-\\u2015\\u2212/";
const SHAPE = new RegExp(`^\\(?\\+?[${SIGNS$1}]+$`, "u");
/** Where a number ends: what follows can be its extension. */
const NOT_IN_NUMBERS = new RegExp(`[^+${SIGNS$1}]`, "u");
/** A number with spaces alone: nothing but its digits need be looked at. */
const SPACED = /^\+?[\d ]+$/;
/** The same as `SHAPE` for the signs of ASCII, three times as fast. */
const ASCII_SHAPE = /^\(?\+?[\d ()./-]+$/;
/** What spreadsheets make of a number in a cell that is not text: `4.47912E+11`, `4,47912E+11`. Its last digits are lost. */
const ROUNDED_NUMBER = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** What programs make of a column of numbers with a gap in it: `447912345678.0`, by its digits a longer telephone number. */
const DECIMAL_NUMBER = /^[+-]?\d{7,}\.0+$/;
/**
* How people write an extension, in the languages of those who have some, and up to six digits of it. The sign of the
* keyboard, `#`, and the pauses of a dialling telephone, `,,`, are among them.
*/
const EXTENSION = /^(?:x|ext(?:n|ension)?|durchwahl|dw|nst|app(?:arat)?|poste|int(?:erno|erne)?|ramal|anexo|wew|доб|内線|#|,,)[\s.:=]*\d{1,6}$/iu;
const ZERO = 48;
/** Whether a value is written as a telephone number may be, with nothing behind. */
function isMobileNo(value) {
	if (!hasDigits(value) || !/[1-9]/.test(value)) return false;
	return SPACED.test(value) || (ASCII_SHAPE.test(value) || SHAPE.test(value)) && !isOtherThanNumber(value);
}
/** What has the shape of a number, and is none, or is two. */
function isOtherThanNumber(value) {
	return value.includes(".") && DECIMAL_NUMBER.test(value) || value.length <= DATE_LENGTH_MAX && isDateOfNumbers(value) || hasBrokenBrackets(value) || hasSeveralBySlash(value);
}
function checkMobileNo(value) {
	if (isMobileNo(value) || hasExtension(value)) return [];
	return [whyNoNumber(value) ?? SHAPE_BROKEN];
}
function hasDigits(value) {
	const digits = countDigits(value);
	return digits >= DIGITS.min && digits <= DIGITS.max;
}
function countDigits(value) {
	let digits = 0;
	for (let index = 0; index < value.length; index++) {
		const code = value.charCodeAt(index);
		if (code >= ZERO && code <= 57) digits++;
	}
	return digits;
}
function hasExtension(value) {
	const start = value.search(NOT_IN_NUMBERS);
	if (start === -1 || value.length > 200) return false;
	const number = value.slice(0, start).trimEnd();
	const extension = value.slice(start);
	return number.endsWith("(") && extension.endsWith(")") ? EXTENSION.test(extension.slice(0, -1)) && isMobileNo(number.slice(0, -1).trimEnd()) : EXTENSION.test(extension) && isMobileNo(number);
}
const MUST_HAVE = `must have ${DIGITS.min} to ${DIGITS.max} digits, written with digits, spaces, "+", "-", ".", "/" and round brackets only`;
const SHAPE_BROKEN = {
	code: "invalid_mobile_no",
	message: MUST_HAVE
};
/** The first thing that is wrong; undefined where nothing is but the shape. */
function whyNoNumber(value) {
	for (const [code, isWrong, message] of REASONS) if (isWrong(value)) return {
		code,
		message
	};
}
const REASONS = [
	[
		"mobile_no_rounded",
		(value) => ROUNDED_NUMBER.test(value),
		"was rounded by a spreadsheet: make the column text there, and enter the number again"
	],
	[
		"mobile_no_decimal",
		(value) => DECIMAL_NUMBER.test(value),
		"was written as a decimal number: take off what follows the point"
	],
	[
		"mobile_no_is_email",
		(value) => value.includes("@"),
		"has an e-mail address: the values may be in the wrong columns"
	],
	[
		"mobile_no_is_date",
		isDate,
		"has a date: the values may be in the wrong columns"
	],
	[
		"mobile_no_of_zeros",
		(value) => /\d/.test(value) && !/[1-9\p{L}]/u.test(value),
		"has nothing but zeros"
	],
	[
		"several_mobile_nos",
		hasSeveral,
		"has several numbers, one is allowed"
	],
	[
		"mobile_no_letters",
		(value) => /\p{L}/u.test(value),
		`has letters: it ${MUST_HAVE}`
	],
	[
		"mobile_no_brackets",
		hasBrokenBrackets,
		"has a bracket without its other half"
	],
	[
		"mobile_no_digits",
		(value) => !hasDigits(value),
		MUST_HAVE
	]
];
/** What stands between two numbers. Within one number a slash can stand too, behind the area code. */
const BETWEEN_NUMBERS = /\s*(?:[,;|&]|:::|\s(?:or|and|und|oder|ou|et|y|o)\s|(?<=\d{5})\s*\+)\s*/i;
function hasSeveral(value) {
	if (value.length > 200) return false;
	return value.split(BETWEEN_NUMBERS).filter((part) => countDigits(part) >= 6 && SHAPE.test(part.trim())).length > 1 || hasSeveralBySlash(value) || hasSeveralBySpace(value);
}
/** Nothing but spaces between them: too many digits, and another number begins with `+` or `0` behind a space. */
function hasSeveralBySpace(value) {
	if (countDigits(value) <= DIGITS.max) return false;
	return value.split(/\s+(?=[+(0])/).filter((part) => countDigits(part) >= DIGITS.min && SHAPE.test(part)).length > 1;
}
function hasSeveralBySlash(value) {
	if (!value.includes("/")) return false;
	return value.split("/").some((part, index, parts) => {
		const next = parts[index + 1];
		return next !== void 0 && countDigits(part) >= wholeFrom(part.trim()) && countDigits(next) >= 6;
	});
}
/**
* Digits from which on a number is whole, so that what a slash follows is no area code: German ones have five with their
* zero, and two of the country before.
*/
function wholeFrom(number) {
	if (/^\(?(?:\+|00)/.test(number)) return 10;
	return /^\(?0/.test(number) ? 9 : 6;
}
/** Brackets come in pairs, one pair after the other. */
function hasBrokenBrackets(value) {
	return (value.includes("(") || value.includes(")")) && /[()]/.test(value.replace(/\([^()]*\)/g, ""));
}
// packages/roster/src/invisible-marks.ts
const MARK_OR_SPACE = /[\s\p{Bidi_Control}\u00ad\u200b\u2060]/u;
const MARK_OR_JOINER = /[\p{Bidi_Control}\u00ad\u200b-\u200d\u2060\ufeff]/gu;
/** A text without the spaces and marks around it. Those inside stay: a name may be of two writing directions. */
function trimMarks(text) {
	let start = 0;
	let end = text.length;
	while (start < end && isMarkOrSpace(text.charCodeAt(start))) start++;
	while (start < end && isMarkOrSpace(text.charCodeAt(end - 1))) end--;
	return text.slice(start, end);
}
/** The comparisons answer for almost every value: between the space and the no-break space there is none. */
function isMarkOrSpace(unit) {
	return (unit <= 32 || unit >= 160) && MARK_OR_SPACE.test(String.fromCharCode(unit));
}
/**
* A number or an address without marks anywhere, joiners among them, and without the spaces around it; nothing of one that
* nobody sees.
*/
function withoutMarks(text) {
	return isInvisible(text) ? "" : text.replace(MARK_OR_JOINER, "").trim();
}
/**
* What somebody sees. Not seen are spaces, what Unicode says is ignored when it has no glyph (joiners, variation selectors,
* tags, the Hangul fillers, which are letters), and what has a glyph without ink: the blank braille pattern, interlinear
* annotation marks, hieroglyph format controls, the Khitan filler and the null notehead.
*/
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb\u{13430}-\u{13440}\u{16fe4}\u{1d159}]/u;
/** Whether nobody sees anything of a text: for whoever reads it, it is blank. */
function isInvisible(text) {
	return !VISIBLE.test(text);
}
// packages/roster/src/wrappings.ts
/** Full-width forms of ASCII and what East Asian keyboards write for a space and a dot, as well as the small `@` and `+`. */
const WIDE = /[\uff01-\uff5e\uff61\u3000\u3002\ufe62\ufe6b]/gu;
/** A text with ASCII signs for their full-width forms: `＠` is `@`, `。` is a dot. */
function halfWidth(text) {
	return text.replace(WIDE, (sign) => sign === "。" || sign === "｡" ? "." : sign.normalize("NFKC"));
}
/** Longer values are nobody's number or address: nothing is taken off them, so that no pattern meets an endless text. */
const WRAPPED_MAX = 1024;
/** The lines of a cell as a list, if each is a value: then it is refused for having several, not for its line ends. */
function linesAsList(text, isValue) {
	if (text.length > WRAPPED_MAX || !/[\r\n]/.test(text)) return text;
	const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
	return lines.length > 1 && lines.every((line) => isValue.test(line)) ? lines.join("; ") : text;
}
/** `"mailto:jane@x.org",` has three. */
const WRAPPINGS_MAX = 6;
/** Takes wrappings off a text until there are none, each as often as it comes: a value within quotes within a label. */
function unwrap(text, wrappings) {
	if (text.length > WRAPPED_MAX) return text;
	let unwrapped = text;
	for (let time = 0; time < WRAPPINGS_MAX; time++) {
		const next = wrappings.reduce((inner, takeOff) => takeOff(inner).trim(), unwrapped);
		if (next === unwrapped) break;
		unwrapped = next;
	}
	return unwrapped;
}
/** The signs that people and programs set around a value, and between values. */
function withoutPunctuation(text) {
	return text.replace(/^[,;:\s]+/, "").replace(/[.,;:\s]+$/, "");
}
const QUOTES = "'\"`´‘-‟‹›«»";
const OPENING = new RegExp(`^[${QUOTES}]+`, "u");
const CLOSING = new RegExp(`[${QUOTES}]+$`, "u");
/** A text without the quotes and apostrophes around it, also one of a pair that lost the other. */
function withoutQuotes(text) {
	return text.replace(OPENING, "").replace(CLOSING, "");
}
// packages/roster/src/clean-email.ts
/** What has nothing to take off: almost every address. */
const PLAIN$2 = /^[a-z\d][\w.+-]*@[a-z\d][a-z\d.-]*[a-z]$/i;
/**
* An address without what programs and people write around it: `Jane <jane@x.org>`, `mailto:`, quotes, a dot or comma behind.
* Full-width signs and typographic apostrophes and hyphens become those that addresses have, a domain of other letters its
* `xn--` form (RFC 5890). What is no address then is left for `checkEmail` to say why.
*/
function cleanEmail(value) {
	if (PLAIN$2.test(value)) return value;
	return withAsciiDomain(unwrap(linesAsList(withTypedSigns(halfWidth(withoutMarks(value))).trim(), /@/), WRAPPINGS$1));
}
/** Word processors and telephones write them while somebody types the sign of the keyboard. */
function withTypedSigns(text) {
	return text.replace(/[\u2018\u2019\u02bc\u2032]/g, "'").replace(/[\u2010\u2011]/g, "-");
}
const WRAPPINGS$1 = [
	withoutPunctuation,
	withoutNote,
	withoutLabel$1,
	withoutOuterQuotes,
	outOfBrackets
];
/** A note behind the address: `jane@x.org (private)`. */
function withoutNote(text) {
	const open = text.endsWith(")") ? text.lastIndexOf("(") : -1;
	return open > 0 && text.indexOf("@") < open && !text.includes("@", open) ? text.slice(0, open) : text;
}
const LABEL$1 = /^(?:mailto|smtp|e-?mail|mail)\s*:/i;
/** `mailto:` as in links (RFC 6068), with what links may have behind the address; `SMTP:` as Exchange writes it; `E-Mail:`. */
function withoutLabel$1(text) {
	const [label] = LABEL$1.exec(text) ?? [];
	if (label === void 0) return text;
	const rest = text.slice(label.length);
	return label.toLowerCase().startsWith("mailto") ? decoded(rest.split("?", 1)[0] ?? "") : rest;
}
function decoded(text) {
	if (!text.includes("%")) return text;
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
/** Not those of a quoted local part, `"jane"@x.org`: of it is said that it is one. */
function withoutOuterQuotes(text) {
	return /^"[^"]*"@/.test(text) ? text : withoutQuotes(text);
}
/** The one address in angle brackets behind a name (RFC 5322, section 3.4), in any brackets alone, or in those of a Markdown link. */
function outOfBrackets(text) {
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
function withAsciiDomain(text) {
	if (ASCII.test(text)) return text;
	const at = text.lastIndexOf("@");
	const domain = text.slice(at + 1);
	if (at === -1 || ASCII.test(domain) || !INTERNATIONAL.test(domain)) return text;
	const ascii = domainToASCII(domain);
	return ascii === "" ? text : text.slice(0, at + 1) + ascii;
}
// packages/roster/src/clean-mobile-no.ts
/** What has nothing to take off: almost every number. */
const PLAIN$1 = /^\(?\+?\d[\d ()./-]*\d$/;
/**
* A number without what programs and people write around it: `tel:`, `(work)`, quotes, a dot behind. Digits of other scripts
* and full-width signs become ASCII. What stands between the digits stays as the file has it, an extension too.
*/
function cleanMobileNo(value) {
	if (PLAIN$1.test(value)) return value;
	return unwrap(linesAsList(withAsciiDigits(halfWidth(withoutMarks(value))).trim(), SIX_DIGITS), WRAPPINGS);
}
/** Fewer are no number of their own. */
const SIX_DIGITS = /\d(?:\D*\d){5}/;
/** The zeros of the scripts whose digits people type; the other nine follow each. */
const ZEROS = [..."٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀០᠐"].map((zero) => zero.charCodeAt(0));
const FOREIGN_DIGIT = /(?!\d)\p{Nd}/gu;
function withAsciiDigits(text) {
	return text.replace(FOREIGN_DIGIT, (digit) => {
		const code = digit.charCodeAt(0);
		const zero = ZEROS.find((zero) => code >= zero && code <= zero + 9);
		return zero === void 0 ? digit : String(code - zero);
	});
}
const WRAPPINGS = [
	withoutPunctuation,
	withoutQuotes,
	withoutNotes,
	withoutLabel,
	withPlainExtension,
	withOnePlus
];
/** Words that say what kind of number it is. */
const KINDS = "tel|telephone|telefon|téléphone|teléfono|telefono|phone|mobile|mobil|mob|móvil|cell|cellular|cellulare|handy|gsm|natel|portable|work|office|business|home|private|privat|dienstlich|geschäftlich|main|direct";
/** In brackets anything goes that has no digits: `(work)`, `[private, evenings]`. */
const NOTE = "[([][^\\d()[\\]]{1,40}[)\\]]";
const NOTE_BEHIND = new RegExp(`\\s*${NOTE}$|\\s+(?:${KINDS})$`, "iu");
const NOTE_BEFORE = new RegExp(`^${NOTE}\\s*`, "iu");
function withoutNotes(text) {
	return text.replace(NOTE_BEFORE, "").replace(NOTE_BEHIND, "");
}
/** `tel:` as in links (RFC 3966), `Mobile: `, `M.`; a letter alone needs its sign. */
const LABEL = new RegExp(`^(?:(?:${KINDS}|callto|whatsapp)(?:\\s*[.:]+\\s*|\\s+)|[tmpchw]\\s*[.:]+\\s*)(?=[+(\\d])`, "iu");
function withoutLabel(text) {
	return text.replace(LABEL, "");
}
/** The extension of a link (RFC 3966), `;ext=11`, as people write it. */
function withPlainExtension(text) {
	return text.replace(/;ext=(?=\d)/i, " ext. ");
}
/** A country code that a program has put before a number with a plus of its own: `+44+7700…`. */
function withOnePlus(text) {
	return text.replace(/^(\+\d{1,3})\s?\+\s?(?=\d)/, "$1 ");
}
const COMPANY_NAME_NAMES = [
	{
		en: [
			"company name",
			"company full name",
			"company legal name",
			"legal company name",
			"name of company",
			"organisation name",
			"organization name",
			"org name",
			"employer name",
			"name of employer",
			"business name",
			"firm name",
			"company id name",
			"organization 1 name",
			"organisation 1 name"
		],
		de: [
			"firmenname",
			"firmenbezeichnung",
			"name der firma",
			"unternehmensname",
			"name des unternehmens",
			"name des arbeitgebers"
		],
		fr: [
			"nom de l'entreprise",
			"nom entreprise",
			"nom de la société",
			"nom société",
			"nom de l'employeur",
			"raison sociale",
			"dénomination sociale"
		],
		es: [
			"nombre de la empresa",
			"nombre de empresa",
			"nombre empresa",
			"nombre de la compañía",
			"razón social",
			"nombre de la organización"
		],
		pt: [
			"nome da empresa",
			"nome empresa",
			"razão social",
			"nome da organização"
		],
		it: [
			"nome azienda",
			"nome dell'azienda",
			"nome ditta",
			"nome società",
			"nome della società",
			"nome impresa",
			"ragione sociale",
			"denominazione sociale"
		],
		nl: [
			"bedrijfsnaam",
			"naam bedrijf",
			"naam werkgever",
			"firmanaam",
			"organisatienaam",
			"naam organisatie"
		],
		pl: [
			"nazwa firmy",
			"nazwa pracodawcy",
			"nazwa przedsiębiorstwa",
			"nazwa spółki"
		],
		cs: [
			"název firmy",
			"jméno firmy",
			"název společnosti",
			"název zaměstnavatele",
			"název organizace"
		],
		sv: [
			"företagsnamn",
			"bolagsnamn",
			"firmanamn",
			"organisationsnamn"
		],
		da: [
			"firmanavn",
			"virksomhedsnavn",
			"selskabsnavn"
		],
		no: [
			"firmanavn",
			"bedriftsnavn",
			"selskapsnavn",
			"organisasjonsnavn"
		],
		fi: [
			"yrityksen nimi",
			"työnantajan nimi",
			"yhtiön nimi"
		],
		tr: [
			"şirket adı",
			"şirket ismi",
			"firma adı",
			"firma ismi",
			"kurum adı"
		],
		ru: [
			"название компании",
			"наименование компании",
			"название организации",
			"наименование организации",
			"наименование предприятия"
		],
		uk: [
			"назва компанії",
			"найменування компанії",
			"назва організації",
			"найменування організації",
			"назва підприємства"
		],
		el: [
			"όνομα εταιρείας",
			"επωνυμία",
			"επωνυμία εταιρείας",
			"επωνυμία επιχείρησης"
		],
		hu: [
			"cégnév",
			"cég neve",
			"munkáltató neve"
		],
		ja: [
			"会社名",
			"所属会社名",
			"企業名",
			"勤務先名",
			"勤務先会社名",
			"法人名",
			"組織名",
			"団体名"
		],
		zh: [
			"公司名",
			"公司名称",
			"公司名稱",
			"单位名称",
			"企业名称",
			"企業名稱"
		],
		ko: [
			"회사명",
			"회사 이름",
			"소속 회사명",
			"기업명",
			"직장명",
			"업체명",
			"법인명"
		]
	},
	{
		en: [
			"company",
			"current company",
			"organisation",
			"organization",
			"employer",
			"current employer",
			"firm",
			"person organization",
			"person organisation"
		],
		de: [
			"firma",
			"unternehmen",
			"arbeitgeber",
			"gesellschaft",
			"betrieb",
			"firma organisation"
		],
		fr: [
			"entreprise",
			"société",
			"employeur",
			"compagnie",
			"organisme"
		],
		es: [
			"empresa",
			"compañía",
			"empleador",
			"sociedad",
			"organización"
		],
		pt: [
			"empresa",
			"companhia",
			"empregador",
			"entidade empregadora",
			"entidade patronal",
			"sociedade",
			"organização"
		],
		it: [
			"azienda",
			"ditta",
			"società",
			"impresa",
			"datore di lavoro",
			"organizzazione"
		],
		nl: [
			"bedrijf",
			"werkgever",
			"onderneming",
			"organisatie",
			"vennootschap"
		],
		pl: [
			"firma",
			"pracodawca",
			"przedsiębiorstwo",
			"spółka",
			"zakład pracy",
			"organizacja"
		],
		cs: [
			"firma",
			"společnost",
			"zaměstnavatel",
			"podnik",
			"organizace"
		],
		sv: [
			"företag",
			"arbetsgivare",
			"bolag"
		],
		da: [
			"firma",
			"virksomhed",
			"arbejdsgiver",
			"selskab"
		],
		no: [
			"firma",
			"bedrift",
			"arbeidsgiver",
			"selskap",
			"virksomhet",
			"foretak",
			"organisasjon"
		],
		fi: [
			"yritys",
			"työnantaja",
			"yhtiö",
			"organisaatio",
			"firma"
		],
		tr: [
			"şirket",
			"firma",
			"işveren",
			"kurum",
			"kuruluş",
			"işyeri",
			"organizasyon"
		],
		ru: [
			"компания",
			"организация",
			"работодатель",
			"фирма",
			"предприятие",
			"юридическое лицо",
			"юр. лицо",
			"место работы"
		],
		uk: [
			"компанія",
			"організація",
			"роботодавець",
			"фірма",
			"підприємство",
			"юридична особа",
			"місце роботи"
		],
		el: [
			"εταιρεία",
			"εταιρία",
			"επιχείρηση",
			"εργοδότης",
			"οργανισμός"
		],
		hu: [
			"cég",
			"vállalat",
			"munkáltató",
			"szervezet"
		],
		ja: [
			"会社",
			"所属会社",
			"企業",
			"勤務先",
			"雇用主"
		],
		zh: [
			"公司",
			"所属公司",
			"单位",
			"單位",
			"工作单位",
			"用人单位",
			"企业",
			"雇主",
			"组织",
			"机构"
		],
		ko: [
			"회사",
			"소속 회사",
			"기업",
			"직장",
			"고용주"
		]
	},
	{
		en: [
			"primary company",
			"associated company",
			"primary associated company",
			"account name",
			"subcompany",
			"legal entity",
			"legal entity name",
			"legal employer",
			"workplace",
			"institution"
		],
		de: [
			"tochtergesellschaft",
			"rechtliche einheit",
			"rechtsträger",
			"mandant"
		],
		fr: [
			"entité juridique",
			"filiale",
			"établissement"
		],
		es: ["entidad legal", "entidad jurídica"],
		pt: ["entidade legal", "estabelecimento"],
		it: ["entità legale"],
		nl: ["juridische entiteit"]
	}
];
/** An address at work before any, and one at home last. */
const EMAIL_NAMES = [
	{
		en: [
			"work email",
			"work email address",
			"business email",
			"business email address",
			"company email",
			"company email address",
			"corporate email",
			"office email",
			"official email",
			"professional email",
			"email work",
			"email business",
			"email address work",
			"work mail",
			"primary work email",
			"work email primary",
			"email primary work",
			"email address primary work",
			"public primary work email",
			"person email work",
			"work contact work email",
			"employee work email",
			"primary email",
			"primary email address",
			"primary smtp address"
		],
		de: [
			"geschäftliche e-mail",
			"geschäftliche e-mail-adresse",
			"dienstliche e-mail",
			"dienstliche e-mail-adresse",
			"berufliche e-mail",
			"e-mail geschäftlich",
			"e-mail dienstlich",
			"e-mail arbeit",
			"primäre e-mail-adresse",
			"firmen-e-mail",
			"arbeits-e-mail"
		],
		fr: [
			"e-mail professionnel",
			"e-mail pro",
			"mail professionnel",
			"mail pro",
			"courriel professionnel",
			"adresse e-mail professionnelle",
			"adresse mail professionnelle"
		],
		es: [
			"correo corporativo",
			"correo de trabajo",
			"correo laboral",
			"correo profesional",
			"correo institucional",
			"correo de empresa",
			"correo electrónico de trabajo",
			"correo electrónico corporativo",
			"correo electrónico laboral",
			"email corporativo",
			"email de trabajo"
		],
		pt: [
			"e-mail corporativo",
			"e-mail profissional",
			"e-mail de trabalho",
			"e-mail do trabalho",
			"e-mail comercial",
			"e-mail institucional",
			"e-mail da empresa"
		],
		it: [
			"e-mail aziendale",
			"e-mail lavoro",
			"e-mail di lavoro",
			"e-mail ufficio",
			"e-mail professionale",
			"mail aziendale",
			"indirizzo e-mail aziendale",
			"posta elettronica aziendale"
		],
		nl: [
			"werk e-mail",
			"werkmail",
			"e-mail werk",
			"e-mail zakelijk",
			"zakelijke e-mail",
			"zakelijk e-mailadres",
			"werk e-mailadres"
		],
		pl: [
			"e-mail służbowy",
			"służbowy e-mail",
			"adres e-mail służbowy",
			"służbowy adres e-mail",
			"e-mail firmowy",
			"firmowy e-mail"
		],
		cs: [
			"pracovní e-mail",
			"firemní e-mail",
			"služební e-mail",
			"e-mail do práce"
		],
		sv: [
			"arbetsmejl",
			"arbetsmail",
			"jobbmejl",
			"jobbmail",
			"e-post arbete",
			"e-post jobb",
			"e-post företag"
		],
		da: [
			"arbejdsmail",
			"arbejds-e-mail",
			"e-mail arbejde",
			"firmamail"
		],
		no: [
			"jobb-e-post",
			"e-post jobb",
			"arbeids-e-post",
			"e-post arbeid",
			"firma-e-post"
		],
		fi: [
			"työsähköposti",
			"työsähköpostiosoite",
			"sähköposti työ"
		],
		tr: [
			"iş e-postası",
			"iş e-posta",
			"iş e-posta adresi",
			"kurumsal e-posta",
			"kurumsal e-posta adresi",
			"şirket e-postası"
		],
		ru: [
			"рабочая почта",
			"рабочий e-mail",
			"рабочая электронная почта",
			"рабочий адрес электронной почты",
			"корпоративная почта",
			"корпоративный e-mail",
			"служебная почта"
		],
		uk: [
			"робоча пошта",
			"робочий e-mail",
			"робоча електронна пошта",
			"корпоративна пошта",
			"корпоративний e-mail"
		],
		el: [
			"εταιρικό email",
			"email εργασίας",
			"επαγγελματικό email"
		],
		hu: [
			"munkahelyi e-mail",
			"céges e-mail",
			"munkahelyi e-mail cím"
		],
		ja: [
			"会社メール",
			"会社メールアドレス",
			"勤務先メールアドレス",
			"職場メールアドレス",
			"仕事用メールアドレス",
			"社用メールアドレス",
			"業務用メールアドレス"
		],
		zh: [
			"工作邮箱",
			"公司邮箱",
			"企业邮箱",
			"办公邮箱",
			"工作邮件",
			"工作电子邮箱",
			"工作電子郵件",
			"公司電子郵件",
			"公司信箱"
		],
		ko: [
			"회사 이메일",
			"업무용 이메일",
			"업무 이메일",
			"직장 이메일",
			"사내 이메일",
			"회사 메일"
		]
	},
	{
		en: [
			"email",
			"emails",
			"email address",
			"email addr",
			"mail",
			"mail address",
			"email id",
			"employee email",
			"employee email address",
			"staff email",
			"worker email",
			"user email",
			"person email",
			"email value"
		],
		de: [
			"mailadresse",
			"e-mail-adresse",
			"e-mail mitarbeiter",
			"elektronische post"
		],
		fr: [
			"adresse mail",
			"adresse e-mail",
			"adresse électronique",
			"adresse de messagerie",
			"courriel",
			"adresse courriel",
			"courrier électronique",
			"adresse de courriel",
			"mél"
		],
		es: [
			"correo electrónico",
			"correo",
			"correo-e",
			"dirección de correo electrónico",
			"dirección de correo",
			"dirección de e-mail",
			"correos"
		],
		pt: [
			"endereço de e-mail",
			"endereço e-mail",
			"correio eletrônico",
			"correio electrónico",
			"endereço eletrônico",
			"endereço de correio electrónico",
			"endereço de correio eletrónico"
		],
		it: [
			"indirizzo mail",
			"indirizzo e-mail",
			"posta elettronica",
			"indirizzo di posta elettronica",
			"recapito e-mail"
		],
		nl: [
			"mailadres",
			"e-mailadres",
			"elektronische post"
		],
		pl: [
			"adres e-mail",
			"poczta elektroniczna",
			"adres poczty elektronicznej",
			"poczta"
		],
		cs: [
			"e-mailová adresa",
			"adresa e-mail",
			"elektronická pošta"
		],
		sv: [
			"mailadress",
			"e-post",
			"e-postadress",
			"mejl",
			"mejladress"
		],
		da: [
			"mailadresse",
			"e-mailadresse",
			"e-post",
			"e-postadresse"
		],
		no: [
			"mailadresse",
			"e-post",
			"e-postadresse",
			"e-postadr"
		],
		fi: [
			"sähköposti",
			"sähköpostiosoite",
			"s-posti"
		],
		tr: [
			"mail adresi",
			"e-posta",
			"e-posta adresi",
			"e-mail adresi",
			"elektronik posta",
			"eposta adresi"
		],
		ru: [
			"электронная почта",
			"эл. почта",
			"почта",
			"адрес электронной почты",
			"адрес эл. почты",
			"электронный адрес",
			"e-mail адрес",
			"имейл",
			"емейл",
			"электронка"
		],
		uk: [
			"електронна пошта",
			"ел. пошта",
			"пошта",
			"адреса електронної пошти",
			"адреса ел. пошти",
			"електронна адреса",
			"e-mail адреса",
			"імейл"
		],
		el: [
			"ηλεκτρονικό ταχυδρομείο",
			"ηλ. ταχυδρομείο",
			"διεύθυνση email",
			"διεύθυνση ηλεκτρονικού ταχυδρομείου",
			"ηλεκτρονική διεύθυνση",
			"ηλ. διεύθυνση"
		],
		hu: [
			"e-mail cím",
			"e-mail címe",
			"elektronikus levelezési cím"
		],
		ja: [
			"メール",
			"メールアドレス",
			"Eメール",
			"Eメールアドレス",
			"電子メール",
			"電子メールアドレス",
			"メアド"
		],
		zh: [
			"邮箱",
			"邮箱地址",
			"电子邮箱",
			"电子邮件",
			"电子邮件地址",
			"电子邮箱地址",
			"邮件",
			"邮件地址",
			"電子郵件",
			"電子郵件地址",
			"電子信箱",
			"電郵",
			"電郵地址",
			"信箱"
		],
		ko: [
			"이메일",
			"이메일 주소",
			"메일",
			"메일 주소",
			"전자우편",
			"전자 메일",
			"전자 메일 주소",
			"전자우편 주소"
		]
	},
	{ en: [
		"contact email",
		"contact email address",
		"windows email address",
		"smtp address"
	] },
	{ en: [
		"user principal name",
		"upn",
		"login email",
		"sign in email"
	] },
	{
		en: [
			"private email",
			"private email address",
			"personal email",
			"personal email address",
			"home email",
			"home email address",
			"email home",
			"email personal",
			"email private",
			"other email",
			"other mails",
			"secondary email",
			"secondary email address",
			"alternate email",
			"alternate email address",
			"alternative email",
			"person email home",
			"person email other",
			"personal contact personal email"
		],
		de: [
			"sekundäre e-mail-adresse",
			"private e-mail",
			"private e-mail-adresse",
			"e-mail privat",
			"persönliche e-mail"
		],
		fr: [
			"e-mail personnel",
			"e-mail perso",
			"mail personnel",
			"courriel personnel",
			"adresse e-mail personnelle"
		],
		es: [
			"correo personal",
			"correo electrónico personal",
			"email personal",
			"correo particular"
		],
		pt: ["e-mail pessoal", "e-mail particular"],
		it: [
			"e-mail personale",
			"e-mail privata",
			"indirizzo e-mail personale"
		],
		nl: [
			"privé e-mail",
			"e-mail privé",
			"privé e-mailadres",
			"persoonlijk e-mailadres"
		],
		pl: [
			"e-mail prywatny",
			"prywatny e-mail",
			"prywatny adres e-mail"
		],
		cs: ["osobní e-mail", "soukromý e-mail"],
		sv: [
			"privat e-post",
			"e-post privat",
			"privat e-postadress"
		],
		da: [
			"privat e-mail",
			"privatmail",
			"e-mail privat"
		],
		no: [
			"privat e-post",
			"e-post privat",
			"privat e-postadresse"
		],
		fi: [
			"henkilökohtainen sähköposti",
			"yksityinen sähköposti",
			"oma sähköposti"
		],
		tr: [
			"kişisel e-posta",
			"özel e-posta",
			"kişisel e-posta adresi"
		],
		ru: [
			"личная почта",
			"личный e-mail",
			"личная электронная почта"
		],
		uk: [
			"особиста пошта",
			"особистий e-mail",
			"особиста електронна пошта"
		],
		el: ["προσωπικό email"],
		hu: [
			"privát e-mail",
			"személyes e-mail",
			"magán e-mail"
		],
		ja: [
			"個人メール",
			"個人メールアドレス",
			"自宅メールアドレス"
		],
		zh: [
			"个人邮箱",
			"私人邮箱",
			"個人信箱",
			"个人电子邮箱",
			"私人電郵"
		],
		ko: [
			"개인 이메일",
			"개인 메일",
			"개인 이메일 주소"
		]
	}
];
// packages/roster/src/header-names/employee-name.ts
const FULL = {
	en: [
		"employee name",
		"employee full name",
		"emp name",
		"full name",
		"complete name",
		"formatted name",
		"contact name",
		"contact full name",
		"cn",
		"common name",
		"staff name",
		"worker name",
		"person name",
		"associate name",
		"member name",
		"name and surname",
		"name surname",
		"first and last name",
		"first name and last name",
		"first name last name",
		"last name first name"
	],
	de: [
		"vollständiger name",
		"voller name",
		"vollname",
		"vor- und nachname",
		"vor- und zuname",
		"vorname und nachname",
		"vorname nachname",
		"nachname vorname",
		"name vorname",
		"vorname name",
		"mitarbeitername",
		"name des mitarbeiters",
		"name mitarbeiter",
		"personenname",
		"name der person"
	],
	fr: [
		"nom complet",
		"nom et prénom",
		"nom et prénoms",
		"noms et prénoms",
		"nom prénom",
		"prénom et nom",
		"prénom nom",
		"nom de l'employé",
		"nom du salarié",
		"nom du collaborateur"
	],
	es: [
		"nombre completo",
		"nombre y apellidos",
		"nombre y apellido",
		"nombres y apellidos",
		"nombre apellidos",
		"apellidos y nombre",
		"apellido y nombre",
		"apellidos y nombres",
		"apellidos nombre",
		"nombre del empleado",
		"nombre empleado",
		"nombre del trabajador"
	],
	pt: [
		"nome completo",
		"nome e sobrenome",
		"nome e apelido",
		"nome do funcionário",
		"nome funcionário",
		"nome do colaborador",
		"nome do empregado",
		"nome do trabalhador"
	],
	it: [
		"nome completo",
		"nome e cognome",
		"nome cognome",
		"cognome e nome",
		"cognome nome",
		"nominativo",
		"nome dipendente",
		"nome del dipendente"
	],
	nl: [
		"volledige naam",
		"voor- en achternaam",
		"voornaam en achternaam",
		"voornaam achternaam",
		"medewerkersnaam",
		"naam medewerker",
		"naam werknemer"
	],
	pl: [
		"imię i nazwisko",
		"imię nazwisko",
		"imiona i nazwisko",
		"nazwisko i imię",
		"nazwisko imię",
		"nazwisko i imiona",
		"pełne imię i nazwisko",
		"imię i nazwisko pracownika"
	],
	cs: [
		"jméno a příjmení",
		"jméno příjmení",
		"příjmení a jméno",
		"příjmení jméno",
		"celé jméno",
		"jméno zaměstnance"
	],
	sv: [
		"fullständigt namn",
		"hela namnet",
		"för- och efternamn",
		"förnamn och efternamn",
		"förnamn efternamn",
		"medarbetarnamn",
		"namn anställd"
	],
	da: [
		"fulde navn",
		"fuldt navn",
		"for- og efternavn",
		"fornavn og efternavn",
		"fornavn efternavn",
		"medarbejdernavn",
		"navn medarbejder"
	],
	no: [
		"fullt navn",
		"for- og etternavn",
		"fornavn og etternavn",
		"fornavn etternavn",
		"ansattnavn",
		"navn på ansatt"
	],
	fi: [
		"koko nimi",
		"etu- ja sukunimi",
		"etunimi ja sukunimi",
		"etunimi sukunimi",
		"sukunimi ja etunimi",
		"sukunimi etunimi",
		"työntekijän nimi"
	],
	tr: [
		"ad soyad",
		"ad ve soyad",
		"adı soyadı",
		"adı ve soyadı",
		"adı soyad",
		"isim soyisim",
		"isim soyad",
		"tam ad",
		"tam adı",
		"çalışan adı",
		"çalışan adı soyadı",
		"personel adı",
		"personel adı soyadı"
	],
	ru: [
		"фио",
		"фио сотрудника",
		"сотрудник фио",
		"полное имя",
		"имя и фамилия",
		"имя фамилия",
		"фамилия и имя",
		"фамилия имя",
		"фамилия имя отчество",
		"имя сотрудника"
	],
	uk: [
		"піб",
		"піб співробітника",
		"піб працівника",
		"повне ім'я",
		"ім'я та прізвище",
		"ім'я і прізвище",
		"прізвище та ім'я",
		"прізвище ім'я",
		"прізвище ім'я по батькові"
	],
	el: [
		"ονοματεπώνυμο",
		"ονοματεπώνυμο εργαζομένου",
		"πλήρες όνομα",
		"όνομα και επώνυμο",
		"όνομα επώνυμο",
		"επώνυμο και όνομα",
		"όνομα εργαζομένου"
	],
	hu: [
		"teljes név",
		"munkavállaló neve",
		"dolgozó neve",
		"alkalmazott neve"
	],
	ja: [
		"氏名",
		"従業員名",
		"従業員氏名",
		"社員名",
		"社員氏名",
		"職員名",
		"スタッフ名",
		"フルネーム",
		"姓名"
	],
	zh: [
		"姓名",
		"员工姓名",
		"員工姓名",
		"职员姓名",
		"人员姓名",
		"联系人姓名",
		"中文姓名",
		"全名"
	],
	ko: [
		"성명",
		"성함",
		"직원명",
		"직원 이름",
		"직원 성명",
		"사원명",
		"사원 이름",
		"사원 성명",
		"전체 이름"
	]
};
/** The name that programs show of a person. Where they have the full name as well, it may be a handle: in Slack it is. */
const SHOWN = {
	en: ["display name", "payroll name"],
	de: ["anzeigename"],
	fr: ["nom d'affichage", "nom affiché"],
	es: ["nombre para mostrar"],
	pt: ["nome de exibição"],
	it: ["nome visualizzato"],
	nl: ["weergavenaam"],
	pl: ["nazwa wyświetlana"],
	cs: ["zobrazované jméno"],
	sv: ["visningsnamn"],
	da: ["vist navn"],
	no: ["visningsnavn"],
	fi: ["näyttönimi"],
	tr: ["görünen ad"],
	ru: ["отображаемое имя"],
	ja: ["表示名"],
	zh: ["显示名称"],
	ko: ["표시 이름"]
};
/** As it stands in papers. People are called otherwise. */
const LEGAL = { en: ["legal name", "legal full name"] };
/** What a whole name is called, and in some files one part of it: `Name` beside `Vorname`, `Nom` beside `Prénom`. */
const NAME = {
	en: ["name"],
	de: ["name"],
	fr: ["nom", "noms"],
	es: ["nombre", "nombres"],
	pt: ["nome"],
	it: ["nome"],
	nl: ["naam"],
	cs: ["jméno"],
	sv: ["namn"],
	da: ["navn"],
	no: ["navn"],
	fi: ["nimi"],
	tr: ["isim"],
	ru: ["имя"],
	uk: ["ім'я"],
	el: ["όνομα"],
	hu: ["név"],
	ja: ["名前", "お名前"],
	zh: ["名字"],
	ko: ["이름"]
};
const EMPLOYEE_NAME_NAMES = [
	FULL,
	SHOWN,
	LEGAL,
	NAME,
	{
		en: [
			"employee",
			"staff member",
			"worker",
			"person",
			"team member",
			"colleague"
		],
		de: [
			"mitarbeiter",
			"mitarbeiterin",
			"mitarbeitende",
			"angestellter",
			"beschäftigter",
			"arbeitnehmer",
			"person"
		],
		fr: [
			"employé",
			"employée",
			"salarié",
			"collaborateur",
			"personne"
		],
		es: [
			"empleado",
			"empleada",
			"trabajador",
			"colaborador",
			"persona"
		],
		pt: [
			"funcionário",
			"colaborador",
			"empregado",
			"trabalhador",
			"pessoa"
		],
		it: [
			"dipendente",
			"collaboratore",
			"lavoratore",
			"impiegato",
			"persona"
		],
		nl: [
			"medewerker",
			"werknemer",
			"personeelslid",
			"persoon"
		],
		pl: [
			"pracownik",
			"zatrudniony",
			"osoba"
		],
		cs: [
			"zaměstnanec",
			"pracovník",
			"osoba"
		],
		sv: [
			"anställd",
			"medarbetare",
			"person"
		],
		da: [
			"medarbejder",
			"ansat",
			"person"
		],
		no: [
			"ansatt",
			"medarbeider",
			"arbeidstaker",
			"person"
		],
		fi: ["työntekijä", "henkilö"],
		tr: [
			"çalışan",
			"personel",
			"kişi"
		],
		ru: [
			"сотрудник",
			"работник",
			"человек"
		],
		uk: [
			"співробітник",
			"працівник",
			"особа"
		],
		el: ["εργαζόμενος", "υπάλληλος"],
		hu: [
			"munkavállaló",
			"dolgozó",
			"alkalmazott"
		],
		ja: [
			"従業員",
			"社員",
			"職員",
			"担当者"
		],
		zh: [
			"员工",
			"員工",
			"职员",
			"職員",
			"雇员",
			"人员"
		],
		ko: [
			"직원",
			"사원",
			"근로자"
		]
	}
];
const WHOLE_OR_PART_RANK = EMPLOYEE_NAME_NAMES.indexOf(NAME);
/** A mobile number before any other, and one at work before one at home. */
const MOBILE_NO_NAMES = [
	{
		en: [
			"work mobile",
			"work mobile no",
			"work mobile number",
			"work mobile phone",
			"work cell",
			"work cell phone",
			"mobile work",
			"business mobile",
			"business mobile phone",
			"business cell",
			"company mobile",
			"company mobile phone",
			"company cell phone",
			"office mobile",
			"phone mobile work",
			"work contact work mobile"
		],
		de: [
			"diensthandy",
			"firmenhandy",
			"geschäftshandy",
			"mobil geschäftlich",
			"mobil dienstlich",
			"handy geschäftlich",
			"handy dienstlich",
			"mobiltelefon geschäftlich",
			"dienstliche mobilnummer",
			"dienstliche handynummer"
		],
		fr: [
			"portable professionnel",
			"portable pro",
			"mobile professionnel",
			"mobile pro",
			"téléphone portable professionnel"
		],
		es: [
			"móvil de trabajo",
			"móvil corporativo",
			"móvil empresa",
			"móvil profesional",
			"celular de trabajo",
			"celular corporativo"
		],
		pt: [
			"telemóvel profissional",
			"telemóvel da empresa",
			"telemóvel de serviço",
			"celular profissional",
			"celular corporativo"
		],
		it: [
			"cellulare aziendale",
			"cellulare lavoro",
			"cellulare di lavoro"
		],
		nl: [
			"werk mobiel",
			"mobiel werk",
			"zakelijk mobiel",
			"mobiel zakelijk",
			"zakelijk mobiel nummer"
		],
		pl: [
			"komórka służbowa",
			"służbowy telefon komórkowy",
			"telefon komórkowy służbowy"
		],
		cs: [
			"pracovní mobil",
			"firemní mobil",
			"služební mobil"
		],
		sv: [
			"arbetsmobil",
			"jobbmobil",
			"tjänstemobil",
			"mobil arbete",
			"mobil jobb"
		],
		da: [
			"arbejdsmobil",
			"firmamobil",
			"mobil arbejde"
		],
		no: [
			"jobbmobil",
			"mobil jobb",
			"mobil arbeid"
		],
		fi: [
			"työmatkapuhelin",
			"työkännykkä",
			"matkapuhelin työ"
		],
		tr: [
			"iş cep telefonu",
			"iş cep",
			"kurumsal cep telefonu"
		],
		ru: [
			"рабочий мобильный",
			"рабочий мобильный телефон",
			"корпоративный мобильный",
			"служебный мобильный"
		],
		uk: [
			"робочий мобільний",
			"робочий мобільний телефон",
			"корпоративний мобільний"
		],
		el: ["εταιρικό κινητό", "κινητό εργασίας"],
		hu: ["céges mobil", "munkahelyi mobil"],
		ja: [
			"会社携帯",
			"社用携帯",
			"社用携帯番号",
			"業務用携帯"
		],
		zh: [
			"工作手机",
			"公司手机",
			"工作手机号"
		],
		ko: [
			"업무용 휴대폰",
			"회사 휴대폰",
			"업무용 휴대전화"
		]
	},
	{
		en: [
			"person phone mobile",
			"mobile",
			"mobile no",
			"mobile number",
			"mobile num",
			"mobile phone",
			"mobile phone no",
			"mobile phone number",
			"mobile tel",
			"mobile telephone",
			"mobile telephone number",
			"mobile contact number",
			"mob",
			"mob no",
			"phone mobile",
			"phone number mobile",
			"telephone mobile",
			"primary mobile",
			"employee mobile",
			"employee mobile no",
			"employee mobile number",
			"cell",
			"cell no",
			"cell number",
			"cell phone",
			"cell phone no",
			"cell phone number",
			"phone cell",
			"cellular",
			"cellular phone",
			"cellular number",
			"handphone",
			"handphone no",
			"handphone number",
			"gsm",
			"gsm no",
			"gsm number"
		],
		de: [
			"handy",
			"handynummer",
			"handynr",
			"mobil",
			"mobilnummer",
			"mobilnr",
			"mobiltelefon",
			"mobiltelefonnummer",
			"mobiltel",
			"mobilfunk",
			"mobilfunknummer",
			"mobilrufnummer",
			"mobile rufnummer",
			"telefon mobil",
			"tel. mobil",
			"telefonnummer mobil",
			"natel"
		],
		fr: [
			"portable",
			"téléphone portable",
			"téléphone mobile",
			"tél. portable",
			"tél. mobile",
			"tél. port.",
			"numéro de portable",
			"numéro de mobile",
			"numéro portable",
			"n° portable",
			"n° de portable",
			"n° mobile",
			"numéro de téléphone portable",
			"numéro de téléphone mobile",
			"cellulaire",
			"téléphone cellulaire"
		],
		es: [
			"móvil",
			"teléfono móvil",
			"tel. móvil",
			"número de móvil",
			"número móvil",
			"n.º de móvil",
			"n.º móvil",
			"celular",
			"cel.",
			"teléfono celular",
			"número de celular",
			"número celular"
		],
		pt: [
			"telemóvel",
			"número de telemóvel",
			"n.º telemóvel",
			"n.º de telemóvel",
			"telefone móvel",
			"celular",
			"telefone celular",
			"tel. celular",
			"número de celular",
			"número do celular"
		],
		it: [
			"cellulare",
			"telefono cellulare",
			"tel. cellulare",
			"numero di cellulare",
			"numero cellulare",
			"n. cellulare",
			"numero di telefono cellulare",
			"telefono mobile",
			"numero mobile",
			"telefonino"
		],
		nl: [
			"mobiel",
			"mobiel nummer",
			"mobiele nummer",
			"mobiele telefoon",
			"mobiel telefoonnummer",
			"telefoon mobiel",
			"gsm-nummer",
			"06-nummer"
		],
		pl: [
			"telefon komórkowy",
			"tel. komórkowy",
			"tel. kom.",
			"komórka",
			"nr komórki",
			"numer komórki",
			"numer komórkowy",
			"numer telefonu komórkowego",
			"nr telefonu komórkowego",
			"nr tel. kom."
		],
		cs: [
			"mobil",
			"mobilní telefon",
			"mobilní tel.",
			"telefon mobilní",
			"číslo mobilu",
			"mobilní číslo"
		],
		sv: [
			"mobil",
			"mobilnummer",
			"mobilnr",
			"mobiltelefon",
			"mobiltelefonnummer",
			"mobiltel"
		],
		da: [
			"mobil",
			"mobilnummer",
			"mobilnr",
			"mobiltelefon",
			"mobiltelefonnummer",
			"mobiltlf"
		],
		no: [
			"mobil",
			"mobilnummer",
			"mobilnr",
			"mobiltelefon",
			"mobiltelefonnummer",
			"mobiltlf"
		],
		fi: [
			"matkapuhelin",
			"matkapuhelinnumero",
			"matkapuhelimen numero",
			"kännykkä",
			"kännykkänumero",
			"mobiili"
		],
		tr: [
			"cep",
			"cep no",
			"cep tel",
			"cep telefon",
			"cep telefonu",
			"cep telefonu no",
			"cep telefonu numarası",
			"cep numarası",
			"gsm numarası",
			"mobil",
			"mobil telefon"
		],
		ru: [
			"мобильный",
			"мобильный телефон",
			"моб. телефон",
			"моб. тел.",
			"моб.",
			"мобильный номер",
			"номер мобильного",
			"номер мобильного телефона",
			"сотовый",
			"сотовый телефон",
			"номер сотового"
		],
		uk: [
			"мобільний",
			"мобільний телефон",
			"моб. телефон",
			"моб. тел.",
			"мобільний номер",
			"номер мобільного",
			"номер мобільного телефону"
		],
		el: [
			"κινητό",
			"κινητό τηλέφωνο",
			"τηλέφωνο κινητό",
			"κιν.",
			"αριθμός κινητού",
			"αρ. κινητού"
		],
		hu: [
			"mobil",
			"mobilszám",
			"mobiltelefon",
			"mobiltelefonszám"
		],
		ja: [
			"携帯",
			"携帯番号",
			"携帯電話",
			"携帯電話番号",
			"携帯TEL",
			"モバイル",
			"スマホ"
		],
		zh: [
			"手机",
			"手机号",
			"手机号码",
			"移动电话",
			"移动电话号码",
			"手機",
			"手機號碼",
			"行動電話",
			"行動電話號碼",
			"流動電話"
		],
		ko: [
			"휴대폰",
			"휴대폰 번호",
			"휴대전화",
			"휴대전화 번호",
			"핸드폰",
			"핸드폰 번호",
			"모바일",
			"이동전화"
		]
	},
	{
		en: [
			"personal mobile",
			"personal mobile number",
			"private mobile",
			"home mobile",
			"personal cell",
			"personal cell phone",
			"mobile home",
			"mobile private",
			"mobile personal",
			"personal contact personal mobile"
		],
		de: [
			"mobil privat",
			"handy privat",
			"private handynummer",
			"private mobilnummer",
			"privathandy"
		],
		fr: [
			"portable personnel",
			"portable perso",
			"mobile personnel",
			"mobile perso"
		],
		es: [
			"móvil personal",
			"celular personal",
			"móvil particular"
		],
		pt: ["telemóvel pessoal", "celular pessoal"],
		it: ["cellulare personale", "cellulare privato"],
		nl: ["privé mobiel", "mobiel privé"],
		pl: ["komórka prywatna", "prywatny telefon komórkowy"],
		cs: ["soukromý mobil", "osobní mobil"],
		sv: ["privat mobil", "mobil privat"],
		da: ["privat mobil", "mobil privat"],
		no: ["privat mobil", "mobil privat"],
		fi: ["oma matkapuhelin", "henkilökohtainen matkapuhelin"],
		tr: ["kişisel cep telefonu", "kişisel cep"],
		ru: ["личный мобильный", "личный мобильный телефон"],
		uk: ["особистий мобільний", "особистий мобільний телефон"],
		el: ["προσωπικό κινητό"],
		hu: ["magán mobil", "privát mobil"],
		ja: ["個人携帯", "個人携帯番号"],
		zh: ["个人手机", "私人手机"],
		ko: ["개인 휴대폰", "개인 휴대전화"]
	},
	{
		en: [
			"work phone",
			"work phone no",
			"work phone number",
			"work telephone",
			"work telephone number",
			"work tel",
			"phone work",
			"phone number work",
			"telephone work",
			"office phone",
			"office phone no",
			"office phone number",
			"office telephone",
			"office tel",
			"phone office",
			"business phone",
			"business phones",
			"business phone no",
			"business phone number",
			"business telephone",
			"business telephone number",
			"phone business",
			"direct line",
			"direct dial",
			"direct phone",
			"ddi",
			"desk phone",
			"primary work phone",
			"public primary work phone",
			"phone primary work",
			"work phone primary",
			"person phone work",
			"work contact work phone"
		],
		de: [
			"telefon geschäftlich",
			"telefon dienstlich",
			"telefonnummer dienstlich",
			"telefonnummer geschäftlich",
			"telefon arbeit",
			"telefon büro",
			"tel. geschäftlich",
			"tel. dienstlich",
			"geschäftstelefon",
			"diensttelefon",
			"bürotelefon",
			"dienstliche telefonnummer",
			"geschäftliche telefonnummer",
			"durchwahl"
		],
		fr: [
			"téléphone professionnel",
			"téléphone pro",
			"téléphone bureau",
			"tél. professionnel",
			"tél. pro",
			"tél. bureau",
			"ligne directe"
		],
		es: [
			"teléfono de trabajo",
			"teléfono del trabajo",
			"teléfono trabajo",
			"teléfono laboral",
			"teléfono de oficina",
			"teléfono oficina",
			"teléfono corporativo"
		],
		pt: [
			"telefone comercial",
			"telefone de trabalho",
			"telefone do trabalho",
			"telefone profissional",
			"tel. comercial"
		],
		it: [
			"telefono ufficio",
			"telefono aziendale",
			"telefono lavoro",
			"telefono di lavoro",
			"tel. ufficio"
		],
		nl: [
			"werktelefoon",
			"telefoon werk",
			"telefoon zakelijk",
			"zakelijke telefoon",
			"zakelijk telefoonnummer",
			"telefoonnummer werk"
		],
		pl: [
			"telefon służbowy",
			"służbowy telefon",
			"tel. służbowy",
			"telefon firmowy",
			"telefon do pracy",
			"telefon biurowy"
		],
		cs: [
			"pracovní telefon",
			"firemní telefon",
			"služební telefon",
			"telefon do práce"
		],
		sv: [
			"arbetstelefon",
			"jobbtelefon",
			"telefon arbete",
			"telefon jobb",
			"direktnummer"
		],
		da: [
			"arbejdstelefon",
			"telefon arbejde",
			"direkte telefon"
		],
		no: [
			"jobbtelefon",
			"arbeidstelefon",
			"telefon jobb",
			"telefon arbeid"
		],
		fi: [
			"työpuhelin",
			"työpuhelinnumero",
			"puhelin työ"
		],
		tr: [
			"iş telefonu",
			"iş telefon",
			"iş tel",
			"ofis telefonu"
		],
		ru: [
			"рабочий телефон",
			"раб. телефон",
			"раб. тел.",
			"рабочий номер",
			"служебный телефон",
			"телефон рабочий"
		],
		uk: [
			"робочий телефон",
			"роб. телефон",
			"службовий телефон",
			"телефон робочий"
		],
		el: [
			"τηλέφωνο εργασίας",
			"τηλέφωνο γραφείου",
			"τηλ. εργασίας"
		],
		hu: [
			"munkahelyi telefon",
			"munkahelyi telefonszám",
			"céges telefon"
		],
		ja: [
			"会社電話",
			"会社電話番号",
			"勤務先電話",
			"勤務先電話番号",
			"職場電話番号",
			"直通電話"
		],
		zh: [
			"办公电话",
			"工作电话",
			"公司电话",
			"办公座机",
			"辦公電話",
			"公司電話",
			"工作電話"
		],
		ko: [
			"회사 전화",
			"회사 전화번호",
			"직장 전화",
			"직장 전화번호",
			"사무실 전화",
			"사무실 전화번호",
			"업무 전화"
		]
	},
	{
		en: [
			"person phone",
			"employee phone",
			"employee phone number",
			"phone",
			"phones",
			"phone no",
			"phone num",
			"phone number",
			"ph no",
			"telephone",
			"telephone no",
			"telephone number",
			"tel",
			"tel no",
			"tel number",
			"contact no",
			"contact number",
			"contact phone",
			"contact phone number",
			"primary phone",
			"primary phone number",
			"employee phone",
			"employee phone number",
			"phone value"
		],
		de: [
			"telefon",
			"telefonnummer",
			"telefonnr",
			"tel-nr",
			"rufnummer",
			"fon"
		],
		fr: [
			"téléphone",
			"tél.",
			"numéro de téléphone",
			"numéro téléphone",
			"num. de téléphone",
			"num. tél.",
			"n° de téléphone",
			"n° téléphone",
			"n° tél."
		],
		es: [
			"teléfono",
			"teléfonos",
			"telf.",
			"tfno.",
			"tlf.",
			"número de teléfono",
			"n.º de teléfono",
			"n.º teléfono",
			"núm. teléfono",
			"teléfono de contacto"
		],
		pt: [
			"telefone",
			"fone",
			"número de telefone",
			"n.º telefone",
			"n.º de telefone",
			"telefone de contato",
			"telefone de contacto",
			"contacto telefónico"
		],
		it: [
			"telefono",
			"numero di telefono",
			"numero telefono",
			"numero telefonico",
			"n. telefono",
			"n. di telefono",
			"recapito telefonico"
		],
		nl: [
			"telefoon",
			"telefoonnummer",
			"telefoonnr",
			"telnr"
		],
		pl: [
			"telefon",
			"numer telefonu",
			"nr telefonu",
			"nr tel.",
			"numer tel.",
			"telefon kontaktowy"
		],
		cs: [
			"telefon",
			"telefonní číslo",
			"číslo telefonu",
			"tel. číslo"
		],
		sv: [
			"telefon",
			"telefonnummer",
			"telefonnr",
			"telnr",
			"tfn"
		],
		da: [
			"telefon",
			"telefonnummer",
			"telefonnr",
			"tlf.",
			"tlf. nr."
		],
		no: [
			"telefon",
			"telefonnummer",
			"telefonnr",
			"tlf.",
			"tlf. nr."
		],
		fi: [
			"puhelin",
			"puhelinnumero",
			"puh.",
			"puhelinnro",
			"puh. nro"
		],
		tr: [
			"telefon",
			"telefon no",
			"telefon numarası"
		],
		ru: [
			"телефон",
			"номер телефона",
			"тел.",
			"№ телефона",
			"№ тел.",
			"контактный телефон"
		],
		uk: [
			"телефон",
			"номер телефону",
			"тел.",
			"№ телефону",
			"контактний телефон"
		],
		el: [
			"τηλέφωνο",
			"τηλ.",
			"αριθμός τηλεφώνου",
			"αρ. τηλεφώνου",
			"τηλέφωνο επικοινωνίας"
		],
		hu: ["telefon", "telefonszám"],
		ja: [
			"電話",
			"電話番号",
			"連絡先電話番号"
		],
		zh: [
			"电话",
			"电话号码",
			"联系电话",
			"電話",
			"電話號碼",
			"聯絡電話"
		],
		ko: [
			"전화",
			"전화번호",
			"연락처",
			"연락처 전화번호"
		]
	},
	{
		en: [
			"person phone home",
			"person phone other",
			"personal contact home phone",
			"home phone",
			"home phone no",
			"home phone number",
			"home telephone",
			"home telephone number",
			"home tel",
			"home number",
			"phone home",
			"personal phone",
			"personal phone number",
			"private phone",
			"phone private",
			"phone personal",
			"other phone",
			"secondary phone",
			"alternate phone",
			"landline",
			"landline number"
		],
		de: [
			"telefon privat",
			"telefonnummer privat",
			"tel. privat",
			"privattelefon",
			"private telefonnummer",
			"festnetz",
			"festnetznummer",
			"telefon festnetz"
		],
		fr: [
			"téléphone fixe",
			"tél. fixe",
			"fixe",
			"téléphone domicile",
			"téléphone personnel",
			"tél. personnel"
		],
		es: [
			"teléfono fijo",
			"fijo",
			"teléfono personal",
			"teléfono particular"
		],
		pt: [
			"telefone residencial",
			"telefone fixo",
			"telefone pessoal"
		],
		it: [
			"telefono fisso",
			"telefono casa",
			"telefono abitazione",
			"telefono privato"
		],
		nl: [
			"telefoon privé",
			"telefoon thuis",
			"vaste telefoon",
			"privé telefoonnummer"
		],
		pl: [
			"telefon prywatny",
			"telefon domowy",
			"telefon stacjonarny"
		],
		cs: [
			"soukromý telefon",
			"osobní telefon",
			"telefon domů",
			"pevná linka"
		],
		sv: [
			"hemtelefon",
			"telefon hem",
			"telefon privat"
		],
		da: [
			"privattelefon",
			"telefon privat",
			"hjemmetelefon",
			"fastnet"
		],
		no: [
			"privattelefon",
			"telefon privat",
			"hjemmetelefon"
		],
		fi: ["kotipuhelin", "lankapuhelin"],
		tr: [
			"ev telefonu",
			"ev tel",
			"sabit telefon"
		],
		ru: [
			"домашний телефон",
			"дом. телефон",
			"личный телефон",
			"городской телефон"
		],
		uk: [
			"домашній телефон",
			"особистий телефон",
			"міський телефон"
		],
		el: [
			"τηλέφωνο οικίας",
			"τηλέφωνο σπιτιού",
			"σταθερό τηλέφωνο",
			"σταθερό"
		],
		hu: ["otthoni telefon", "vezetékes telefon"],
		ja: [
			"自宅電話",
			"自宅電話番号",
			"固定電話"
		],
		zh: [
			"家庭电话",
			"固定电话",
			"座机",
			"住宅电话",
			"住家電話",
			"固定電話"
		],
		ko: [
			"집 전화",
			"집 전화번호",
			"자택 전화",
			"자택 전화번호",
			"유선 전화"
		]
	}
];
/** In columns of their own, a person's names are joined in the order that the language of the columns writes. */
const EMPLOYEE_NAME_PARTS = {
	parts: {
		given: [{
			en: [
				"first name",
				"person first name",
				"first names",
				"given name",
				"given names",
				"forename",
				"forenames",
				"fname",
				"first",
				"employee first name"
			],
			de: [
				"vorname",
				"vornamen",
				"rufname"
			],
			fr: [
				"prénom",
				"prénoms",
				"premier prénom"
			],
			es: [
				"primer nombre",
				"nombre de pila",
				"nombre propio"
			],
			pt: [
				"primeiro nome",
				"nome próprio",
				"nomes próprios"
			],
			it: ["nome di battesimo", "primo nome"],
			nl: [
				"voornaam",
				"voornamen",
				"roepnaam"
			],
			pl: [
				"imię",
				"imiona",
				"pierwsze imię"
			],
			cs: ["křestní jméno"],
			sv: ["förnamn", "tilltalsnamn"],
			da: ["fornavn", "fornavne"],
			no: ["fornavn"],
			fi: [
				"etunimi",
				"etunimet",
				"kutsumanimi"
			],
			tr: [
				"ad",
				"adı",
				"ilk ad",
				"ön ad"
			],
			ru: ["личное имя"],
			uk: ["власне ім'я"],
			el: ["μικρό όνομα"],
			hu: ["keresztnév", "utónév"],
			ja: ["名"],
			zh: ["名"]
		}, { en: [
			"legal first name",
			"preferred first name",
			"christian name"
		] }],
		middle: [{
			en: [
				"middle name",
				"middle names",
				"middle initial",
				"mi",
				"middle",
				"additional name",
				"legal middle name"
			],
			de: [
				"zweiter vorname",
				"mittelname",
				"weitere vornamen"
			],
			fr: [
				"deuxième prénom",
				"second prénom",
				"autres prénoms"
			],
			es: ["segundo nombre"],
			pt: ["nome do meio", "segundo nome"],
			it: ["secondo nome"],
			nl: [
				"tussenvoegsel",
				"tussenvoegsels",
				"voorvoegsel"
			],
			pl: ["drugie imię"],
			cs: ["prostřední jméno", "druhé jméno"],
			sv: ["mellannamn"],
			da: ["mellemnavn"],
			no: ["mellomnavn"],
			fi: ["toinen nimi"],
			tr: [
				"ikinci ad",
				"ikinci adı",
				"göbek adı"
			],
			ru: ["отчество"],
			uk: ["по батькові"],
			el: ["μεσαίο όνομα"]
		}],
		family: [{
			en: [
				"last name",
				"last names",
				"surname",
				"surnames",
				"family name",
				"lname",
				"last",
				"sn",
				"employee last name",
				"person last name"
			],
			de: [
				"nachname",
				"familienname",
				"zuname"
			],
			fr: ["nom de famille", "patronyme"],
			es: [
				"apellido",
				"apellidos",
				"primer apellido",
				"apellido paterno",
				"apellido 1"
			],
			pt: [
				"sobrenome",
				"sobrenomes",
				"apelido",
				"apelidos",
				"último nome",
				"nome de família"
			],
			it: ["cognome"],
			nl: ["achternaam", "familienaam"],
			pl: ["nazwisko"],
			cs: ["příjmení"],
			sv: ["efternamn", "släktnamn"],
			da: ["efternavn"],
			no: ["etternavn"],
			fi: ["sukunimi"],
			tr: [
				"soyad",
				"soyadı",
				"soyisim"
			],
			ru: ["фамилия"],
			uk: ["прізвище"],
			el: ["επώνυμο", "επίθετο"],
			hu: ["vezetéknév", "családnév"],
			ja: [
				"姓",
				"氏",
				"苗字",
				"名字"
			],
			zh: ["姓", "姓氏"],
			ko: ["성", "성씨"]
		}, { en: ["legal last name", "preferred last name"] }],
		secondFamily: [{
			en: [
				"second last name",
				"second surname",
				"secondary last name"
			],
			es: [
				"segundo apellido",
				"apellido materno",
				"apellido 2"
			],
			pt: ["segundo apelido"]
		}]
	},
	wholeOrPartRank: WHOLE_OR_PART_RANK
};
// packages/roster/src/likeness.ts
const ADDRESS = /^[^\s@]+@[^\s@]+$/;
/** Whether a whole cell is an e-mail address, good or not. */
function isAddress(cell) {
	return ADDRESS.test(cell.trim());
}
function likeEmail(values) {
	return share(values, (value) => isAddress(cleanEmail(value)));
}
/** What is written as no other number is: with a plus, a zero or signs that divide it, or very long. */
const TELEPHONE_LIKE = /^[+(0]|[ ().\-/]|\d{9}/;
function likeMobileNo(values) {
	const numbers = values.map(cleanMobileNo).filter((value) => checkMobileNo(value).length === 0);
	return Math.min(numbers.length / values.length, 2 * share(numbers, (value) => TELEPHONE_LIKE.test(value)));
}
/** Legal forms, as companies have them behind their name; a few languages have them in front. */
const LEGAL_FORM = /(?:^|[\s,.])(?:ltd|limited|inc|incorporated|corp|corporation|co|company|llc|llp|plc|pty|gmbh|mbh|ag|kg|kgaa|ug|ohg|e\.?v|e\.?k|gbr|se|sa|s\.a|sas|sarl|eurl|sci|sl|s\.l|slu|sau|srl|s\.r\.l|spa|s\.p\.a|snc|sas|lda|ltda|s\/a|bv|b\.v|nv|n\.v|vof|cv|sp\.? ?z ?o\.? ?o|s\.?a|sp\.? ?j|sp\.? ?k|s\.?r\.?o|a\.?s|spol|ab|hb|aps|a\/s|ivs|as|asa|oy|oyj|tmi|a\.?ş|a\.?s|şti|ооо|оао|зао|пао|ао|ип|тов|пат|прат|фоп|αε|επε|ικε|kft|zrt|nyrt|bt|group|holding|holdings|bank|university|hospital)\.?(?:$|[\s,.)])|株式会社|有限会社|合同会社|公司|集团|集團|주식회사|㈜|\(주\)|（株）|㈱/iu;
const HAS_LETTERS = /\p{L}{2}|\p{Script=Han}|\p{Script=Hangul}/u;
const NAME_SHAPE = /^\p{L}[\p{L}\p{M}'’.-]*(?:[ ,]+\p{L}[\p{L}\p{M}'’.-]*){1,4}$/u;
const CJK_NAME = /^(?:\p{Script=Han}|\p{Script=Hangul}|[\p{Script=Katakana}ー\p{Script=Hiragana}\s・])(?:[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}ー\s・]){1,9}$/u;
/** Names are of two words or more, and hardly two people of a company have the same. */
function likeEmployeeName(values) {
	const shaped = share(values, (value) => NAME_SHAPE.test(value) || CJK_NAME.test(value));
	return share(values, isText) * (shaped + variety(values)) * .5 * (1 - share(values, (value) => LEGAL_FORM.test(value)));
}
/** Companies have a legal form, or the same company many employees. */
function likeCompanyName(values) {
	const legal = share(values, (value) => LEGAL_FORM.test(value));
	return share(values, isText) * Math.min(1, Math.max(2 * legal, 1.5 * (1 - variety(values))));
}
function isText(value) {
	return HAS_LETTERS.test(value) && !isAddress(value) && !/^\w+:\/\//.test(value);
}
/** 0: all values are the same; 1: no two are. Of one value alone nobody knows. */
function variety(values) {
	if (values.length < 2) return 1;
	return (new Set(values).size - 1) / (values.length - 1);
}
function share(values, matches) {
	return values.length === 0 ? 0 : values.filter(matches).length / values.length;
}
// packages/roster/src/name-rules.ts
const NAME_MAX = 200;
function checkName(value) {
	return tooLong(value, NAME_MAX);
}
/**
* UTF-16 units of a name that may still be short enough: no character of NFC is written with more than four. Longer ones are
* too long as they are; to normalise a sequence of combining marks takes time by the square of its length (64 KiB: 0.3 s).
*/
const NORMALISED_MAX = 800;
/** Below it NFC changes nothing: no character is a combining mark, or written with one. */
const MAYBE_COMPOSED = /[\u0300-\uffff]/;
/**
* The same letters are the same text, however a program writes their accents (Unicode Standard Annex 15, NFC). A name that
* nobody sees is none.
*/
function cleanName(value) {
	const name = trimMarks(value);
	if (isInvisible(name)) return "";
	return name.length > NORMALISED_MAX || !MAYBE_COMPOSED.test(name) ? name : name.normalize("NFC");
}
// packages/roster/src/column-declarations.ts
/**
* The columns of an employee: the one place where they are declared. Their order is that of a file without a header, of
* rows on the wire and of the files that Rowferry writes. New columns go to the end: a file without a header may leave out
* optional columns there.
*/
const COLUMN_DECLARATIONS = [
	{
		name: "employee_name",
		required: true,
		isText: true,
		headerNames: EMPLOYEE_NAME_NAMES,
		partNames: EMPLOYEE_NAME_PARTS,
		likeness: likeEmployeeName,
		clean: cleanName,
		check: checkName,
		searched: true,
		sorted: true,
		examples: [
			"Jane Doe",
			"José García",
			"Zoë Müller"
		]
	},
	{
		name: "company_name",
		required: true,
		isText: true,
		headerNames: COMPANY_NAME_NAMES,
		oneForAll: true,
		likeness: likeCompanyName,
		clean: cleanName,
		check: checkName,
		sorted: true,
		examples: [
			"Acme Ltd",
			"Oak, Ltd",
			"Müller & Söhne GmbH"
		]
	},
	{
		name: "mobile_no",
		required: false,
		headerNames: MOBILE_NO_NAMES,
		numbered: true,
		likeness: likeMobileNo,
		clean: cleanMobileNo,
		check: checkMobileNo,
		description: "As the file has it, but for what stands around it and for digits of other scripts; null where the file has no number.",
		examples: ["+44 20 7946 0958", "0791 234567"]
	},
	{
		name: "email",
		isKey: true,
		required: true,
		headerNames: EMAIL_NAMES,
		numbered: true,
		likeness: likeEmail,
		clean: cleanEmail,
		check: checkEmail,
		normalise: (email) => email.toLowerCase(),
		searched: true,
		sorted: true,
		description: "In lower case, of one employee only.",
		examples: ["jane@acme.com", "jose@example.org"]
	}
];
// packages/roster/src/columns.ts
/** What is declared of each column, in its order. */
const DECLARATIONS = COLUMN_DECLARATIONS;
/** The columns of an employee, in the order in which a file without a header has them. */
const COLUMNS$1 = [COLUMN_DECLARATIONS[0].name, ...namesOf$1(DECLARATIONS.slice(1))];
/** A file fails that lacks one of these. */
const REQUIRED_COLUMNS = namesOf$1(DECLARATIONS.filter(({ required }) => required));
/** `searchTerm` looks into these. */
const SEARCHED_COLUMNS = namesOf$1(DECLARATIONS.filter(({ searched }) => searched));
const SORTED_COLUMNS = COLUMN_DECLARATIONS.filter(isSorted).map(({ name }) => name);
/** The column by which employees are told apart. */
const KEY_COLUMN = onlyKey(COLUMN_DECLARATIONS.filter(isKey));
/** The column by which people tell employees apart: uploads warn where a row changes it. */
const NAME_COLUMN = "employee_name";
/** All columns but the key: what a row can change of an employee. */
const VALUE_COLUMNS = COLUMNS$1.filter((column) => column !== KEY_COLUMN);
/** What is declared of a column. */
function declarationOf(column) {
	return DECLARATION_OF[column];
}
/** A value for each column. */
function byColumn(value) {
	const values = {};
	for (const column of COLUMNS$1) values[column] = value(column);
	return values;
}
const DECLARATION_OF = Object.fromEntries(DECLARATIONS.map((declaration) => [declaration.name, declaration]));
function namesOf$1(declarations) {
	return declarations.map(({ name }) => name);
}
function isSorted(declaration) {
	return "sorted" in declaration;
}
function isKey(declaration) {
	return "isKey" in declaration;
}
function onlyKey([key, ...others]) {
	if (key === void 0 || others.length > 0) throw new Error("one column must be the key");
	return key.name;
}
// packages/roster/src/blank-words.ts
/**
* Words with which programs and people write that there is no value. Only as programs write them: `NULL` and `null` are
* among them, `Null`, `Nil` and `Nan` are not, since these are names of people. The list is that of pandas
* (https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html, `na_values`), with what databases, JavaScript and Ruby
* write, and with what people type.
*/
const PROGRAM_WORDS = [
	...[
		"NULL",
		"null",
		"(null)",
		"(NULL)",
		"[null]",
		"[NULL]",
		"<null>",
		"<NULL>",
		"\\N",
		"nil",
		"(nil)",
		"<nil>"
	],
	...[
		"None",
		"none",
		"NONE",
		"<none>",
		"(none)",
		"undefined",
		"NaN",
		"nan",
		"-NaN",
		"-nan",
		"<NA>",
		"NaT"
	],
	...[
		"1.#IND",
		"-1.#IND",
		"1.#QNAN",
		"-1.#QNAN",
		"#N/A N/A",
		"[object Object]",
		"(blank)",
		"(empty)",
		"<empty>"
	],
	...[
		"N/A",
		"n/a",
		"N/a",
		"n.a.",
		"N.A.",
		"n. a.",
		"n/d",
		"N/D",
		"n/v",
		"k.A.",
		"k. A.",
		"k.a.",
		"K.A.",
		"./.",
		"-/-"
	]
];
/** Names of people too, as files with names in capitals have them: blanks where the whole value is nothing else. */
const WORDS_ALONE = [
	"NA",
	"na",
	"NIL",
	"NAN"
];
/**
* What spreadsheets show where a formula failed, in the languages of Excel; LibreOffice writes `Err:502` too
* (https://support.microsoft.com/en-us/office/error-values, https://help.libreoffice.org/latest/en-US/text/scalc/05/02140000.html).
*/
const FORMULA_ERRORS = [
	...[
		"#N/A",
		"#NA",
		"#NV",
		"#N/D",
		"#N/B",
		"#Н/Д",
		"#REF!",
		"#BEZUG!",
		"#¡REF!",
		"#RIF!",
		"#VERW!",
		"#ADR!",
		"#ССЫЛКА!"
	],
	...[
		"#VALUE!",
		"#WERT!",
		"#VALEUR!",
		"#¡VALOR!",
		"#VALOR!",
		"#VALORE!",
		"#WAARDE!",
		"#ARG!",
		"#ЗНАЧ!",
		"#VÄRDEFEL!"
	],
	...[
		"#NAME?",
		"#NOM?",
		"#¿NOMBRE?",
		"#NOME?",
		"#NAAM?",
		"#NAZWA?",
		"#ИМЯ?",
		"#NAMN?",
		"#NAVN?"
	],
	...[
		"#DIV/0!",
		"#¡DIV/0!",
		"#DEEL/0!",
		"#DZIEL/0!",
		"#ДЕЛ/0!",
		"#DIVISION/0!",
		"#NULL!",
		"#NUL!",
		"#¡NULO!",
		"#NULO!"
	],
	...[
		"#LEEG!",
		"#ZERO!",
		"#ПУСТО!",
		"#NUM!",
		"#ZAHL!",
		"#NOMBRE!",
		"#¡NUM!",
		"#NÚM!",
		"#GETAL!",
		"#LICZBA!",
		"#ЧИСЛО!"
	],
	...[
		"#SPILL!",
		"#ÜBERLAUF!",
		"#CALC!",
		"#KALK!",
		"#FIELD!",
		"#FELD!",
		"#BLOCKED!",
		"#CONNECT!",
		"#UNKNOWN!",
		"#BUSY!"
	],
	...[
		"#GETTING_DATA",
		"#ERROR!",
		"#FEHLER!"
	]
];
const LIBREOFFICE_ERROR = /^Err:\d{3}$/;
/** Nothing but signs that stand in a cell so that it is not empty: `-`, `--`, `.`, `…`, `?`, `_`, `/`, `*`; `###` is a column too narrow. */
const SIGNS = /^[-\u2010-\u2015\u2212_.…?/*~#\s]+$/;
const BLANK_WORDS = /* @__PURE__ */ new Set([...PROGRAM_WORDS, ...FORMULA_ERRORS]);
const BLANK_ALONE = new Set(WORDS_ALONE);
const LENGTH_MAX = 20;
/** A word that is repeated stands for a name in parts, `undefined undefined`. */
const WORDS_MAX = 4;
/** What they all begin with, by its code. Almost every value begins with another letter, and is passed over with this one look. */
const BEGINNINGS = new Set([..."NnuEkK1#-_.…?/*~\\(<[‐‑‒–—―−"].map((sign) => sign.charCodeAt(0)));
const MAYBE_BLANK = Uint8Array.from({ length: 8723 }, (_, code) => BEGINNINGS.has(code) ? 1 : 0);
function maybeBlank(value) {
	return MAYBE_BLANK[value.charCodeAt(0)] === 1;
}
/**
* Whether a cell, which is one part of a value or all of it, has nothing but a word that stands for no value, such as `NULL`,
* `N/A`, `\N`, `-` or `#REF!`. Nothing is trimmed.
*/
function isBlankWord(cell) {
	if (!maybeBlank(cell) || cell.length > LENGTH_MAX) return false;
	return BLANK_WORDS.has(cell) || SIGNS.test(cell) || LIBREOFFICE_ERROR.test(cell);
}
/** Whether a whole value stands for none: one such word, also several times. */
function standsForNothing(value) {
	if (!maybeBlank(value) || value.length > 80) return false;
	return isBlankWord(value) || BLANK_ALONE.has(value) || isRepeated(value);
}
function isRepeated(value) {
	const words = value.split(/\s+/, 5);
	return words.length > 1 && words.length <= WORDS_MAX && words.every(isBlankWord);
}
// packages/roster/src/employee.ts
/**
* Checks one row against the rules of an employee and brings it into stored form.
*
* @returns the employee, or every error of the row: one for each rule that a column breaks, in column order.
*/
function checkRow(values) {
	const employee = {};
	const errors = [];
	for (const declaration of COLUMN_DECLARATIONS) {
		const { name, clean } = declaration;
		const value = toValue(values[name], clean);
		const violations = value === "" ? blankViolations(declaration, values[name]) : violationsOf(declaration, value);
		for (const { code, message } of violations) errors.push({
			code,
			column: name,
			message: `${name} ${message}`
		});
		employee[name] = value === "" ? null : normalise(declaration, value);
	}
	const [first, ...others] = errors;
	if (first !== void 0) return {
		ok: false,
		errors: [first, ...others]
	};
	return {
		ok: true,
		employee
	};
}
const NONE = [];
/**
* Unicode's `Cc`, and what stands for bytes that are no character in the file's encoding (WHATWG Encoding, "decode"): both at
* once, as almost no value has one.
*/
const CONTROL_OR_UNREADABLE = /[\p{Cc}\ufffd]/u;
const CONTROL_CHARACTER = /\p{Cc}/u;
/** The cleaned value of a cell: blank where it has only a word that stands for nothing, also in what `clean` takes off. */
function toValue(cell, clean) {
	const text = trimMarks(cell);
	if (standsForNothing(text)) return "";
	const value = clean(text);
	return value !== text && standsForNothing(value) ? "" : value;
}
function blankViolations({ required }, cell) {
	if (!required) return NONE;
	return [{
		code: "required",
		message: isInvisible(cell) ? "is empty" : "has only a word or sign that stands for no value, such as NULL or N/A"
	}];
}
function violationsOf({ check }, value) {
	return CONTROL_OR_UNREADABLE.test(value) ? [unreadable(value)] : check(value);
}
function unreadable(value) {
	return CONTROL_CHARACTER.test(value) ? {
		code: "control_character",
		message: "contains a control character"
	} : {
		code: "unreadable_character",
		message: "contains a character that could not be read (U+FFFD)"
	};
}
function normalise(declaration, value) {
	return declaration.normalise === void 0 ? value : declaration.normalise(value);
}
// packages/roster/src/failure.ts
/** Why a file as a whole could not be read. The texts that users see are in docs/errors.md. */
const FAILURE_CODES = [
	"empty_file",
	"not_csv",
	"unknown_encoding",
	"missing_columns",
	"ambiguous_columns",
	"too_many_columns",
	"settings_mismatch",
	"profile_mismatch",
	"invalid_settings",
	"file_too_large",
	"object_gone",
	"upload_interrupted",
	"internal"
];
new RegExp(`^'*${MARK_OR_SPACE.source}*[=+\\-@\\0＝＋－＠]`, "u");
/** What programs separate cells with. One that is set to another than that of the file begins a cell behind it. */
const SEPARATORS = ",;\\t\\r\\n";
const INNER_FORMULA = `(?='*(?:(?![${SEPARATORS}])${MARK_OR_SPACE.source})*[=+\\-@\\0＝＋－＠])`;
new RegExp(`([${SEPARATORS}])${INNER_FORMULA}`, "gu");
new RegExp(`([${SEPARATORS}])'${INNER_FORMULA}`, "gu");
const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
new RegExp(`^(?:\\+?\\d[\\d.,/:-]*|\\d+(?:[.,]\\d+)?e[+-]?\\d+|true|false|${MONTH}[ ./-]?\\d{1,4}|\\d{1,2}[ ./-]?${MONTH}(?:[ ./-]?\\d{2,4})?)$`, "i");
// packages/roster/src/header/cells.ts
/** Cells that a header may have: as many columns as a sheet of Excel or LibreOffice has. */
const CELLS_MAX = 16384;
// packages/roster/src/warning.ts
/**
* What an upload warns of: what was guessed of the file, and values that look damaged. The rows land all the same. The texts
* that users see are in docs/files.md, "Warnings".
*/
const WARNING_CODES = [
	"encoding_guessed",
	"lines_skipped",
	"column_chosen",
	"html_entities",
	"markup",
	"mojibake",
	"lost_characters",
	"shifted_values",
	"shared_address",
	"names_changed"
];
// packages/roster/src/header-names/languages.ts
/** Languages whose header names are known. The names that programs write are under `en`, as most of them are English. */
const LANGUAGES = [
	"en",
	"de",
	"fr",
	"es",
	"pt",
	"it",
	"nl",
	"pl",
	"cs",
	"sv",
	"da",
	"no",
	"fi",
	"tr",
	"ru",
	"uk",
	"el",
	"hu",
	"ja",
	"zh",
	"ko"
];
/** The parts of a person's name that files have in columns of their own. What stands before and after it is left out. */
const NAME_PARTS = [
	"given",
	"middle",
	"family",
	"secondFamily"
];
/** The names in `headerNames`, by rank. */
function ranksOf(headerNames) {
	const plain = [];
	const ranks = [];
	for (const entry of headerNames) if (typeof entry === "string") plain.push(entry);
	else ranks.push(entry);
	return plain.length > 0 ? [{ en: plain }, ...ranks] : ranks;
}
// packages/roster/src/header/fold-name.ts
/** Letters that Unicode does not decompose, as people write them who do not have them. */
const PLAIN_LETTERS = {
	ß: "ss",
	æ: "a",
	œ: "o",
	ø: "o",
	ł: "l",
	đ: "d",
	ð: "d",
	þ: "th",
	ı: "i",
	ς: "σ"
};
const SPECIAL$1 = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "gu");
/** German and Nordic umlauts are written with an `e` where a keyboard lacks them: `Geschaeftlich`, `Buero`. */
const UMLAUT = /([aou])e/g;
/**
* What is compared of a header name. Left out are case, accents, spaces of any kind, `_`, `-` and all other punctuation, and
* a byte order mark in the text. Not for long texts: normalising takes time by the square of the length.
*/
function foldName(name) {
	return name.normalize("NFKC").toLowerCase().normalize("NFD").replace(/[^\p{L}\p{N}]|\p{Lm}(?<=[ʹʼʻ])/gu, "").replace(SPECIAL$1, (letter) => PLAIN_LETTERS[letter] ?? letter).replace(UMLAUT, "$1");
}
// packages/roster/src/header/known-names.ts
const NAMES_BY_COLUMN = COLUMNS$1.map((column) => ({
	column,
	names: namesOf(column)
}));
new Map(Object.entries(Object.groupBy(NAMES_BY_COLUMN.flatMap(({ names }) => names), ({ name }) => name)).map(([name, entries = []]) => [name, merged(entries.map(({ meaning }) => meaning))]));
new Map(NAMES_BY_COLUMN.map(({ column, names }) => [column, [...new Set(names.map(({ name }) => name))]]));
function namesOf(column) {
	const { headerNames, partNames } = declarationOf(column);
	const wholes = ranksOf(headerNames).flatMap((names, rank) => folded(names, {
		column,
		rank,
		part: void 0
	}));
	if (partNames === void 0) return wholes;
	const parts = NAME_PARTS.flatMap((part) => partNames.parts[part].flatMap((names, rank) => folded(names, {
		column,
		rank,
		part
	})));
	return [...wholes, ...parts];
}
function folded(names, meaning) {
	return LANGUAGES.flatMap((language) => (names[language] ?? []).map((name) => ({
		name: foldName(name),
		meaning: {
			...meaning,
			languages: [language]
		}
	})));
}
/** One meaning where several languages have the same word for the same thing. */
function merged(meanings) {
	const kept = [];
	for (const { column, part, rank, languages } of meanings) {
		const same = kept.find((other) => other.column === column && other.part === part && other.rank === rank);
		if (same === void 0) kept.push({
			column,
			part,
			rank,
			languages: [...languages]
		});
		else kept[kept.indexOf(same)] = {
			...same,
			languages: [...same.languages, ...languages]
		};
	}
	return kept;
}
COLUMNS$1.findLastIndex((column) => REQUIRED_COLUMNS.includes(column)) + 1;
COLUMNS$1.indexOf(KEY_COLUMN);
// packages/roster/src/outcome.ts
/**
* What became of a row. Every row of an upload ends in exactly one of these. Columns of counts, zero counts, sums and metrics
* derive from this list; the enum `row_outcome` and the columns of `upload_counts` are made by migrations, and tests compare
* them with it.
*/
const OUTCOMES = [
	"inserted",
	"updated",
	"unchanged",
	"superseded",
	"rejected",
	"dead"
];
/** Outcomes of rows that were not written, and that somebody has to correct or redrive. */
const FAILED_OUTCOMES = ["rejected", "dead"];
[...FAILED_OUTCOMES];
/** A value for each outcome. */
function byOutcome(value) {
	const values = {};
	for (const outcome of OUTCOMES) values[outcome] = value(outcome);
	return values;
}
function zeroCounts() {
	return byOutcome(() => 0);
}
// packages/roster/src/join-parts.ts
const CJK = "\\p{Script=Han}\\p{Script=Hangul}\\p{Script=Hiragana}\\p{Script=Katakana}ー々";
new RegExp(`[${CJK}]$`, "u");
new RegExp(`^[${CJK}]`, "u");
// packages/roster/src/row.ts
/** The values of a shaped row, without its line. */
function valuesOf$1(row) {
	return byColumn((column) => row[column]);
}
/** A row with this value in each column. */
function rowOf(line, value) {
	const row = { line };
	for (let index = 0; index < COLUMNS$1.length; index++) {
		const column = COLUMNS$1[index];
		row[column] = value(column, index);
	}
	return row;
}
// packages/roster/src/row-error-codes.ts
/** Every reason for which a row is rejected. The texts that users see are in docs/row-errors.md. */
const ROW_ERROR_CODES = [
	"required",
	"too_long",
	"control_character",
	"unreadable_character",
	"email_without_at",
	"email_with_several_ats",
	"several_emails",
	"email_with_space",
	"email_without_name",
	"email_quoted",
	"email_characters",
	"email_dots",
	"email_domain_without_dot",
	"email_ip_address",
	"email_domain",
	"invalid_email",
	"mobile_no_digits",
	"several_mobile_nos",
	"mobile_no_is_date",
	"mobile_no_is_email",
	"mobile_no_of_zeros",
	"mobile_no_letters",
	"mobile_no_brackets",
	"mobile_no_rounded",
	"mobile_no_decimal",
	"invalid_mobile_no",
	"field_count",
	"unclosed_quote",
	"field_too_long",
	"record_too_long",
	"database_refused",
	"delivery_failed"
];
// packages/roster/src/validate-row.ts
/** Whether a row may land: one that could not be shaped may not, the others are checked against the rules. */
function validateRow(row) {
	if ("errors" in row) return {
		ok: false,
		raw: row.raw,
		errors: row.errors
	};
	const check = checkRow(row);
	return check.ok ? check : {
		...check,
		raw: valuesOf$1(row)
	};
}
// packages/roster/src/damaged-text.ts
/** What Windows-1252 has for the bytes 0x80 to 0xBF, all bytes of a UTF-8 character but its first. */
const MARKS = "‘’“”‚„…–—";
const CONTINUATION = `[\\u0080-\\u00bf€ƒ†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ${MARKS}]`;
const CONTINUATION_BUT_MARKS = `[\\u0080-\\u00bf€ƒ†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]`;
new RegExp([
	`[ÂÃÄÅÎÏÐÑÕ×ØÙ]${CONTINUATION_BUT_MARKS}`,
	`[ÂÃÄÅÎÏÐÑ×ØÙ][${MARKS}]\\p{L}`,
	"È[˜™š›]",
	`[à-ï](?:${CONTINUATION_BUT_MARKS}${CONTINUATION}|${CONTINUATION}${CONTINUATION_BUT_MARKS})`,
	`ð${CONTINUATION}{3}`,
	"[√├┬][^\\s\\w]",
	"‚Ä[^\\s\\w]",
	"[ĂĹ][ˇ˘Ł¤Ą¦§¨©«¬®Ż°±˛ł´µ¶·¸ą»Ľ˝ľż‚„›‡…]",
	"(?:[РС][^\\sа-яА-Яa-zA-Z\\d.,()'\"-]){2}"
].join("|"), "u");
COLUMNS$1.filter((column) => declarationOf(column).isText);
COLUMNS$1.filter((column) => !declarationOf(column).isText);
[...SORTED_COLUMNS];
/** No two employees have the same of these: nothing needs to break a tie. */
const UNIQUE = /* @__PURE__ */ new Set(["id", KEY_COLUMN]);
/** For `order by`. @param table name or alias of what has the columns. */
function orderBy({ by, descending }, table) {
	const direction = descending ? "desc" : "asc";
	return columnsOf(by).map((column) => `${table}.${column} ${direction}`).join(", ");
}
/** An employee's value in this order, as it is in an `EmployeePosition`: JavaScript's dates have milliseconds only. */
function positionValue({ by }) {
	return by === "created_at" ? "cast(extract(epoch from created_at) * 1000000 as bigint)" : by;
}
/** The condition that an employee comes after the position that `positionBindings` binds. */
function isAfter({ by, descending }) {
	const values = columnsOf(by).map((column) => POSITION_BINDINGS[column]);
	return `(${columnsOf(by).join(", ")}) ${descending ? "<" : ">"} (${values.join(", ")})`;
}
const POSITION_BINDINGS = {
	...byColumn(() => ":afterValue"),
	id: "cast(:afterId as bigint)",
	created_at: "timestamptz 'epoch' + cast(:afterValue as bigint) * interval '1 microsecond'"
};
function columnsOf(by) {
	return UNIQUE.has(by) ? [by] : [by, "id"];
}
// packages/database/src/employees/employee-record.ts
/** The columns of an `EmployeeRecord`, for `select`. */
const EMPLOYEE_COLUMNS = `id, ${COLUMNS$1.join(", ")}, created_at, updated_at`;
// packages/database/src/employees/index-lookup.ts
const BY_TERM = { by: "term" };
/** The hundred keys that `analyze` leaves in the statistics. */
const SAMPLE = `
  sample as materialized (
    select unnest(cast(cast(histogram_bounds as text) as text[])) as key
    from pg_stats
    where tablename = 'employees' and attname = 'search_key'
      and cast(format('%I.%I', schemaname, tablename) as regclass) = cast('employees' as regclass)
  )`;
statement(`
  with ${SAMPLE},
  trigrams as (
    select substr(key, at, 3) as trigram, min(at) as at
    from search_key(:searchTerm) key, generate_series(1, length(key) - 2) at
    group by 1
  ),
  counted as (
    select trigram, at, (select count(*) from sample s where strpos(s.key, t.trigram) > 0) as hits
    from trigrams t
  )
  select trigram
  from counted
  where hits < cast(:rareShare as float8) * (select count(*) from sample)
  order by hits, at % 3, at
  limit :trigramsMax`);
statement(`
  with ${SAMPLE}
  select length(search_key(:searchTerm)) = 2
    and case count(*)
      when 0 then cast(:isRareNearby as boolean)
      else count(*) filter (where strpos(lower(key), lower(search_key(:searchTerm))) > 0)
        < cast(:rareShare as float8) * count(*)
    end as is_rare
  from sample`);
// packages/database/src/employees/employee-search.ts
/**
* The condition that `:searchTerm` occurs. The key has ASCII letters and digits for every character, so that whatever the
* term is the trigram index helps from three characters on, and nothing in it is a wildcard. Where the term's key could
* also mean something else, the values themselves are looked at: `J` stands for several characters, `4` for what is put
* between name and address. For all other terms the planner finds the second half to be true and leaves it out. `strpos`
* and not `ilike`: of that the planner believes that it leaves next to nothing.
*/
const matchesTerm = (lookup) => `
  ${hasKey(lookup)}
  and (
    search_key(:searchTerm) !~ '[J4]'
    or ${SEARCHED_COLUMNS.map(contains).join(" or ")}
  )`;
function contains(column) {
	const folded = (text) => `replace(lower(${text}), 'ς', 'σ')`;
	return `strpos(${folded(column)}, ${folded(":searchTerm")}) > 0`;
}
/** That the term's key occurs, said so that the index is asked for what the lookup says. */
function hasKey(lookup) {
	switch (lookup.by) {
		case "term": return `search_key like '%' || search_key(:searchTerm) || '%'`;
		case "trigrams": return [...lookup.trigrams.map(hasTrigram), "strpos(search_key, search_key(:searchTerm)) > 0"].join(" and ");
		case "pair": return `(search_key ~ (search_key(:searchTerm) || '[a-zA-Z0-9]') or search_key like '%' || search_key(:searchTerm))`;
	}
}
function hasTrigram(_trigram, index) {
	return `search_key like '%' || :trigram${index} || '%'`;
}
const IS_IN_COMPANY = "company_name = :company";
/** A condition for `where`; true for all when nothing is asked for. Takes the bindings of `filterBindings`. */
function matches({ searchTerm, company }, lookup = BY_TERM) {
	return allOf([searchTerm === void 0 ? "" : matchesTerm(lookup), company === void 0 ? "" : IS_IN_COMPANY]);
}
/** All conditions at once; empty ones hold for everything. */
function allOf(conditions) {
	const asked = conditions.filter((condition) => condition !== "");
	return asked.length === 0 ? "true" : asked.join(" and ");
}
// packages/database/src/employees/employee-page.ts
/** Ids in a block of `employee_counts`. */
const BLOCK_IDS = 65536;
/** From here on the blocks find the start of a page sooner than a walk over the index does. */
const FAR_OFFSET = 1e4;
statementBuilder((query) => {
	const isWhole = query.filter.company === void 0;
	const isFar = isWhole && query.order.by === "id" && query.after === void 0 && query.offset >= FAR_OFFSET;
	return withTotal(query.order, {
		total: isWhole ? COUNT_ALL : countUpTo(matches(query.filter)),
		ids: isFar ? idsFromBlock(query.order) : idsInOrder(query, "employees", matches(query.filter))
	});
});
statementBuilder(({ filter, order, after }) => `
    select ${selected(order)} from (
      select * from employees
      where ${allOf([matches({
	...filter,
	searchTerm: void 0
}), after === void 0 ? "" : isAfter(order)])}
      order by ${orderBy(order, "employees")} limit :nearRows
    ) e
    where ${matches({
	...filter,
	company: void 0
})}
    order by ${orderBy(order, "e")} limit :rows offset :offset`);
statementBuilder((query, lookup) => {
	return `
    with found as materialized (select ${query.order.by === "id" ? "id" : `id, ${query.order.by}`} from employees where ${matches(query.filter, lookup)})
    ${withTotal(query.order, {
		total: "select count(*) from (select from found limit :countRows) counted",
		ids: idsInOrder(query, "found", "")
	})}`;
});
statementBuilder(({ filter }, lookup) => countUpTo(matches(filter, lookup)));
/**
* A total and a page by two queries. The page is found by ids, so that only the index is read of the employees before it. The
* outer join gives the total even where the page is empty: one row of nulls.
*/
function withTotal(order, { total, ids }) {
	return `
    select t.total, e.*
    from (${total}) t (total)
    left join (select ${selected(order)} from employees where id in (${ids})) e on true
    order by ${orderBy(order, "e")}`;
}
const COUNT_ALL = "select cast(coalesce(sum(employees), 0) as bigint) from employee_counts";
function countUpTo(condition) {
	return `select count(*) from (select from employees where ${condition} limit :countRows) counted`;
}
/** @param table has the columns of the order: `employees`, or what was found of them. */
function idsInOrder({ order, after }, table, condition) {
	return `
    select id from ${table}
    where ${allOf([condition, after === void 0 ? "" : isAfter(order)])}
    order by ${orderBy(order, table)} limit :rows offset :offset`;
}
/** The same for all employees in order of id, beginning with the block in which the page begins. */
function idsFromBlock({ descending }) {
	const direction = descending ? "desc" : "asc";
	return `
    with blocks as (
      select id_block, sum(employees) as employees, sum(sum(employees)) over (order by id_block ${direction}) as up_to
      from employee_counts group by id_block
    ),
    start as (
      select ${descending ? `(id_block + 1) * ${BLOCK_IDS} - 1` : `id_block * ${BLOCK_IDS}`} as id, cast(:offset - (up_to - employees) as bigint) as skipped
      from blocks
      where up_to - employees <= :offset and up_to > :offset
    )
    select id from employees
    where id ${descending ? "<=" : ">="} (select id from start)
    order by id ${direction} limit :rows offset (select skipped from start)`;
}
function selected(order) {
	return `${EMPLOYEE_COLUMNS}, ${positionValue(order)} as position_value`;
}
// packages/database/src/employees/export-employees.ts
/** Employees fetched at a time: more are not faster, and each takes some 500 bytes until it is sent. */
const FETCH_ROWS = 1e3;
statementBuilder((filter, order) => `
    declare employee_export no scroll cursor for
    select ${EMPLOYEE_COLUMNS} from employees where ${matches(filter)} order by ${orderBy(order, "employees")}`);
statement(`fetch ${FETCH_ROWS} from employee_export`);
// packages/database/src/employees/search-index-maintenance.ts
/** Rows that a process writes between two merges: fewer while the search index is behind, more while it is not. */
const ROWS_BETWEEN = {
	min: 8e3,
	max: 64e3
};
/** With more pages of 8 KiB in the pending list, the index is behind: twice as many as writers that merge keep up with. */
const PAGES_BEHIND = 2e3;
/**
* What is written waits in a list (GIN's pending list,
* https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE) until a writer who comes upon more than 4 MB of it merges
* it into the search index; nobody else can meanwhile, and the others go on writing. Where they are faster than it, because
* the index is large or because they are many, the list grows by hundreds of MB: a write takes as long as its time limit
* is, and every search reads all of the list.
*
* So each process merges the list from time to time, and waits for one that is merging. Writers that are too fast wait.
* Only the index's owner may; for others, autovacuum has to do.
*/
const MERGE_PENDING = statement(`
  select gin_clean_pending_list(oid) as pages from pg_class
  where oid = to_regclass('employees_search') and pg_has_role(relowner, 'usage')`);
/** Merges the search index's pending list as this process writes rows. */
var SearchIndexMaintenance = class {
	#database;
	#rows = 0;
	#rowsBetween = ROWS_BETWEEN.min;
	constructor(database) {
		this.#database = database;
	}
	/** To be called after rows were written. @throws what the database throws; the rows stay written. */
	async wrote(rows) {
		this.#rows += rows;
		if (this.#rows < this.#rowsBetween) return;
		this.#rows = 0;
		const [merged] = await query(this.#database, MERGE_PENDING);
		const isBehind = (merged?.pages ?? 0) > PAGES_BEHIND;
		this.#rowsBetween = isBehind ? ROWS_BETWEEN.min : Math.min(2 * this.#rowsBetween, ROWS_BETWEEN.max);
	}
};
// packages/database/src/connection/sql-values.ts
/**
* An array as Postgres reads it in text form (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). A batch
* travels as a dozen of these: node-postgres's own conversion, and knex's look through every element for `undefined`,
* took a tenth of the consumer's time.
*/
function textArray(values) {
	return `{${values.map(quote).join(",")}}`;
}
/** The same for values that need no quotes: numbers and UUIDs. */
function plainArray(values) {
	return `{${values.join(",")}}`;
}
function quote(value) {
	if (value === null) return "NULL";
	return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : `"${value}"`;
}
const SPECIAL = /["\\]/;
/** JSON that jsonb can hold: it has no U+0000 and no lone surrogates, so U+FFFD stands for them. */
function toJsonb(value) {
	return JSON.stringify(value, (_, item) => {
		if (typeof item === "string") return toText(item);
		if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
		return Object.fromEntries(Object.entries(item).map(([key, inner]) => [toText(key), inner]));
	});
}
/** Text that Postgres can hold. */
function toText(value) {
	return value.toWellFormed().replaceAll("\0", "�");
}
// packages/database/src/uploads/upload-counts.ts
/** What is counted beside the outcomes, for warnings. */
const WARNING_COUNTS = ["names_changed", "shared_addresses"];
/** Something for each outcome, in one list: `eachOutcome((outcome) => `sum(${outcome})`)`. */
function eachOutcome(of, separator = ", ") {
	return OUTCOMES.map(of).join(separator);
}
/** The columns of counts, for `select` and `insert`. */
const COUNT_COLUMNS = eachOutcome((outcome) => outcome);
/** The rows of all outcomes in a row of `upload_counts`. */
const RECORDED = eachOutcome((outcome) => outcome, " + ");
/** A condition on counts: a row has failed. */
const HAS_FAILED_ROWS = FAILED_OUTCOMES.map((outcome) => `${outcome} > 0`).join(" or ");
/** A condition on a row of the ledger: it has failed. The index `upload_rows_failed` has the same. */
const IS_FAILED_ROW = `outcome in (${FAILED_OUTCOMES.map((outcome) => `'${outcome}'`).join(", ")})`;
/** A condition on a row of the ledger: it is superseded. The index `upload_rows_superseded` has the same. */
const IS_SUPERSEDED_ROW = `outcome = 'superseded'`;
/**
* Adds to the counts of each upload, in order of upload so that two batches cannot deadlock. The shard follows the
* connection: concurrent batches of one upload mostly add to different rows.
*
* @param amount of a column: an aggregate over `from`, which has the column `upload_id`.
* @param columns the ones that can occur in `from`.
*/
function addCounts(from, amount, columns) {
	return `
    insert into upload_counts as c (upload_id, shard, ${columns.join(", ")})
    select upload_id, pg_backend_pid() % 8, ${columns.map(amount).join(", ")}
    from ${from} group by upload_id order by upload_id
    on conflict (upload_id, shard) do update set
      ${columns.map((column) => `${column} = c.${column} + excluded.${column}`).join(", ")},
      updated_at = now()`;
}
// packages/database/src/failed-rows/dead-letters.ts
/** The reason in a dead row when none was saved, as when the database itself was unavailable. */
const UNKNOWN_REASON = "the reason is not known: it could not be recorded";
/**
* Records rows as dead, each with the saved reason of its message. A row that was written meanwhile stays as it is. One that
* is dead already, by the same dead letter or by another copy of its message, keeps the most attempts that any of them had,
* and the known reason: a dead letter that is delivered twice has none the second time.
*/
const RECORD_DEAD_ROWS = statement(`
  with dying as (
    select distinct on (t.upload_id, t.line) t.*, coalesce(f.reason, :unknown) as reason
    from unnest(:messageIds::text[], :uploadIds::uuid[], :lines::integer[], :attempts::smallint[], :raws::jsonb[])
      as t (message_id, upload_id, line, attempts, raw)
    left join delivery_failures f on f.message_id = t.message_id
    order by t.upload_id, t.line, t.attempts desc
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, 'dead', attempts, raw,
      jsonb_build_array(jsonb_build_object('code', 'delivery_failed', 'column', null, 'message', reason))
    from dying order by upload_id, line
    on conflict (upload_id, line) do update set
      attempts = greatest(r.attempts, excluded.attempts),
      errors = case when excluded.errors -> 0 ->> 'message' = :unknown then r.errors else excluded.errors end,
      recorded_at = now()
    where r.outcome = 'dead'
    returning r.upload_id, xmax = 0 as is_new
  ),
  cleared as (
    delete from delivery_failures where message_id = any (:messageIds::text[])
  )
  ${addCounts("entered where is_new", () => "count(*)", ["dead"])}`);
async function recordDeadRows(database, rows) {
	await query(database, RECORD_DEAD_ROWS, {
		unknown: UNKNOWN_REASON,
		messageIds: rows.map((row) => row.messageId),
		uploadIds: rows.map((row) => row.uploadId),
		lines: rows.map((row) => row.line),
		attempts: rows.map((row) => row.attempts),
		raws: rows.map((row) => toJsonb(row.raw))
	});
}
const SAVE_UNREADABLE_MESSAGE = statement("insert into unreadable_messages (message_id, queue, body, reason) values (?, ?, ?, ?) on conflict do nothing");
/** Saves a message that nobody can read, with its body, for an operator. Saving it again changes nothing. */
async function saveUnreadableMessage(database, message) {
	const { messageId, queue, body, reason } = message;
	await query(database, SAVE_UNREADABLE_MESSAGE, [
		toText(messageId),
		queue,
		toText(body),
		toText(reason)
	]);
}
// packages/database/src/failed-rows/failure-reasons.ts
const SAVE_FAILURE_REASONS = statement(`
  insert into delivery_failures as f (message_id, reason)
  select distinct on (message_id) message_id, reason from unnest(?::text[], ?::text[]) as t (message_id, reason)
  order by message_id
  on conflict (message_id) do update set reason = excluded.reason, attempts = f.attempts + 1, failed_at = now()
  returning f.message_id as id, f.attempts`);
/**
* Saves why messages failed, so that their rows can say so when they are dead.
*
* @returns how often each message, by its id, has failed and could say so.
*/
async function saveFailureReasons(database, failures) {
	const saved = await query(database, SAVE_FAILURE_REASONS, [failures.map(({ messageId }) => toText(messageId)), failures.map(({ reason }) => toText(reason))]);
	return new Map(saved.map(({ id, attempts }) => [id, attempts]));
}
const CLEAR_FAILURE_REASONS = statement("delete from delivery_failures where message_id = any (?::text[])");
/** Deletes the reasons of messages that were written after all. */
async function clearFailureReasons(database, messageIds) {
	await query(database, CLEAR_FAILURE_REASONS, [[...messageIds]]);
}
// packages/database/src/failed-rows/superseding-row.ts
/**
* The row that the employee of a superseded row of the ledger has now, as JSON: null when there is no such employee any more,
* and for rows that are not superseded. One look into an index for each row, so only for those of a page.
*/
const SUPERSEDED_BY = (row) => `case when ${row}.outcome = 'superseded' then (
    select jsonb_build_object('uploadId', e.upload_id, 'fileName', u.file_name, 'line', e.line)
    from employees e left join uploads u on u.id = e.upload_id
    where e.${KEY_COLUMN} = ${row}.raw ->> '${KEY_COLUMN}'
  ) end`;
// packages/database/src/failed-rows/list-failed-rows.ts
/** The filters that are set. Failed and superseded rows have an index each. */
function conditionOf({ uploadId, outcome }) {
	const conditions = [outcome === "superseded" ? IS_SUPERSEDED_ROW : IS_FAILED_ROW];
	if (uploadId !== void 0) conditions.push("upload_id = :uploadId");
	if (outcome !== void 0) conditions.push("outcome = :outcome::row_outcome");
	return conditions.join(" and ");
}
statementBuilder((filter) => `
    select upload_id, line, outcome, attempts, raw, coalesce(errors, '[]') as errors, ${SUPERSEDED_BY("r")} as superseded_by,
      recorded_at
    from (
      select * from upload_rows where ${conditionOf(filter)} order by upload_id, line limit :limit offset :offset
    ) r
    order by upload_id, line`);
statementBuilder((filter) => `select count(*) as total from upload_rows where ${conditionOf(filter)}`);
statement(`
  select line, raw, errors from upload_rows
  where upload_id = ? and line > ? and ${IS_FAILED_ROW} and outcome = any (?::row_outcome[])
  order by line limit ?`);
statement(`
  select line, raw, ${SUPERSEDED_BY("r")} as "supersededBy" from upload_rows r
  where upload_id = ? and line > ? and ${IS_SUPERSEDED_ROW}
  order by line limit ?`);
statement(`
  select dead, (status = 'stalled' or failure ->> 'code' in ('internal', 'object_gone')) is true as "mustReread"
  from upload_status where id = ?`);
statement("update uploads set redriven_at = now(), marked_completed_at = null where id = ?");
statement(`
  delete from upload_rows r
  using (
    select line from upload_rows
    where upload_id = :uploadId and outcome = 'dead' and line > :afterLine
    order by line limit :limit for update
  ) d
  where r.upload_id = :uploadId and r.line = d.line
  returning r.line, r.raw`);
statement(`
  insert into upload_counts as c (upload_id, shard, dead) values (:uploadId, :shard, -:rows::bigint)
  on conflict (upload_id, shard) do update set dead = c.dead + excluded.dead, updated_at = now()`);
statement(`
  update uploads
  set failure = null, segments = null, total_rows = null, read_at = null, redriven_at = now(), marked_completed_at = null
  where id = ?
  returning id, bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName",
    size_bytes as "sizeBytes", to_char(received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "receivedAt"`);
statement("delete from upload_segments where upload_id = ?");
statement("insert into api_keys (id, name, scopes, hash) values (?, ?, ?, ?)");
statement("select id, name, scopes, hash, created_at, revoked_at from api_keys order by created_at, id");
statement("update api_keys set revoked_at = coalesce(revoked_at, now()) where id = ? returning id");
// packages/database/src/operations/application-user.ts
/** As whom API and consumers connect where migrations have a user of their own, which owns the tables. */
const APPLICATION_USER = "rowferry_app";
statement(`do $$
  begin
    if not exists (select from pg_roles where rolname = '${APPLICATION_USER}') then
      create role ${APPLICATION_USER} login;
    end if;
  end $$`);
statement(`grant rds_iam to ${APPLICATION_USER}`);
statement(`grant select, insert, update, delete on all tables in schema public to ${APPLICATION_USER}`);
statement(`grant usage on all sequences in schema public to ${APPLICATION_USER}`);
statement(`
  insert into idempotency_keys as k (caller, operation, key, claim, claimed_until)
  values (:caller, :operation, :key, :id, now() + make_interval(secs => :leaseSeconds))
  on conflict (caller, operation, key) do update set
    claim = excluded.claim,
    claimed_until = excluded.claimed_until,
    created_at = case when k.created_at < now() - make_interval(hours => :keptHours) then now() else k.created_at end,
    fingerprint = case when k.created_at < now() - make_interval(hours => :keptHours) then null else k.fingerprint end,
    upload_id = case when k.created_at < now() - make_interval(hours => :keptHours) then null else k.upload_id end,
    answer = null
  where k.claimed_until < now() and (k.answer is null or k.created_at < now() - make_interval(hours => :keptHours))
  returning fingerprint, upload_id as "uploadId"`);
statement("select fingerprint, answer from idempotency_keys where caller = ? and operation = ? and key = ?");
/** The row of a claim, as long as no other attempt has taken the key over; found by the primary key. */
const IS_CLAIMED = "caller = :caller and operation = :operation and key = :key and claim = :id";
statement(`update idempotency_keys set claimed_until = now() + make_interval(secs => :leaseSeconds) where ${IS_CLAIMED}`);
statement(`update idempotency_keys set fingerprint = :fingerprint, upload_id = :uploadId where ${IS_CLAIMED}`);
statement(`update idempotency_keys set answer = :answer, claimed_until = now(), created_at = now() where ${IS_CLAIMED}`);
statement(`delete from idempotency_keys where ${IS_CLAIMED} and answer is null`);
statement(`
  with expired as (
    delete from idempotency_keys
    where created_at < now() - make_interval(hours => ?) and claimed_until < now()
    returning 1
  )
  select count(*) as count from expired`);
fileURLToPath(new URL("../../../../migrations", import.meta.url));
// packages/database/src/operations/refuse-rollback.ts
const MIGRATIONS_TABLE = "knex_migrations";
statement(`
  select relname as name from pg_class
  where relkind in ('r', 'p') and relnamespace = any(cast(current_schemas(false) as regnamespace[]))
  order by relname`);
statement("set local idle_in_transaction_session_timeout = 0");
statement("select pg_advisory_xact_lock(?)");
statement(`select name from ${MIGRATIONS_TABLE}`);
// packages/database/src/uploads/upload-expressions.ts
/** A condition: the upload is not marked as complete and has not failed. Those are few, and have an index of their own. */
const IS_OPEN = "id in (select id from uploads where marked_completed_at is null and failure is null)";
/** The failure of an upload. One that expired has none any more when its file arrives after all. */
const UNLESS_INTERRUPTED = `case when u.failure ->> 'code' = 'upload_interrupted' then null else u.failure end`;
/** The latest upload with the same bytes that was received before `u`, which may be received by this statement. */
const EARLIER_WITH_SHA256 = `(
  select d.id from uploads d
  where d.sha256 = :sha256 and (d.received_at, d.id) < (coalesce(u.received_at, now()), u.id)
  order by d.received_at desc, d.id desc limit 1
)`;
statement("select 1");
statement(`
  select ${eachOutcome((outcome) => `coalesce(sum(${outcome}), 0)::bigint as ${outcome}`)} from upload_counts`);
statement(`
  select coalesce(extract(epoch from now() - min(received_at)), 0)::float8 as age
  from upload_status
  where status in ('received', 'processing', 'stalled') and ${IS_OPEN}
    and received_at > now() - make_interval(days => ?)`);
/** The columns of `NameFacts`, for a `select` from `upload_status`. Where there is nothing to name, nothing is looked for. */
const NAME_FACTS = `
  names_changed,
  case when names_changed > 0 then (
    select jsonb_agg(jsonb_build_object('line', line, 'nameBefore', name_before) order by line)
    from (
      select line, name_before from upload_rows r
      where r.upload_id = upload_status.id and name_before is not null order by line limit 10
    ) first_rows
  ) end as renaming_rows,
  shared_addresses,
  case when shared_addresses > 0 then (
    select jsonb_agg(jsonb_build_object('email', email, 'names', names, 'lines', lines) order by lines[1])
    from (
      select email, names, lines from address_names a
      where a.upload_id = upload_status.id and cardinality(names) > 1 order by lines[1] limit 10
    ) first_addresses
  ) end as shared_names`;
// packages/database/src/row-writes/batch.ts
/** Names for `as v (…)` and for select lists. */
const COLUMN_LIST = COLUMNS$1.join(", ");
/** The values of a row as JSON, as the ledger keeps them. */
function rawOf(row) {
	return `jsonb_build_object(${COLUMNS$1.map((column) => `'${column}', ${row}.${column}`).join(", ")})`;
}
/** A batch as two tables, the beginning of a `with`; it takes `bindingsOf` the batch. */
const BATCH = `
  valid as (
    select v.*, timestamptz 'epoch' + received_micros * interval '1 microsecond' as received_at
    from unnest(?::uuid[], ?::integer[], ?::smallint[], ?::bigint[], ${COLUMNS$1.map(() => "?::text[]").join(", ")})
      as v (upload_id, line, attempts, received_micros, ${COLUMN_LIST})
  ),
  rejected as (
    select distinct on (upload_id, line) * from unnest(
      ?::uuid[], ?::integer[], ?::smallint[], ?::jsonb[], ?::jsonb[]
    ) as r (upload_id, line, attempts, raw, errors)
  )`;
/** What `BATCH` takes: an array for each column. */
function bindingsOf({ valid, rejected }) {
	return [
		...addressArrays(valid),
		plainArray(valid.map(({ receivedAtMicros }) => receivedAtMicros)),
		...COLUMNS$1.map((column) => textArray(valid.map(({ employee }) => employee[column]))),
		...addressArrays(rejected),
		textArray(rejected.map((row) => toJsonb(row.raw))),
		textArray(rejected.map((row) => toJsonb(row.errors)))
	];
}
function addressArrays(rows) {
	return [
		plainArray(rows.map(({ uploadId }) => uploadId)),
		plainArray(rows.map(({ line }) => line)),
		plainArray(rows.map(({ attempts }) => attempts))
	];
}
// packages/database/src/row-writes/address-names.ts
/** A name that a file has on an address, and on which line. */
const FACT = (row) => `${row}.upload_id, ${row}.${KEY_COLUMN}, ${row}.${NAME_COLUMN}, ${row}.line`;
/**
* The part of `MERGE_ROWS` that records the names which one file has beside one address. It takes `seen` and `entering`.
*
* What is recorded of an address is a set of (name, first line): to record a row again, or rows in another order, makes the
* same set. An address alone in its file is not recorded. Where several rows have it, each is, whatever comes between:
*
* - a superseded row, and the row of the same file that won over it: in this batch, or the one that the employee had;
* - a row that the employee had, and the later line of the same file that displaced it;
* - a row that the employee had, and that a newer file overwrites while the file of that row is not complete: when another
*   row of that file comes late, its name is found nowhere else. Of a complete file no row can come. An upload that this
*   statement cannot see yet is not complete.
*
* `replaced` has the rows that employees had, as far as they are to be recorded: those that meet a row of their file, and those
* of files that are not complete. Beside files whose people are all known it is the only part that goes over every row.
*
* Two statements never write one entry at the same time: each has the employee locked. `addresses` returns an entry that
* has several names now and had one before, so each is counted once.
*/
const ADDRESS_NAMES = `
  complete as (
    select id from uploads u
    where id in (select upload_id from seen) and marked_completed_at is not null
      and not exists (select from upload_counts c where c.upload_id = u.id and c.dead > 0)
  ),
  replaced as (
    select ${FACT("s")}, f.${NAME_COLUMN} as name_of_other, f.line as line_of_other, f.upload_id = s.upload_id as is_same_file
    from seen s join entering f on f.${KEY_COLUMN} = s.${KEY_COLUMN}
    where f.upload_id = s.upload_id or f.outcome <> 'superseded' and s.upload_id not in (select id from complete)
  ),
  facts as (
    select ${FACT("f")} from entering f where outcome = 'superseded'
    union all
    select ${FACT("w")}
    from entering w join entering f on f.upload_id = w.upload_id and f.${KEY_COLUMN} = w.${KEY_COLUMN}
    where w.outcome <> 'superseded' and f.outcome = 'superseded'
    union all
    select ${FACT("r")} from replaced r
    union all
    select upload_id, ${KEY_COLUMN}, name_of_other, line_of_other from replaced where is_same_file
  ),
  first_lines as (
    select upload_id, ${KEY_COLUMN}, ${NAME_COLUMN} as name, min(line) as line,
      row_number() over (partition by upload_id, ${KEY_COLUMN} order by min(line)) as place
    from facts group by upload_id, ${KEY_COLUMN}, ${NAME_COLUMN}
  ),
  addresses as (
    insert into address_names as a (upload_id, email, names, lines)
    select upload_id, ${KEY_COLUMN}, array_agg(name order by line), array_agg(line order by line)
    from first_lines where place <= 10 group by upload_id, ${KEY_COLUMN} order by ${KEY_COLUMN}, upload_id
    on conflict (upload_id, email) do update set
      was_shared = cardinality(a.names) > 1,
      (names, lines) = (
        select array_agg(name order by line), array_agg(line order by line)
        from (
          select name, min(line) as line
          from (
            select * from unnest(a.names, a.lines) union all select * from unnest(excluded.names, excluded.lines)
          ) as both_sets (name, line)
          group by name order by min(line) limit 10
        ) merged
      )
    returning upload_id, was_shared, cardinality(names) > 1 as is_shared
  )`;
// packages/database/src/row-writes/merge-rows.ts
/**
* What an employee's values come to: two rows with the same content change nothing about each other. Required values stand
* by their place, optional ones after their name, and blank ones not at all: so the content stays what it was when an
* optional column is added. No value has a chr(31) in it, which is a control character.
*/
const CONTENT = (row) => `hashtextextended(concat_ws(chr(31), ${VALUE_COLUMNS.map((column) => contentOf(row, column)).join(", ")}), 0)`;
function contentOf(row, column) {
	return REQUIRED_COLUMNS.includes(column) ? `${row}.${column}` : `'${column}=' || ${row}.${column}`;
}
/**
* What the row that an employee has now did to it, compared with the employee before that row's upload. So an upload's
* counts do not depend on the order in which its rows came.
*/
const OUTCOME_OF = (row, content) => `case
        when coalesce(${row}.content_before, 0) = 0 then 'inserted'
        when ${row}.content_before = ${content} then 'unchanged'
        else 'updated'
      end`;
function valuesOf(row) {
	return VALUE_COLUMNS.map((column) => `${row}.${column}`).join(", ");
}
/**
* Writes a batch in one statement, hence in one transaction and one round trip: what commits is the whole batch or
* nothing of it. Delivered again, late, in another order or concurrently, it changes nothing:
*
* - `fresh`: rows that the ledger has are left out, so that their outcome stays.
* - `newest`: of the rows with one e-mail, the newest version; `on conflict` refuses to update a row twice.
* - `seen`: the employees that are there already, locked in order of e-mail, so that two batches cannot deadlock.
* - `made`: employees that did not exist when the statement began. One that was inserted since is left alone, even unlocked: to
*   wait here for a batch that locked it as one that it saw, and that waits for one made here, would be a deadlock.
* - `moved`: only a smaller version (received_at, upload_id, line) is overwritten; received_at is that of the upload, the
*   same for all its rows. The version moves on also where nothing else changes: otherwise a version in between, delivered
*   late, would win over this one. `content_before` is the employee's
*   content before this upload, 0 if there was none; null if this statement saw no employee. `name_before` is the
*   employee's name before this upload where it is another.
* - `deferred`: what another transaction did after this statement's snapshot was taken is not seen whole: it made the
*   employee, so that `seen` has none; or it wrote a line of this upload, which `seen` has but whose ledger entry is
*   not visible yet (`is_early`). Such rows enter nothing and are returned, to be written again.
* - `entered`: each (upload_id, line) enters the ledger once. Two deliveries of one row at the same time both come
*   this far; the second waits for the first's commit, enters nothing and so counts nothing. Only `dead` is not final:
*   a dead row that is written after all is dead no more (docs/decisions/0003-redrive.md).
* - `displaced`: an earlier line of the same upload that had the employee is superseded now, whatever it was before:
*   of several lines with one e-mail it is always the last that counts as inserted, updated or unchanged. Its values are
*   the employee's until now, so the ledger keeps them, as those of every superseded row.
* - `addresses`: see `ADDRESS_NAMES`.
* - `counted`: only what was entered or displaced counts. The shard follows the connection, so concurrent batches of
*   one upload mostly add to different rows.
*
* Outcomes must be known before the rows enter the ledger, because one statement cannot change a row twice; hence the
* anti-join first instead of `insert … returning` (docs/decisions/0002-one-statement-write.md).
*/
const MERGE_ROWS = statement(`
  with ${BATCH},
  fresh as (
    select distinct on (upload_id, line) *
    from valid v
    where not exists (
      select from upload_rows r where r.upload_id = v.upload_id and r.line = v.line and r.outcome <> 'dead'
    )
  ),
  newest as (
    select distinct on (${KEY_COLUMN}) * from fresh order by ${KEY_COLUMN}, received_at desc, upload_id desc, line desc
  ),
  seen as (
    select e.${KEY_COLUMN}, e.upload_id, e.line, e.content_before, ${CONTENT("e")} as content, e.name_before, ${valuesOf("e")}
    from employees e join newest n on n.${KEY_COLUMN} = e.${KEY_COLUMN}
    order by e.${KEY_COLUMN}
    for update of e
  ),
  targets as (
    select
      n.*,
      case when s.upload_id = n.upload_id then coalesce(s.content_before, 0) else s.content end as content_before,
      case
        when s.upload_id <> n.upload_id then s.${NAME_COLUMN}
        when s.content_before <> 0 then coalesce(s.name_before, s.${NAME_COLUMN})
      end as name_then,
      s.upload_id = n.upload_id and s.line < n.line
        and not exists (select from upload_rows r where r.upload_id = s.upload_id and r.line = s.line) as is_early
    from newest n left join seen s on s.${KEY_COLUMN} = n.${KEY_COLUMN}
  ),
  made as (
    insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
    select ${COLUMN_LIST}, received_at, upload_id, line
    from targets
    where content_before is null
    order by ${KEY_COLUMN}
    on conflict (${KEY_COLUMN}) do nothing
    returning ${KEY_COLUMN}, upload_id, line
  ),
  moved as (
    insert into employees as e (${COLUMN_LIST}, received_at, upload_id, line, content_before, name_before)
    select ${COLUMN_LIST}, received_at, upload_id, line, content_before, nullif(name_then, ${NAME_COLUMN})
    from targets
    where content_before is not null and not is_early
    order by ${KEY_COLUMN}
    on conflict (${KEY_COLUMN}) do update set
      ${VALUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")},
      received_at = excluded.received_at,
      upload_id = excluded.upload_id,
      line = excluded.line,
      content_before = excluded.content_before,
      name_before = excluded.name_before,
      updated_at = case
        when (${valuesOf("e")}) is distinct from (${valuesOf("excluded")})
        then now()
        else e.updated_at
      end
    where (e.received_at, e.upload_id, e.line) < (excluded.received_at, excluded.upload_id, excluded.line)
    returning e.${KEY_COLUMN}, e.upload_id, e.line, ${OUTCOME_OF("e", CONTENT("e"))} as outcome, e.name_before
  ),
  written as (
    select ${KEY_COLUMN}, upload_id, line, 'inserted' as outcome, null as name_before from made
    union all
    select ${KEY_COLUMN}, upload_id, line, outcome, name_before from moved
  ),
  deferred as (
    select t.${KEY_COLUMN}
    from targets t
    where t.is_early
      or t.content_before is null and not exists (select from written w where w.${KEY_COLUMN} = t.${KEY_COLUMN})
  ),
  entering as (
    select f.*, coalesce(w.outcome, 'superseded') as outcome, w.name_before
    from fresh f left join written w on w.upload_id = f.upload_id and w.line = f.line
    where not exists (select from deferred d where d.${KEY_COLUMN} = f.${KEY_COLUMN})
  ),
  outcomes as (
    select upload_id, line, attempts, outcome, case when outcome = 'superseded' then ${rawOf("f")} end as raw,
      null::jsonb as errors, name_before
    from entering f
    union all
    select upload_id, line, attempts, 'rejected', raw, errors, null from rejected
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors, name_before)
    select upload_id, line, outcome::row_outcome, attempts, raw, errors, name_before from outcomes order by upload_id, line
    on conflict (upload_id, line) do update set
      outcome = excluded.outcome,
      attempts = r.attempts + excluded.attempts,
      raw = excluded.raw,
      errors = excluded.errors,
      name_before = excluded.name_before,
      recorded_at = now()
    where r.outcome = 'dead'
    returning r.upload_id, r.outcome, r.name_before, xmax <> 0 as was_dead
  ),
  displaced as (
    update upload_rows r set outcome = 'superseded', raw = ${rawOf("s")}, name_before = null
    from seen s join written w on w.${KEY_COLUMN} = s.${KEY_COLUMN} and w.upload_id = s.upload_id
    where r.upload_id = s.upload_id and r.line = s.line
    returning r.upload_id, ${OUTCOME_OF("s", "s.content")} as outcome, s.name_before
  ),
  ${ADDRESS_NAMES},
  changes as (
    select upload_id, outcome::text as counted, 1 as rows from entered
    union all
    select upload_id, outcome, -1 from displaced
    union all
    select upload_id, 'superseded', 1 from displaced
    union all
    select upload_id, 'dead', -1 from entered where was_dead
    union all
    select upload_id, 'names_changed', 1 from entered where name_before is not null
    union all
    select upload_id, 'names_changed', -1 from displaced where name_before is not null
    union all
    select upload_id, 'shared_addresses', 1 from addresses where is_shared and not was_shared
  ),
  counted as (${addCounts("changes", (column) => `coalesce(sum(rows) filter (where counted = '${column}'), 0)`, [...OUTCOMES, ...WARNING_COUNTS])}
  )
  select outcome::text, count(*) as rows, null::uuid as upload_id, null::integer as line from entered group by outcome
  union all
  select 'deferred', 1, f.upload_id, f.line from fresh f join deferred d on d.${KEY_COLUMN} = f.${KEY_COLUMN}`);
/** Writes a batch whatever there is of its rows and their employees already: see `MERGE_ROWS`. */
async function mergeRows(database, batch) {
	return query(database, MERGE_ROWS, bindingsOf(batch));
}
// packages/database/src/row-writes/compare-writes.ts
/** Longest that the comparison may take, in milliseconds. A million rows take some 3 s, and it goes over all at once. */
const COMPARE_TIMEOUT_MS = 3e5;
/** Lines in which changes are looked for together. */
const BLOCK_LINES = 1e3;
statement(`set local statement_timeout = ${COMPARE_TIMEOUT_MS}`);
statement("analyze dry_run");
const BLOCK = `d.line / ${BLOCK_LINES}`;
const IS_CHANGED = `${CONTENT("e")} <> ${CONTENT("d")}`;
const IS_RENAMED = `e.${NAME_COLUMN} <> d.${NAME_COLUMN}`;
statement(`
  select
    coalesce(sum(inserted), 0)::bigint as inserted,
    coalesce(sum(updated), 0)::bigint as updated,
    coalesce(sum(employees - inserted - updated), 0)::bigint as unchanged,
    ?::bigint - coalesce(sum(employees), 0)::bigint as superseded,
    coalesce(sum(renamed), 0)::bigint as names_changed,
    json_agg(json_build_array(block, updated) order by block) filter (where updated > 0) as changed_blocks,
    json_agg(json_build_array(block, renamed) order by block) filter (where renamed > 0) as renaming_blocks
  from (
    select
      ${BLOCK} as block,
      count(*) as employees,
      count(*) filter (where e.id is null) as inserted,
      count(*) filter (where e.id is not null and ${IS_CHANGED}) as updated,
      count(*) filter (where ${IS_RENAMED}) as renamed
    from dry_run d left join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
    group by block
  ) blocks`);
statement(`
  select d.line, ${rawOf("e")} as before, ${rawOf("d")} as after
  from dry_run d join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
  where ${BLOCK} = any(?::integer[]) and ${IS_CHANGED}
  order by d.line limit 100`);
statement(`
  select d.line, e.${NAME_COLUMN} as "nameBefore"
  from dry_run d join employees e on e.${KEY_COLUMN} = d.${KEY_COLUMN}
  where ${BLOCK} = any(?::integer[]) and ${IS_RENAMED}
  order by d.line limit 10`);
statement(`
  with shared as materialized (
    select email, min(line) as first_line from dry_run_names group by email having count(*) > 1
  ),
  first_shared as (
    select * from shared order by first_line limit 10
  )
  select f.email, n.names, n.lines, (select count(*) from shared) as total
  from first_shared f cross join lateral (
    select array_agg(name order by line) as names, array_agg(line order by line) as lines
    from (select name, line from dry_run_names where email = f.email order by line limit 10) first_names
  ) n
  order by f.first_line`);
statement(`
  create temporary table dry_run (
    line integer not null,
    ${COLUMNS$1.map((column) => `${column} text${column === KEY_COLUMN ? " primary key" : ""}`).join(", ")},
    line_replaced integer,
    name_replaced text
  ) on commit drop`);
statement(`
  create temporary table dry_run_names (email text, name text, line integer, primary key (email, name)) on commit drop`);
statement(`
  with kept as (
    insert into dry_run as d (line, ${COLUMN_LIST})
    select * from unnest(?::integer[], ${COLUMNS$1.map(() => "?::text[]").join(", ")})
    on conflict (${KEY_COLUMN}) do update set
      ${VALUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(", ")},
      line = excluded.line,
      line_replaced = d.line,
      name_replaced = d.${NAME_COLUMN}
    returning ${KEY_COLUMN} as email, ${NAME_COLUMN} as name, line, name_replaced, line_replaced
  ),
  facts as (
    select email, name, line from kept where line_replaced is not null
    union all
    select email, name_replaced, line_replaced from kept where line_replaced is not null
    union all
    select * from unnest(?::text[], ?::text[], ?::integer[])
  )
  insert into dry_run_names as n (email, name, line)
  select email, name, min(line) from facts group by email, name
  on conflict (email, name) do update set line = least(n.line, excluded.line)`);
// packages/database/src/row-writes/insert-rows.ts
const UNIQUE_VIOLATION = "23505";
/**
* Writes what is new: employees that do not exist yet, and rejected rows. The rest of the batch is deferred.
*
* - `inserted`: of rows with one e-mail the newest comes first, and gets it. An e-mail that is there, or that another
*   transaction is about to commit, is left alone. In order of e-mail, so that two batches cannot deadlock.
* - `entered`: a plain insert. A row that the ledger has though its employee is not there (it is dead, or somebody deleted
*   the employee) makes the whole statement fail: it must not insert an employee. So does a rejected row that comes
*   again.
*/
const INSERT_ROWS = statement(`
  with ${BATCH},
  inserted as (
    insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
    select ${COLUMN_LIST}, received_at, upload_id, line
    from valid
    order by ${KEY_COLUMN}, received_at desc, upload_id desc, line desc
    on conflict (${KEY_COLUMN}) do nothing
    returning upload_id, line
  ),
  outcomes as (
    select distinct on (upload_id, line)
      upload_id, line, attempts, 'inserted' as outcome, null::jsonb as raw, null::jsonb as errors
    from valid join inserted using (upload_id, line)
    union all
    select upload_id, line, attempts, 'rejected', raw, errors from rejected
  ),
  entered as (
    insert into upload_rows (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, outcome::row_outcome, attempts, raw, errors from outcomes order by upload_id, line
    returning upload_id, line, outcome
  ),
  counted as (${addCounts("entered", (outcome) => `count(*) filter (where outcome = '${outcome}')`, ["inserted", "rejected"])}
  )
  select outcome::text, count(*) as rows, null::uuid as upload_id, null::integer as line from entered group by outcome
  union all
  select 'deferred', 1, v.upload_id, v.line
  from valid v
  where not exists (select from entered e where e.upload_id = v.upload_id and e.line = v.line)`);
/** Writes the rows of a batch that are new to employees and ledger: see `INSERT_ROWS`. */
async function insertRows(database, batch) {
	try {
		return await query(database, INSERT_ROWS, bindingsOf(batch));
	} catch (error) {
		if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
		return [...batch.valid, ...batch.rejected].map(({ uploadId, line }) => ({
			outcome: "deferred",
			upload_id: uploadId,
			line
		}));
	}
}
// packages/database/src/row-writes/write-rows.ts
/** A row is deferred when another transaction inserts its employee at the same moment: rare, and hardly ever twice in a row. */
const MERGE_ATTEMPTS = 10;
/**
* Writes rows exactly once and records the outcome of each.
*
* Most rows of most files are new employees: a statement that can do nothing else inserts them. What it leaves is merged
* with what is there (docs/decisions/0010-insert-then-merge.md). Each statement is a transaction: when the second fails,
* what the first wrote stays, and is skipped when the batch is delivered again.
*
* @returns how many rows this call entered into the ledger, by outcome; rows that were in the ledger already are not counted.
*/
async function writeRows(database, valid, rejected) {
	const counts = zeroCounts();
	const batch = {
		valid,
		rejected
	};
	if (isEmpty$1(batch)) return counts;
	let pending = takeWritten(batch, await insertRows(database, batch), counts);
	for (let attempt = 1; !isEmpty$1(pending); attempt++) {
		if (attempt > MERGE_ATTEMPTS) throw new Error(`${pending.valid.length} rows were not written in ${MERGE_ATTEMPTS} attempts`);
		pending = takeWritten(pending, await mergeRows(database, pending), counts);
	}
	return counts;
}
function isEmpty$1({ valid, rejected }) {
	return valid.length + rejected.length === 0;
}
/** Adds what entered the ledger to the counts. @returns what is to be written again. */
function takeWritten({ valid, rejected }, written, counts) {
	const deferred = /* @__PURE__ */ new Set();
	for (const row of written) if (row.outcome === "deferred") deferred.add(addressOf(row.upload_id, row.line));
	else counts[row.outcome] += row.rows;
	const isDeferred = (row) => deferred.has(addressOf(row.uploadId, row.line));
	return deferred.size === 0 ? {
		valid: [],
		rejected: []
	} : {
		valid: valid.filter(isDeferred),
		rejected: rejected.filter(isDeferred)
	};
}
function addressOf(uploadId, line) {
	return `${uploadId}/${line}`;
}
// packages/database/src/uploads/find-upload.ts
/** The columns of an `UploadRecord`, for `select`. */
const UPLOAD_COLUMNS = `
  id, status, file_name, size_bytes, total_rows, total, estimated_seconds_left, recorded, detected, columns, ignored_columns, broken_records, warnings, segment_warnings, failure, duplicate_of,
  created_at, received_at, started_at, finished_at,
  ${COUNT_COLUMNS}, ${NAME_FACTS}`;
statement(`select ${UPLOAD_COLUMNS} from upload_status where id = ?`);
statement(`select ${UPLOAD_COLUMNS} from upload_status where id = any(?::uuid[])`);
statement(`
  select id, bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName", size_bytes as "sizeBytes"
  from uploads where id = ?`);
statement(`
  with page as materialized (
    select id, redriven_at from uploads
    where marked_completed_at is null and failure is null and total_rows is not null and id > :after
    order by id limit :limit
  ),
  marked as (
    update uploads u set marked_completed_at = now()
    from page p
    where u.id = p.id
      -- Another process may have marked it while this one waited for its row.
      and u.marked_completed_at is null
      and u.redriven_at is not distinct from p.redriven_at
      and u.total_rows <= (
        select coalesce(sum(${RECORDED}), 0)
        from upload_counts c where c.upload_id = p.id
      )
    returning u.id
  )
  select p.id, m.id is not null as "isMarked" from page p left join marked m on m.id = p.id order by p.id`);
// packages/messages/src/decode.ts
var UnreadableMessageError = class extends Error {
	name = "UnreadableMessageError";
};
/** @throws UnreadableMessageError when the body is not JSON or does not fit the schema. */
function decodeBody(schema, body) {
	const result = schema.safeParse(parseJson(body));
	if (result.success) return result.data;
	throw new UnreadableMessageError(`not a message of this version of Rowferry:\n${z.prettifyError(result.error)}`);
}
function parseJson(body) {
	try {
		return JSON.parse(body);
	} catch {
		throw new UnreadableMessageError("not JSON");
	}
}
/**
* Versions that are read: this one, and the one before it, whose messages are under way during a deployment. A consumer that
* meets another leaves the message to the dead-letter queue.
*/
const readableVersion = z.literal([1, 2]);
/** The same, for messages that are alike in all of them. */
const version$2 = readableVersion.transform(() => 2);
// packages/messages/src/bounds.ts
/** The largest `integer` of Postgres (https://www.postgresql.org/docs/current/datatype-numeric.html). */
const INTEGER_MAX = 2 ** 31 - 1;
/** A date and a time with nanoseconds. */
const MOMENT_LENGTH_MAX = 30;
/** How many, where the column is an `integer`, or where sums of so many must fit into a `bigint`. */
const count = z.int().nonnegative().max(INTEGER_MAX);
/** How many, where the column is a `bigint`. */
const largeCount = z.int().nonnegative();
/** A line of a file; the column is an `integer`. */
const lineNumber = z.int().positive().max(INTEGER_MAX);
/** A moment that `timestamptz` holds, and that an upload id can have: since 1970, of a year with four digits. */
const moment = z.iso.datetime().max(MOMENT_LENGTH_MAX).refine((text) => Date.parse(text) >= 0, "is before 1970");
/** Text that Postgres can hold: without U+0000 and without halves of surrogate pairs. */
function storableText(lengthMax) {
	return z.string().max(lengthMax).refine((text) => text.isWellFormed() && !text.includes("\0"), "has a character that cannot be stored");
}
// packages/messages/src/schemas.ts
/** What is true of one column or another. Messages of another version may lack some columns; they name none that is unknown. */
function perColumn(value) {
	return z.partialRecord(z.enum(COLUMNS$1), value);
}
const fieldIndex = z.int().nonnegative();
/** The `HeaderMap` of packages/roster. */
const headerMapSchema = z.object({
	hasHeader: z.boolean(),
	width: z.int().positive(),
	positions: perColumn(z.union([fieldIndex, z.array(z.array(fieldIndex).nonempty().readonly()).nonempty().readonly()])),
	constants: perColumn(z.string()).optional()
});
/** The `ColumnSources` of packages/roster. */
const columnSourcesSchema = perColumn(z.string().nullable()).transform((sources) => byColumn((column) => sources[column] ?? null));
/** The `UploadFailure` of packages/roster. */
const failureSchema = z.object({
	code: z.enum(FAILURE_CODES),
	detail: z.string(),
	columns: z.array(z.enum(COLUMNS$1)).optional()
});
/** The `RowError` of packages/roster. */
const rowErrorSchema = z.object({
	code: z.enum(ROW_ERROR_CODES),
	column: z.enum(COLUMNS$1).nullable(),
	message: z.string()
});
/** The `Warning`s of packages/roster. */
const warningsSchema = z.array(z.object({
	code: z.enum(WARNING_CODES),
	column: z.enum(COLUMNS$1).nullable(),
	text: storableText(4096),
	count: largeCount,
	lines: z.array(lineNumber).max(10)
})).max(200);
// packages/messages/src/wire-row.ts
/** A record that could not be shaped into columns, as it travels. */
const unshapedRowSchema = z.object({
	line: lineNumber,
	raw: z.union([
		z.array(z.string()),
		z.string(),
		z.record(z.string(), z.string().nullable())
	]),
	errors: z.array(rowErrorSchema).nonempty()
});
/** The columns that rows of version 1 have. */
const COLUMNS_OF_VERSION_1 = [
	"employee_name",
	"company_name",
	"mobile_no",
	"email"
];
/**
* Reads the rows of a message. Shaped ones, which are almost all, are checked by hand: a zod union with a tuple took 0.5 µs
* more for each, as much again as everything else that decoding it takes.
*
* @param columns of the message; undefined in version 1. A column that it does not name is blank.
*/
function readWireRows(rows, columns = COLUMNS_OF_VERSION_1, onUnreadable = () => {}) {
	const cellOf = COLUMNS$1.map((column) => columns.indexOf(column) + 1);
	return rows.flatMap((row, index) => {
		if (isWireRow(row, columns.length + 1)) return [ofWireRow(row, cellOf)];
		const unshaped = unshapedRowSchema.safeParse(row);
		if (unshaped.success) return [unshaped.data];
		onUnreadable(index);
		return [];
	});
}
function isWireRow(value, cells) {
	if (!Array.isArray(value) || value.length !== cells) return false;
	const line = value[0];
	if (typeof line !== "number" || !Number.isInteger(line) || line <= 0 || line > INTEGER_MAX) return false;
	for (let cell = 1; cell < cells; cell++) if (typeof value[cell] !== "string") return false;
	return true;
}
/** @param cellOf for each column of ours the cell that has it; 0 where none has. */
function ofWireRow(row, cellOf) {
	return rowOf(row[0], (_, index) => {
		const cell = cellOf[index] ?? 0;
		return cell === 0 ? "" : String(row[cell]);
	});
}
// packages/messages/src/encodings.ts
/** What files are read in, by the names of the WHATWG Encoding Standard; packages/csv has their decoders. */
const ENCODINGS = [
	"utf-8",
	"utf-16le",
	"utf-16be",
	"windows-1250",
	"windows-1251",
	"windows-1252",
	"windows-1253",
	"windows-1254",
	"windows-1255",
	"windows-1256",
	"windows-1257",
	"windows-874",
	"iso-8859-2",
	"iso-8859-5",
	"iso-8859-7",
	"iso-8859-15",
	"macintosh",
	"x-mac-cyrillic",
	"koi8-r",
	"koi8-u",
	"ibm866",
	"shift_jis",
	"euc-jp",
	"gb18030",
	"big5",
	"euc-kr"
];
/** Names that the standard does not have: what Windows calls them, and parts of an encoding that is read as a whole. */
const OTHER_NAMES = /* @__PURE__ */ new Map([
	["gbk", "gb18030"],
	["cp932", "shift_jis"],
	["cp936", "gb18030"],
	["cp949", "euc-kr"],
	["cp950", "big5"],
	["macroman", "macintosh"]
]);
/** The encoding that a label names, as people and programs write it (`latin1`, `CP1252`, `sjis`); undefined: none that is read. */
function encodingNamed(label) {
	const name = standardNameOf(label);
	return OTHER_NAMES.get(name) ?? ENCODINGS.find((known) => known === name);
}
function standardNameOf(label) {
	const plain = label.trim().toLowerCase();
	try {
		return new TextDecoder(plain).encoding;
	} catch {
		return plain;
	}
}
/** Where a name says nothing but where the file was. */
const UNNAMED = "upload.csv";
/**
* A file name as it can be shown, stored and sent in a header: without directories, control characters and marks of writing
* direction, which could make it look like another; never cut within a character.
*/
function presentableFileName(fileName) {
	const name = fileName.toWellFormed().replace(/^.*[/\\]/s, "").replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, "_").slice(0, 255).replace(/[\ud800-\udbff]$/, "");
	return /^\.*$/.test(name) ? UNNAMED : name;
}
// packages/messages/src/import-settings.ts
/** A header has no more columns, so no file has a field at a position beyond. */
const POSITION_MAX = CELLS_MAX;
/** Lines above a header are titles and notes. */
const HEADER_LINE_MAX = 1e5;
/** Characters of a constant as it is stated; what its column allows is less. */
const CONSTANT_MAX = 1e3;
const SOURCE_ERROR = `must be a header cell (1 to 200 characters) or a position (1 to ${POSITION_MAX}), or a list of 1 to 10 of these`;
const headerCell = z.string().min(1, {
	error: SOURCE_ERROR,
	abort: true
}).max(200, SOURCE_ERROR).refine((text) => text.trim() !== "", "must not be blank");
const position = z.int({ error: SOURCE_ERROR }).min(1, SOURCE_ERROR).max(POSITION_MAX, SOURCE_ERROR).meta({ override: { format: "int32" } });
const fieldSource = z.union([headerCell, position], { error: SOURCE_ERROR });
/** The field of a row that has a column's value, by its header cell or by its position from 1; or several that are joined. */
const columnSource = z.union([
	headerCell,
	position,
	z.array(fieldSource).min(1, SOURCE_ERROR).max(10, SOURCE_ERROR)
], { error: SOURCE_ERROR });
const ENCODING_ERROR = `must be one of ${ENCODINGS.join(", ")}, or another name of one of these`;
const encoding = z.string({ error: ENCODING_ERROR }).max(40, {
	error: ENCODING_ERROR,
	abort: true
}).transform((label) => encodingNamed(label) ?? label).pipe(z.enum(ENCODINGS, { error: ENCODING_ERROR }));
/** A value that all rows get: one that a row of a file may have. */
function constantFor(column) {
	return z.string({ error: "must be text" }).max(CONSTANT_MAX, {
		error: `must have ${CONSTANT_MAX} characters at most`,
		abort: true
	}).superRefine((value, context) => {
		for (const message of faultsOfConstant(column, value)) context.addIssue({
			code: "custom",
			message
		});
	});
}
function faultsOfConstant(column, value) {
	if (column === KEY_COLUMN) return ["tells employees apart, so it cannot be the same in all rows"];
	if (!value.isWellFormed() || /\p{Cc}/u.test(value)) return ["must have no control characters"];
	const { clean, check } = declarationOf(column);
	const cleaned = clean(value);
	return cleaned === "" ? ["must not be blank"] : check(cleaned).map(({ message }) => message);
}
/** Delimiters, and what people type for them where the character itself means something else. */
const DELIMITER_OF = {
	",": ",",
	";": ";",
	"	": "	",
	"|": "|",
	comma: ",",
	semicolon: ";",
	tab: "	",
	pipe: "|"
};
const delimiter = z.enum(Object.keys(DELIMITER_OF), { error: "must be comma, semicolon, tab or pipe, or one of these characters" }).transform((given) => DELIMITER_OF[given]).pipe(z.enum([
	",",
	";",
	"	",
	"|"
]));
const HEADER_LINE_ERROR = `must be a line from 1 to ${HEADER_LINE_MAX}, or 0 for a file without a header`;
const headerLine = z.int({ error: HEADER_LINE_ERROR }).min(0, HEADER_LINE_ERROR).max(HEADER_LINE_MAX, HEADER_LINE_ERROR).meta({ override: { format: "int32" } });
function strictObject(shape) {
	return z.strictObject(shape, { error: (issue) => issue.code === "unrecognized_keys" ? `has no member ${shownNames(issue.keys)}` : "must be a JSON object" });
}
/** Of names that nobody knows, as much as a person reads. */
function shownNames(names) {
	const shown = names.slice(0, 10).map((name) => name.slice(0, 100).toWellFormed());
	return shown.join(", ") + (names.length > shown.length ? ` and ${names.length - shown.length} more` : "");
}
/**
* What somebody states about how a file is to be read, where the file does not say it or says it in its own way. What is not
* stated is detected.
*/
const importSettingsSchema = strictObject({
	columns: strictObject(byColumn(() => columnSource.optional())).optional().describe("For each column the header cell or the position, from 1, of its field; or several fields to be joined."),
	constants: strictObject(byColumn((column) => constantFor(column).optional())).optional().describe("For a column one value for all rows."),
	encoding: encoding.optional().describe("The encoding, by a label of the WHATWG Encoding Standard."),
	delimiter: delimiter.optional().describe("What stands between fields."),
	headerLine: headerLine.optional().describe("The line of the header, from 1; 0: the file has none.")
}).superRefine(({ columns = {}, constants = {}, headerLine }, context) => {
	for (const column of COLUMNS$1) {
		if (columns[column] !== void 0 && constants[column] !== void 0) context.addIssue({
			code: "custom",
			path: ["constants", column],
			message: "is stated in columns as well"
		});
		if (headerLine === 0 && [columns[column]].flat().some((source) => typeof source === "string")) context.addIssue({
			code: "custom",
			path: ["columns", column],
			message: "must be a position: headerLine 0 says that there is no header"
		});
	}
}).meta({ id: "ImportSettings" });
// packages/messages/src/message.ts
/** As Postgres writes it. */
const uploadId = z.uuid().toLowerCase();
/** S3's bound of a key, in bytes (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html); others are shorter. */
const name = storableText(1024);
/** What reading a file's head told about it. */
const detectedSchema = z.object({
	delimiter: z.string(),
	/** Where the header has another delimiter than the rows. */
	headerDelimiter: z.string().optional(),
	/** Where fields are not quoted as RFC 4180 says. */
	quoting: z.string().optional(),
	encoding: z.string(),
	/** How sure that is, of 1; absent in messages of producers that did not guess. */
	encodingConfidence: z.number().min(0).max(1).optional(),
	bom: z.boolean(),
	header: z.boolean(),
	/** Where lines above the header were passed over: its line, and how many these were. */
	headerLine: largeCount.optional(),
	skippedLines: count.optional()
});
/** The file that an upload is, as the producer knows it. */
const sourceObjectSchema = z.object({
	id: uploadId,
	bucket: name,
	key: name,
	/** Without its quotes. */
	etag: name,
	/** Null in a bucket without versions. */
	versionId: name.nullable(),
	fileName: name,
	sizeBytes: largeCount,
	/** When S3 says that the object came. */
	receivedAt: moment,
	/** Of the request to the API that brought the file, for finding it in the logs. */
	requestId: z.string().optional()
});
const uploadStartedSchema = z.object({
	v: version$2,
	type: z.literal("upload.started"),
	upload: sourceObjectSchema,
	segments: count,
	detected: detectedSchema,
	columns: columnSourcesSchema,
	ignoredColumns: z.array(z.string()),
	/** Records that could not be told apart: an unclosed quote, a field or record over the bounds. */
	brokenRecords: count,
	/** Rows of the file, the broken records among them; absent in messages of producers that did not tell, as in version 1. */
	total: largeCount.optional(),
	/** Physical lines of the file: no row stands on a later one. Absent as `total`. */
	lastLine: largeCount.optional(),
	/** Of the file, in hex; absent in messages of producers that did not tell. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
	/** What was guessed of the file as a whole; absent: nothing, as in version 1. */
	warnings: warningsSchema.optional()
});
const rowsSchema = z.object({
	v: readableVersion,
	type: z.literal("rows"),
	uploadId,
	segment: count,
	/** Of its rows; messages of version 1 do not say them. */
	columns: z.array(z.enum(COLUMNS$1)).refine((columns) => REQUIRED_COLUMNS.every((column) => columns.includes(column)), "lack a required column").optional(),
	rows: z.array(z.unknown()).nonempty()
}).transform(({ v, type, uploadId, segment, columns, rows }, context) => {
	if (v === 2 && columns === void 0) context.issues.push({
		code: "custom",
		input: columns,
		path: ["columns"],
		message: "are not said"
	});
	return {
		v: 2,
		type,
		uploadId,
		segment,
		rows: readWireRows(rows, v === 2 ? columns : void 0, (index) => context.issues.push({
			code: "custom",
			input: rows[index],
			path: ["rows", index],
			message: "is neither a row nor says why it is none"
		}))
	};
});
const segmentFinishedSchema = z.object({
	v: version$2,
	type: z.literal("segment.finished"),
	uploadId,
	segment: count,
	/** Rows sent from this segment: the sum over an upload's segments is its total. */
	rows: count,
	/** Of its values; absent: none, as in version 1. */
	warnings: warningsSchema.optional()
});
const uploadFailedSchema = z.object({
	v: version$2,
	type: z.literal("upload.failed"),
	upload: sourceObjectSchema,
	failure: failureSchema
});
const messageSchema = z.discriminatedUnion("type", [
	uploadStartedSchema,
	rowsSchema,
	segmentFinishedSchema,
	uploadFailedSchema
]);
/** @throws UnreadableMessageError when the body is not JSON, not ours or of another version. */
function decodeMessage(body) {
	return decodeBody(messageSchema, body);
}
// packages/messages/src/read-task.ts
/** What a worker needs to read one segment on its own: which bytes, and what the file's head and whole told about it. */
const segmentTaskSchema = z.object({
	v: version$2,
	type: z.literal("segment"),
	upload: sourceObjectSchema,
	segment: z.int().nonnegative(),
	/** Bytes of the object, `end` excluded. */
	start: z.int().nonnegative(),
	end: z.int().nonnegative(),
	/** Physical line on which `start` stands. */
	firstLine: z.int().positive(),
	delimiter: z.enum([
		",",
		";",
		"	",
		"|"
	]),
	/** How the fields are quoted; without it as RFC 4180 says. */
	quoting: z.enum([
		"double",
		"backslash",
		"single",
		"typographic",
		"whole-line"
	]).optional(),
	encoding: z.enum(ENCODINGS),
	header: headerMapSchema,
	rowsPerMessage: z.int().positive()
});
/** An object to be read from its beginning, as if S3 told of it again: how an upload is redriven. */
const objectTaskSchema = z.object({
	v: version$2,
	type: z.literal("object"),
	upload: sourceObjectSchema
});
/** What travels in the segment queue. */
const readTaskSchema = z.discriminatedUnion("type", [segmentTaskSchema, objectTaskSchema]);
/** @throws UnreadableMessageError when the body is not a task of this version. */
function decodeReadTask(body) {
	return decodeBody(readTaskSchema, body);
}
/** Bytes at the end of an id that say for which file name it was made. */
const NAME_BYTES = 4;
function nameBytes(nameInKey) {
	return hash("sha256", nameInKey, "buffer").subarray(0, NAME_BYTES);
}
/** Whether the API made this id for an object of this name. */
function isIdFor(nameInKey, id) {
	if (id !== id.toLowerCase() || !validate(id) || version(id) !== 7) return false;
	return nameBytes(nameInKey).equals(parse$1(id).subarray(-4));
}
/** Last part of a key: what the object is called where nobody gave it another name. */
function fileNameOfKey(key) {
	return key.slice(key.lastIndexOf("/") + 1);
}
/**
* The id of an object's upload: the one in its key when the API made that key, else one that the same event always
* gives again (a UUIDv7 of the event's time whose random bits are a hash of bucket, key and version).
*/
function uploadIdOf(object) {
	return idInKey(object.key) ?? derivedIdOf(object);
}
/** The id of an object that is not the one that its key was made for. */
function derivedIdOf(object) {
	const digest = createHash("sha256").update(JSON.stringify([
		object.bucket,
		object.key,
		object.version
	])).digest();
	return stringify(v7({
		msecs: object.time.getTime(),
		seq: digest.readUInt32BE(16),
		random: digest.subarray(0, 16)
	}, /* @__PURE__ */ new Uint8Array(16)));
}
/** The id in a key that the API made; undefined of other keys. */
function idInKey(key) {
	const [id, name, ...rest] = key.slice(8).split("/");
	return id !== void 0 && name !== void 0 && rest.length === 0 && isIdFor(name, id) ? id : void 0;
}
// packages/messages/src/source-object.ts
/** The upload that an object in the bucket is; undefined of an object outside `uploads/` and of a folder marker. */
function sourceObjectOf({ createdAt, ...object }) {
	const { bucket, key, etag, versionId } = object;
	if (!key.startsWith("uploads/") || key.endsWith("/")) return void 0;
	return {
		id: uploadIdOf({
			bucket,
			key,
			version: versionId ?? etag,
			time: createdAt
		}),
		...object,
		fileName: presentableFileName(fileNameOfKey(key)),
		receivedAt: createdAt.toISOString()
	};
}
/** Whether the object has its id from a key that the API made. */
function hasIdOfKey({ id, key }) {
	return idInKey(key) === id;
}
/**
* An object as an upload of its own, whatever id is in its key: it was written over the object that the API made the key
* for. Calling it again returns the same upload.
*/
function asOwnUpload(upload) {
	const { bucket, key, versionId, etag, receivedAt } = upload;
	return {
		...upload,
		id: derivedIdOf({
			bucket,
			key,
			version: versionId ?? etag,
			time: new Date(receivedAt)
		})
	};
}
// packages/messages/src/s3-event.ts
/** An object that was created; of one that was removed, S3 tells neither size nor ETag. */
const creationSchema = z.object({
	eventTime: moment,
	s3: z.object({
		bucket: z.object({ name: z.string() }),
		object: z.object({
			key: z.string(),
			size: z.int().nonnegative(),
			eTag: z.string(),
			versionId: z.string().optional()
		})
	})
});
/** What S3 sends once when notifications are set up: no `Records`. */
const testEventSchema = z.object({ Event: z.literal("s3:TestEvent") });
const eventSchema = z.union([z.object({ Records: z.array(z.looseObject({ eventName: z.string() })) }), testEventSchema]);
/** Stores other than AWS's write the name with the prefix that it has where notifications are set up. */
const CREATION = /^(?:s3:)?ObjectCreated:/;
/**
* The uploads that an S3 event tells of (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
* Left out: test events, other events than the creation of an object, keys outside `uploads/` and folder markers.
*
* @throws ZodError when it is no S3 event, or one of an object that no database can name.
*/
function sourceObjectsOf(event) {
	const parsed = eventSchema.parse(event);
	if (!("Records" in parsed)) return [];
	return parsed.Records.filter(({ eventName }) => CREATION.test(eventName)).flatMap((record) => {
		const { eventTime, s3 } = creationSchema.parse(record);
		const { key, size, eTag, versionId = null } = s3.object;
		const upload = sourceObjectOf({
			bucket: s3.bucket.name,
			key: decodeKey(key),
			etag: eTag,
			versionId,
			sizeBytes: size,
			createdAt: new Date(eventTime)
		});
		return upload === void 0 ? [] : sourceObjectSchema.parse(upload);
	});
}
/** Keys in S3 events, and in listings that ask for it, are URL-encoded like form data: a plus sign is a space. */
function decodeKey(key) {
	return decodeURIComponent(key.replaceAll("+", " "));
}
z.string({ error: "must be text" }).max(64, {
	error: `must have 64 characters at most`,
	abort: true
}).regex(/^[a-z0-9-]{1,64}$/, "must be 1 to 64 lower-case letters, digits and hyphens");
z.object({
	v: z.literal(1),
	settings: importSettingsSchema,
	expectedHeader: z.object({
		profile: z.string(),
		cells: z.array(z.string())
	}).optional()
});
z.object({
	v: z.literal(1),
	settings: importSettingsSchema,
	header: z.array(z.string()),
	updatedAt: moment
});
statement(`
  select i.id from unnest(?::uuid[]) as i (id)
  where not exists (select from uploads u where u.id = i.id and u.read_at is not null)
    and not exists (select from enqueued_uploads q where q.upload_id = i.id)`);
const FIND_REPLACING_OBJECTS = statement(`
  select u.id from unnest(?::uuid[], ?::text[]) as i (id, etag) join uploads u on u.id = i.id and u.etag <> i.etag`);
/**
* The uploads that these objects are. One that was written over the object that the API made its key for is an upload of its
* own: the id in the key is that of the API's.
*/
async function identifyUploads(database, objects) {
	const ofApi = objects.filter(hasIdOfKey);
	if (ofApi.length === 0) return [...objects];
	const values = [ofApi.map(({ id }) => id), ofApi.map(({ etag }) => etag)];
	const rows = await query(database, FIND_REPLACING_OBJECTS, values);
	const replacing = new Set(rows.map((row) => row.id));
	return objects.map((object) => replacing.has(object.id) ? asOwnUpload(object) : object);
}
statement(`
  insert into enqueued_uploads (upload_id) select id from unnest(?::uuid[]) as i (id) order by id on conflict do nothing`);
// packages/database/src/uploads/list-uploads.ts
/**
* Conditions that a status implies and that an index can answer. The view computes the status exactly, but only after it has
* summed the counts; these conditions leave it few uploads.
*/
const IMPLIED_BY = {
	receiving: `${IS_OPEN} and received_at is null and started_at is null`,
	received: `${IS_OPEN} and received_at is not null and started_at is null`,
	processing: `${IS_OPEN} and started_at is not null`,
	completed: "total_rows is not null",
	completed_with_errors: `id in (select upload_id from upload_counts where ${HAS_FAILED_ROWS})`,
	stalled: IS_OPEN,
	failed: "(failure is not null or received_at is null)"
};
statement(`
  select ${UPLOAD_COLUMNS} from upload_status
  where id = any(array(select id from uploads order by id desc limit :limit offset :offset))
  order by id desc`);
statement("select count(*) as total from uploads");
const withStatus = (status) => `from upload_status where status = :status and ${IMPLIED_BY[status]}`;
statementBuilder((status) => `select ${UPLOAD_COLUMNS} ${withStatus(status)} order by id desc limit :limit offset :offset`);
statementBuilder((status) => `select count(*) as total from (select ${withStatus(status)} limit :countRows) counted`);
// packages/database/src/uploads/reading-progress.ts
/**
* Enters an upload that the API does not know, as when another tool put the object into the bucket. Of one that the API
* knows, its values stay.
*
* Its file is in S3, since S3's event unless S3's clock is ahead of ours. Of an upload that the API opened, S3's time is not
* taken: that of a multipart upload can be the moment at which it began. A moment that is recorded stays.
*/
const ENTER_UPLOAD = statement(`
  insert into uploads as u (id, bucket, object_key, etag, version_id, file_name, size_bytes, received_at)
  values (:id, :bucket, :key, :etag, :versionId, :fileName, :sizeBytes, least(:receivedAt::timestamptz, now()))
  on conflict (id) do update set
    etag = excluded.etag,
    version_id = excluded.version_id,
    size_bytes = coalesce(u.size_bytes, excluded.size_bytes),
    received_at = coalesce(u.received_at, now()),
    failure = ${UNLESS_INTERRUPTED}`);
async function enterUpload(transaction, { requestId: _, ...upload }) {
	await query(transaction, ENTER_UPLOAD, upload);
}
const START_UPLOAD = statement(`
  update uploads u set segments = :segments, detected = :detected, columns = :columns,
    ignored_columns = :ignoredColumns, broken_records = :brokenRecords, warnings = :warnings, started_at = coalesce(started_at, now()),
    surveyed_rows = :total, last_line = greatest(last_line, :lastLine),
    sha256 = coalesce(u.sha256, :sha256),
    duplicate_of = case when u.sha256 is null then ${EARLIER_WITH_SHA256} else u.duplicate_of end
  where id = :id and segments is null`);
/** Records that reading began and in how many segments. Recording it again changes nothing. */
async function startUpload(database, upload, { segments, detected, columns, ignoredColumns, brokenRecords, warnings, total, lastLine, sha256 = null }) {
	await database.transaction(async (transaction) => {
		await lockTotal(transaction, upload.id);
		await enterUpload(transaction, upload);
		await query(transaction, START_UPLOAD, {
			id: upload.id,
			segments,
			detected: toJsonb(detected),
			columns: toJsonb(columns),
			ignoredColumns: ignoredColumns.map(toText),
			brokenRecords,
			warnings: warningsJson(warnings),
			total: total ?? null,
			lastLine: lastLine ?? null,
			sha256
		});
		await recordTotal(transaction, upload.id);
	});
}
/** None are null, so that a list of uploads has nothing to sum up. */
function warningsJson(warnings = []) {
	return warnings.length === 0 ? null : toJsonb(warnings);
}
const FINISH_SEGMENT = statement("insert into upload_segments (upload_id, segment, rows, warnings) values (?, ?, ?, ?) on conflict do nothing");
/** Records that a segment was read to its end, how many rows it has and what to warn of in them. Recording it again changes nothing. */
async function finishSegment(database, { uploadId, segment, rows, warnings }) {
	await database.transaction(async (transaction) => {
		await lockTotal(transaction, uploadId);
		await query(transaction, FINISH_SEGMENT, [
			uploadId,
			segment,
			rows,
			warningsJson(warnings)
		]);
		await recordTotal(transaction, uploadId);
	});
}
const LOCK_TOTAL = statement("select pg_advisory_xact_lock(hashtextextended(?, 0))");
/**
* The transaction that records the last missing part of a total must see what all the others recorded. So they run one
* after the other, each with statements whose snapshots are taken after the one before has committed. The upload's row
* cannot be the lock: an object that another tool put into the bucket has none before it is started.
*/
async function lockTotal(transaction, uploadId) {
	await query(transaction, LOCK_TOTAL, [uploadId]);
}
const RECORD_TOTAL = statement(`
  update uploads u set total_rows = least(s.rows, u.surveyed_rows), read_at = now(), failure = null
  from (
    select count(*) as segments, coalesce(sum(g.rows), 0) as rows
    from upload_segments g join uploads f on f.id = g.upload_id
    where f.id = :id and g.segment < f.segments
  ) s
  where u.id = :id and u.total_rows is null and u.segments = s.segments`);
/** The total is known when the rows of every segment are. */
async function recordTotal(transaction, uploadId) {
	await query(transaction, RECORD_TOTAL, { id: uploadId });
}
const FAIL_UPLOAD = statement(`
  update uploads set failure = :failure, started_at = coalesce(started_at, now()), read_at = now()
  where id = :id and failure is null and total_rows is null
  returning id`);
/** Records that the file could not be read at all. @returns whether that is news: false when called again. */
async function failUpload(database, upload, failure) {
	return database.transaction(async (transaction) => {
		await enterUpload(transaction, upload);
		return (await query(transaction, FAIL_UPLOAD, {
			id: upload.id,
			failure: toJsonb(failure)
		})).length > 0;
	});
}
statement("insert into uploads (id, bucket, object_key, file_name) values (?, ?, ?, ?)");
statement("delete from uploads where id = ? and received_at is null and started_at is null");
statement(`
  update uploads u set
    size_bytes = :sizeBytes,
    sha256 = coalesce(:sha256, u.sha256),
    etag = coalesce(etag, :etag),
    received_at = coalesce(received_at, now()),
    failure = ${UNLESS_INTERRUPTED},
    duplicate_of = case when :sha256::text is null then u.duplicate_of else ${EARLIER_WITH_SHA256} end
  where id = :id
  returning received_at, duplicate_of, pg_notify(:channel, id::text)`);
// packages/database/src/uploads/started-uploads.ts
const FIND_STARTED_UPLOADS = statement(`
  select id, (extract(epoch from received_at) * 1000000)::bigint as "receivedAtMicros",
    segments, surveyed_rows as "surveyedRows", last_line as "lastLine"
  from uploads
  where id = any(?::uuid[]) and received_at is not null and (segments is not null or last_line is not null)`);
/** The uploads with these ids of which an `upload.started` was recorded. */
async function findStartedUploads(database, ids) {
	return query(database, FIND_STARTED_UPLOADS, [[...ids]]);
}
// packages/database/src/uploads/unfinished-uploads.ts
const COLUMNS = `
  id, bucket, object_key as key, multipart_id as "multipartId", size_bytes as "sizeBytes",
  expires_at < now() or failure is not null as "isExpired",
  received_at is not null or started_at is not null as "isReceived"`;
statement("update uploads set multipart_id = ?, size_bytes = ?, expires_at = ? where id = ?");
statement("update uploads set multipart_id = ? where id = ?");
statement(`select ${COLUMNS} from uploads where id = ?`);
statement(`
  select ${COLUMNS} from uploads
  where received_at is null and started_at is null and failure is null and expires_at < now() - interval '1 minute'
  order by expires_at limit ?`);
statement(`update uploads set failure = ?
   where id = ? and received_at is null and started_at is null and failure is null
   returning id`);
// packages/runtime/src/backoff.ts
/**
* Milliseconds to wait before the next attempt: exponential.
*
* @param failures how many attempts have failed, from 1.
*/
function backoffMs(failures, { baseMs, capMs }) {
	return Math.min(capMs, baseMs * 2 ** (failures - 1));
}
/**
* Any time up to `ms` ("full jitter"), so that what failed together does not come back together
* (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
*/
function withJitter(ms, random = Math.random) {
	return random() * ms;
}
// packages/runtime/src/environment-error.ts
/** A setting that is missing or wrong: its message is one line that names the variable. */
var EnvironmentError = class extends Error {
	name = "EnvironmentError";
};
// packages/runtime/src/database-server.ts
/** What goes for a database in parts where the variable is not set. */
const DATABASE_DEFAULTS = {
	port: 5432,
	name: "rowferry"
};
/**
* With DATABASE_URL, where the variables name the database in parts: DATABASE_HOST and DATABASE_USER, and DATABASE_PORT,
* DATABASE_NAME, DATABASE_PASSWORD and DATABASE_CA_FILE where they are set. Such a server must prove who it is: by
* certificates of the CA file, or of those that Node knows.
*
* @throws EnvironmentError when the variables contradict each other.
*/
function withDatabaseUrl(variables) {
	const { DATABASE_URL, DATABASE_HOST: host, DATABASE_USER: user } = variables;
	if (host === void 0) return variables;
	if (DATABASE_URL !== void 0) throw new EnvironmentError("DATABASE_URL and DATABASE_HOST are both set; unset one of them");
	if (user === void 0) throw new EnvironmentError("DATABASE_USER is not set, but DATABASE_HOST is");
	const url = URL.parse(`postgres://${host}:${variables.DATABASE_PORT ?? DATABASE_DEFAULTS.port}/`);
	if (url === null || url.hostname !== host.toLowerCase()) throw new EnvironmentError("DATABASE_HOST must be the name of a host, and DATABASE_PORT a whole number");
	url.pathname = `/${encodeURIComponent(variables.DATABASE_NAME ?? DATABASE_DEFAULTS.name)}`;
	url.username = encodeURIComponent(user);
	url.password = encodeURIComponent(variables.DATABASE_PASSWORD ?? "");
	url.searchParams.set("sslmode", "verify-full");
	if (variables.DATABASE_CA_FILE !== void 0) url.searchParams.set("sslrootcert", variables.DATABASE_CA_FILE);
	return {
		...variables,
		DATABASE_URL: url.href
	};
}
/** Whether a database that the variables name in parts is to be entered by tokens of IAM, since no password is set. */
function usesIamTokens(variables = process.env) {
	return Boolean(variables.DATABASE_HOST) && !variables.DATABASE_PASSWORD;
}
// packages/runtime/src/environment.ts
const MIB = 1048576;
function wholeNumber(min, max) {
	const message = `must be a whole number from ${min} to ${max}`;
	return z.string().regex(/^\d{1,15}$/, message).transform(Number).refine((value) => value >= min && value <= max, message);
}
const url = (protocol, example) => z.url({
	protocol,
	error: `must be a URL such as ${example}`
});
const httpUrl = url(/^https?$/, "http://127.0.0.1:4566");
const origin = z.string().refine((text) => URL.parse(text)?.origin === text, "must be origins such as https://hr.example.com, separated by commas");
function splitList(text) {
	return text.split(",").map((item) => item.trim()).filter((item) => item !== "");
}
const LOG_LEVELS = [
	"fatal",
	"error",
	"warn",
	"info",
	"debug",
	"trace",
	"silent"
];
/** Every variable that Rowferry reads, with its form and its default. The table in the README lists the same. */
const VARIABLES = {
	HOST: z.string().min(1).default("127.0.0.1"),
	PORT: wholeNumber(0, 65535).default(3e3),
	DATA_DIR: z.string().min(1).default(".rowferry"),
	DATABASE_URL: url(/^postgres(ql)?$/, "postgres://user:password@127.0.0.1:5432/rowferry"),
	/** The database in parts, instead of DATABASE_URL: see `withDatabaseUrl`. */
	DATABASE_HOST: z.string().min(1).optional(),
	DATABASE_PORT: wholeNumber(1, 65535).default(DATABASE_DEFAULTS.port),
	DATABASE_NAME: z.string().min(1).default(DATABASE_DEFAULTS.name),
	DATABASE_USER: z.string().min(1).optional(),
	DATABASE_PASSWORD: z.string().min(1).optional(),
	DATABASE_CA_FILE: z.string().min(1).optional(),
	DATABASE_POOL_MAX: wholeNumber(1, 1e3).default(4),
	AWS_REGION: z.string().min(1),
	AWS_ENDPOINT_URL: httpUrl.optional(),
	AWS_ENDPOINT_URL_S3: httpUrl.optional(),
	AWS_ENDPOINT_URL_SQS: httpUrl.optional(),
	/** Without a default: names of buckets are of all the world, and somebody else may have it. */
	UPLOAD_BUCKET: z.string().min(3, "must be the name of a bucket, of three characters or more"),
	ROW_QUEUE_URL: httpUrl,
	ROW_DLQ_URL: httpUrl,
	SEGMENT_QUEUE_URL: httpUrl,
	SEGMENT_DLQ_URL: httpUrl,
	/** Where S3 notifies of created objects; unset, a worker watches the bucket. Each is needed with the other. */
	OBJECT_QUEUE_URL: httpUrl.optional(),
	OBJECT_DLQ_URL: httpUrl.optional(),
	/** Bytes of one uploaded file, over HTTP or out of the bucket. */
	MAX_UPLOAD_BYTES: wholeNumber(1, 5242880 * MIB).default(1024 * MIB),
	/** What uploads that are being received may hold in memory, all together; one holds 24 MiB at most. */
	UPLOAD_MEMORY_BYTES: wholeNumber(24 * MIB, 1048576 * MIB).default(512 * MIB),
	/** Origins of other sites whose pages may call the API, separated by commas. */
	CORS_ORIGINS: z.string().default("").transform(splitList).pipe(z.array(origin)),
	/** Requests a minute of one API key, token or address. */
	RATE_LIMIT_PER_MINUTE: wholeNumber(1, 1e9).default(6e4),
	/** Proxies in front of the API whose X-Forwarded-For tells a client's address. */
	TRUSTED_PROXIES: wholeNumber(0, 10).default(0),
	/** Where clients see the API, if a proxy in front takes a prefix off its paths. */
	PUBLIC_URL: url(/^https?$/, "https://hr.example.com/rowferry").optional(),
	/** Issuer of the JWTs that the API takes beside API keys, and what they must be made for. */
	OIDC_ISSUER: httpUrl.optional(),
	OIDC_AUDIENCE: z.string().min(1).optional(),
	/** Rows in one SQS message; unset, it follows the rows of the file. */
	ROWS_PER_MESSAGE: wholeNumber(1, 500).optional(),
	/** Batches of messages that a worker writes at the same time; unset, as many as the machine has cores, two to four. */
	CONSUMER_CONCURRENCY: wholeNumber(1, 100).default(() => Math.min(4, Math.max(2, availableParallelism()))),
	/** Share of row messages that are made to fail, 0 to 1, for people who want to see what happens then. */
	FAULT_RATE: z.string().regex(/^(0(\.\d+)?|1(\.0+)?)$/, "must be a number from 0 to 1").transform(Number).default(0),
	/** Of the metrics of CloudWatch that are logged; unset, none are. */
	METRICS_NAMESPACE: z.string().min(1).optional(),
	/** Where a worker serves its metrics, on loopback; unset, it serves none. */
	METRICS_PORT: wholeNumber(0, 65535).optional(),
	NODE_ENV: z.string().default("development"),
	LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).default("info")
};
/**
* Reads and checks the named variables, once, at the start of a process. An empty variable counts as unset. DATABASE_URL is
* made of DATABASE_HOST and the others where they are set.
*
* @throws EnvironmentError naming every variable that is missing or has a bad value; the values themselves are not
*   repeated, because they can be secrets.
*/
function readEnvironment(names, optionalNames = [], source = process.env) {
	const required = Object.fromEntries(names.map((name) => [name, VARIABLES[name]]));
	const optional = Object.fromEntries(optionalNames.map((name) => [name, VARIABLES[name].optional()]));
	const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== void 0 && value !== ""));
	const given = [...names, ...optionalNames].some((name) => name === "DATABASE_URL") ? withDatabaseUrl(set) : set;
	const result = z.object({
		...required,
		...optional
	}).safeParse(given);
	if (result.success) return result.data;
	throw new EnvironmentError(describe(result.error.issues, given));
}
function describe(issues, given) {
	const reasons = /* @__PURE__ */ new Map();
	for (const { path, message } of issues.toReversed()) reasons.set(String(path[0]), message);
	const { missing = [], bad = [] } = Object.groupBy([...reasons.keys()], (name) => name in given ? "bad" : "missing");
	const verb = missing.length === 1 ? "is" : "are";
	return [...bad.toSorted().map((name) => `${name} ${reasons.get(name)}`), ...missing.length === 0 ? [] : [`${listOf(missing.toSorted())} ${verb} not set`]].join("; ");
}
function listOf(names) {
	const last = names.at(-1) ?? "";
	return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
// packages/runtime/src/error-for-log.ts
/**
* What of an error may be in a log. What Postgres says can quote a row: in its message (class 22, a trigger's `raise`, a
* check of somebody's own), in `detail` and in `where`. So of its errors only the SQLSTATE and the constraint are logged;
* the table of SQLSTATEs says what they mean (https://www.postgresql.org/docs/current/errcodes-appendix.html). The AWS SDK
* hangs whole requests and answers on its own.
*/
function errorForLog(error) {
	if (!(error instanceof Error)) return {
		type: typeof error,
		message: "not an Error"
	};
	const code = "code" in error && typeof error.code === "string" ? error.code : void 0;
	const constraint = "constraint" in error && typeof error.constraint === "string" ? error.constraint : void 0;
	const message = quotesRows(error) ? `Postgres answered SQLSTATE ${code}` : error.message;
	return {
		type: error.name,
		message,
		...code === void 0 ? {} : { code },
		...constraint === void 0 ? {} : { constraint },
		...error.stack === void 0 ? {} : { stack: error.stack.replace(error.message, () => message) },
		...error.cause === void 0 ? {} : { cause: errorForLog(error.cause) }
	};
}
/** Of SQLSTATEs whose messages name relations, users and files, but no values. */
const ABOUT_NO_VALUES = /^(08|25|28|3D|40|42|53|55|57|58)/;
/** Whether an error is an answer of Postgres whose message may be about values, or was written in somebody's own function. */
function quotesRows(error) {
	const code = "code" in error ? String(error.code) : "";
	if (!/^(\d|F0|HV|P0|XX)[0-9A-Z]+$/.test(code)) return false;
	return ("file" in error ? String(error.file) : "").startsWith("pl") || !ABOUT_NO_VALUES.test(code);
}
// packages/runtime/src/log-metrics.ts
/**
* Turns `metrics` of a log line into what CloudWatch reads metrics from, the Embedded Metric Format: no call, no library
* (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
* Without a namespace the line is as if it had none.
*/
function withMetrics(fields, namespace, now = Date.now()) {
	if (!("metrics" in fields)) return { ...fields };
	const { metrics, ...others } = fields;
	if (namespace === void 0) return others;
	const values = Object.entries(Object(metrics));
	const CloudWatchMetrics = [{
		Namespace: namespace,
		Dimensions: [[]],
		Metrics: values.map(([Name]) => ({ Name }))
	}];
	return {
		...others,
		...Object.fromEntries(values),
		_aws: {
			Timestamp: now,
			CloudWatchMetrics
		}
	};
}
// packages/runtime/src/logger.ts
/**
* The process's logger: JSON lines on standard output, readable lines on a terminal.
* What is logged names uploads, lines and codes; never the values of a row. Numbers in `metrics` become metrics of CloudWatch
* where METRICS_NAMESPACE is set.
*
* @param terminal where readable lines go.
*/
function createLogger(name, level, terminal = process.stdout) {
	const { METRICS_NAMESPACE: namespace } = readEnvironment(["METRICS_NAMESPACE"]);
	return pino({
		name,
		level,
		serializers: { err: errorForLog },
		formatters: { log: (fields) => withMetrics(fields, namespace) }
	}, process.stdout.isTTY ? readableLog(terminal) : jsonLog());
}
/** Takes lines of JSON, those of other processes too, and writes them in a form for people. */
function readableLog(terminal) {
	const format = prettyFactory({
		colorize: true,
		ignore: "pid,hostname,name",
		messageFormat: "{name}: {msg}"
	});
	return { write: (line) => terminal.write(format(line)) };
}
function jsonLog() {
	const output = pino.destination({
		fd: 1,
		sync: true
	});
	output.on("error", () => {});
	return output;
}
// packages/runtime/src/time-slice.ts
/** Longest that work goes on before everything else gets its turn, in milliseconds. */
const SLICE_MS = 10;
/** Divides long work into slices, between which the event loop serves whatever else is waiting. */
var TimeSlice = class {
	#end = performance.now() + SLICE_MS;
	/** Whether it is time for `next`. Takes some 40 ns. */
	get isOver() {
		return performance.now() >= this.#end;
	}
	/** Lets the event loop go round once, then begins the next slice. */
	async next() {
		await setImmediate();
		this.#end = performance.now() + SLICE_MS;
	}
};
/** Whether a message that fails now is not delivered again: its queue moves it to the dead-letter queue. */
function isLastAttempt({ attempts }) {
	return attempts >= 5;
}
/**
* Wait of a failed message before its next attempt, in seconds: after the first attempt up to `base`, doubled with each,
* up to `cap`.
*/
const RETRY_SECONDS = {
	base: 2,
	cap: 900
};
// packages/aws/src/backoff.ts
const SECOND$1 = 1e3;
/**
* Whole seconds, one at least, until the next attempt of a message that failed: exponential with full jitter.
*
* @param attempts how often the message was received, from 1.
* @param baseSeconds the longest wait after the first attempt; it doubles with each.
*/
function backoffSeconds(attempts, baseSeconds = RETRY_SECONDS.base, random) {
	const longest = backoffMs(attempts, {
		baseMs: baseSeconds * SECOND$1,
		capMs: RETRY_SECONDS.cap * SECOND$1
	});
	return Math.max(1, Math.round(withJitter(longest, random) / SECOND$1));
}
/** Hides failed messages until their next attempt, instead of for the queue's fixed visibility time-out. */
async function delayRetries(sqs, queueUrl, retries, baseSeconds) {
	const entries = retries.map(({ receiptHandle, attempts }, index) => ({
		Id: String(index),
		ReceiptHandle: receiptHandle,
		VisibilityTimeout: backoffSeconds(attempts, baseSeconds)
	}));
	for (let start = 0; start < entries.length; start += 10) {
		const Entries = entries.slice(start, start + 10);
		await sqs.send(new ChangeMessageVisibilityBatchCommand({
			QueueUrl: queueUrl,
			Entries
		}));
	}
}
// packages/aws/src/stall-aware-retries.ts
/** The SDK's own retries, but a request that meets with silence is not retried after so many attempts. */
var StallAwareRetryStrategy = class extends StandardRetryStrategy {
	#stalledAttempts;
	constructor({ maxAttempts, stalledAttempts }) {
		super(maxAttempts);
		this.#stalledAttempts = stalledAttempts;
	}
	async refreshRetryTokenForRetry(token, errorInfo) {
		if (token.getRetryCount() + 1 >= this.#stalledAttempts && isSilence(errorInfo.error)) throw new Error("silent for too long");
		return super.refreshRetryTokenForRetry(token, errorInfo);
	}
};
/**
* The SDK has one name for all that takes too long, a connection that is not established among it. That is retried as usual:
* its time-out is shorter, and it also happens when all connections are in use. Texts from set-socket-timeout.js and
* set-request-timeout.js of @smithy/node-http-handler 4.14.
*/
function isSilence(error) {
	return error instanceof Error && error.name === "TimeoutError" && /timed out after \d+ ms of inactivity|exceeded the configured \d+ ms requestTimeout/.test(error.message);
}
// packages/aws/src/clients.ts
/** What the clients read from the environment: where S3 and SQS are when they are not AWS's own. */
const AWS_VARIABLES = [
	"AWS_REGION",
	"AWS_ENDPOINT_URL",
	"AWS_ENDPOINT_URL_S3",
	"AWS_ENDPOINT_URL_SQS"
];
const SECOND = 1e3;
/** Longest until a connection is established; S3 and SQS are in the same region. */
const CONNECTION_TIMEOUT_MS = 5 * SECOND;
/** Longest that an SQS request may take. Long polls take five seconds. */
const SQS_TIMEOUT_MS = 15 * SECOND;
/** Attempts of one request, the first included; the SDK waits between them with exponential backoff and jitter. */
const MAX_ATTEMPTS = 5;
/**
* Longest that S3 may be silent in the middle of a request or an answer, in milliseconds, and how many attempts a request, to
* SQS too, has that met with silence. However slow, what moves is not silent: a part of 8 MiB may take as long as it takes.
*/
const TIMEOUTS = {
	/**
	* A client of the API is to hear within about half a minute that S3 hangs; it can come again. Measured with a server that takes
	* connections and stays silent: 16 s, since the SDK begins to count after three, and 32 s when it does not even read
	* 8 MiB, since Node counts anew after a write that got some way. Not much less, for a slow line is silent while it
	* works off what the kernel has taken: up to 4 MiB.
	*/
	request: {
		silence: 13 * SECOND,
		stalledAttempts: 1
	},
	/** Nobody waits, and a Lambda that was frozen can wake up with connections whose other end is gone. */
	background: {
		silence: 30 * SECOND,
		stalledAttempts: MAX_ATTEMPTS
	}
};
/** An SQS client; credentials come from the SDK's own chain. */
function createSqsClient(environment, { timeouts } = { timeouts: "background" }) {
	const { stalledAttempts } = TIMEOUTS[timeouts];
	const endpoint = environment.AWS_ENDPOINT_URL_SQS ?? environment.AWS_ENDPOINT_URL;
	return new SQSClient({
		region: environment.AWS_REGION,
		maxAttempts: MAX_ATTEMPTS,
		retryStrategy: new StallAwareRetryStrategy({
			maxAttempts: MAX_ATTEMPTS,
			stalledAttempts
		}),
		requestHandler: {
			connectionTimeout: CONNECTION_TIMEOUT_MS,
			requestTimeout: SQS_TIMEOUT_MS,
			throwOnRequestTimeout: true
		},
		...endpoint === void 0 ? {} : {
			endpoint,
			useQueueUrlAsEndpoint: false
		}
	});
}
// packages/aws/src/database-token.ts
/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html: a token is good for 15 minutes. */
const TOKEN_LIFE_SECONDS = 900;
var Sha256 = class extends Hash {
	constructor(secret) {
		super("sha256", secret);
	}
};
/**
* What makes the passwords of connections to the database of `url`: tokens of IAM, where the environment names the
* database by DATABASE_HOST and no password. Undefined elsewhere.
*/
function databasePassword(url, signing) {
	return usesIamTokens() ? () => databaseToken(url, signing) : void 0;
}
/**
* A token with which the user of a URL may connect to its server: a presigned request without its scheme. Made on this
* machine; no request is sent. The SDK's `@aws-sdk/rds-signer` makes the same, but brings every provider of credentials
* along, which costs each start of a function.
*/
async function databaseToken(url, { region, credentials }, now = /* @__PURE__ */ new Date()) {
	const { hostname, port, username } = new URL(url);
	const { query = {} } = await new SignatureV4({
		service: "rds-db",
		region,
		credentials,
		sha256: Sha256
	}).presign({
		method: "GET",
		protocol: "https:",
		hostname,
		port: Number(port),
		path: "/",
		headers: { host: `${hostname}:${port}` },
		query: {
			Action: "connect",
			DBUser: decodeURIComponent(username)
		}
	}, {
		expiresIn: TOKEN_LIFE_SECONDS,
		signingDate: now
	});
	return `${hostname}:${port}/?${Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}`;
}
// apps/consumer-lambda/src/check-message.ts
/**
* Why a message cannot be about this upload; undefined when it can. What the survey counted bounds it: no producer sends a
* segment or a line that the file does not have (docs/decisions/0014-forged-messages.md).
*/
function whyForeign(message, upload) {
	const { segments, surveyedRows, lastLine } = upload;
	if (segments !== null && message.segment >= segments) return `segment ${message.segment} of an upload that has ${segments}`;
	if (message.type === "segment.finished") return surveyedRows !== null && message.rows > surveyedRows ? `${message.rows} rows in a segment of an upload that has ${surveyedRows}` : void 0;
	const beyond = message.rows.find(({ line }) => lastLine !== null && line > lastLine);
	return beyond && `line ${beyond.line} of an upload that has ${lastLine}`;
}
// apps/consumer-lambda/src/admit-messages.ts
/** Sorts messages by whether their upload was started and can have what they say. */
async function admitMessages(finder, deliveries, { wait } = { wait: false }) {
	const ids = deliveries.map(({ message }) => message.uploadId);
	const uploads = await (wait ? finder.waitFor(ids) : finder.find(ids));
	const admission = sortMessages(deliveries, uploads);
	if (admission.foreign.length === 0) return admission;
	const suspected = admission.foreign.map(({ delivery }) => delivery.message.uploadId);
	return sortMessages(deliveries, new Map([...uploads, ...await finder.findAnew(suspected)]));
}
function sortMessages(deliveries, uploads) {
	const admission = {
		admitted: [],
		foreign: [],
		pending: []
	};
	for (const delivery of deliveries) {
		const upload = uploads.get(delivery.message.uploadId);
		const reason = upload && whyForeign(delivery.message, upload);
		if (upload === void 0) admission.pending.push(delivery);
		else if (reason === void 0) admission.admitted.push({
			...delivery,
			upload
		});
		else admission.foreign.push({
			delivery,
			reason
		});
	}
	return admission;
}
/** Keeps messages that no producer of this upload sent for an operator. @returns those that could not be kept. */
async function setAside(settings, foreign) {
	const failures = /* @__PURE__ */ new Map();
	for (const { delivery, reason } of foreign) await setMessageAside(settings, delivery, reason).catch((error) => failures.set(delivery.messageId, error));
	return failures;
}
/** Keeps one message for an operator. The reason is not logged: where Postgres refused a value, it can quote it. */
async function setMessageAside({ database, queueName, logger }, { messageId, body }, reason) {
	await saveUnreadableMessage(database, {
		messageId,
		queue: queueName,
		body,
		reason
	});
	logger.warn({
		messageId,
		queue: queueName,
		metrics: { UnreadableMessages: 1 }
	}, "message is kept in unreadable_messages");
}
// apps/consumer-lambda/src/apply-upload-events.ts
/** Records what messages say about uploads as a whole. @returns the messages that failed. */
async function applyUploadEvents(settings, deliveries) {
	const failures = /* @__PURE__ */ new Map();
	for (const { messageId, message } of deliveries) try {
		await applyUploadEvent(settings, message);
	} catch (error) {
		failures.set(messageId, error);
	}
	return failures;
}
/** Records what one message says about its upload. */
async function applyUploadEvent(settings, message) {
	const { database } = settings;
	switch (message.type) {
		case "upload.started": return startUpload(database, message.upload, message);
		case "segment.finished": return finishSegment(database, message);
		case "upload.failed": return recordFailedUpload(settings, message.upload, message.failure);
	}
}
/** Records that an upload has failed, and logs it: once, however often it is said. */
async function recordFailedUpload({ database, logger }, announced, failure) {
	const [upload = announced] = await identifyUploads(database, [announced]);
	if (await failUpload(database, upload, failure)) logger.warn({
		uploadId: upload.id,
		status: "failed",
		code: failure.code,
		metrics: { FailedUploads: 1 }
	}, "upload failed");
}
// apps/consumer-lambda/src/delivery.ts
/** Attempts beyond are counted as so many; the ledger counts them in two bytes, and adds those of two lives of a row. */
const ATTEMPTS_MAX = 1e4;
/** Decodes a batch, letting the event loop run every few milliseconds between two messages. */
async function decodeRecords(records) {
	const slice = new TimeSlice();
	const decoded = {
		deliveries: [],
		unreadable: []
	};
	for (const { messageId, receiptHandle, body, attributes } of records) {
		const received = {
			messageId,
			receiptHandle,
			body,
			attempts: attemptsOf(attributes)
		};
		try {
			decoded.deliveries.push({
				...received,
				message: decodeMessage(body)
			});
		} catch (error) {
			if (!(error instanceof UnreadableMessageError)) throw error;
			decoded.unreadable.push({
				...received,
				error
			});
		}
		if (slice.isOver) await slice.next();
	}
	return decoded;
}
function attemptsOf({ ApproximateReceiveCount }) {
	const count = Number(ApproximateReceiveCount);
	return Number.isInteger(count) ? Math.min(Math.max(1, count), ATTEMPTS_MAX) : 1;
}
/** Whether a delivery has a message of one of these types. */
function isAbout(...types) {
	const wanted = types;
	return (delivery) => wanted.includes(delivery.message.type);
}
// apps/consumer-lambda/src/partition-rows.ts
/**
* Checks every row of the messages: what the rules allow on one side, what they refuse, with all its errors, on the other.
* Between two messages it lets the event loop run every few milliseconds.
*/
async function partitionRows(deliveries) {
	const slice = new TimeSlice();
	const valid = [];
	const rejected = [];
	for (const { messageId, attempts, message, upload } of deliveries) {
		for (const row of message.rows) {
			const address = {
				messageId,
				uploadId: message.uploadId,
				line: row.line,
				attempts
			};
			const result = validateRow(row);
			if (result.ok) valid.push({
				...address,
				receivedAtMicros: upload.receivedAtMicros,
				employee: result.employee
			});
			else rejected.push({
				...address,
				raw: result.raw,
				errors: result.errors
			});
		}
		if (slice.isOver) await slice.next();
	}
	return {
		valid,
		rejected
	};
}
// apps/consumer-lambda/src/failures.ts
/** What Lambda wants to be told: these messages stay in the queue, the others are deleted. */
function toBatchResponse(failures) {
	return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
}
/** One line for each thing that went wrong, however many messages it made fail. Data errors can quote a value: only their code is logged. */
function logFailures(logger, failures) {
	for (const error of new Set(failures.values())) {
		const messages = [...failures.values()].filter((other) => other === error).length;
		logger.warn({
			messages,
			sqlState: sqlState(error),
			err: error
		}, "messages failed; retrying");
	}
}
/**
* Saves why messages of rows failed at their last attempt, so that the dead-letter handler can say why their rows are dead.
* Earlier failures end in another attempt, and no other message needs a saved reason. Best effort: an unavailable database
* takes no reasons.
*/
async function saveReasons(database, logger, deliveries, failures) {
	const reasons = deliveries.filter((delivery) => isAbout("rows")(delivery) && isLastAttempt(delivery)).map(({ messageId }) => ({
		messageId,
		error: failures.get(messageId)
	})).filter(({ error }) => error !== void 0 && !isDatabaseUnavailable(error)).map(({ messageId, error }) => ({
		messageId,
		reason: reasonOf(error)
	}));
	if (reasons.length === 0) return;
	await saveFailureReasons(database, reasons).catch((error) => {
		logger.warn({
			messages: reasons.length,
			err: error
		}, "saving failure reasons failed");
	});
}
/**
* Clears the reasons of messages that succeed after their last attempt had failed: SQS may deliver one once more, and a queue
* may allow more attempts. Best effort: a reason that stays does no harm.
*/
async function clearReasons(database, logger, deliveries, failures) {
	const retried = deliveries.filter((delivery) => isLastAttempt(delivery) && !failures.has(delivery.messageId)).map(({ messageId }) => messageId);
	if (retried.length === 0) return;
	await clearFailureReasons(database, retried).catch((error) => {
		logger.warn({
			messages: retried.length,
			err: error
		}, "clearing failure reasons failed");
	});
}
// apps/consumer-lambda/src/process-records.ts
/** Does `work` for one message after the other. @returns the messages that failed. */
async function processRecords(messages, logger, work) {
	const failures = /* @__PURE__ */ new Map();
	for (const message of messages) await work(message).catch((error) => failures.set(message.messageId, error));
	logFailures(logger, failures);
	return toBatchResponse(failures);
}
// apps/consumer-lambda/src/started-uploads.ts
/** Uploads that are remembered: many more than have rows under way at a time. */
const REMEMBERED_MAX = 1e3;
/** Between two queries for uploads that another consumer is starting at this moment. */
const POLL_INTERVAL_MS = 50;
/** A message about an upload of which no `upload.started` was recorded yet. It comes again. */
var UploadNotStartedError = class extends Error {
	name = "UploadNotStartedError";
	constructor() {
		super("upload not started yet");
	}
};
/** Finds what must be known of uploads before their rows are written, and remembers it: it does not change. */
var StartedUploadFinder = class {
	#database;
	#timeoutMs;
	#remembered = /* @__PURE__ */ new Map();
	/** @param timeoutMs longest wait for an upload to be started. */
	constructor(database, timeoutMs = 0) {
		this.#database = database;
		this.#timeoutMs = timeoutMs;
	}
	/** The uploads with these ids that were started, with one query for those that are not remembered. */
	async find(ids) {
		const wanted = new Set(ids);
		const unknown = [...wanted].filter((id) => !this.#remembered.has(id));
		const found = unknown.length === 0 ? [] : await this.#query(unknown);
		const remembered = [...wanted].flatMap((id) => this.#remembered.get(id) ?? []);
		return new Map([...remembered, ...found].map((upload) => [upload.id, upload]));
	}
	/** The same, from the database: a file that is read again may have other facts. */
	async findAnew(ids) {
		return new Map((await this.#query([...new Set(ids)])).map((upload) => [upload.id, upload]));
	}
	/** Waits until all are started, or its time is over. @returns those that are. */
	async waitFor(ids) {
		const wanted = new Set(ids);
		const end = performance.now() + this.#timeoutMs;
		for (;;) {
			const found = await this.find(wanted);
			if (found.size === wanted.size || performance.now() >= end) return found;
			await setTimeout$1(POLL_INTERVAL_MS);
		}
	}
	async #query(ids) {
		const uploads = await findStartedUploads(this.#database, ids);
		for (const upload of uploads) {
			const [oldest] = this.#remembered.keys();
			if (oldest !== void 0 && this.#remembered.size >= REMEMBERED_MAX) this.#remembered.delete(oldest);
			this.#remembered.set(upload.id, upload);
		}
		return uploads;
	}
};
// apps/consumer-lambda/src/dead-letter-handler.ts
/**
* How often a message may be found to be of an upload that is not started. In the dead-letter queue it comes again after 30
* seconds: 40 times is twenty minutes, and by then a start whose own attempts were delayed by an outage has come. Counted in
* Postgres, since SQS counts on while Postgres is unavailable.
*/
const NOT_STARTED_MAX = 40;
/**
* The handler of the row queue's dead-letter queue. Good rows are recorded as `dead`; bad ones are `rejected`, as they
* would have been; what a message says of its upload is recorded after all. A message that is unreadable, that its upload
* cannot have sent or that Postgres refuses for good is kept for an operator. Only then is a message deleted: while Postgres
* is unavailable, all stay in the queue, and so do rows whose upload may be started yet.
*/
function createDeadLetterHandler(settings) {
	const { database, logger } = settings;
	const finder = new StartedUploadFinder(database);
	return async (event) => {
		const { deliveries, unreadable } = await decodeRecords(event.Records);
		const rows = deliveries.filter(isAbout("rows"));
		return processRecords([
			...deliveries.filter((delivery) => !isAbout("rows")(delivery)),
			...rows,
			...unreadable
		], logger, (delivery) => "message" in delivery ? recordDeadLetter(delivery) : saveUnreadable(delivery));
	};
	async function recordDeadLetter(delivery) {
		try {
			if (isAbout("upload.started", "upload.failed")(delivery)) await applyUploadEvent({
				database,
				logger
			}, delivery.message);
			else if (isAbout("rows", "segment.finished")(delivery)) await recordContents(delivery);
		} catch (error) {
			if (!isDataError(error)) throw error;
			await setMessageAside(settings, delivery, `Postgres refuses the message: ${reasonOf(error)}`);
		}
	}
	async function recordContents(delivery) {
		const { admitted, foreign, pending } = await admitMessages(finder, [delivery]);
		for (const { reason } of foreign) await setMessageAside(settings, delivery, reason);
		for (const each of [...admitted, ...pending]) if (isAbout("segment.finished")(each)) await applyUploadEvent({
			database,
			logger
		}, each.message);
		for (const each of admitted) if (isAbout("rows")(each)) await recordRows(each);
		for (const each of pending) if (isAbout("rows")(each)) await waitForStart(each);
	}
	async function recordRows(delivery) {
		const { valid, rejected } = await partitionRows([delivery]);
		if (rejected.length > 0) await writeRows(database, [], rejected);
		if (valid.length === 0) return;
		await recordDeadRows(database, valid.map(({ employee, receivedAtMicros: _, ...address }) => ({
			...address,
			attempts: Math.min(address.attempts, 5),
			raw: employee
		})));
		logger.warn({
			uploadId: delivery.message.uploadId,
			rows: valid.length,
			metrics: { DeadRows: valid.length }
		}, "rows dead-lettered; redrive them when the cause is fixed");
	}
	/** Nobody writes employees of an upload that never was. @throws UploadNotStartedError while it may be started yet. */
	async function waitForStart(delivery) {
		const { messageId } = delivery;
		const error = new UploadNotStartedError();
		if (((await saveFailureReasons(database, [{
			messageId,
			reason: error.message
		}])).get(messageId) ?? 0) < NOT_STARTED_MAX) throw error;
		await setMessageAside(settings, delivery, `upload ${delivery.message.uploadId} was never started`);
		await clearFailureReasons(database, [messageId]);
	}
	function saveUnreadable(delivery) {
		return setMessageAside(settings, delivery, delivery.error.message);
	}
}
// apps/consumer-lambda/src/dead-task-handler.ts
/** The failure of an upload whose reading failed in all attempts. */
const READING_FAILED = {
	code: "internal",
	detail: "The file could not be read, for no fault of its own. Redrive the upload when the cause is fixed."
};
/** The handler of the segment queue's dead-letter queue: an upload of which a part was never read has failed. */
function createDeadTaskHandler(settings) {
	const { database, logger } = settings;
	return (event) => processRecords(event.Records, logger, recordDeadLetter);
	async function recordDeadLetter(record) {
		try {
			const { upload } = decodeReadTask(record.body);
			await recordFailedUpload({
				database,
				logger
			}, upload, READING_FAILED);
		} catch (error) {
			if (!(error instanceof UnreadableMessageError || isDataError(error))) throw error;
			await setMessageAside(settings, record, reasonOf(error));
		}
	}
}
// apps/consumer-lambda/src/lost-event-handler.ts
/** An upload that could not be read in any attempt has failed. */
async function failLostUpload(settings, upload) {
	await recordFailedUpload(settings, upload, READING_FAILED);
}
/**
* The handler of the queue that gets the S3 events that could not be handled in any attempt: Lambda's on-failure destination
* of the producer, or the dead-letter queue of a queue that S3 notifies. Their uploads have failed. An event that is not
* readable is kept for an operator.
*/
function createLostEventHandler(settings) {
	return (event) => processRecords(event.Records, settings.logger, recordDeadLetter);
	async function recordDeadLetter(record) {
		const uploads = readUploads(record.body);
		if (uploads instanceof Error) return setMessageAside(settings, record, uploads.message);
		try {
			for (const upload of uploads) await failLostUpload(settings, upload);
		} catch (error) {
			if (!isDataError(error)) throw error;
			await setMessageAside(settings, record, reasonOf(error));
		}
	}
}
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations */
const destinationSchema = z.object({ requestPayload: z.looseObject({}) });
/** In a dead-letter queue an event is as S3 sent it. */
const lostEventSchema = z.union([destinationSchema.transform(({ requestPayload }) => requestPayload), z.unknown()]);
function readUploads(body) {
	try {
		return sourceObjectsOf(decodeBody(lostEventSchema, body));
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}
// apps/consumer-lambda/src/import-rows.ts
/** Rows, spread over the batch, that are written alone to find out whether a refusal concerns some rows or all. */
const PROBES = 8;
/**
* Writes the rows of a batch of messages.
*
* A row that Postgres refuses though the rules let it pass must not hold up its neighbours: the batch is halved until
* that row stands alone. When it is for a value, the row is rejected with Postgres's reason. When it is for anything
* else, such as a trigger that raises, its message fails: once that is fixed, the row is written.
*
* What is not about values can concern every row, as a missing right or column does, and halving would find that out with
* two statements a row. So a few rows are written alone first; when none of them can be, all fail without an attempt of
* their own, but for those that would be dead: no row dies without an attempt alone.
*
* @returns the messages of which a row could not be written.
*/
async function importRows(database, deliveries) {
	const batch = await partitionRows(deliveries);
	if (isEmpty(batch)) return /* @__PURE__ */ new Map();
	try {
		await writeRows(database, batch.valid, batch.rejected);
		return /* @__PURE__ */ new Map();
	} catch (error) {
		if (!await concernsEveryRow(database, batch.valid, error)) return halve(database, batch, error);
		const { last = [], early = [] } = Object.groupBy(batch.valid, (row) => isLastAttempt(row) ? "last" : "early");
		return new Map([...failAll(early, error), ...await writeOrHalve(database, {
			...batch,
			valid: last
		})]);
	}
}
function isEmpty({ valid, rejected }) {
	return valid.length + rejected.length === 0;
}
/** Whether rows from all over the batch are, each alone, refused for the same reason, which is not their values. */
async function concernsEveryRow(database, rows, error) {
	if (rows.length < 2 || !isRefusal(error) || isDataError(error)) return false;
	const probes = Math.min(PROBES, rows.length);
	for (let probe = 0; probe < probes; probe++) {
		const at = Math.floor((probe + .5) * rows.length / probes);
		if (sqlState(await writeRows(database, rows.slice(at, at + 1), []).then(() => void 0, (caught) => caught)) !== sqlState(error)) return false;
	}
	return true;
}
async function writeOrHalve(database, batch) {
	if (isEmpty(batch)) return /* @__PURE__ */ new Map();
	try {
		await writeRows(database, batch.valid, batch.rejected);
		return /* @__PURE__ */ new Map();
	} catch (error) {
		return halve(database, batch, error);
	}
}
/** Goes on after a batch was not written: with its halves, where a row of it can be why. */
async function halve(database, { valid, rejected }, error) {
	const [first, ...others] = valid;
	if (first === void 0 || !isRefusal(error)) return failAll([...valid, ...rejected], error);
	if (others.length === 0) return resolveSingleRow(database, first, rejected, error);
	const middle = Math.ceil(valid.length / 2);
	const failedInFirst = await writeOrHalve(database, {
		valid: valid.slice(0, middle),
		rejected
	});
	const failedInSecond = await writeOrHalve(database, {
		valid: valid.slice(middle),
		rejected: []
	});
	return new Map([...failedInFirst, ...failedInSecond]);
}
async function resolveSingleRow(database, row, rejected, error) {
	if (isDataError(error)) return writeOrHalve(database, {
		valid: [],
		rejected: [...rejected, refuse(row, error)]
	});
	return new Map([...await writeOrHalve(database, {
		valid: [],
		rejected
	}), ...failAll([row], error)]);
}
function failAll(rows, error) {
	return new Map(rows.map(({ messageId }) => [messageId, error]));
}
/** Turns a row that Postgres refuses into a rejected one. */
function refuse({ employee, receivedAtMicros: _, ...address }, error) {
	const message = `Postgres refuses the row: ${reasonOf(error)}`;
	return {
		...address,
		raw: employee,
		errors: [{
			code: "database_refused",
			column: null,
			message
		}]
	};
}
// apps/consumer-lambda/src/row-handler.ts
/** Longest wait for an upload that another consumer is starting. Rows of one that is started later come again. */
const START_TIMEOUT_MS = 1e3;
/** The queue in `unreadable_messages`. */
const QUEUE_NAME = "rows";
/**
* The handler of the row queue: records what a batch of messages says about uploads, imports its rows and answers which messages failed
* (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
* Only rows of uploads that were started are written, and only those that the survey of the file allows: others are kept in
* `unreadable_messages`, or come again until their upload is started.
*
* It never throws because of a message: what failed is hidden for a while by exponential backoff and then retried.
*/
function createRowHandler(settings) {
	const { database, sqs, rowQueueUrl, logger, unavailableBaseSeconds, startTimeoutMs = START_TIMEOUT_MS } = settings;
	const finder = new StartedUploadFinder(database, startTimeoutMs);
	const searchIndex = new SearchIndexMaintenance(database);
	return async (event) => {
		const { deliveries, unreadable } = await decodeRecords(event.Records);
		const { starts, contents } = partitionByType(deliveries);
		const failures = new Map([
			...unreadable.map(({ messageId, error }) => [messageId, error]),
			...await applyUploadEvents({
				database,
				logger
			}, starts),
			...await handleContents(contents)
		]);
		await maintainSearchIndex(contents.filter(isAbout("rows")));
		logFailures(logger, failures);
		await saveReasons(database, logger, deliveries, failures);
		await clearReasons(database, logger, deliveries, failures);
		await delayFailed([...deliveries, ...unreadable].filter(({ messageId }) => failures.has(messageId)), failures);
		return toBatchResponse(failures);
	};
	/** Rows whose upload is not started yet hold up no others: those are written first. */
	async function handleContents(contents) {
		try {
			const { pending, ...admission } = await admitMessages(finder, contents);
			const finished = [...admission.admitted, ...pending].filter(isAbout("segment.finished"));
			const failures = [...await applyUploadEvents({
				database,
				logger
			}, finished), ...await handleAdmission({
				...admission,
				pending: []
			})];
			const early = pending.filter(isAbout("rows"));
			if (early.length === 0) return new Map(failures);
			return new Map([...failures, ...await handleAdmission(await admitMessages(finder, early, { wait: true }))]);
		} catch (error) {
			return new Map(contents.map(({ messageId }) => [messageId, error]));
		}
	}
	async function handleAdmission({ admitted, foreign, pending }) {
		const notStarted = new UploadNotStartedError();
		return new Map([
			...await setAside({
				database,
				queueName: QUEUE_NAME,
				logger
			}, foreign),
			...await importRows(database, admitted.filter(isAbout("rows"))),
			...pending.map(({ messageId }) => [messageId, notStarted])
		]);
	}
	/** The rows are written without it: another batch, or autovacuum, does later what could not be done now. */
	async function maintainSearchIndex(written) {
		const count = written.reduce((sum, { message }) => sum + message.rows.length, 0);
		await searchIndex.wrote(count).catch((error) => {
			logger.warn({ err: error }, "search index maintenance failed; a later batch does it");
		});
	}
	/** Without the backoff, the messages still come again after the queue's own visibility time-out. */
	async function delayFailed(failed, failures) {
		const { unavailable = [], other = [] } = Object.groupBy(failed, ({ messageId }) => isDatabaseUnavailable(failures.get(messageId)) ? "unavailable" : "other");
		try {
			await delayRetries(sqs, rowQueueUrl, unavailable, unavailableBaseSeconds);
			await delayRetries(sqs, rowQueueUrl, other);
		} catch (error) {
			logger.warn({
				messages: failed.length,
				err: error
			}, "setting the backoff of failed messages failed");
		}
	}
}
/** What says that an upload began, or failed, goes before what is in it. */
function partitionByType(deliveries) {
	return {
		starts: deliveries.filter(isAbout("upload.started", "upload.failed")),
		contents: deliveries.filter(isAbout("rows", "segment.finished"))
	};
}
// apps/consumer-lambda/src/lambda.ts
const environment = readEnvironment([
	...AWS_VARIABLES,
	"DATABASE_URL",
	"ROW_QUEUE_URL",
	"LOG_LEVEL"
]);
const logger = createLogger("consumer", environment.LOG_LEVEL);
const sqs = createSqsClient(environment);
/** A Lambda container runs one invocation at a time; the second connection is there for the one being replaced. */
const POOL_MAX = 2;
/**
* Nobody pauses a Lambda's queue: five attempts within half a minute, and whatever came in during a failover of the database, which
* takes a minute or two (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html), would be
* dead. With this, four waits of up to 2, 4, 8 and 15 minutes: in all less than two minutes for one message in a thousand.
*/
const UNAVAILABLE_BASE_SECONDS = 120;
/** Made once a container, and never destroyed between invocations. */
const database = connect({
	url: environment.DATABASE_URL,
	password: databasePassword(environment.DATABASE_URL, {
		region: environment.AWS_REGION,
		credentials: sqs.config.credentials
	}),
	poolMax: POOL_MAX,
	onWarning: (message) => logger.warn(message)
});
/** What AWS Lambda calls for the row queue. */
const handler = createRowHandler({
	database,
	sqs,
	rowQueueUrl: environment.ROW_QUEUE_URL,
	logger,
	unavailableBaseSeconds: UNAVAILABLE_BASE_SECONDS
});
/** What AWS Lambda calls for the row queue's dead-letter queue. */
const deadLetterHandler = createDeadLetterHandler({
	database,
	queueName: "rows",
	logger
});
/** What AWS Lambda calls for the segment queue's dead-letter queue. */
const deadTaskHandler = createDeadTaskHandler({
	database,
	queueName: "segments",
	logger
});
/** What AWS Lambda calls for the producer's on-failure destination. */
const lostEventHandler = createLostEventHandler({
	database,
	queueName: "lost events",
	logger
});
// test/previous-version/entry.ts
/** Of the API and of the worker too, but for those that are built for each question. */
async function statements() {
	return [...STATEMENTS].map(({ text }) => text);
}
export { deadLetterHandler, deadTaskHandler, handler, lostEventHandler, statements };
