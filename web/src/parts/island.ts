// Islands: parts of a page that live. A template marks the place by data-island and gives what it knows as data-props;
// what stands inside is for those without script, and gives way.

import { type Component, mount } from "svelte";

export function island<Props extends object>(name: string, component: Component<Props>): void {
  for (const host of document.querySelectorAll<HTMLElement>(`[data-island="${name}"]`)) {
    const props = JSON.parse(host.dataset.props ?? "{}") as Props;
    host.replaceChildren();
    mount(component, { target: host, props });
  }
}
