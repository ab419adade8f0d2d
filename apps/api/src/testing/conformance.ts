import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../contract/document.ts';

export type Seen = { method: string; path: string; status: number; headers: Headers; text: string };

type Operation = { operationId: string; responses: Record<string, ResponseObject | Ref> };
type ResponseObject = { headers?: Record<string, { required?: boolean }>; content?: Record<string, object> };
type Ref = { $ref: string };

/** Holds real answers against an OpenAPI document. */
export class Conformance {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();
  /** What was seen so far: `operationId status` with the code of the problem, if it was one. */
  readonly seen = new Set<string>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'openapi', ...document });
  }

  /** Every `operationId status` that the document has. */
  get documented(): Set<string> {
    return new Set(
      this.#operations().flatMap(({ operation }) =>
        Object.keys(operation.responses).map((status) => `${operation.operationId} ${status}`),
      ),
    );
  }

  /** @throws when the document does not have this answer, or has it otherwise. */
  check({ method, path, status, headers, text }: Seen): void {
    const found = this.#find(method, path);
    const where = `${method} ${path.slice(0, 200)} → ${status}`;
    if (found === undefined) {
      this.#checkUndocumented(where, status, text);
      return;
    }
    const { pointer, operation } = found;
    const entry = operation.responses[status];
    if (entry === undefined) throw new Error(`${where}: the document has no such status: ${text.slice(0, 500)}`);
    const responsePointer = '$ref' in entry ? entry.$ref.slice(1) : `${pointer}/responses/${status}`;
    const response = this.#resolve(responsePointer) as ResponseObject;
    this.#checkHeaders(where, response, headers);
    this.#checkBody(where, responsePointer, response, headers, text);
    this.seen.add(`${operation.operationId} ${status}`);
  }

  /** What is at no path, or a method that a path does not take, is in no document; it must be a problem all the same. */
  #checkUndocumented(where: string, status: number, text: string): void {
    if (status !== 404 && status !== 405)
      throw new Error(`${where}: neither documented nor 404 or 405: ${text.slice(0, 500)}`);
    const { code } = JSON.parse(text) as { code: string };
    if (code !== 'not_found' && code !== 'method_not_allowed') throw new Error(`${where}: ${code}`);
  }

  #checkHeaders(where: string, { headers: documented = {} }: ResponseObject, headers: Headers): void {
    for (const [name, { required }] of Object.entries(documented)) {
      if (required && !headers.has(name)) throw new Error(`${where}: no header ${name}`);
    }
  }

  #checkBody(where: string, pointer: string, { content }: ResponseObject, headers: Headers, text: string): void {
    if (content === undefined) {
      if (text !== '') throw new Error(`${where}: a body, where the document has none`);
      return;
    }
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    const key = type in content ? type : '*/*';
    if (!(key in content))
      throw new Error(`${where}: content type ${type}, documented: ${Object.keys(content).join(', ')}`);
    const value: unknown = /\bjson$/.test(type) ? JSON.parse(text) : text;
    const validate = this.#validator(`openapi#${pointer}/content/${key.replaceAll('/', '~1')}/schema`);
    if (!validate(value)) throw new Error(`${where}: ${this.#ajv.errorsText(validate.errors)}\n${text.slice(0, 1000)}`);
  }

  #validator(ref: string): ValidateFunction {
    const validate =
      this.#compiled.get(ref) ?? this.#ajv.compile({ $ref: ref.replaceAll('{', '%7B').replaceAll('}', '%7D') });
    this.#compiled.set(ref, validate);
    return validate;
  }

  #find(method: string, path: string) {
    const [pathname = ''] = path.split('?');
    const key = method === 'HEAD' ? 'get' : method.toLowerCase();
    return this.#operations().find((candidate) => candidate.method === key && candidate.pattern.test(pathname));
  }

  #operations() {
    return Object.entries(this.#document.paths ?? {}).flatMap(([path, item]) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
      return (['get', 'post'] as const).flatMap((method) => {
        const operation = item[method] as Operation | undefined;
        return operation === undefined
          ? []
          : [{ method, path, pattern, operation, pointer: `/paths/${path.replaceAll('/', '~1')}/${method}` }];
      });
    });
  }

  #resolve(pointer: string): unknown {
    const steps = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.#document);
  }
}
