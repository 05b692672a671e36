// Hold the answers that generated TypeScript clients get to their types and schemas, and report each as a line of JSON.
// An operation whose answer is typed as `any` or `unknown` somewhere does not compile here: an argument is missing.

import { deepStrictEqual } from "node:assert/strict";
import type { output, ZodType } from "zod";

/** true (or boolean) where some part of a type is `any` or `unknown`, else false. */
type Loose<T> = 0 extends 1 & T
  ? true
  : unknown extends T
    ? true
    : T extends readonly (infer Each)[]
      ? Loose<Each>
      : T extends object
        ? { [Key in keyof T]-?: Loose<T[Key]> }[keyof T]
        : false;
type Typed<T> = [Loose<T>] extends [false] ? [] : ["a part of the answer has no type"];
type Fetched = { data?: unknown; error?: unknown; response: Response };

const site = process.argv[2] ?? "";
const fetchAnywhere = globalThis.fetch;

/** Clients ask for addresses without a host: they are of the site. */
globalThis.fetch = (address, init) =>
  fetchAnywhere(address instanceof Request ? address : new URL(String(address), site), init);

export { site };

function report(operation: string, query: string, fault: string): void {
  console.log(JSON.stringify({ operation, query, fault }));
}

/** openapi-fetch gave data for an operation, and no error. */
export function fetched<A extends Fetched>(
  operation: string,
  query: string,
  answer: A,
  ..._typed: Typed<NonNullable<A["data"]>>
): void {
  const given = answer.response.status === 200 && answer.error === undefined && answer.data instanceof Object;
  report(operation, query, given ? "" : `${answer.response.status} ${JSON.stringify(answer.error)}`);
}

/** The same for the one operation whose answer is another standard's document. */
export function fetchedDocument(operation: string, query: string, answer: Fetched): void {
  fetched(operation, query, { response: answer.response, error: answer.error, data: answer.data as object });
}

/** orval's client gave an answer that its zod schema accepts and of which it loses nothing. */
export function parsed<S extends ZodType>(
  operation: string,
  query: string,
  schema: S,
  answer: { status: number; data: unknown },
  ..._typed: Typed<output<S>>
): void {
  parsedDocument(operation, query, schema, answer);
}

/** The same for the one operation whose answer is another standard's document. */
export function parsedDocument(
  operation: string,
  query: string,
  schema: ZodType,
  answer: { status: number; data: unknown },
): void {
  const found = schema.safeParse(answer.data);
  let fault = answer.status === 200 ? "" : `${answer.status} ${JSON.stringify(answer.data)}`;
  if (!fault && !found.success) fault = JSON.stringify(found.error.issues.slice(0, 3));
  if (!fault) fault = difference(found.data, answer.data);
  report(operation, query, fault);
}

function difference(found: unknown, given: unknown): string {
  try {
    deepStrictEqual(found, given);
    return "";
  } catch (error) {
    return String(error).slice(0, 400);
  }
}
