// The text of a storyboard in CodeMirror. It lives in a shadow root, because only there does it bring its styles in a way
// that the page's policy lets in.

import { yaml } from "@codemirror/lang-yaml";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, lineNumbers } from "@codemirror/view";
import { minimalSetup } from "codemirror";
import type { Schemas } from "../api/client";

const LOOK = EditorView.theme({
  "&": { fontSize: "14px", backgroundColor: "#fff", color: "#1b2430", height: "100%" },
  "&.cm-focused": { outline: "3px solid #c8a14b", outlineOffset: "-3px" },
  ".cm-scroller": { fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", lineHeight: "1.6", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "#f4f6f9", color: "#4d5a6a", border: "none", borderRight: "1px solid #ccd3dc" },
  ".cm-activeLine": { backgroundColor: "#f6edd966" },
  ".cm-tooltip": { backgroundColor: "#fff", border: "1px solid #5d6876", maxWidth: "34rem", fontFamily: "system-ui, sans-serif" },
});

export type Text = EditorView;

export function open(host: HTMLElement, text: string, changed: (text: string) => void): Text {
  const root = host.attachShadow({ mode: "open" });
  return new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        minimalSetup,
        lineNumbers(),
        highlightActiveLine(),
        lintGutter(),
        yaml(),
        LOOK,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "The storyboard's text, in YAML", spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/** Show the server's problems where they are. */
export function mark(view: Text, problems: readonly Schemas["FieldProblem"][]): void {
  const found = problems.map((problem): Diagnostic => {
    const from = place(view, problem.line ?? 1, problem.column ?? 1);
    const line = view.state.doc.lineAt(from);
    return { from, to: Math.max(from, line.to), severity: "error", message: told(problem) };
  });
  view.dispatch(setDiagnostics(view.state, found));
}

export const told = (problem: Schemas["FieldProblem"]): string =>
  problem.field ? `${problem.field}: ${problem.message}` : problem.message;

/** Put the cursor where a problem is. */
export function go(view: Text, line: number, column: number): void {
  const at = place(view, line, column);
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
  view.focus();
}

/** Write something in place of some letters. */
export function put(view: Text, from: number, to: number, insert: string): void {
  view.dispatch({ changes: { from, to, insert } });
}

function place(view: Text, line: number, column: number): number {
  const at = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
  return Math.min(at.from + column - 1, at.to);
}
