import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { OpenApiDocument } from '../src/contract/document.ts';

export type Seen = { method: string; path: string; status: number; headers: Headers; text: string };

/** Of an operation, what tests go by. */
export type Operation = {
  operationId: string;
  security: { apiKey?: string[] }[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, ResponseObject | Ref>;
};
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; required?: boolean; schema: object };
type ResponseObject = { headers?: Record<string, { required?: boolean }>; content?: Record<string, object> };
type Ref = { $ref: string };

const METHODS = ['get', 'post', 'put', 'delete'] as const;

type PlacedOperation = {
  method: (typeof METHODS)[number];
  path: string;
  pattern: RegExp;
  pointer: string;
  operation: Operation;
};

/** Holds real answers against an OpenAPI document. */
export class Conformance {
  readonly document: OpenApiDocument;
  readonly operations: readonly PlacedOperation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.document = document;
    this.operations = operationsOf(document);
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'openapi', ...document });
  }

  /**
   * @returns `operationId status` of what was answered; nothing for a path or method that is in no document.
   * @throws when the document does not have this answer, or has it otherwise.
   */
  check({ method, path, status, headers, text }: Seen): string[] {
    const found = this.#find(method, path);
    const where = `${method} ${path.slice(0, 200)} → ${status}`;
    if (found === undefined) {
      this.#checkUndocumented(where, method, status, text);
      return [];
    }
    const { pointer, operation } = found;
    const entry = operation.responses[status];
    if (entry === undefined) throw new Error(`${where}: the document has no such status: ${text.slice(0, 500)}`);
    const responsePointer = '$ref' in entry ? entry.$ref.slice(1) : `${pointer}/responses/${status}`;
    const response = this.#resolve(responsePointer) as ResponseObject;
    this.#checkHeaders(where, response, headers);
    // An answer to HEAD is that to GET without its body.
    if (method !== 'HEAD') this.#checkBody(where, responsePointer, response, headers, text);
    return [`${operation.operationId} ${status}`];
  }

  /** What is at no path, or a method that a path does not take, must be a problem all the same. */
  #checkUndocumented(where: string, method: string, status: number, text: string): void {
    if (status !== 404 && status !== 405)
      throw new Error(`${where}: neither documented nor 404 or 405: ${text.slice(0, 500)}`);
    if (method === 'HEAD') return;
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

  #find(method: string, path: string): PlacedOperation | undefined {
    const [pathname = ''] = path.split('?');
    const key = method === 'HEAD' ? 'get' : method.toLowerCase();
    return this.operations.find((candidate) => candidate.method === key && candidate.pattern.test(pathname));
  }

  #resolve(pointer: string): unknown {
    const steps = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return steps.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], this.document);
  }
}

function operationsOf({ paths = {} }: OpenApiDocument): PlacedOperation[] {
  return Object.entries(paths).flatMap(([path, item]) => {
    const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
    return METHODS.flatMap((method) => {
      // Rowferry's own document: it has no references where these fields are.
      const operation = item[method] as Operation | undefined;
      if (operation === undefined) return [];
      return [{ method, path, pattern, operation, pointer: `/paths/${path.replaceAll('/', '~1')}/${method}` }];
    });
  });
}
