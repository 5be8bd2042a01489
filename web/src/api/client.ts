// The service's API, typed from its own OpenAPI document; its problems arrive as errors with a sentence fit to show.

import createClient from "openapi-fetch";
import type { components, paths } from "../../client/schema";

export type Schemas = components["schemas"];

const SIGNED_OUT = "You have been signed out. Reload this page to sign in again; nothing that was sent is lost.";
const LOST = "The connection was lost.";

/** What went wrong: an HTTP status, or 0 when nothing came back. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }

  /** Whether trying again may help. */
  get passes(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export const api = createClient<paths>({ baseUrl: location.origin });

api.use({
  async onResponse({ response }) {
    if (response.ok) return undefined;
    if (response.status === 401) throw new Problem(401, SIGNED_OUT);
    const told = await response.json().catch(() => null);
    throw new Problem(response.status, told?.detail ?? `The service answered ${response.status}.`);
  },
  onError: () => new Problem(0, LOST),
});

/** What was answered; what went wrong is raised as a Problem. */
export async function answer<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}
