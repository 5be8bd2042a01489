// The comments on this film, as the list and the player show them.

import { answer, api, type Schemas } from "../api/client";

export type Comment = Schemas["CommentOut"];

class Comments {
  all = $state<Comment[]>([]);
  /** Whether they were asked for; before, the page's own list holds. */
  known = $state(false);
  #agency = "";
  #job = "";

  get open(): Comment[] {
    return this.all.filter((one) => one.state === "open");
  }

  async load(agency: string, job: string): Promise<void> {
    this.#agency = agency;
    this.#job = job;
    const all: Comment[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const params = { path: { job_id: job }, query: { agency, limit: 100, ...(cursor ? { cursor } : {}) } };
      const page = await answer(api.GET("/v1/jobs/{job_id}/comments", { params }));
      all.push(...page.items);
      cursor = page.next;
    }
    this.all = all;
    this.known = true;
  }

  async add(at_s: number, text: string, round: number): Promise<void> {
    const params = { path: { job_id: this.#job }, query: { agency: this.#agency } };
    await answer(api.POST("/v1/jobs/{job_id}/comments", { params, body: { at_s, text, round } }));
    await this.load(this.#agency, this.#job);
  }

  async turn(one: Comment): Promise<void> {
    const params = { path: { comment_id: one.id }, query: { agency: this.#agency } };
    if (one.state === "open") await answer(api.POST("/v1/comments/{comment_id}/resolve", { params }));
    else await answer(api.POST("/v1/comments/{comment_id}/reopen", { params }));
    await this.load(this.#agency, this.#job);
  }

  async remove(one: Comment): Promise<void> {
    const params = { path: { comment_id: one.id }, query: { agency: this.#agency } };
    await answer(api.DELETE("/v1/comments/{comment_id}", { params }));
    await this.load(this.#agency, this.#job);
  }
}

export const comments = new Comments();
